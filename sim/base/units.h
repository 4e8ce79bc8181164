// Physical quantities as types: a count of cycles cannot be added to a count of bytes.
#pragma once

#include <compare>
#include <cstdint>

namespace systol {

/// A number of one unit. Construction is explicit and `.count()` is the only way out, so that
/// mixing units does not compile (tests/sim/base/compile_fail proves it).
template <class Unit, class Number>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(Number count) : count_(count) {}

  constexpr Number count() const { return count_; }

  constexpr auto operator<=>(const Quantity&) const = default;

  constexpr Quantity& operator+=(Quantity other) {
    count_ += other.count_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    count_ -= other.count_;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }
  friend constexpr Quantity operator*(Quantity a, Number times) {
    return Quantity(a.count_ * times);
  }

 private:
  Number count_{};
};

/// Periods of the array's clock; also a point in time, counted from the start of the run.
using Cycles = Quantity<struct CyclesUnit, std::uint64_t>;
using Bytes = Quantity<struct BytesUnit, std::uint64_t>;
using Picojoules = Quantity<struct PicojoulesUnit, double>;
using Hertz = Quantity<struct HertzUnit, std::uint64_t>;
using Picoseconds = Quantity<struct PicosecondsUnit, std::uint64_t>;
inline constexpr std::uint64_t kPicosecondsPerSecond = 1'000'000'000'000;
inline constexpr double kPicojoulesPerJoule = 1e12;
inline constexpr double kPercent = 100;
using Millivolts = Quantity<struct MillivoltsUnit, std::uint64_t>;
using BytesPerSecond = Quantity<struct BytesPerSecondUnit, std::uint64_t>;

}  // namespace systol
