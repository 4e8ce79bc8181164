// Activations on their way through the array.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace systol {

/// Each lane's values, newest first: what entered n cycles ago is n places behind the newest. A row
/// of PEs, each a cycle behind its neighbour, thus reads its operands from contiguous memory.
class OperandHistory {
 public:
  /// Remembers `depth` cycles of `lanes` values.
  OperandHistory(std::uint32_t lanes, std::size_t depth)
      : lanes_(lanes), depth_(depth), values_(lanes * (depth + kSlack)) {}

  /// One cycle on; without data the lanes get zeros.
  void enter(const std::int8_t* data) {
    if (newest_ == 0) {
      for (std::size_t lane = 0; lane < lanes_; ++lane) {
        std::memmove(of(lane) + kSlack, of(lane), depth_);
      }
      newest_ = kSlack;
    }
    --newest_;
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      of(lane)[newest_] = data != nullptr ? data[lane] : std::int8_t{0};
    }
  }

  /// What entered the lane `age` cycles ago, followed by what entered before that.
  const std::int8_t* at(std::size_t lane, std::size_t age) const {
    return &values_[lane * (depth_ + kSlack) + newest_ + age];
  }

 private:
  /// The values are moved back to their end once in this many cycles.
  static constexpr std::size_t kSlack = 4096;

  std::int8_t* of(std::size_t lane) { return &values_[lane * (depth_ + kSlack)]; }

  std::size_t lanes_;
  std::size_t depth_;
  std::vector<std::int8_t> values_;
  std::size_t newest_ = kSlack;
};

}  // namespace systol
