// The vector unit's integer softmax, clock by clock: one row at a time, some lanes wide.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace systol {

/// Three passes over a row (the maximum; the exponentials and their sum; the shares) of `lanes`
/// values a cycle, and between the last two a divider that yields a bit of the sum's reciprocal a
/// cycle. What a row's probabilities are (scale 1/256, zero point -128) docs/numerics.md states.
class SoftmaxUnit {
 public:
  explicit SoftmaxUnit(std::uint32_t lanes) : lanes_(lanes) {}

  /// Entry d is exp(-d * scale of the logits) in units of 1/65535.
  void set_table(const std::array<std::uint16_t, 256>& exponentials) { table_ = exponentials; }

  /// The next edge ends the first cycle of this row's first pass; `logits` are at least one.
  void begin(std::span<const std::int8_t> logits);
  /// Likewise of one pass over some of a row's logits: `first` begins the pass, and a sum's `last`
  /// ends with its reciprocal. Shares are made from the logits again.
  enum class Part : std::uint8_t { Maximum, Sum, Shares };
  void begin_part(Part part, bool first, bool last, std::span<const std::int8_t> logits);
  /// What is known of a row between its parts.
  void set_row(std::int8_t maximum, std::uint64_t sum, std::uint64_t reciprocal);
  bool busy() const { return pass_ != Pass::Idle; }
  /// One clock edge while busy; true if it ends the row, or the part.
  bool step();

  /// Of the last row, or part with shares, that ended.
  std::span<const std::int8_t> probabilities() const { return probabilities_; }
  /// Logits that were read in all so far: a row's in the first pass and again in the second, and a
  /// part's once.
  std::uint64_t logits_read() const { return logits_read_; }
  /// Shares that were written in all so far.
  std::uint64_t elements() const { return elements_; }

 private:
  enum class Pass : std::uint8_t { Idle, Maximum, Exponentials, Reciprocal, Shares, SharesAgain };

  Pass next_pass();

  void find_maximum(std::size_t from, std::size_t to);
  void add_exponentials(std::size_t from, std::size_t to);
  void look_up(std::size_t from, std::size_t to);
  void begin_reciprocal();
  void divide_bit();
  void write_shares(std::size_t from, std::size_t to);

  std::size_t lanes_;
  std::array<std::uint16_t, 256> table_{};
  Pass pass_ = Pass::Idle;
  bool whole_ = true;         ///< all passes of a row follow each other
  bool last_ = false;         ///< of a part
  std::size_t position_ = 0;  ///< in the pass: values done, or bits
  std::vector<std::int8_t> logits_;
  std::vector<std::uint16_t> exponentials_;
  std::vector<std::int8_t> probabilities_;
  std::int8_t maximum_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t remainder_ = 0;
  std::uint64_t reciprocal_ = 0;
  std::uint64_t logits_read_ = 0;
  std::uint64_t elements_ = 0;
};

}  // namespace systol
