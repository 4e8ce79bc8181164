// Compares what the machine writes, value by value as it is written, with the integer reference.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/compile/program.h"
#include "host/reference/integer_network.h"
#include "host/run/row_place.h"
#include "sim/device.h"

namespace systol {

/// A value that is not what the reference says, and where it came from.
struct Mismatch {
  std::string node;
  std::uint64_t command = 0;
  std::string command_text;
  std::uint32_t tile_row = 0;     ///< first row of the tile in the batch
  std::uint32_t tile_column = 0;  ///< first column of the tile in the node's output
  std::uint32_t row = 0;          ///< in the batch
  std::uint32_t column = 0;       ///< in the node's output
  std::uint32_t pe_column = 0;    ///< the column of PEs that computed it
  std::int8_t expected = 0;       ///< 0 too of a value beside the output
  std::int8_t got = 0;
  /// From the first matmul of its tile to when it is written; not of values as stored.
  std::optional<std::pair<Cycles, Cycles>> cycles{};
};

struct CheckReport {
  bool enabled = true;
  std::uint64_t compared = 0;
  std::uint64_t mismatches = 0;
  std::uint64_t missing = 0;  ///< values that the reference has and the machine never wrote
  std::optional<Mismatch> first_mismatch;
  std::vector<std::string> failures{};  ///< what else is wrong, as sentences

  bool passed() const { return mismatches == 0 && missing == 0 && failures.empty(); }
};

class OutputCheck : public Observer {
 public:
  /// `program` and `expected` must outlive the check.
  OutputCheck(const NetworkProgram& program, const IntegerResult& expected);

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override;
  void wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                 std::span<const std::int8_t> values) override;

  /// What was compared, with the outputs that the program left in `memory`.
  CheckReport finish(const MemoryImage& memory);

 private:
  void compare_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                   std::span<const std::int8_t> values);
  bool is_inside(const isa::Command& command, std::optional<std::uint64_t> place) const;
  bool equals_row(const isa::Command& command, const WrittenRow& written,
                  std::span<const std::int8_t> values);
  void compare_value(std::uint64_t index, const isa::Command& command, std::uint64_t place,
                     std::int8_t value);
  void compare(std::int8_t expected, std::int8_t got, const Mismatch& place);
  void differs(std::int8_t expected, std::int8_t got, const Mismatch& place);
  void compare_stored(const OutputPlace& place, std::span<const std::uint8_t> stored);
  std::string name_of(TensorId tensor) const;

  const NetworkProgram& program_;
  const Plan& plan_;
  const IntegerResult& expected_;
  CheckReport report_;
  /// By step: 1 where a value was written; one that is written twice stands for no other.
  std::vector<std::vector<std::uint8_t>> written_;
  /// Of tiles that are not activated yet: the start of the first matmul, by the tile's place.
  std::map<std::array<std::uint32_t, 3>, Cycles> tile_starts_;
};

}  // namespace systol
