// The PE types that a comparison runs, and the networks of those that have their own.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace systol {

struct PeChoice {
  std::string type;
  std::string model;  ///< that runs on such PEs in the place of the compared one; empty: none does
};

/// Of "int8" or "adder=adder.onnx" each. Throws InputError for a type that there is not, one that
/// is there twice, and a network of its own beside several models.
std::vector<PeChoice> parse_pe_choices(std::span<const std::string> texts, std::size_t models);

}  // namespace systol
