#include "sim/check/softmax_row.h"

#include <fmt/format.h>

namespace systol {

std::string SoftmaxRowCheck::add(const isa::SoftmaxPart& part) {
  if (part.pass != pass_ || part.first == begun_) {
    return fmt::format("it is {} part of the pass '{}', and the next part is {} of the pass '{}'",
                       part.first ? "the first" : "a later", name_of(part.pass),
                       begun_ ? "a later one" : "the first", name_of(pass_));
  }
  columns_ = (part.first ? 0 : columns_) + part.columns;
  begun_ = !part.last;
  in_row_ = true;
  const bool maximum = pass_ == isa::SoftmaxPass::Maximum;
  if (!maximum && (columns_ > row_ || (part.last && columns_ < row_))) {
    return fmt::format("the pass '{}' {} {} values, and the pass 'maximum' went over {}",
                       name_of(pass_), part.last ? "goes over" : "reaches", columns_, row_);
  }
  if (part.last) {
    row_ = maximum ? columns_ : row_;
    in_row_ = !part.writes();
    pass_ = maximum                          ? isa::SoftmaxPass::Sum
            : pass_ == isa::SoftmaxPass::Sum ? isa::SoftmaxPass::Shares
                                             : isa::SoftmaxPass::Maximum;
  }
  return "";
}

}  // namespace systol
