// Nodes that multiply: matmul, convolution, product of two activations.
#include <algorithm>
#include <variant>

#include "host/reference/distances.h"
#include "host/reference/each_sample.h"
#include "host/reference/image_window.h"
#include "host/reference/integer_matmul.h"
#include "host/reference/integer_node.h"
#include "host/reference/per_processor.h"
#include "host/reference/product_shape.h"
#include "host/reference/requantise_row.h"
#include "host/reference/rescaled.h"

namespace systol {
namespace {

/// Of a convolution, at once: enough rows for each use of the weights, in little memory.
constexpr std::int64_t kRowBytes = std::int64_t{1} << 20;
constexpr std::int64_t kFewestPlaces = 256;

SYSTOL_PER_PROCESSOR void add_int8_products(const std::int8_t* __restrict a,
                                            const std::int8_t* __restrict b,
                                            std::int32_t* __restrict sums, std::size_t count) {
  for (std::size_t j = 0; j < count; ++j) {
    sums[j] += a[j] * b[j];
  }
}

/// Sums of what the similarity says, on up to `threads` threads.
void add_up(Similarity similarity, const IntegerMatmulShape& shape, const std::int8_t* a,
            const std::int8_t* b, std::int32_t* sums, unsigned threads) {
  if (similarity == Similarity::L1) {
    integer_distances(shape, a, b, sums);
  } else {
    integer_matmul(shape, a, b, sums, threads);
  }
}

ReferenceChannels channels_of(const QuantMatMul& matmul) {
  return {matmul.bias.data(), matmul.multiplier.data(), matmul.shift.data()};
}

ReferenceRange ends_of(const QuantMatMul& matmul) {
  return {matmul.zero_point, matmul.minimum, matmul.maximum};
}

/// `count` rows of sums, as wide as the matmul has outputs.
void requantise_rows(const QuantMatMul& matmul, const std::vector<std::int32_t>& sums,
                     std::size_t count, std::int8_t* values) {
  const std::size_t width = matmul.bias.size();
  for (std::size_t row = 0; row < count; ++row) {
    requantise_row(channels_of(matmul), ends_of(matmul), &sums[row * width], values + row * width,
                   width);
  }
}

/// One sample of a convolution.
struct ConvolutionSample {
  const ImageWindow& image;
  const QuantMatMul& matmul;
  std::int64_t groups;
  Similarity similarity;
  std::int64_t channels;  ///< of a group
  IntegerInput input;
  const std::int8_t* x;
  std::int8_t* y;
  unsigned threads;

  std::size_t outputs() const { return matmul.bias.size(); }

  /// As a matmul for each group, a row for each place.
  void as_matmuls() const {
    const std::int64_t depth = image.taps() * channels;
    const std::int64_t most = std::max(kFewestPlaces, kRowBytes / depth);
    std::vector<std::int8_t> rows;
    std::vector<std::int32_t> sums;
    for (std::int64_t place = 0; place < image.place_count(); place += most) {
      const std::int64_t count = std::min(most, image.place_count() - place);
      rows.resize(static_cast<std::size_t>(count * depth));
      sums.resize(static_cast<std::size_t>(count) * outputs());
      for (std::int64_t group = 0; group < groups; ++group) {
        window_rows(image, {place, count, group * channels, channels}, x, input.zero_point,
                    rows.data());
        const std::size_t width = outputs() / static_cast<std::size_t>(groups);
        const std::size_t first = static_cast<std::size_t>(group) * width;
        const auto k = static_cast<std::size_t>(depth);
        add_up(similarity, {static_cast<std::size_t>(count), width, k, k, outputs(), outputs()},
               rows.data(), matmul.weights.data() + first, sums.data() + first, threads);
      }
      requantise_rows(matmul, sums, static_cast<std::size_t>(count),
                      y + static_cast<std::size_t>(place) * outputs());
    }
  }

  /// Each channel has a window of its own.
  void depthwise() const {
    const std::vector<std::int8_t> border(outputs(), input.zero_point);
    std::vector<std::int32_t> sums(outputs());
    for (std::int64_t place = 0; place < image.place_count(); ++place) {
      std::ranges::fill(sums, 0);
      for (std::int64_t tap = 0; tap < image.taps(); ++tap) {
        const std::int64_t offset = image.offset(place, tap);
        add_int8_products(offset < 0 ? border.data() : x + offset,
                          matmul.weights.data() + static_cast<std::size_t>(tap) * outputs(),
                          sums.data(), outputs());
      }
      requantise_rows(matmul, sums, 1, y + static_cast<std::size_t>(place) * outputs());
    }
  }
};

/// A single row times each of `rows` rows of b: it is not worth turning b over.
SYSTOL_PER_PROCESSOR void multiply_by_rows(const std::int8_t* __restrict a,
                                           const std::int8_t* __restrict b, std::size_t rows,
                                           std::size_t depth, std::int32_t* __restrict sums) {
  for (std::size_t row = 0; row < rows; ++row, b += depth) {
    std::int32_t sum = 0;
    for (std::size_t l = 0; l < depth; ++l) {
      sum += a[l] * b[l];
    }
    sums[row] = sum;
  }
}

}  // namespace

/// sum[row][n] = sum over k of x[row][k] * w[k][n], in int32: k is bounded so that no sum
/// overflows.
void IntegerNode::operator()(const QuantMatMul& operation) const {
  const ProductShape shape = product_shape(graph, node);
  const std::size_t count = samples * shape.rows;
  std::vector<std::int32_t> sums(count * shape.outputs);
  add_up(similarity_of(node.operation),
         {count, shape.outputs, shape.depth, shape.depth, shape.outputs, shape.outputs},
         inputs[0].values, operation.weights.data(), sums.data(), threads);
  requantise_rows(operation, sums, count, output);
}

void IntegerNode::operator()(const QuantConvolution& operation) const {
  const auto& convolution = std::get<Convolution>(node.operation);
  const ImageWindow image = image_window(graph, node, convolution);
  const std::int64_t channels = shape(1)[2];
  const bool each_alone = convolution.similarity == Similarity::Product && channels == 1 &&
                          convolution.groups == shape(1)[3];
  each_sample(samples,
              samples * operation.matmul.weights.size() *
                  static_cast<std::size_t>(image.place_count()) / 16,
              threads, [&](std::size_t sample, unsigned its_threads) {
                const ConvolutionSample one{
                    image,      operation.matmul, convolution.groups,       convolution.similarity,
                    channels,   inputs[0],        inputs[0].sample(sample), result(sample),
                    its_threads};
                each_alone ? one.depthwise() : one.as_matmuls();
              });
}

void IntegerNode::operator()(const QuantProduct& operation) const {
  const ProductShape shape = product_shape(graph, node);
  const bool transposed = std::get<MatMul>(node.operation).transposed;
  const ReferenceRange range{operation.zero_point, operation.minimum, operation.maximum};
  const std::size_t values = shape.rows * shape.outputs;
  const auto multiply = [&](std::size_t sample, unsigned its_threads) {
    std::vector<std::int8_t> turned;
    std::vector<std::int32_t> sums(values);
    for (std::size_t i = 0; i < shape.products; ++i) {
      const std::int8_t* b = inputs[1].sample(sample) + i * shape.depth * shape.outputs;
      const std::int8_t* a = inputs[0].sample(sample) + i * shape.rows * shape.depth;
      if (transposed && shape.rows == 1) {
        multiply_by_rows(a, b, shape.outputs, shape.depth, sums.data());
      } else {
        if (transposed) {
          transpose_matrix(b, shape.outputs, shape.depth, turned);
          b = turned.data();
        }
        integer_matmul(
            {shape.rows, shape.outputs, shape.depth, shape.depth, shape.outputs, shape.outputs}, a,
            b, sums.data(), its_threads);
      }
      std::ranges::transform(sums, result(sample) + i * values, [&](std::int32_t sum) {
        return rescaled(sum, operation.rescale, range);
      });
    }
  };
  each_sample(samples, samples * shape.products * values * shape.depth / 16, threads, multiply);
}

}  // namespace systol
