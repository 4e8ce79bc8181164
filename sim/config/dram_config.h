// A DRAM with banks, checked: its shape, its timings, and how a controller uses it. The words are
// those of the data sheets (JEDEC JESD79-3, JESD79-4, JESD209-4, JESD235).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/base/units.h"

namespace systol {

/// The types whose figures are known (sim/config/dram_types.h).
enum class DramType : std::uint8_t { Ddr3, Ddr4, Lpddr4, Hbm2 };

/// The parts of an address. A column is a burst of a row.
enum class DramField : std::uint8_t { Channel, Group, Bank, Row, Column };
inline constexpr std::size_t kDramFields = 5;
inline constexpr std::array<std::string_view, kDramFields> kDramFieldNames = {
    "channel", "group", "bank", "row", "column"};

/// Which of the bursts that wait is served next: the oldest, or the oldest whose row is open.
enum class DramScheduling : std::uint8_t { FirstCome, FirstReady };

/// Whether all banks are refreshed each tREFI.
enum class DramRefresh : std::uint8_t { AllBank, None };

/// Minimum times between two commands. Short ones (`_S`) hold between bank groups, long ones (`_L`)
/// within one; where there is one group, the long ones hold.
enum class DramTime : std::uint8_t {
  RCD,       ///< activate to read or write
  RP,        ///< precharge to activate, of a bank
  RAS,       ///< activate to precharge
  CL,        ///< read to its first data
  CWL,       ///< write to its first data
  CCDShort,  ///< read to read, write to write
  CCDLong,
  RRDShort,  ///< activate to activate of another bank
  RRDLong,
  FAW,       ///< activate to the fourth after it
  WR,        ///< last data of a write to precharge
  WTRShort,  ///< last data of a write to a read
  WTRLong,
  RTP,   ///< read to precharge
  RFC,   ///< refresh to activate or refresh
  REFI,  ///< refresh to refresh, on average
};
inline constexpr std::size_t kDramTimes = 16;
inline constexpr std::array<std::string_view, kDramTimes> kDramTimeNames = {
    "tRCD",   "tRP",  "tRAS", "CL",     "CWL",    "tCCD_S", "tCCD_L", "tRRD_S",
    "tRRD_L", "tFAW", "tWR",  "tWTR_S", "tWTR_L", "tRTP",   "tRFC",   "tREFI"};

struct DramConfig {
  DramType type = DramType::Ddr4;
  Hertz clock;                                   ///< half the data rate
  std::uint32_t channels = 1;                    ///< each with banks and a data bus of its own
  std::uint32_t groups = 1;                      ///< bank groups of a channel
  std::uint32_t banks = 1;                       ///< of a group
  std::uint32_t width_bits = 64;                 ///< of a channel's data bus
  std::uint32_t burst_length = 8;                ///< transfers of a read or write, two a clock
  Bytes row;                                     ///< of a bank, over the channel's whole width
  Bytes capacity;                                ///< of all channels
  std::array<DramField, kDramFields> mapping{};  ///< of an address, most significant first
  DramScheduling scheduling = DramScheduling::FirstReady;
  std::uint32_t queue = 1;  ///< bursts of a channel that the controller can prepare for
  DramRefresh refresh = DramRefresh::AllBank;
  std::array<Picoseconds, kDramTimes> times{};

  Picoseconds& operator[](DramTime time) { return times[static_cast<std::size_t>(time)]; }
  Picoseconds operator[](DramTime time) const { return times[static_cast<std::size_t>(time)]; }

  Bytes burst() const { return Bytes(std::uint64_t{width_bits} / 8 * burst_length); }
  /// Of one bank.
  std::uint64_t rows() const {
    return capacity.count() / (row.count() * channels * groups * banks);
  }
  /// Clocks that a time takes, rounded up as a controller must.
  std::uint64_t clocks(DramTime time) const {
    __extension__ using Product = unsigned __int128;
    const Product product = Product{(*this)[time].count()} * clock.count();
    return static_cast<std::uint64_t>((product + kPicosecondsPerSecond - 1) /
                                      kPicosecondsPerSecond);
  }
  /// What all channels can move at most.
  BytesPerSecond peak() const {
    return BytesPerSecond(2 * clock.count() * (width_bits / 8) * channels);
  }
  bool operator==(const DramConfig&) const = default;
};

}  // namespace systol
