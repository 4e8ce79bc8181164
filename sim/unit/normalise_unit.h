// The vector unit's normalisation, clock by clock: one row at a time, some lanes wide.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace systol {

/// A pass for a row's sum and sum of squares, a square root and then a reciprocal of a bit a cycle,
/// and a pass that writes; the passes take `lanes` values a cycle. What the values become
/// docs/numerics.md states.
class NormaliseUnit {
 public:
  explicit NormaliseUnit(std::uint32_t lanes) : lanes_(lanes) {}

  /// The next edge ends the first cycle of this row's first pass; `values` are at least one.
  void begin(std::span<const std::int8_t> values, std::uint64_t epsilon);
  /// One clock edge while a row is in work; true if it ends the row.
  bool step();

  /// Of the last row that ended.
  std::span<const std::int16_t> normalised() const { return normalised_; }
  /// Values that were read in all so far: each in the first pass and again in the last.
  std::uint64_t values_read() const { return values_read_; }
  /// Values that were written in all so far.
  std::uint64_t elements() const { return elements_; }

 private:
  enum class Pass : std::uint8_t { Sums, Root, Reciprocal, Write };

  void add_values(std::size_t from, std::size_t to);
  void begin_root();
  void root_bit();
  void begin_reciprocal();
  void reciprocal_bit();
  void write_values(std::size_t from, std::size_t to);

  std::size_t lanes_;
  Pass pass_ = Pass::Sums;
  std::size_t position_ = 0;  ///< in the pass: values done, or bits
  std::vector<std::int8_t> values_;
  std::vector<std::int16_t> normalised_;
  std::uint64_t epsilon_ = 0;
  std::int64_t sum_ = 0;
  std::int64_t squares_ = 0;
  std::uint64_t radicand_ = 0;  ///< what is left of it, two bits a cycle
  std::uint64_t remainder_ = 0;
  std::uint64_t root_ = 0;
  std::int64_t reciprocal_ = 0;
  std::uint64_t values_read_ = 0;
  std::uint64_t elements_ = 0;
};

}  // namespace systol
