// Whether the parts of a row's softmax follow each other as they must.
#pragma once

#include <cstdint>
#include <string>

#include "hw/isa/command.h"

namespace systol {

/// The vector unit's parts of a softmax, in program order: the three passes over a row, each from
/// its first part to its last and over as many values.
class SoftmaxRowCheck {
 public:
  /// What is wrong with the next command; or empty.
  std::string add(const isa::SoftmaxPart& part);
  /// Whether a row has begun whose last shares have not been made.
  bool in_row() const { return in_row_; }

 private:
  bool in_row_ = false;
  isa::SoftmaxPass pass_ = isa::SoftmaxPass::Maximum;  ///< the next part's
  bool begun_ = false;                                 ///< the pass has a first part
  std::uint64_t columns_ = 0;                          ///< of the pass so far
  std::uint64_t row_ = 0;                              ///< of the row, once the maximum is known
};

}  // namespace systol
