// Operations of single values.
#include <algorithm>

#include "host/reference/float_function.h"
#include "host/train/node_kernels.h"
#include "host/train/strided_loop.h"

namespace systol {
namespace {

template <class Each>
NodeKernels::Kernel each_value(float* const* x, float* const* y, std::size_t count, Each each) {
  return [=] { std::transform(*x, *x + count, *y, each); };
}

/// The strides of a tensor that is repeated to a shape of as many axes or more.
std::vector<Offset> repeated(const Shape& shape, const Shape& to) {
  const std::vector<Offset> own = row_major(shape);
  std::vector<Offset> strides(to.size());
  for (std::size_t i = 1; i <= shape.size(); ++i) {
    strides[to.size() - i] = shape[shape.size() - i] == 1 ? 0 : own[shape.size() - i];
  }
  return strides;
}

struct Operands {
  float* const* a;
  float* const* b;
  float* const* c;
};

template <class Each>
NodeKernels::Kernel each_pair(const Operands& operands, const StridedLoop<3>& loop, Each each) {
  return [operands, loop = loop, each]() mutable {
    const Offset width = loop.width();
    const Offset a_step = loop.steps()[0];
    const Offset b_step = loop.steps()[1];
    const Offset c_step = loop.steps()[2];
    const bool dense = a_step == 1 && b_step == 1 && c_step == 1;
    loop.for_each_row([&](const StridedLoop<3>::Offsets& at) {
      const float* a = *operands.a + at[0];
      const float* b = *operands.b + at[1];
      float* c = *operands.c + at[2];
      if (dense) {
        std::transform(a, a + width, b, c, each);
        return;
      }
      for (Offset i = 0; i < width; ++i) {
        c[i * c_step] = each(a[i * a_step], b[i * b_step]);
      }
    });
  };
}

}  // namespace

NodeKernels::Kernel NodeKernels::operator()(const Map& map) {
  const std::size_t count = elements(shape_out());
  switch (map.function) {
    case Function::Relu:
      return each_value(in(), out(), count, [](float x) { return x < 0.0F ? 0.0F : x; });
    case Function::Step:
      return each_value(in(), out(), count, [](float x) { return x > 0.0F ? 1.0F : 0.0F; });
    case Function::Sign:  // what is not a number stays so
      return each_value(in(), out(), count, [zero = map.a](float x) {
        return x > 0.0F ? 1.0F : x < 0.0F ? -1.0F : x == 0.0F ? zero : x;
      });
    case Function::Linear:
      return each_value(in(), out(), count, [a = map.a, b = map.b](float x) { return a * x + b; });
    case Function::Power:
      if (map.a == 2.0F) {  // the same bits as below, sooner
        return each_value(in(), out(), count, [](float x) { return x * x; });
      }
      [[fallthrough]];
    default:
      return each_value(in(), out(), count, [map](float x) {
        return static_cast<float>(float_function(map, static_cast<double>(x)));
      });
  }
}

NodeKernels::Kernel NodeKernels::operator()(const Binary& binary) {
  const StridedLoop<3> loop(shape_out(),
                            {repeated(shape_in(0), shape_out()), repeated(shape_in(1), shape_out()),
                             row_major(shape_out())});
  const Operands operands{in(0), in(1), out()};
  switch (binary.function) {
    case BinaryFunction::Add:
      return each_pair(operands, loop, [](float a, float b) { return a + b; });
    case BinaryFunction::Subtract:
      return each_pair(operands, loop, [](float a, float b) { return a - b; });
    case BinaryFunction::Multiply:
      return each_pair(operands, loop, [](float a, float b) { return a * b; });
    case BinaryFunction::Maximum:  // what is not a number stays so
      return each_pair(operands, loop, [](float a, float b) { return a < b || b != b ? b : a; });
    case BinaryFunction::Minimum:
      break;
  }
  return each_pair(operands, loop, [](float a, float b) { return b < a || b != b ? b : a; });
}

}  // namespace systol
