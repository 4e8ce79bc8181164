#include "host/graph/operation.h"

#include <array>
#include <cstddef>

namespace systol {

std::string_view name_of(Function function) {
  constexpr std::array<std::string_view, kFunctions> kNames = {"relu", "leaky_relu", "sigmoid",
                                                               "tanh"};
  return kNames[static_cast<std::size_t>(function)];
}

std::string_view name_of(const Operation& operation) {
  struct Name {
    std::string_view operator()(const MatMul&) const { return "matmul"; }
    std::string_view operator()(const Map& map) const { return name_of(map.function); }
    std::string_view operator()(const Softmax&) const { return "softmax"; }
    std::string_view operator()(const Reshape&) const { return "reshape"; }
  };
  return std::visit(Name{}, operation);
}

}  // namespace systol
