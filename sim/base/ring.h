// A queue in one piece of memory.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace systol {

/// A queue of as many elements as there are, whose memory grows and never shrinks: where a deque
/// asks for memory every few elements and gives it back, this one does as often as it doubles.
template <class Element>
class Ring {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Element& operator[](std::size_t i) { return elements_[(first_ + i) & (elements_.size() - 1)]; }
  const Element& operator[](std::size_t i) const {
    return elements_[(first_ + i) & (elements_.size() - 1)];
  }
  Element& front() { return elements_[first_]; }
  const Element& front() const { return elements_[first_]; }

  /// A place at the end, which holds whatever it held before.
  Element& push_back() {
    if (size_ == elements_.size()) {
      grow();
    }
    return (*this)[size_++];
  }
  /// What the element holds stays until its place is taken.
  void pop_front() {
    first_ = (first_ + 1) & (elements_.size() - 1);
    --size_;
  }

 private:
  void grow() {
    constexpr std::size_t kLeast = 64;
    std::vector<Element> more(elements_.empty() ? kLeast : 2 * elements_.size());
    for (std::size_t i = 0; i < size_; ++i) {
      more[i] = std::move((*this)[i]);
    }
    elements_ = std::move(more);
    first_ = 0;
  }

  std::vector<Element> elements_;  ///< a power of two of them
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace systol
