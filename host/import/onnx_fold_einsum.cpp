// Products of constants: MatMul and Einsum.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "host/import/onnx_folds.h"

namespace systol::onnx_import {
namespace {

/// One extent after another, each with the letter of its axis.
using Extents = std::map<char, std::int64_t>;

/// Multiplications of one node.
constexpr std::int64_t kMaxProducts = std::int64_t{1} << 26;

/// Letters of the axes of the inputs and of the output: "ij,j->i".
struct Equation {
  std::vector<std::string> inputs;
  std::string output;
};

/// For each axis of `all`, how far apart its values are in a tensor with the axes of `letters`.
Integers letter_strides(const std::string& all, const std::string& letters,
                        const Extents& extents) {
  Integers strides(all.size(), 0);
  std::int64_t stride = 1;
  for (std::size_t i = letters.size(); i-- > 0;) {
    strides[all.find(letters[i])] += stride;
    stride *= extents.at(letters[i]);
  }
  return strides;
}

Extents extents_of(const Node& n, const Equation& equation, const std::vector<HostTensor>& inputs) {
  Extents extents;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string& letters = equation.inputs[i];
    if (letters.size() != inputs[i].shape.size()) {
      n.fail(fmt::format("its input {} has shape {}, not the axes '{}'", i + 1,
                         to_string(inputs[i].shape), letters));
    }
    for (std::size_t axis = 0; axis < letters.size(); ++axis) {
      const auto [found, fresh] = extents.try_emplace(letters[axis], inputs[i].shape[axis]);
      if (!fresh && found->second != inputs[i].shape[axis]) {
        n.fail(fmt::format("its axis '{}' has extents {} and {}", letters[axis], found->second,
                           inputs[i].shape[axis]));
      }
    }
  }
  return extents;
}

/// The sums, over all axes that the output lacks, of the inputs' products.
HostTensor einsum(const Node& n, const Equation& equation, const std::vector<HostTensor>& inputs) {
  const Extents extents = extents_of(n, equation, inputs);
  std::string all = equation.output;
  for (const auto& axis : extents) {
    all += all.find(axis.first) == std::string::npos ? std::string(1, axis.first) : "";
  }
  Shape whole;
  for (const char letter : all) {
    if (!extents.contains(letter)) {
      n.fail(fmt::format("no input has the axis '{}' of its output", letter));
    }
    whole.push_back(extents.at(letter));
  }
  const Shape shape(whole.begin(),
                    whole.begin() + static_cast<std::ptrdiff_t>(equation.output.size()));
  const std::int64_t products = element_count(whole, n.place());
  if (products > kMaxProducts) {
    n.fail(fmt::format("it multiplies {} constants; at most {} are supported", products,
                       kMaxProducts));
  }
  std::vector<double> result(static_cast<std::size_t>(fold_count(n, shape)), 0.0);
  std::vector<std::vector<float>> values;
  std::vector<Integers> strides;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    values.push_back(inputs[i].floats());
    strides.push_back(letter_strides(all, equation.inputs[i], extents));
  }
  const std::int64_t depth = products / static_cast<std::int64_t>(result.size());
  for (std::int64_t at = 0; at < products; ++at) {
    double product = 1.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::int64_t rest = at;
      std::int64_t index = 0;
      for (std::size_t axis = all.size(); axis-- > 0; rest /= whole[axis]) {
        index += rest % whole[axis] * strides[i][axis];
      }
      product *= static_cast<double>(values[i][static_cast<std::size_t>(index)]);
    }
    result[static_cast<std::size_t>(at / depth)] += product;
  }
  return {shape, std::vector<float>(result.begin(), result.end())};
}

Equation equation_of(const Node& n) {
  std::string text = n.text_attribute("equation", "");
  std::erase(text, ' ');
  const std::size_t arrow = text.find("->");
  if (arrow == std::string::npos || text.find('.') != std::string::npos) {
    n.fail(fmt::format("its equation '{}' must name all axes, and those of the output after '->'",
                       text));
  }
  Equation equation{{""}, text.substr(arrow + 2)};
  for (const char letter : text.substr(0, arrow)) {
    if (letter == ',') {
      equation.inputs.emplace_back();
    } else {
      equation.inputs.back() += letter;
    }
  }
  for (std::size_t i = 0; i < equation.output.size(); ++i) {
    if (equation.output.find(equation.output[i], i + 1) != std::string::npos) {
      n.fail(fmt::format("its output has the axis '{}' twice", equation.output[i]));
    }
  }
  return equation;
}

}  // namespace

HostTensor fold_einsum(const Values& v, const Node& n) {
  const Equation equation = equation_of(n);
  if (equation.inputs.size() != static_cast<std::size_t>(n.inputs())) {
    n.fail(fmt::format("its equation names {} inputs and it has {}", equation.inputs.size(),
                       n.inputs()));
  }
  std::vector<HostTensor> inputs;
  inputs.reserve(equation.inputs.size());
  for (int i = 0; i < n.inputs(); ++i) {
    inputs.push_back(v.constant(n, i));
  }
  return einsum(n, equation, inputs);
}

HostTensor fold_matmul(const Values& v, const Node& n) {
  std::vector<HostTensor> inputs = {v.constant(n, 0), v.constant(n, 1)};
  if (inputs[0].shape.size() < 2 || inputs[1].shape.size() < 2) {
    n.fail("its constants must have two axes or more");
  }
  const std::size_t rank = std::max(inputs[0].shape.size(), inputs[1].shape.size());
  if (rank > 24) {
    n.fail(fmt::format("its constants have {} axes; at most 24 are supported", rank));
  }
  Shape lead;
  for (HostTensor& input : inputs) {  // the axes before the last two repeat
    input.shape.insert(input.shape.begin(), rank - input.shape.size(), 1);
    lead = broadcast(n, lead, {input.shape.begin(), input.shape.end() - 2});
  }
  std::string letters;
  for (std::size_t axis = 0; axis + 2 < rank; ++axis) {
    letters += static_cast<char>('a' + axis);
  }
  for (HostTensor& input : inputs) {
    Shape wide = lead;
    wide.insert(wide.end(), input.shape.end() - 2, input.shape.end());
    input = spread(n, input, wide);
  }
  return einsum(n, {{letters + "XY", letters + "YZ"}, letters + "XZ"}, inputs);
}

}  // namespace systol::onnx_import
