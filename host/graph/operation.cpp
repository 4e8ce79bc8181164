#include "host/graph/operation.h"

#include <cstddef>

namespace systol {

std::string_view name_of(const Operation& operation) {
  struct Name {
    std::string_view operator()(const MatMul&) const { return "matmul"; }
    std::string_view operator()(const Map& map) const { return name_of(map.function); }
    std::string_view operator()(const Softmax&) const { return "softmax"; }
    std::string_view operator()(const Reshape&) const { return "reshape"; }
    std::string_view operator()(const Convolution&) const { return "convolution"; }
    std::string_view operator()(const Pool& pool) const {
      return kPoolKindNames[static_cast<std::size_t>(pool.kind)];
    }
    std::string_view operator()(const Binary& binary) const {
      return kBinaryNames[static_cast<std::size_t>(binary.function)];
    }
    std::string_view operator()(const Normalise&) const { return "normalise"; }
    std::string_view operator()(const Mean&) const { return "mean"; }
    std::string_view operator()(const Concat&) const { return "concat"; }
    std::string_view operator()(const Slice&) const { return "slice"; }
    std::string_view operator()(const Transpose&) const { return "transpose"; }
    std::string_view operator()(const Pad&) const { return "pad"; }
    std::string_view operator()(const Repeat&) const { return "repeat"; }
  };
  return std::visit(Name{}, operation);
}

Similarity similarity_of(const Operation& operation) {
  if (const auto* matmul = std::get_if<MatMul>(&operation)) {
    return matmul->similarity;
  }
  const auto* convolution = std::get_if<Convolution>(&operation);
  return convolution != nullptr ? convolution->similarity : Similarity::Product;
}

WeightKind weight_kind_of(const Operation& operation) {
  if (const auto* matmul = std::get_if<MatMul>(&operation)) {
    return matmul->weights;
  }
  const auto* convolution = std::get_if<Convolution>(&operation);
  return convolution != nullptr ? convolution->weights : WeightKind::Any;
}

}  // namespace systol
