#include "host/quantise/histogram.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace systol {
namespace {

constexpr std::size_t kBins = 4096;
constexpr std::size_t kLevels = 256;
constexpr int kMagnitudes = 128;
constexpr int kSmallestMagnitude = kMagnitudes / 16;
/// What a place has where the steps say that no value is there, though one is.
constexpr double kUnlikely = 1e-9;

}  // namespace

Histogram::Histogram(ValueRange range)
    : range_{std::min(range.low, 0.0F), std::max(range.high, 0.0F)},
      width_((double{range_.high} - double{range_.low}) / kBins),
      counts_(kBins) {}

std::size_t Histogram::bin_of(double value) const {
  if (!(width_ > 0)) {
    return 0;
  }
  const double bin = std::floor((value - double{range_.low}) / width_);
  return static_cast<std::size_t>(std::clamp(bin, 0.0, double{kBins - 1}));
}

void Histogram::add(std::span<const float> values) {
  for (const float value : values) {
    ++counts_[bin_of(double{value})];
    zeros_ += value == 0.0F ? 1 : 0;
  }
  total_ += values.size();
}

ValueRange Histogram::range_of(Bins bins) const {
  const auto edge = [this](std::size_t bin) {
    return static_cast<float>(double{range_.low} + width_ * static_cast<double>(bin));
  };
  return {bins.first == 0 ? range_.low : edge(bins.first),
          bins.end == kBins ? range_.high : edge(bins.end)};
}

ValueRange Histogram::percentile_range(double percentile) const {
  const auto most =
      static_cast<std::uint64_t>(static_cast<double>(total_) * ((100.0 - percentile) / 200.0));
  Bins bins{0, kBins};
  std::uint64_t left_out = counts_[0];
  while (bins.first + 1 < kBins && left_out <= most) {
    left_out += counts_[++bins.first];
  }
  left_out = counts_[kBins - 1];
  while (bins.end > bins.first + 1 && left_out <= most) {
    left_out += counts_[--bins.end - 1];
  }
  return range_of(bins);
}

Histogram::Bins Histogram::within(double magnitude) const {
  return {bin_of(std::max(double{range_.low}, -magnitude)),
          bin_of(std::min(double{range_.high}, magnitude)) + 1};
}

double Histogram::divergence(Bins bins) const {
  const auto begin = counts_.begin();
  const auto count_of = [&](std::size_t first, std::size_t end) {
    return static_cast<double>(std::accumulate(begin + static_cast<std::ptrdiff_t>(first),
                                               begin + static_cast<std::ptrdiff_t>(end),
                                               std::uint64_t{0}));
  };
  const double below = count_of(0, bins.first);
  const double above = count_of(bins.end, kBins);
  const auto all = static_cast<double>(total_);
  const double inside = all - below - above;
  const std::size_t size = bins.end - bins.first;
  double result = 0;
  for (std::size_t level = 0; level < kLevels; ++level) {
    const std::size_t first = bins.first + level * size / kLevels;
    const std::size_t end = bins.first + (level + 1) * size / kLevels;
    const auto taken = std::count_if(begin + static_cast<std::ptrdiff_t>(first),
                                     begin + static_cast<std::ptrdiff_t>(end),
                                     [](std::uint64_t count) { return count > 0; });
    // The steps tell the bins of a level no longer apart.
    const double even = taken == 0 ? 0 : count_of(first, end) / static_cast<double>(taken);
    for (std::size_t bin = first; bin < end; ++bin) {
      const auto count = static_cast<double>(counts_[bin]);
      const double clamped =
          count + (bin == bins.first ? below : 0) + (bin + 1 == bins.end ? above : 0);
      if (clamped > 0) {
        const double likely = count > 0 && inside > 0 ? even / inside : kUnlikely;
        result += clamped / all * std::log(clamped / all / likely);
      }
    }
  }
  return result;
}

ValueRange Histogram::entropy_range() const {
  if (!(width_ > 0) || total_ == zeros_) {
    return range_;
  }
  Histogram others = *this;
  others.counts_[bin_of(0.0)] -= zeros_;
  others.total_ -= zeros_;
  const double largest = std::max(-double{range_.low}, double{range_.high});
  Bins best{0, kBins};
  double least = others.divergence(best);
  for (int part = kMagnitudes - 1; part >= kSmallestMagnitude; --part) {
    const Bins bins = within(largest * part / kMagnitudes);
    const double lost = others.divergence(bins);
    if (lost < least) {
      best = bins;
      least = lost;
    }
  }
  return range_of(best);
}

}  // namespace systol
