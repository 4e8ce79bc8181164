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

}  // namespace systol
