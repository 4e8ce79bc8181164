#include "host/train/node_kernels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "host/graph/infer.h"
#include "host/train/distance_product.h"
#include "sim/base/error.h"

namespace systol {
namespace {

std::size_t last(const Shape& shape) { return static_cast<std::size_t>(shape.back()); }
std::size_t rows_of(const Shape& shape) { return elements(shape) / last(shape); }

/// Below it exp is 0 in double, and takes as long to say so as ten others; half of the scores of
/// causal attention are there.
constexpr double kLowestExponent = -746;

/// `powers` holds a row's exponentials.
void softmax_row(const float* x, std::size_t count, float* y, std::vector<double>& powers) {
  const auto top = static_cast<double>(*std::max_element(x, x + count));
  powers.resize(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double exponent = static_cast<double>(x[i]) - top;
    powers[i] = exponent < kLowestExponent ? 0.0 : std::exp(exponent);
    sum += powers[i];
  }
  for (std::size_t i = 0; i < count; ++i) {
    y[i] = static_cast<float>(powers[i] / sum);
  }
}

double mean_of(const float* x, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += static_cast<double>(x[i]);
  }
  return sum / static_cast<double>(count);
}

void normalise_row(const float* x, std::size_t count, double epsilon, float* y) {
  const double mean = mean_of(x, count);
  double squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    squares += (static_cast<double>(x[i]) - mean) * (static_cast<double>(x[i]) - mean);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(count) + epsilon);
  for (std::size_t i = 0; i < count; ++i) {
    y[i] = static_cast<float>((static_cast<double>(x[i]) - mean) / deviation);
  }
}

/// Calls `row(x, y)` for each row of the last axis.
template <class Row>
NodeKernels::Kernel by_rows(float* const* x, float* const* y, const Shape& from, const Shape& to,
                            Row row) {
  return [=, count = rows_of(from), width = last(from), result = last(to)]() mutable {
    for (std::size_t i = 0; i < count; ++i) {
      row(*x + i * width, width, *y + i * result);
    }
  };
}

}  // namespace

void NodeKernels::fail() const {
  throw InputError(
      fmt::format("{}: training does not compute it", place_of(executor_.graph_, *node_)));
}

NodeKernels::Kernel NodeKernels::of(const Node& node) {
  node_ = &node;
  return std::visit(*this, node.operation);
}

NodeKernels::Kernel NodeKernels::operator()(const MatMul& matmul) {
  if (node_->inputs.size() != 2) {
    fail();
  }
  const Shape& weights = shape_in(1);
  const std::size_t rows =
      weights.size() > 2 ? static_cast<std::size_t>(shape_in(0).end()[-2]) : rows_of(shape_in(0));
  const ProductSize product{rows, last(shape_in(0)), last(shape_out()), matmul.transposed};
  const std::size_t count = rows_of(shape_in(0)) / rows;
  if (matmul.similarity == Similarity::L1) {
    if (matmul.transposed || count != 1) {
      fail();
    }
    return [=, a = in(0), b = in(1), c = out()] { add_distances(product, *a, *b, *c); };
  }
  return [=, &multiplier = product_, a = in(0), b = in(1), c = out()] {
    for (std::size_t i = 0; i < count; ++i) {
      multiplier.multiply(product, *a + i * product.m * product.k, *b + i * product.k * product.n,
                          *c + i * product.m * product.n);
    }
  };
}

NodeKernels::Kernel NodeKernels::operator()(const Softmax&) {
  return by_rows(
      in(), out(), shape_in(), shape_out(),
      [powers = std::vector<double>()](const float* x, std::size_t count, float* y) mutable {
        softmax_row(x, count, y, powers);
      });
}

NodeKernels::Kernel NodeKernels::operator()(const Mean&) {
  return by_rows(in(), out(), shape_in(), shape_out(),
                 [](const float* x, std::size_t count, float* y) {
                   *y = static_cast<float>(mean_of(x, count));
                 });
}

NodeKernels::Kernel NodeKernels::operator()(const Normalise& normalise) {
  if (normalise.spatial) {
    fail();
  }
  return by_rows(
      in(), out(), shape_in(), shape_out(),
      [epsilon = static_cast<double>(normalise.epsilon)](
          const float* x, std::size_t count, float* y) { normalise_row(x, count, epsilon, y); });
}

NodeKernels::Kernel NodeKernels::operator()(const Reshape&) { return {}; }
NodeKernels::Kernel NodeKernels::operator()(const Convolution&) { fail(); }
NodeKernels::Kernel NodeKernels::operator()(const Pool&) { fail(); }

}  // namespace systol
