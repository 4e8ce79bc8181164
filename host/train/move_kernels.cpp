// Operations that move values.
#include <algorithm>

#include "host/train/node_kernels.h"
#include "host/train/strided_loop.h"

namespace systol {
namespace {

/// From one tensor to another: where each begins, and a loop over what is moved.
struct Move {
  float* const* from;
  float* const* to;
  Offset from_start;
  Offset to_start;
  StridedLoop<2> loop;

  void operator()() {
    const Offset width = loop.width();
    const Offset from_step = loop.steps()[0];
    const Offset to_step = loop.steps()[1];
    loop.for_each_row([&](const StridedLoop<2>::Offsets& at) {
      const float* source = *from + from_start + at[0];
      float* target = *to + to_start + at[1];
      if (from_step == 1 && to_step == 1) {
        std::copy_n(source, width, target);
        return;
      }
      for (Offset i = 0; i < width; ++i) {
        target[i * to_step] = source[i * from_step];
      }
    });
  }
};

/// Each stride times a number of its axis.
std::vector<Offset> times(std::vector<Offset> strides, const Shape& factors) {
  for (std::size_t i = 0; i < strides.size(); ++i) {
    strides[i] *= static_cast<Offset>(factors[i]);
  }
  return strides;
}

Offset offset_of(const std::vector<Offset>& strides, const Shape& index) {
  Offset offset = 0;
  for (std::size_t i = 0; i < strides.size(); ++i) {
    offset += strides[i] * static_cast<Offset>(index[i]);
  }
  return offset;
}

}  // namespace

NodeKernels::Kernel NodeKernels::operator()(const Transpose& transpose) {
  const std::vector<Offset> own = row_major(shape_in());
  std::vector<Offset> strides;
  for (const std::int64_t axis : transpose.permutation) {
    strides.push_back(own[static_cast<std::size_t>(axis)]);
  }
  return Move{in(), out(), 0, 0, {shape_out(), {strides, row_major(shape_out())}}};
}

NodeKernels::Kernel NodeKernels::operator()(const Slice& slice) {
  const std::vector<Offset> own = row_major(shape_in());
  return Move{in(),
              out(),
              offset_of(own, slice.starts),
              0,
              {shape_out(), {times(own, slice.steps), row_major(shape_out())}}};
}

NodeKernels::Kernel NodeKernels::operator()(const Pad& pad) {
  const std::vector<Offset> own = row_major(shape_out());
  Shape steps = pad.between;
  for (std::int64_t& step : steps) {
    ++step;
  }
  Move move{in(),
            out(),
            0,
            offset_of(own, pad.before),
            {shape_in(), {row_major(shape_in()), times(own, steps)}}};
  return [move, value = pad.value, count = elements(shape_out())]() mutable {
    std::fill_n(*move.to, count, value);
    move();
  };
}

NodeKernels::Kernel NodeKernels::operator()(const Concat& concat) {
  const std::vector<Offset> own = row_major(shape_out());
  const auto axis = static_cast<std::size_t>(concat.axis);
  std::vector<Move> moves;
  Offset start = 0;
  for (std::size_t i = 0; i < node_->inputs.size(); ++i) {
    moves.push_back(Move{in(i), out(), 0, start, {shape_in(i), {row_major(shape_in(i)), own}}});
    start += own[axis] * static_cast<Offset>(shape_in(i)[axis]);
  }
  return [moves]() mutable {
    for (Move& move : moves) {
      move();
    }
  };
}

/// Each axis as two: its values, and how often each stands there.
NodeKernels::Kernel NodeKernels::operator()(const Repeat& repeat) {
  const std::vector<Offset> own = row_major(shape_in());
  Shape extents;
  std::vector<Offset> strides;
  for (std::size_t i = 0; i < own.size(); ++i) {
    extents.insert(extents.end(), {shape_in()[i], repeat.factors[i]});
    strides.insert(strides.end(), {own[i], 0});
  }
  return Move{in(), out(), 0, 0, {extents, {strides, row_major(extents)}}};
}

}  // namespace systol
