// Compares what the machine writes, value by value as it is written, with the integer reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/quant_graph.h"
#include "host/reference/integer_network.h"
#include "sim/device.h"

namespace systol {

/// A value that is not what the reference says, and where it came from.
struct Mismatch {
  std::string layer;
  std::uint64_t command = 0;
  std::string command_text;
  std::uint32_t tile_row = 0;     ///< first row of the tile in the batch
  std::uint32_t tile_column = 0;  ///< first column of the tile in the layer
  std::uint32_t row = 0;          ///< in the batch
  std::uint32_t column = 0;       ///< in the layer
  std::uint32_t pe_column = 0;    ///< the column of PEs that computed it
  std::int8_t expected = 0;
  std::int8_t got = 0;
};

struct CheckReport {
  bool enabled = true;
  std::uint64_t compared = 0;
  std::uint64_t mismatches = 0;
  std::uint64_t missing = 0;  ///< values that the reference has and the machine never wrote
  std::optional<Mismatch> first_mismatch;

  bool passed() const { return mismatches == 0 && missing == 0; }
};

class OutputCheck : public Observer {
 public:
  OutputCheck(const QuantGraph& graph, const IntegerResult& expected, std::uint32_t pe_columns);

  void wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                 std::span<const std::int8_t> values) override;

  /// What was compared, with the output that the program left in memory ([rows][outputs]).
  CheckReport finish(std::span<const std::uint8_t> output);

 private:
  /// Which of a layer's values were written; one that is written twice stands for no other.
  struct Written {
    std::vector<std::uint8_t> logits;   ///< 1 where written
    std::vector<std::uint8_t> outputs;  ///< of softmax; empty without
  };

  void compare(std::int8_t expected, std::int8_t got, const Mismatch& place);

  const QuantGraph& graph_;
  const IntegerResult& expected_;
  std::uint32_t pe_columns_;
  CheckReport report_;
  std::vector<Written> written_;  ///< per layer
};

}  // namespace systol
