#include "host/train/step_matmuls.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "host/train/graph_executor.h"

namespace systol {
namespace {

bool turns(const Node* node) { return node != nullptr && only_turns(*node); }

/// The sides of one product, and how many there are of them.
StepMatmul matmul_of(const Graph& graph, const Node& node, bool transposed) {
  const Shape& a = graph.shape(node.inputs[0]);
  const Shape& b = graph.shape(node.inputs[1]);
  const std::uint64_t rows = elements(a) / static_cast<std::uint64_t>(a.back());
  const std::uint64_t own = b.size() > 2 ? static_cast<std::uint64_t>(a.end()[-2]) : rows;
  StepMatmul matmul;
  matmul.shape.rows = static_cast<std::uint32_t>(own);
  matmul.shape.depth = static_cast<std::uint32_t>(a.back());
  matmul.shape.columns = static_cast<std::uint32_t>(graph.shape(node.output).back());
  matmul.shape.a_transposed = turns(graph.producer(node.inputs[0]));
  matmul.shape.b_transposed = transposed;
  matmul.products = rows / own;
  return matmul;
}

}  // namespace

bool only_turns(const Node& node) {
  const auto* transpose = std::get_if<Transpose>(&node.operation);
  if (transpose == nullptr || transpose->permutation.size() < 2) {
    return false;
  }
  Shape permutation = transpose->permutation;
  std::swap(permutation.back(), permutation[permutation.size() - 2]);
  return std::ranges::is_sorted(permutation);
}

std::vector<StepMatmul> step_matmuls(const TrainingGraph& step) {
  const std::vector<bool> runs = needed_tensors(step.graph);
  std::vector<StepMatmul> matmuls;
  for (std::size_t i = 0; i < step.graph.nodes.size(); ++i) {
    const Node& node = step.graph.nodes[i];
    const auto* operation = std::get_if<MatMul>(&node.operation);
    if (operation == nullptr || operation->similarity != Similarity::Product ||
        !runs[index_of(node.output)]) {
      continue;
    }
    StepMatmul matmul = matmul_of(step.graph, node, operation->transposed);
    matmul.layer = step.origins[i].layer;
    matmul.part = step.origins[i].part;
    const auto same = std::ranges::find_if(matmuls, [&](const StepMatmul& other) {
      return other.layer == matmul.layer && other.part == matmul.part &&
             other.shape == matmul.shape;
    });
    if (same == matmuls.end()) {
      matmuls.push_back(std::move(matmul));
    } else {
      same->products += matmul.products;
    }
  }
  return matmuls;
}

std::string size_text(const std::vector<StepMatmul>& matmuls) {
  std::uint64_t products = 0;
  for (const StepMatmul& matmul : matmuls) {
    products += matmul.products;
  }
  if (matmuls.size() != 1) {
    return fmt::format("{} of {} shapes", products, matmuls.size());
  }
  const Bf16MatmulShape& shape = matmuls.front().shape;
  return fmt::format("{}{} x {} x {}", products == 1 ? "" : fmt::format("{} of ", products),
                     shape.rows, shape.depth, shape.columns);
}

}  // namespace systol
