#include "host/compile/box.h"

#include <algorithm>
#include <limits>

namespace systol {
namespace {

constexpr std::uint64_t kMostColumns = std::uint64_t{1} << 30;

/// Whether a turn of `outer` goes on where the last turn of `inner` ended, everywhere.
bool follows(const BoxAxis& outer, const BoxAxis& inner) {
  const auto extent = static_cast<std::int64_t>(inner.extent);
  return outer.a == extent * inner.a && outer.b == extent * inner.b &&
         outer.destination == extent * inner.destination;
}

/// Axes of one turn left out, and those that follow each other as one.
std::vector<BoxAxis> joined(const Box& box) {
  std::vector<BoxAxis> result;
  for (std::size_t i = 0; i < box.axes.size(); ++i) {
    const BoxAxis& axis = box.axes[i];
    const bool columns = box.keep_columns && i + 1 == box.axes.size();
    if (axis.extent == 1 && !columns) {
      continue;
    }
    if (!result.empty() && !columns && follows(result.back(), axis)) {
      const std::uint64_t extent = result.back().extent * axis.extent;
      result.back() = axis;
      result.back().extent = extent;
    } else {
      result.push_back(axis);
    }
  }
  return result;
}

bool ascends(const BoxAxis& axis) { return axis.a >= 0 && axis.b >= 0 && axis.destination >= 0; }

class Parts {
 public:
  Parts(const Box& box, const std::function<void(const BoxPart&)>& action)
      : axes_(joined(box)), action_(action) {
    const bool together =
        !axes_.empty() && axes_.back().a == box.a_bytes && axes_.back().b == box.b_bytes &&
        axes_.back().destination == box.destination_bytes && axes_.back().extent <= kMostColumns;
    if (together) {
      columns_ = static_cast<std::uint32_t>(axes_.back().extent);
      axes_.pop_back();
    }
  }

  void run(std::uint64_t a, std::uint64_t b, std::uint64_t destination, std::size_t axis = 0) {
    if (left_fit(axis)) {
      action_({columns_, walk(a, axis, &BoxAxis::a), walk(b, axis, &BoxAxis::b),
               walk(destination, axis, &BoxAxis::destination)});
      return;
    }
    const BoxAxis& outer = axes_[axis];
    for (std::uint64_t i = 0; i < outer.extent; ++i) {
      const auto turn = static_cast<std::int64_t>(i);
      run(a + static_cast<std::uint64_t>(turn * outer.a),
          b + static_cast<std::uint64_t>(turn * outer.b),
          destination + static_cast<std::uint64_t>(turn * outer.destination), axis + 1);
    }
  }

 private:
  bool left_fit(std::size_t axis) const {
    return axes_.size() - axis <= isa::Walk::kLoops &&
           std::all_of(axes_.begin() + static_cast<std::ptrdiff_t>(axis), axes_.end(), ascends);
  }

  isa::Walk walk(std::uint64_t base, std::size_t axis, std::int64_t BoxAxis::*stride) const {
    isa::Walk result(base);
    std::size_t loop = isa::Walk::kLoops - (axes_.size() - axis);
    for (; axis < axes_.size(); ++axis) {
      result.loops[loop++] = {axes_[axis].extent, static_cast<std::uint64_t>(axes_[axis].*stride)};
    }
    return result;
  }

  std::vector<BoxAxis> axes_;
  std::uint32_t columns_ = 1;
  const std::function<void(const BoxPart&)>& action_;
};

}  // namespace

void for_each_part(const Box& box, const std::function<void(const BoxPart&)>& action) {
  Parts(box, action).run(box.a, box.b, box.destination);
}

}  // namespace systol
