// A trained language model in the shapes that decoding takes: many tokens at once, or one after
// others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/graph/graph.h"
#include "host/graph/quant_graph.h"

namespace systol {

using Tokens = std::vector<std::uint32_t>;

class Decoder {
 public:
  /// `workload` has the variables `tokens`, whose own value is the most that the network reads, and
  /// `cached`; `trained` is the ONNX file that `systol train --export` wrote of it. Throws
  /// InputError for a workload that is no decoder of tokens, and for values that `trained` does not
  /// have.
  Decoder(std::filesystem::path workload, const std::filesystem::path& trained);

  std::size_t most_tokens() const { return most_; }
  std::size_t vocabulary() const { return vocabulary_; }

  /// The network that reads so many tokens where others are cached, with its values.
  Graph shaped(std::size_t tokens, std::size_t cached) const;

 private:
  void give_values(Graph& graph) const;

  std::filesystem::path workload_;
  std::filesystem::path trained_;
  std::map<std::string, std::vector<float>> values_;  ///< of the trained network, by name
  std::size_t most_ = 0;
  std::size_t vocabulary_ = 0;
};

/// What goes in: the tokens' rows, and the angles of their positions in sample `sample`.
std::vector<float> input_of(const Graph& graph, std::span<const std::uint32_t> tokens,
                            std::size_t sample = 0);

/// The graph with the quantisation of the tensors of `like` that are called as its own, which a
/// state shares with its next value and a concat with its last part. What is quantised then
/// computes the same bits, however many tokens either reads.
Graph quantised_like(const Graph& graph, const QuantGraph& like);

}  // namespace systol
