#include "host/quantise/tables.h"

#include <algorithm>
#include <cmath>

#include "host/reference/float_function.h"

namespace systol {
namespace {

/// A range narrower than this is as good as empty; its scale stays a normal float32.
constexpr double kNarrowest = 1e-30;

}  // namespace

Quantisation affine(ValueRange range) {
  const double low = std::min(static_cast<double>(range.low), 0.0);
  const double high = std::max(static_cast<double>(range.high), 0.0);
  const double width = high - low < kNarrowest ? 1.0 : high - low;
  Quantisation result;
  result.scale = static_cast<float>(width / 255.0);
  const double zero = std::round(-128.0 - low / static_cast<double>(result.scale));
  result.zero_point = static_cast<std::int8_t>(std::clamp(zero, -128.0, 127.0));
  return result;
}

Quantisation symmetric(ValueRange range) {
  const double low = static_cast<double>(range.low);
  const double high = static_cast<double>(range.high);
  const double end = std::max({-low, high, 0.0});
  return {static_cast<float>((end < kNarrowest ? 1.0 : end) / 127.0), 0};
}

std::int8_t to_int8(double value, Quantisation quantisation) {
  const double level = std::round(value / static_cast<double>(quantisation.scale));
  return static_cast<std::int8_t>(std::clamp(level + quantisation.zero_point, -128.0, 127.0));
}

std::array<std::int8_t, 256> function_table(const Map& map, Quantisation from, Quantisation to) {
  std::array<std::int8_t, 256> table{};
  for (int i = 0; i < 256; ++i) {
    const double x = static_cast<double>(from.scale) * (i - 128 - from.zero_point);
    const double y = float_function(map, x);
    table[static_cast<std::size_t>(i)] = std::isnan(y) ? to.zero_point : to_int8(y, to);
  }
  return table;
}

std::array<std::uint16_t, 256> softmax_table(float scale) {
  std::array<std::uint16_t, 256> table{};
  for (int d = 0; d < 256; ++d) {
    const double value = std::exp(-d * static_cast<double>(scale));
    table[static_cast<std::size_t>(d)] = static_cast<std::uint16_t>(std::lround(value * 65535.0));
  }
  return table;
}

}  // namespace systol
