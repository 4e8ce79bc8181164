// bf16 matrix multiplication in the order of the array, against a blocked loop over fp32 numbers
// that adds in the same order. Both on one thread.
//   bf16_bench --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/base/bf16.h"
#include "sim/base/vectorised.h"
#include "sim/fast/bf16_gemm.h"

namespace systol {
namespace {

constexpr std::size_t kTileDepth = 128;

template <class Value>
std::vector<Value> noise(std::size_t count, Value (*make)(float)) {
  std::vector<Value> values(count);
  std::uint32_t state = 1;
  for (Value& value : values) {
    state = state * 1664525 + 1013904223;
    value = make(static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-31F);
  }
  return values;
}

/// Blocks of 64 columns, whose sums stay in registers or in the nearest cache.
SYSTOL_VECTORISED void blocked_loop(std::size_t size, const float* __restrict a,
                                    const float* __restrict b, float* __restrict c) {
  constexpr std::size_t kBlock = 64;
  for (std::size_t column = 0; column < size; column += kBlock) {
    for (std::size_t row = 0; row < size; ++row) {
      for (std::size_t first = 0; first < size; first += kTileDepth) {
        std::array<float, kBlock> sums{};
        for (std::size_t k = first; k < std::min(size, first + kTileDepth); ++k) {
          for (std::size_t i = 0; i < kBlock; ++i) {
            sums[i] += a[row * size + k] * b[k * size + column + i];
          }
        }
        for (std::size_t i = 0; i < kBlock; ++i) {
          float& sum = c[row * size + column + i];
          sum = first == 0 ? sums[i] : sum + sums[i];
        }
      }
    }
  }
}

void count(benchmark::State& state) {
  const auto size = static_cast<double>(state.range(0));
  state.counters["products"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * size * size * size, benchmark::Counter::kIsRate);
}

void fp32_blocked(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const auto same = [](float value) { return value; };
  const std::vector<float> a = noise<float>(size * size, same);
  const std::vector<float> b = noise<float>(size * size, same);
  std::vector<float> c(size * size);
  for (auto _ : state) {
    blocked_loop(size, a.data(), b.data(), c.data());
    benchmark::DoNotOptimize(c.data());
  }
  count(state);
}

void bf16_array(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const std::vector<Bf16> a = noise<Bf16>(size * size, to_bf16);
  const std::vector<Bf16> b = noise<Bf16>(size * size, to_bf16);
  std::vector<std::int32_t> c(size * size);
  for (auto _ : state) {
    bf16_gemm({size, size, size, sizeof(Bf16) * size, size, size, false}, kTileDepth, a.data(),
              b.data(), c.data());
    benchmark::DoNotOptimize(c.data());
  }
  count(state);
}

BENCHMARK(fp32_blocked)->Arg(64)->Arg(256)->Arg(1024)->Unit(benchmark::kMicrosecond);
BENCHMARK(bf16_array)->Arg(64)->Arg(256)->Arg(1024)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace systol

BENCHMARK_MAIN();
