// A queue in pieces of memory that are kept.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

namespace systol {

/// A queue of as many elements as there are, whose memory grows piece by piece and never shrinks:
/// where a std::deque of large elements asks for memory for each of them and gives it back, this
/// one asks once in `kPiece` elements, and then takes the pieces again that it has emptied. No
/// element is ever moved.
template <class Element>
class Ring {
 public:
  static constexpr std::size_t kPiece = 64;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Element& operator[](std::size_t i) {
    return pieces_[(first_ + i) / kPiece][(first_ + i) % kPiece];
  }
  const Element& operator[](std::size_t i) const {
    return pieces_[(first_ + i) / kPiece][(first_ + i) % kPiece];
  }
  Element& front() { return (*this)[0]; }
  const Element& front() const { return (*this)[0]; }

  /// A place at the end, which holds whatever it held before.
  Element& push_back() {
    if (first_ + size_ == pieces_.size() * kPiece) {
      pieces_.push_back(std::make_unique<Element[]>(kPiece));
    }
    return (*this)[size_++];
  }
  /// What the element holds stays until its place is taken.
  void pop_front() {
    --size_;
    if (++first_ == kPiece) {
      first_ = 0;
      pieces_.push_back(std::move(pieces_.front()));
      pieces_.pop_front();
    }
  }

 private:
  std::deque<std::unique_ptr<Element[]>> pieces_;  ///< the emptied ones at the end
  std::size_t first_ = 0;                          ///< in the first piece; less than kPiece
  std::size_t size_ = 0;
};

}  // namespace systol
