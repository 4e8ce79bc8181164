#include "host/session/array_product.h"

#include <fmt/format.h>

#include <bit>
#include <limits>
#include <numeric>

#include "host/reference/soft_float.h"
#include "host/reference/soft_matmul.h"
#include "host/session/run_part.h"
#include "sim/base/error.h"

namespace systol {
namespace {

void round_values(const float* from, std::size_t count, std::vector<Bf16>& to) {
  to.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    to[i] = to_bf16(from[i]);
  }
}

std::uint16_t narrowed(float value) {
  return soft_float::narrow(std::bit_cast<std::uint32_t>(value));
}

/// What the array must compute, in integers.
std::vector<std::uint32_t> expected(const ProductSize& shape, std::size_t piece, const float* a,
                                    const float* b, unsigned threads) {
  std::vector<std::uint16_t> rows(shape.m * shape.k);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = narrowed(a[i]);
  }
  std::vector<std::uint16_t> columns(shape.n * shape.k);
  for (std::size_t j = 0; j < shape.n; ++j) {
    for (std::size_t l = 0; l < shape.k; ++l) {
      columns[j * shape.k + l] =
          narrowed(shape.transposed ? b[j * shape.k + l] : b[l * shape.n + j]);
    }
  }
  std::vector<std::uint32_t> sums(shape.m * shape.n);
  soft_float::multiply({shape.m, shape.k, shape.n, piece}, rows, columns, sums, threads);
  return sums;
}

}  // namespace

ArrayProduct::ArrayProduct(const ArrayConfig& config, Device& device,
                           std::vector<std::string> nodes, Observer* observer, bool check,
                           unsigned threads)
    : config_(config),
      device_(device),
      nodes_(std::move(nodes)),
      observer_(observer),
      threads_(threads) {
  result_.nodes.resize(nodes_.size());
  check_.enabled = check;
}

Bf16MatmulShape ArrayProduct::begin(const ProductSize& shape) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (shape.m > kMost || shape.k > kMost || shape.n > kMost) {
    throw InputError(fmt::format(
        "node '{}' multiplies {} x {} by {} x {} values; allowed: at most {} rows, with a smaller "
        "--batch",
        nodes_[node_], shape.m, shape.k, shape.k, shape.n, kMost));
  }
  ++products_;
  return {static_cast<std::uint32_t>(shape.m), static_cast<std::uint32_t>(shape.k),
          static_cast<std::uint32_t>(shape.n), false, shape.transposed};
}

void ArrayProduct::multiply(const ProductSize& shape, const float* a, const float* b, float* c) {
  const Bf16MatmulShape sides = begin(shape);
  if (!last_ || last_->first != sides) {
    last_.reset();  // before the next takes memory
    last_.emplace(sides, Bf16Matmul(sides, config_));
  }
  round_values(a, shape.m * shape.k, a_);
  round_values(b, shape.k * shape.n, b_);
  const std::span<float> values(c, shape.m * shape.n);
  add(observed(
      [&](Observer* observer) { return last_->second.run(device_, a_, b_, values, observer); }));
  if (product_) {
    product_(with_operands());
  }
  if (check_.enabled) {
    compare(values, expected(shape, config_.rows, a, b, threads_), shape.n);
  }
}

void ArrayProduct::multiply(const ProductSize& shape) {
  const isa::Program program = bf16_matmul_program(begin(shape), config_);
  MemoryImage no_values;
  CommandList commands(program.commands);
  add(observed([&](Observer* observer) {
    return device_.run(commands, program.nodes, no_values, observer);
  }));
}

/// Of the last product.
isa::Program ArrayProduct::with_operands() const {
  isa::Program program = last_->second.program();
  program.nodes = {nodes_[node_]};
  const Bf16MatmulPlaces places = bf16_matmul_places(last_->first);
  const auto bytes = [](const std::vector<Bf16>& values) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
    return std::vector<std::uint8_t>(first, first + values.size() * sizeof(Bf16));
  };
  program.image = {{isa::Space::Activations, places.a, bytes(a_)},
                   {isa::Space::Weights, places.b, bytes(b_)}};
  return program;
}

template <class Run>
RunResult ArrayProduct::observed(Run run) {
  if (observer_ == nullptr) {
    return run(nullptr);
  }
  RunPart part(*observer_, result_.cycles, commands_, static_cast<std::uint32_t>(node_));
  return run(&part);
}

void ArrayProduct::add(const RunResult& part) {
  result_.cycles += part.cycles;
  result_.nodes[node_].ledger += part.nodes.front().ledger;
  NodeResult& node = result_.nodes[node_];
  node.activity += part.nodes.front().activity;
  if (part.nodes.front().sum_toggles) {
    node.sum_toggles = node.sum_toggles.value_or(SumBits{}) += *part.nodes.front().sum_toggles;
  }
  result_.srams += part.srams;
  for (std::size_t i = 0; i < part.commands.size(); ++i) {
    result_.commands[i] += part.commands[i];
  }
  commands_ += std::accumulate(part.commands.begin(), part.commands.end(), std::uint64_t{0});
}

void ArrayProduct::compare(std::span<const float> values, const std::vector<std::uint32_t>& sums,
                           std::size_t columns) {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(values[i]);
    if (bits != sums[i] && check_.mismatches++ == 0) {
      check_.failures.push_back(fmt::format(
          "first: node {}, product {} of the run: the sum in row {}, column {} is {:#010x}, "
          "expected {:#010x}",
          nodes_[node_], products_, i / columns, i % columns, bits, sums[i]));
    }
  }
  check_.compared += sums.size();
}

}  // namespace systol
