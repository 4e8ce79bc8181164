#include "host/sweep/design_space.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "host/sweep/grid.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// Vigna's splitmix64: the same numbers everywhere, which the standard's distributions are not.
std::uint64_t mixed(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

/// From 0 to 1, without 1.
double fraction(std::uint64_t seed, std::uint64_t axis, std::uint64_t sample) {
  constexpr double kStep = 1.0 / 9007199254740992.0;  // 2^-53
  return static_cast<double>(mixed(mixed(mixed(seed) + axis) + sample) >> 11U) * kStep;
}

/// Numbers from 0 to below `count` in an order of the seed and the axis.
std::vector<std::uint32_t> shuffled(std::uint64_t count, std::uint64_t seed, std::uint64_t axis) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint64_t i = count; i > 1; --i) {
    const double place = fraction(~seed, axis, i) * static_cast<double>(i);
    std::swap(order[i - 1], order[static_cast<std::size_t>(place)]);
  }
  return order;
}

}  // namespace

DesignSpace::DesignSpace(const SweepPlan& plan) : plan_(plan) {
  samples_ = plan.sampling == Sampling::Grid ? grid_size(plan.axes, plan.place) : plan.samples;
  size_ = samples_ * plan.models.size() * plan.arrays.size();
  if (size_ > kMostPoints) {
    throw InputError(
        fmt::format("{}: found {} points, allowed: at most {}", plan.place, size_, kMostPoints));
  }
  if (plan.sampling == Sampling::LatinHypercube) {
    for (std::size_t axis = 0; axis < plan.axes.size(); ++axis) {
      strata_.push_back(shuffled(samples_, plan.seed, axis));
    }
  }
}

/// A stratum of a Latin hypercube is one of as many equal parts of the axis as there are samples.
std::size_t DesignSpace::level(std::size_t axis, std::uint64_t sample) const {
  const std::size_t levels = plan_.axes[axis].levels.size();
  double place = fraction(plan_.seed, axis, sample);
  if (plan_.sampling == Sampling::LatinHypercube) {
    place = (strata_[axis][sample] + place) / static_cast<double>(samples_);
  }
  return std::min(static_cast<std::size_t>(place * static_cast<double>(levels)), levels - 1);
}

std::optional<DesignSpace::Point> DesignSpace::point(std::uint64_t number) const {
  const std::uint64_t sample = number % samples_;
  const std::uint64_t pair = number / samples_;
  Point point;
  point.array = static_cast<std::size_t>(pair % plan_.arrays.size());
  point.model = static_cast<std::size_t>(pair / plan_.arrays.size());
  if (plan_.sampling == Sampling::Grid) {
    point.settings = grid_settings(plan_.axes, sample);
  } else {
    for (std::size_t axis = 0; axis < plan_.axes.size(); ++axis) {
      plan_.axes[axis].append(level(axis, sample), point.settings);
    }
  }
  const bool holds = std::ranges::all_of(plan_.conditions, [&](const Condition& condition) {
    return condition.holds(point.settings);
  });
  return holds ? std::optional(std::move(point)) : std::nullopt;
}

}  // namespace systol
