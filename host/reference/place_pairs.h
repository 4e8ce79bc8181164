// Which value of one tensor belongs to which of another: for nodes that move values, and for those
// that take two tensors value by value. For both references.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "host/graph/graph.h"

namespace systol {

/// Pairs of places in the tensors a and b, in the order of loops over `extents`, the last of them
/// innermost. A place is its tensor's base plus, for each loop, its index times the stride.
struct PlacePairs {
  Shape extents;
  std::vector<std::int64_t> a;  ///< strides
  std::vector<std::int64_t> b;
  std::int64_t a_base = 0;
  std::int64_t b_base = 0;
  bool operator==(const PlacePairs&) const = default;
};

/// From (a) each input of a Concat, Slice, Transpose, Pad or Repeat to (b) its output.
std::vector<PlacePairs> moves_of(const Graph& graph, const Node& node);

/// The places of both inputs of a Binary, in the order of the output's values.
PlacePairs operands_of(const Graph& graph, const Node& node);

/// Equal pairs in the same order, with as few loops as they need; at least one.
PlacePairs merged(const PlacePairs& pairs);

/// Calls visit(place in a, place in b) for each start of an innermost loop.
template <class Visit>
void for_each_run(const PlacePairs& pairs, Visit visit) {
  const std::size_t outer = pairs.extents.size() - 1;
  std::vector<std::int64_t> index(outer);
  std::int64_t a = pairs.a_base;
  std::int64_t b = pairs.b_base;
  for (std::size_t loop = outer + 1; loop != 0;) {
    visit(a, b);
    for (loop = outer; loop != 0; --loop) {  // the next index, as an odometer has it
      const std::size_t i = loop - 1;
      a += pairs.a[i];
      b += pairs.b[i];
      if (++index[i] < pairs.extents[i]) {
        break;
      }
      index[i] = 0;
      a -= pairs.a[i] * pairs.extents[i];
      b -= pairs.b[i] * pairs.extents[i];
    }
  }
}

/// b = convert(a) for each pair.
template <class Value, class Convert>
void move_values(const PlacePairs& pairs, const Value* a, Value* b, Convert convert) {
  const std::int64_t count = pairs.extents.back();
  const std::int64_t a_stride = pairs.a.back();
  const std::int64_t b_stride = pairs.b.back();
  for_each_run(pairs, [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t i = 0; i < count; ++i) {
      b[to + i * b_stride] = convert(a[from + i * a_stride]);
    }
  });
}

/// result = join(a, b) for each pair, one after another.
template <class Value, class Join>
void join_values(const PlacePairs& pairs, const Value* a, const Value* b, Value* result,
                 Join join) {
  const std::int64_t count = pairs.extents.back();
  const std::int64_t a_stride = pairs.a.back();
  const std::int64_t b_stride = pairs.b.back();
  for_each_run(pairs, [&](std::int64_t first, std::int64_t second) {
    for (std::int64_t i = 0; i < count; ++i) {
      *result++ = join(a[first + i * a_stride], b[second + i * b_stride]);
    }
  });
}

}  // namespace systol
