#include "host/compile/pe_check.h"

#include <fmt/format.h>

#include <string>

#include "host/graph/infer.h"
#include "sim/base/error.h"

namespace systol {
namespace {

std::string pe_of(const ArrayConfig& config) {
  return fmt::format("'pe: {}'", isa::describe(config.pe).name);
}

}  // namespace

void check_integers(const ArrayConfig& config) {
  if (isa::is_float(config.pe)) {
    throw InputError(fmt::format(
        "the PEs of '{}' are of floating-point numbers ({}), and the program of a network is of "
        "integers; allowed: an array with 'pe: int8', or `systol run` and `systol compare`, which "
        "give such PEs a network's products one after another",
        config.name, pe_of(config)));
  }
}

void check_pes(const Graph& graph, std::span<const Step> steps, const ArrayConfig& config) {
  if (isa::is_signs(config.pe) && config.dataflow == Dataflow::InputStationary) {
    throw InputError(fmt::format(
        "'{}' is input-stationary, whose results come a channel at a time, and signs are packed "
        "from a row's channels ({}); allowed: weight_stationary, output_stationary",
        config.name, pe_of(config)));
  }
  const bool differences =
      isa::describe(config.pe).operation == isa::PeOperation::AbsoluteDifference;
  for (const Step& step : steps) {
    const Node& node = graph.nodes[step.node];
    const bool l1 = similarity_of(node.operation) == Similarity::L1;
    const bool on_array = step.kind == StepKind::Matrix || step.kind == StepKind::Product;
    if (l1 && step.kind == StepKind::Depthwise) {
      throw InputError(fmt::format(
          "{}: a convolution of each channel with itself runs on the vector unit, which "
          "multiplies; allowed with the similarity l1: more channels in a group",
          place_of(graph, node)));
    }
    if (step.kind == StepKind::Product && isa::is_packed(config.pe)) {
      const std::string weights =
          isa::is_sparse(config.pe)
              ? "sparse weights"
              : fmt::format("{}-bit weights", isa::describe(config.pe).weight_bits);
      throw InputError(fmt::format(
          "{}: it multiplies two activations, of which one would have to fit the {} of "
          "'{}' ({}); allowed: an array whose weights have the bits of activations, as 'pe: int8'",
          place_of(graph, node), weights, config.name, pe_of(config)));
    }
    if (on_array && l1 && !differences) {
      throw InputError(fmt::format(
          "{}: its similarity is l1, sums of |x - w|, and the PEs of '{}' multiply ({}); allowed: "
          "an array with 'pe: adder'",
          place_of(graph, node), config.name, pe_of(config)));
    }
    if (on_array && !l1 && differences) {
      throw InputError(fmt::format(
          "{}: it multiplies, and the PEs of '{}' take differences ({}); allowed: an array whose "
          "PEs multiply, or a layer with the similarity l1",
          place_of(graph, node), config.name, pe_of(config)));
    }
  }
}

}  // namespace systol
