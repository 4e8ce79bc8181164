#include "host/quantise/fixed_point.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace systol {
namespace {

constexpr int kLargestShift = 62;
/// A binary node's larger multiplier is in [2^20, 2^21).
constexpr int kBinaryBits = 21;
constexpr double kMostBinary = (1 << kBinaryBits) - 1;

double scale_of(Quantisation quantisation) { return static_cast<double>(quantisation.scale); }

std::int32_t binary_multiplier(double factor, int shift) {
  return static_cast<std::int32_t>(std::min(std::round(std::ldexp(factor, shift)), kMostBinary));
}

}  // namespace

Rescale fixed_point(double real) {
  constexpr Rescale kLargest{std::numeric_limits<std::int32_t>::max(), 1};
  if (real <= 0.0) {
    return {0, 1};
  }
  if (real >= 0x1p30) {
    return kLargest;
  }
  int exponent = 0;
  const double fraction = std::frexp(real, &exponent);  // real = fraction * 2^exponent
  const int shift = std::min(31 - exponent, kLargestShift);
  const std::int64_t multiplier = std::llround(std::ldexp(fraction, exponent + shift));
  if (multiplier < (std::int64_t{1} << 31)) {
    return {static_cast<std::int32_t>(multiplier), static_cast<std::uint8_t>(shift)};
  }
  return shift == 1 ? kLargest
                    : Rescale{std::int32_t{1} << 30, static_cast<std::uint8_t>(shift - 1)};
}

Rescale rescale_between(Quantisation from, Quantisation to) {
  return fixed_point(scale_of(from) / scale_of(to));
}

QuantBinary quantise_binary(BinaryFunction function, Quantisation a, Quantisation b,
                            Quantisation output) {
  QuantBinary result;
  result.zero_point = output.zero_point;
  if (function == BinaryFunction::Multiply) {
    result.rescale = fixed_point(scale_of(a) * scale_of(b) / scale_of(output));
    return result;
  }
  const double a_factor = scale_of(a) / scale_of(output);
  const double b_factor = scale_of(b) / scale_of(output);
  const double larger = std::max(a_factor, b_factor);
  int exponent = 0;
  std::frexp(larger, &exponent);  // larger is in [2^(exponent - 1), 2^exponent)
  int shift = kBinaryBits - exponent;
  if (std::round(std::ldexp(larger, shift)) > kMostBinary) {  // it rounds up to 2^21
    --shift;
  }
  shift = std::clamp(shift, 1, kLargestShift);
  result.a_multiplier = binary_multiplier(a_factor, shift);
  result.b_multiplier = binary_multiplier(b_factor, shift);
  if (function == BinaryFunction::Subtract) {
    result.b_multiplier = -result.b_multiplier;
  }
  result.rescale = {1, static_cast<std::uint8_t>(shift)};
  return result;
}

}  // namespace systol
