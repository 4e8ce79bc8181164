// Waves on their way through the array: what entered at the top left corner some cycles ago is on
// one anti-diagonal of PEs now.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>

namespace systol {

class Waves {
 public:
  Waves(std::uint32_t rows, std::uint32_t columns) : rows_(rows), columns_(columns) {}

  /// One cycle on, with a new wave if `entered`.
  void step(bool entered) {
    for (std::uint32_t& age : ages_) {
      ++age;
    }
    if (!ages_.empty() && ages_.front() == rows_ + columns_ - 1) {
      ages_.pop_front();
    }
    if (entered) {
      ages_.push_back(0);
    }
  }

  /// Calls `action(row, column)` for each PE that a wave is at.
  template <class Action>
  void for_each_pe(Action&& action) const {
    for (const std::uint32_t age : ages_) {
      const std::uint32_t first = age < columns_ ? 0 : age - columns_ + 1;
      const std::uint32_t last = std::min(age, rows_ - 1);
      for (std::uint32_t row = first; row <= last; ++row) {
        action(row, age - row);
      }
    }
  }

 private:
  std::uint32_t rows_;
  std::uint32_t columns_;
  std::deque<std::uint32_t> ages_;  ///< oldest first
};

}  // namespace systol
