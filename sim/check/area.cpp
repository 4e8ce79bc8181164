#include "sim/check/area.h"

#include <algorithm>

namespace systol {
namespace {

using First = std::optional<std::uint64_t>;

__extension__ using Wide = unsigned __int128;  // products of two 64-bit numbers

constexpr std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) {
  return a / b + (a % b == 0 ? 0 : 1);
}

/// The smallest k with low <= (step * k) mod modulus <= high, for 0 < low <= high < modulus: as in
/// Euclid's algorithm, (modulus, step) becomes (step, modulus mod step).
First first_multiple_between(std::uint64_t step, std::uint64_t modulus, std::uint64_t low,
                             std::uint64_t high) {
  if (step == 0) {
    return std::nullopt;
  }
  const std::uint64_t direct = divide_up(low, step);
  if (direct <= high / step) {
    return direct;
  }
  // No multiple of `step` lies between them: the first k goes round the modulus `rounds` times.
  const First rounds =
      first_multiple_between(modulus % step, step, step - high % step, step - low % step);
  if (!rounds) {
    return std::nullopt;
  }
  const Wide reached = Wide{modulus} * *rounds + low;
  return static_cast<std::uint64_t>((reached + step - 1) / step);
}

/// The smallest k with (offset + step * k) mod modulus < width.
First first_residue_below(std::uint64_t offset, std::uint64_t step, std::uint64_t modulus,
                          std::uint64_t width) {
  const std::uint64_t residue = offset % modulus;
  if (residue < width) {
    return 0;
  }
  const std::uint64_t low = modulus - residue;
  return first_multiple_between(step % modulus, modulus, low, low + width - 1);
}

/// An area of at most one loop.
struct Row {
  std::uint64_t address, size, count, stride;
};

Row row_of(const Area& area) {
  if (area.depth() == 0) {
    return {area.address(), area.size(), 1, 1};
  }
  return {area.address(), area.size(), area.outermost().count, area.outermost().stride};
}

/// Interval i of `a` and interval j of `b` share an address if
///   0 <= a.address + i * a.stride + a.size - 1 - (b.address + j * b.stride) < a.size + b.size - 1.
First first_shared_row(const Row& a, const Row& b) {
  const std::uint64_t width = a.size + b.size - 1;
  const std::uint64_t reach = a.address + a.size - 1;  // of interval 0
  std::uint64_t first = 0;
  if (reach < b.address) {
    first = divide_up(b.address - reach, a.stride);
  }
  const std::uint64_t above = (b.count - 1) * b.stride + width - 1;  // the most that fits
  if (first >= a.count || reach + first * a.stride - b.address > above) {
    return std::nullopt;
  }
  const std::uint64_t offset = reach + first * a.stride - b.address;
  const std::uint64_t last = std::min(a.count - 1 - first, (above - offset) / a.stride);
  const First more =
      b.count == 1 ? First(0)
                   : first_residue_below(offset, a.stride, b.stride, std::min(width, b.stride));
  if (!more || *more > last) {
    return std::nullopt;
  }
  const std::uint64_t at = a.address + (first + *more) * a.stride;
  // The first interval of `b` that ends after it.
  const std::uint64_t j = at < b.address + b.size ? 0 : (at - b.address - b.size) / b.stride + 1;
  return std::max(at, b.address + j * b.stride);
}

First smaller(const First& a, const First& b) { return !a || (b && *b < *a) ? b : a; }

/// Both outermost loops step alike: what two turns share depends on the difference of the two.
First first_shared_alike(const Area& a, const Area& b, StepsLeft& steps) {
  const std::uint64_t stride = a.outermost().stride;
  const std::uint64_t a_span = a.turn(0).end() - a.address();
  const std::uint64_t b_span = b.turn(0).end() - b.address();
  First found;
  const auto compare = [&](std::uint64_t i, std::uint64_t j) {
    found = smaller(found, first_shared(a.turn(i), b.turn(j), steps));
  };
  // Turns i of `a` against turn 0 of `b`, then turn 0 of `a` against turns j of `b`.
  const std::uint64_t from_a =
      b.address() < a.address() + a_span ? 0 : (b.address() - a.address() - a_span) / stride + 1;
  for (std::uint64_t i = from_a; i < a.outermost().count; ++i) {
    if (a.address() + i * stride >= b.address() + b_span) {
      break;
    }
    compare(i, 0);
  }
  const std::uint64_t from_b =
      a.address() < b.address() + b_span ? 1 : (a.address() - b.address() - b_span) / stride + 1;
  for (std::uint64_t j = std::max<std::uint64_t>(from_b, 1); j < b.outermost().count; ++j) {
    if (b.address() + j * stride >= a.address() + a_span) {
      break;
    }
    compare(0, j);
  }
  return found;
}

/// The turns of `split` that reach into the span of `other`, one after the other.
First first_shared_by_turns(const Area& split, const Area& other, StepsLeft& steps) {
  const std::uint64_t span = split.turn(0).end() - split.address();
  const std::uint64_t stride = split.outermost().stride;
  std::uint64_t turn = other.address() < split.address() + span
                           ? 0
                           : (other.address() - split.address() - span) / stride + 1;
  const bool in_order = split.apart_by_turns();
  First found;
  for (; turn < split.outermost().count; ++turn) {
    const std::uint64_t address = split.address() + turn * stride;
    if (address >= other.end() || (found && (in_order || address > *found))) {
      break;
    }
    found = smaller(found, first_shared(split.turn(turn), other, steps));
  }
  return found;
}

}  // namespace

Area::Area(const isa::Pieces& pieces) : address_(pieces.walk.base), size_(pieces.bytes) {
  for (const isa::Walk::Loop& loop : pieces.walk.loops) {
    if (loop.count > 1 && loop.stride > 0) {
      add_loop({loop.count, loop.stride});
    }
  }
  if (depth_ > 0) {
    join();
  }
}

void Area::add_loop(const Loop& loop) {
  std::size_t i = depth_++;
  for (; i > 0 && loops_[i - 1].stride > loop.stride; --i) {
    loops_[i] = loops_[i - 1];
  }
  loops_[i] = loop;
}

/// Intervals that touch become one, and so do loops of which the outer continues the inner.
void Area::join() {
  std::array<Loop, isa::Walk::kLoops> all = loops_;
  const std::size_t count = depth_;
  loops_ = {};
  depth_ = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Loop& loop = all[i];
    if (depth_ == 0 && loop.stride <= size_) {
      size_ += (loop.count - 1) * loop.stride;
      continue;
    }
    if (depth_ > 0) {
      Loop& inner = loops_[depth_ - 1];
      const std::uint64_t turns = loop.stride / inner.stride;
      if (loop.stride % inner.stride == 0 && turns <= inner.count) {
        inner.count += (loop.count - 1) * turns;
        continue;
      }
    }
    loops_[depth_++] = loop;
  }
}

std::uint64_t Area::end() const {
  std::uint64_t end = address_ + size_;
  for (std::size_t i = 0; i < depth_; ++i) {
    end += (loops_[i].count - 1) * loops_[i].stride;
  }
  return end;
}

Area Area::turn(std::uint64_t turn) const {
  Area part = *this;
  --part.depth_;
  part.address_ += turn * loops_[part.depth_].stride;
  part.loops_[part.depth_] = {};
  return part;
}

bool Area::apart_by_turns() const {
  const Area first = turn(0);
  return first.end() - first.address() <= outermost().stride;
}

std::uint64_t Area::end_from(std::uint64_t at) const {
  if (at < address_ || at >= end()) {
    return at;
  }
  if (depth_ == 0) {
    return end();
  }
  const std::uint64_t span = turn(0).end() - address_;
  const std::uint64_t stride = outermost().stride;
  std::uint64_t furthest = at;
  for (std::uint64_t i = std::min(outermost().count - 1, (at - address_) / stride) + 1;
       i-- > 0 && address_ + i * stride + span > at;) {
    furthest = std::max(furthest, turn(i).end_from(at));
  }
  return furthest;
}

std::size_t AreaHash::operator()(const Area& area) const {
  std::uint64_t hash = area.address() * 0x9e3779b97f4a7c15U + area.size();
  Area rest = area;
  while (rest.depth() > 0) {
    hash = (hash ^ (hash >> 29U)) * 0xbf58476d1ce4e5b9U + rest.outermost().count;
    hash = (hash ^ (hash >> 31U)) * 0x94d049bb133111ebU + rest.outermost().stride;
    rest = rest.turn(0);
  }
  return hash ^ (hash >> 32U);
}

std::optional<std::uint64_t> first_shared(const Area& a, const Area& b, StepsLeft& steps) {
  if (a.end() <= b.address() || b.end() <= a.address()) {
    return std::nullopt;
  }
  if (steps.left == 0) {
    throw TooManySteps();
  }
  --steps.left;
  if (a.depth() <= 1 && b.depth() <= 1) {
    return first_shared_row(row_of(a), row_of(b));
  }
  if (a.depth() > 0 && b.depth() > 0 && a.outermost().stride == b.outermost().stride) {
    return first_shared_alike(a, b, steps);
  }
  const bool split_a =
      b.depth() == 0 || (a.depth() > 0 && a.outermost().stride > b.outermost().stride);
  return split_a ? first_shared_by_turns(a, b, steps) : first_shared_by_turns(b, a, steps);
}

}  // namespace systol
