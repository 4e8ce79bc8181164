// Inputs of an ONNX file that are states.
#pragma once

#include <string>
#include <vector>

namespace systol {

/// An input of the file, and the output that it is for the next sample, by their names.
struct GivenState {
  std::string input;
  std::string output;
};
using GivenStates = std::vector<GivenState>;

/// What a file that was exported says itself: its metadata have the output under this and the
/// input's name.
inline constexpr const char* kStateNote = "systol.state.";

}  // namespace systol
