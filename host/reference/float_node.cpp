#include "host/reference/float_node.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "host/reference/distances.h"
#include "host/reference/float_function.h"
#include "host/reference/float_matmul.h"
#include "host/reference/image_window.h"
#include "host/reference/place_pairs.h"
#include "host/reference/product_shape.h"

namespace systol {
namespace {

/// Rows of a window's values that are made at once.
constexpr std::int64_t kWindowValues = std::int64_t{1} << 18;

void softmax_row(const float* x, float* y, std::size_t count) {
  const double peak = *std::max_element(x, x + count);
  double total = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    total += std::exp(static_cast<double>(x[i]) - peak);
  }
  for (std::size_t i = 0; i < count; ++i) {
    y[i] = static_cast<float>(std::exp(static_cast<double>(x[i]) - peak) / total);
  }
}

/// `count` values that are `stride` apart.
void normalise_values(const float* x, float* y, std::size_t count, std::size_t stride,
                      double epsilon) {
  double sum = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += static_cast<double>(x[i * stride]);
  }
  const double mean = sum / static_cast<double>(count);
  double squares = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double difference = static_cast<double>(x[i * stride]) - mean;
    squares += difference * difference;
  }
  const double deviation = std::sqrt(squares / static_cast<double>(count) + epsilon);
  for (std::size_t i = 0; i < count; ++i) {
    const double difference = static_cast<double>(x[i * stride]) - mean;
    y[i * stride] = static_cast<float>(deviation == 0.0 ? 0.0 : difference / deviation);
  }
}

double joined(BinaryFunction function, double a, double b) {
  switch (function) {
    case BinaryFunction::Add:
      return a + b;
    case BinaryFunction::Subtract:
      return a - b;
    case BinaryFunction::Multiply:
      return a * b;
    case BinaryFunction::Maximum:
      return std::max(a, b);
    case BinaryFunction::Minimum:
      return std::min(a, b);
  }
  return 0.0;
}

/// Not a number where one of both is none.
double largest_yet(double a, double b) { return b > a || std::isnan(b) ? b : a; }

/// A constant of the node's from its channel `first` on; null where it has none.
const float* channels_from(const std::vector<const float*>& inputs, std::size_t input,
                           std::size_t first) {
  return input < inputs.size() ? inputs[input] + first : nullptr;
}

struct FloatNode {
  const Graph& graph;
  const Node& node;
  const std::vector<const float*>& inputs;
  float* y;

  /// Sums of what the similarity says, of channels from `first` on.
  void add_up(Similarity similarity, const FloatMatmulShape& shape, const float* a, const float* b,
              std::size_t first, float* c) const {
    const float* bias = channels_from(inputs, 2, first);
    if (similarity == Similarity::L1) {
      float_distances(shape, a, b, bias, channels_from(inputs, 3, first), c);
    } else {
      float_matmul(shape, a, b, bias, c);
    }
  }

  const Shape& shape(std::size_t input) const { return graph.shape(node.inputs[input]); }
  std::size_t size() const { return elements(graph.shape(node.output)); }
  /// Values in a row, the last extent of the input.
  std::size_t width() const { return static_cast<std::size_t>(shape(0).back()); }
  std::size_t rows() const { return elements(shape(0)) / width(); }

  void operator()(const MatMul& matmul) const {
    const ProductShape product = product_shape(graph, node);
    std::vector<float> turned;
    const bool dots =
        matmul.transposed && product.rows == 1 && matmul.similarity == Similarity::Product;
    for (std::size_t i = 0; i < product.products; ++i) {
      const float* b = inputs[1] + i * product.depth * product.outputs;
      if (dots) {
        float_row_transposed(inputs[0] + i * product.depth, b, product.outputs, product.depth,
                             channels_from(inputs, 2, 0), y + i * product.outputs);
        continue;
      }
      if (matmul.transposed) {
        transpose_matrix(b, product.outputs, product.depth, turned);
        b = turned.data();
      }
      add_up(matmul.similarity,
             {product.rows, product.outputs, product.depth, product.depth, product.outputs,
              product.outputs},
             inputs[0] + i * product.rows * product.depth, b, 0,
             y + i * product.rows * product.outputs);
    }
  }

  void operator()(const Convolution& convolution) const {
    const ImageWindow image = image_window(graph, node, convolution);
    const std::int64_t outputs = shape(1)[3];
    if (convolution.similarity == Similarity::Product && shape(1)[2] == 1 &&
        outputs == image.channels && outputs == convolution.groups) {
      depthwise(image);
      return;
    }
    const std::int64_t channels = shape(1)[2];
    const auto depth = static_cast<std::size_t>(image.taps() * channels);
    const auto group_outputs = static_cast<std::size_t>(outputs / convolution.groups);
    const std::int64_t most =
        std::max<std::int64_t>(1, kWindowValues / static_cast<std::int64_t>(depth));
    std::vector<float> rows;
    for (std::int64_t place = 0; place < image.place_count(); place += most) {
      const std::int64_t count = std::min(most, image.place_count() - place);
      rows.resize(static_cast<std::size_t>(count) * depth);
      for (std::int64_t group = 0; group < convolution.groups; ++group) {
        window_rows(image, {place, count, group * channels, channels}, inputs[0], 0.0F,
                    rows.data());
        const std::size_t first = static_cast<std::size_t>(group) * group_outputs;
        const auto stride = static_cast<std::size_t>(outputs);
        add_up(convolution.similarity,
               {static_cast<std::size_t>(count), group_outputs, depth, depth, stride, stride},
               rows.data(), inputs[1] + first, first,
               y + static_cast<std::size_t>(place) * stride + first);
      }
    }
  }

  /// Each channel has a window of its own.
  void depthwise(const ImageWindow& image) const {
    const auto channels = static_cast<std::size_t>(image.channels);
    std::vector<double> sums(channels);
    for (std::int64_t place = 0; place < image.place_count(); ++place) {
      std::ranges::fill(sums, 0.0);
      if (inputs.size() == 3) {
        std::copy_n(inputs[2], channels, sums.begin());
      }
      for (std::int64_t tap = 0; tap < image.taps(); ++tap) {
        const std::int64_t offset = image.offset(place, tap);
        if (offset >= 0) {
          add_products(inputs[0] + offset, inputs[1] + tap * image.channels, sums.data(), channels);
        }
      }
      std::ranges::transform(sums, y + place * image.channels,
                             [](double sum) { return static_cast<float>(sum); });
    }
  }

  void operator()(const Pool& pool) const {
    const ImageWindow image = image_window(graph, node, pool);
    const bool average = pool.kind == PoolKind::Average;
    std::vector<double> joined(static_cast<std::size_t>(image.channels));
    float* result = y;
    for (std::int64_t place = 0; place < image.place_count(); ++place) {
      std::ranges::fill(joined, average ? 0.0 : -std::numeric_limits<double>::infinity());
      std::int64_t count = 0;
      image.for_each_value(place, [&](std::int64_t offset) {
        ++count;
        const float* x = inputs[0] + offset;
        for (double& value : joined) {
          const double next = *x++;
          value = average ? value + next : largest_yet(value, next);
        }
      });
      const auto divisor = static_cast<double>(!average             ? 1
                                               : pool.count_borders ? image.taps()
                                                                    : count);
      result = std::ranges::transform(joined, result, [divisor](double value) {
                 return static_cast<float>(value / divisor);
               }).out;
    }
  }

  void operator()(const Binary& binary) const {
    join_values(operands_of(graph, node), inputs[0], inputs[1], y, [&](float a, float b) {
      return static_cast<float>(
          joined(binary.function, static_cast<double>(a), static_cast<double>(b)));
    });
  }

  void operator()(const Map& map) const {
    std::transform(inputs[0], inputs[0] + size(), y, [&map](float x) {
      return static_cast<float>(float_function(map, static_cast<double>(x)));
    });
  }

  void operator()(const Softmax&) const {
    for (std::size_t row = 0; row < rows(); ++row) {
      softmax_row(inputs[0] + row * width(), y + row * width(), width());
    }
  }

  void operator()(const Normalise& normalise) const {
    const auto epsilon = static_cast<double>(normalise.epsilon);
    if (normalise.spatial) {
      for (std::size_t channel = 0; channel < width(); ++channel) {
        normalise_values(inputs[0] + channel, y + channel, rows(), width(), epsilon);
      }
      return;
    }
    for (std::size_t row = 0; row < rows(); ++row) {
      normalise_values(inputs[0] + row * width(), y + row * width(), width(), 1, epsilon);
    }
  }

  void operator()(const Mean&) const {
    for (std::size_t row = 0; row < rows(); ++row) {
      const float* x = inputs[0] + row * width();
      y[row] =
          static_cast<float>(std::accumulate(x, x + width(), 0.0) / static_cast<double>(width()));
    }
  }

  void operator()(const Pad& pad) const {
    std::fill_n(y, size(), pad.value);
    move();
  }
  void operator()(const Concat&) const { move(); }
  void operator()(const Slice&) const { move(); }
  void operator()(const Transpose&) const { move(); }
  void operator()(const Repeat&) const { move(); }
  void operator()(const Reshape&) const { std::copy_n(inputs[0], size(), y); }

  void move() const {
    const std::vector<PlacePairs> moves = moves_of(graph, node);
    for (std::size_t i = 0; i < moves.size(); ++i) {
      move_values(moves[i], inputs[i], y, [](float value) { return value; });
    }
  }
};

}  // namespace

void float_node(const Graph& graph, const Node& node, const std::vector<const float*>& inputs,
                float* output) {
  std::visit(FloatNode{graph, node, inputs, output}, node.operation);
}

}  // namespace systol
