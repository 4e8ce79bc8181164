#include "sim/check/area.h"

#include <algorithm>
#include <array>

namespace systol {
namespace {

/// Addresses as places in rows of one pitch: origin + row * pitch + column.
struct Grid {
  std::uint64_t origin = 0;
  std::int64_t pitch = 1;
};

/// Rows from `top` to before `bottom`, columns from `left` to before `right`, all of it inside
/// the grid's columns.
struct Rect {
  std::int64_t top, bottom, left, right;

  bool empty() const { return top >= bottom || left >= right; }
  std::uint64_t count() const {
    return static_cast<std::uint64_t>(bottom - top) * static_cast<std::uint64_t>(right - left);
  }
};

Rect common(const Rect& a, const Rect& b) {
  return {std::max(a.top, b.top), std::min(a.bottom, b.bottom), std::max(a.left, b.left),
          std::min(a.right, b.right)};
}

/// An area is at most three rectangles of a grid.
class Rects {
 public:
  void add(const Rect& rect) {
    if (!rect.empty()) {
      items_[count_++] = rect;
    }
  }
  const Rect* begin() const { return items_.data(); }
  const Rect* end() const { return items_.data() + count_; }

 private:
  std::array<Rect, 3> items_;
  std::size_t count_ = 0;
};

/// Whether the two have no grid in common.
bool pitches_differ(const Area& a, const Area& b) {
  return a.rows > 1 && b.rows > 1 && a.pitch != b.pitch;
}

/// One in which both are few rectangles. Pieces without gaps fit in a single row.
Grid grid_of(const Area& a, const Area& b) {
  if (a.rows > 1 || b.rows > 1) {
    const Area& strided = a.rows > 1 ? a : b;
    return {strided.address, static_cast<std::int64_t>(strided.pitch)};
  }
  const std::uint64_t origin = std::min(a.address, b.address);
  return {origin, static_cast<std::int64_t>(std::max(a.end(), b.end()) - origin)};
}

Rects on_grid(const Area& area, const Grid& grid) {
  const auto offset = static_cast<std::int64_t>(area.address - grid.origin);
  // Neighbours are less than a row apart, and divisions are slow.
  std::int64_t row = offset >= 0 ? 0 : -1;
  if (offset >= grid.pitch || offset < -grid.pitch) {
    row = offset / grid.pitch - (offset % grid.pitch < 0 ? 1 : 0);
  }
  const std::int64_t left = offset - row * grid.pitch;
  const std::int64_t right = left + static_cast<std::int64_t>(area.size);
  const auto rows = static_cast<std::int64_t>(area.rows);
  Rects rects;
  if (right <= grid.pitch) {
    rects.add({row, row + rows, left, right});
    return rects;
  }
  // Rows of a strided area reach into the next row of the grid; a long piece fills some.
  const std::int64_t bottom = row + right / grid.pitch;
  if (left > 0) {
    rects.add({row, row + rows, left, grid.pitch});
    ++row;
  }
  rects.add({row, bottom, 0, grid.pitch});
  rects.add({bottom, bottom + rows, 0, right % grid.pitch});
  return rects;
}

Area area_of(const Rect& rect, const Grid& grid) {
  return {grid.origin + static_cast<std::uint64_t>(rect.top * grid.pitch + rect.left),
          static_cast<std::uint64_t>(grid.pitch),
          static_cast<std::uint64_t>(rect.bottom - rect.top),
          static_cast<std::uint64_t>(rect.right - rect.left)};
}

/// Cuts `rect` by the rectangles from `by` up to `end`, which share nothing.
void cut_rect(const Rect& rect, const Rect* by, const Rect* end, const Grid& grid,
              std::vector<Area>& inside, std::vector<Area>& outside) {
  if (rect.empty()) {
    return;
  }
  if (by == end) {
    outside.push_back(area_of(rect, grid));
    return;
  }
  const Rect both = common(rect, *by);
  if (both.empty()) {
    cut_rect(rect, by + 1, end, grid, inside, outside);
    return;
  }
  inside.push_back(area_of(both, grid));
  for (const Rect& rest : {Rect{rect.top, both.top, rect.left, rect.right},
                           Rect{both.top, both.bottom, rect.left, both.left},
                           Rect{both.top, both.bottom, both.right, rect.right},
                           Rect{both.bottom, rect.bottom, rect.left, rect.right}}) {
    cut_rect(rest, by + 1, end, grid, inside, outside);
  }
}

bool apart(const Area& a, const Area& b) { return a.end() <= b.address || b.end() <= a.address; }

/// Calls `each` with every rectangle that both have, on one grid.
template <class Each>
void for_each_common(const Area& a, const Area& b, Each&& each) {
  const Grid grid = grid_of(a, b);
  const Rects others = on_grid(b, grid);
  for (const Rect& rect : on_grid(a, grid)) {
    for (const Rect& other : others) {
      const Rect both = common(rect, other);
      if (!both.empty()) {
        each(both, grid);
      }
    }
  }
}

/// The rows of `area` that reach into the span of `by`.
struct RowSpan {
  std::uint64_t first, last;
};

RowSpan rows_within(const Area& area, const Area& by) {
  const auto row_of = [&](std::uint64_t at) {
    return at <= area.address ? 0 : (at - area.address) / area.pitch;
  };
  return {row_of(by.address), std::min(area.rows - 1, row_of(by.end() - 1))};
}

Area rows_of(const Area& area, std::uint64_t first, std::uint64_t count) {
  return {area.address + first * area.pitch, area.pitch, count, area.size};
}

}  // namespace

Area::Area(std::uint64_t first, std::uint64_t distance, std::uint64_t pieces, std::uint64_t length)
    : address(first), pitch(distance), rows(pieces), size(length) {
  if (rows == 1 || pitch <= size) {
    size += (rows - 1) * pitch;
    rows = 1;
    pitch = 0;
  }
}

std::uint64_t Area::row_end(std::uint64_t at) const {
  if (at < address || at >= end()) {
    return 0;
  }
  const std::uint64_t row = rows == 1 ? 0 : (at - address) / pitch;
  const std::uint64_t row_end = address + row * pitch + size;
  return at < row_end ? row_end : 0;
}

std::uint64_t shared_count(const Area& a, const Area& b) {
  std::uint64_t count = 0;
  if (apart(a, b)) {
    return count;
  }
  if (pitches_differ(a, b)) {
    const RowSpan span = rows_within(a, b);
    for (std::uint64_t row = span.first; row <= span.last; ++row) {
      count += shared_count(rows_of(a, row, 1), b);
    }
    return count;
  }
  for_each_common(a, b, [&](const Rect& rect, const Grid&) { count += rect.count(); });
  return count;
}

std::uint64_t first_shared(const Area& a, const Area& b) {
  std::uint64_t first = UINT64_MAX;
  if (apart(a, b)) {
    return first;
  }
  if (pitches_differ(a, b)) {
    const RowSpan span = rows_within(a, b);
    for (std::uint64_t row = span.first; row <= span.last; ++row) {
      first = std::min(first, first_shared(rows_of(a, row, 1), b));
    }
    return first;
  }
  for_each_common(a, b, [&](const Rect& rect, const Grid& grid) {
    first = std::min(first, area_of(rect, grid).address);
  });
  return first;
}

void cut(const Area& area, const Area& by, std::vector<Area>& inside, std::vector<Area>& outside) {
  if (apart(area, by)) {
    outside.push_back(area);
    return;
  }
  if (pitches_differ(area, by)) {
    const RowSpan span = rows_within(area, by);
    if (span.first > 0) {
      outside.push_back(rows_of(area, 0, span.first));
    }
    for (std::uint64_t row = span.first; row <= span.last; ++row) {
      cut(rows_of(area, row, 1), by, inside, outside);
    }
    if (span.last + 1 < area.rows) {
      outside.push_back(rows_of(area, span.last + 1, area.rows - span.last - 1));
    }
    return;
  }
  const Grid grid = grid_of(area, by);
  const Rects others = on_grid(by, grid);
  for (const Rect& rect : on_grid(area, grid)) {
    cut_rect(rect, others.begin(), others.end(), grid, inside, outside);
  }
}

}  // namespace systol
