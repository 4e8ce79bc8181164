// The data path of an array whose sums are fp32.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include "sim/base/bf16.h"
#include "sim/base/vectorised.h"
#include "sim/fast/bf16_gemm.h"
#include "sim/fast/data_path.h"

namespace systol {
namespace {

/// counts[i] += 1 for each of `count` values that is neither 0 nor -0.
SYSTOL_VECTORISED void count_nonzero_values(const std::int8_t* __restrict values, std::size_t count,
                                            std::uint32_t* __restrict counts) {
  for (std::size_t i = 0; i < count; ++i) {
    counts[i] += (read_bf16(values + i * sizeof(Bf16)).bits & 0x7fffU) != 0 ? 1U : 0U;
  }
}

SYSTOL_VECTORISED std::uint32_t nonzero_values(const std::int8_t* values, std::size_t count) {
  std::uint32_t nonzero = 0;
  for (std::size_t i = 0; i < count; ++i) {
    nonzero += (read_bf16(values + i * sizeof(Bf16)).bits & 0x7fffU) != 0 ? 1U : 0U;
  }
  return nonzero;
}

/// Of the products of [rows][depth] and [depth][columns] values, those with a factor of 0 or -0.
std::uint64_t zero_products(const MatrixView& a, const std::int8_t* b, std::size_t columns) {
  std::vector<std::uint32_t> nonzero(a.columns);
  for (std::size_t row = 0; row < a.rows; ++row) {
    count_nonzero_values(a.values + row * a.stride, a.columns, nonzero.data());
  }
  std::uint64_t multiplied = 0;
  for (std::size_t k = 0; k < a.columns; ++k) {
    multiplied +=
        std::uint64_t{nonzero[k]} * nonzero_values(b + k * columns * sizeof(Bf16), columns);
  }
  return std::uint64_t{a.rows} * a.columns * columns - multiplied;
}

/// A sum's way to the buffer.
float finished(float sum, float bias, const isa::ActivateFloat& activate) {
  const float biased = sum + (activate.bias ? bias : 0.0F);
  return activate.relu && std::signbit(biased) && biased == biased ? 0.0F : canonical(biased);
}

}  // namespace

/// What is pending. A tile's columns are all multiplied, so that they are its stride.
void DataPath::multiply_floats(const GemmLayout& shape, const MatrixView& activations,
                               std::int32_t* sums) {
  Activity& counts = activity(pending_->node);
  counts[Action::MacsZero] += zero_products(activations, pending_->weights, shape.n);
  for (std::size_t row = 0; row < activations.rows; ++row) {
    const std::int8_t* values = activations.values + row * activations.stride;
    counts[Action::FedZeros] += activations.columns - nonzero_values(values, activations.columns);
  }
  bf16_gemm(shape, pending_->tile_depth, activations.values, pending_->weights, sums, pool_);
}

/// Rows in the order in which they are fed, whatever is multiplied together, some at a time.
void DataPath::count_floats(const isa::Matmul& matmul) {
  constexpr std::uint64_t kRowsTogether = 1024;
  NodeResult& node = nodes_[command_->origin.node];
  const std::size_t bytes = segment_bytes(matmul);
  std::vector<std::int8_t> row(bytes * matmul.segments);
  for (std::uint64_t i = 0; i < matmul.rows(); ++i) {
    for (std::size_t segment = 0; segment < matmul.segments; ++segment) {
      std::copy_n(buffer_at(matmul.buffer.at(i * matmul.segments + segment)), bytes,
                  &row[segment * bytes]);
    }
    floats_->operands.feed(row.data(), matmul.depth);
    floats_->sums.feed(row.data(), matmul.depth);
    if ((i + 1) % kRowsTogether == 0 || i + 1 == matmul.rows()) {
      *node.sum_toggles +=
          floats_->sums.count(floats_->operands.weights(), floats_->operands.tile_columns());
    }
  }
  floats_->operands.count(node.activity);
}

void DataPath::apply(const isa::ActivateFloat& activate) {
  std::vector<float> biases(activate.columns);
  for (std::size_t i = 0; i < biases.size(); ++i) {
    biases[i] =
        std::bit_cast<float>(isa::read_channel(channel_planes_.data(), config_.columns, i).bias);
  }
  std::uint32_t row = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    const std::size_t first = (std::size_t{activate.accumulator} + row) * config_.columns;
    for (std::size_t i = 0; i < activate.columns; ++i) {
      const float value =
          finished(std::bit_cast<float>(chip_.accumulators[first + i]), biases[i], activate);
      std::int8_t* to = buffer_at(address + i * activate.value_bytes());
      if (activate.wide) {
        std::memcpy(to, &value, sizeof value);
      } else {
        write_bf16(to_bf16(value), to);
      }
    }
    wrote_row(address, row++, activate.row_bytes());
  });
}

}  // namespace systol
