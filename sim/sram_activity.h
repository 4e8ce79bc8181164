// How the accesses to the chip's SRAMs spread over their banks: exact counts, beside activity.h's.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/config/array_config.h"

namespace systol {

/// The SRAMs that are made of banks, each of which has a port of its own.
enum class Sram : std::uint8_t {
  UnifiedBuffer,  ///< as many banks as it has slices: byte address a is in bank a modulo slices
  WeightFifo,     ///< a bank for each column: bank c has the weights of column c of each tile
  Accumulators,   ///< a bank for each column: bank c has the sums of column c
};
inline constexpr std::size_t kSrams = 3;

struct SramText {
  std::string_view name;  ///< the key of reports
  std::string_view unit;  ///< what an access moves
};
inline constexpr auto kSramTexts = std::to_array<SramText>(
    {{"unified_buffer", "byte"}, {"weight_fifo", "weight"}, {"accumulators", "int32 word"}});
static_assert(kSramTexts.size() == kSrams);

/// Accesses to each bank; both have an entry for each.
struct BankCounts {
  std::vector<std::uint64_t> reads;
  std::vector<std::uint64_t> writes;
  bool operator==(const BankCounts&) const = default;
};

/// Of a whole run. Empty where nothing ran.
struct SramActivity {
  std::array<BankCounts, kSrams> srams;

  SramActivity() = default;
  explicit SramActivity(const ArrayConfig& config) {
    for (std::size_t i = 0; i < kSrams; ++i) {
      const std::uint32_t banks = banks_of(static_cast<Sram>(i), config);
      srams[i] = {std::vector<std::uint64_t>(banks), std::vector<std::uint64_t>(banks)};
    }
  }
  static std::uint32_t banks_of(Sram sram, const ArrayConfig& config) {
    return sram == Sram::UnifiedBuffer ? config.buffer_slices : config.columns;
  }

  BankCounts& operator[](Sram sram) { return srams[static_cast<std::size_t>(sram)]; }
  const BankCounts& operator[](Sram sram) const { return srams[static_cast<std::size_t>(sram)]; }
  /// Of the same array, or of one of them nothing ran.
  SramActivity& operator+=(const SramActivity& other) {
    for (std::size_t i = 0; i < kSrams; ++i) {
      add(srams[i].reads, other.srams[i].reads);
      add(srams[i].writes, other.srams[i].writes);
    }
    return *this;
  }
  bool operator==(const SramActivity&) const = default;

 private:
  static void add(std::vector<std::uint64_t>& sum, const std::vector<std::uint64_t>& more) {
    sum.resize(std::max(sum.size(), more.size()));
    for (std::size_t i = 0; i < more.size(); ++i) {
      sum[i] += more[i];
    }
  }
};

}  // namespace systol
