#include "sim/config/dram_types.h"

namespace systol {
namespace {

using enum DramStatus;
using Figures = std::array<DramFigure, kDramTimes>;

constexpr DramFigure sheet(std::uint64_t picoseconds, std::string_view source) {
  return {Picoseconds(picoseconds), DataSheet, source};
}
constexpr DramFigure second(std::uint64_t picoseconds, std::string_view source) {
  return {Picoseconds(picoseconds), SecondHand, source};
}

constexpr std::string_view kMt41k = "Micron 4Gb_DDR3L_SDRAM.pdf Rev. H 4/13, speed grade -125";
constexpr std::string_view kMt41j79 = "Micron MT41J256M8, 2 Gb DDR3, page 79, table 56";
constexpr std::string_view kMt41jSpeed =
    "Micron MT41J256M16, speed extensions, table 11; the minimum is that of all speeds";
constexpr std::string_view kSim3Ddr3 = "DRAMsim3, configs/DDR3_4Gb_x8_1600.ini";
constexpr Figures kDdr3 = {
    sheet(13'750, kMt41k),       // tRCD
    sheet(13'750, kMt41k),       // tRP
    second(35'000, kSim3Ddr3),   // tRAS
    sheet(13'750, kMt41k),       // CL
    second(10'000, kSim3Ddr3),   // CWL
    sheet(5'000, kMt41j79),      // tCCD_S: 4 clocks
    sheet(5'000, kMt41j79),      // tCCD_L: one group
    second(6'250, kSim3Ddr3),    // tRRD_S
    second(6'250, kSim3Ddr3),    // tRRD_L
    second(30'000, kSim3Ddr3),   // tFAW
    sheet(15'000, kMt41jSpeed),  // tWR
    sheet(7'500, kMt41jSpeed),   // tWTR_S
    sheet(7'500, kMt41jSpeed),   // tWTR_L
    sheet(7'500, kMt41j79),      // tRTP
    sheet(160'000, kMt41j79),    // tRFC: 2 Gb
    sheet(7'800'000, kMt41j79),  // tREFI: up to 85 °C
};

constexpr std::string_view kMt40a333 =
    "Micron 4gb_ddr4_dram.pdf Rev. G 1/17, page 333, table 152, -083E";
constexpr std::string_view kMt40a344 =
    "Micron 4gb_ddr4_dram.pdf Rev. G 1/17, page 344, table 157, DDR4-2400";
constexpr std::string_view kMt40a354 =
    "Micron 4gb_auto_ddr4_sdram_z90b.pdf Rev. D 1/17, page 354, table 159, 4 Gb";
constexpr std::string_view kHynix = "SK hynix 4 Gb DDR4-2400, SPD as read from a module";
constexpr std::string_view kSim3Ddr4 = "DRAMsim3, configs/DDR4_4Gb_x8_2400.ini";
constexpr Figures kDdr4 = {
    sheet(13'320, kMt40a333),     // tRCD
    sheet(13'320, kMt40a333),     // tRP
    sheet(32'000, kMt40a333),     // tRAS
    sheet(13'320, kMt40a333),     // CL
    sheet(10'000, kMt40a333),     // CWL: 12 clocks
    sheet(3'333, kMt40a344),      // tCCD_S: 4 clocks
    sheet(5'000, kMt40a344),      // tCCD_L
    second(3'300, kHynix),        // tRRD_S
    second(5'000, kSim3Ddr4),     // tRRD_L
    second(21'000, kSim3Ddr4),    // tFAW
    second(15'000, kSim3Ddr4),    // tWR
    second(2'500, kSim3Ddr4),     // tWTR_S
    second(7'500, kSim3Ddr4),     // tWTR_L
    sheet(7'500, kMt40a344),      // tRTP
    sheet(260'000, kMt40a354),    // tRFC
    sheet(7'800'000, kMt40a354),  // tREFI: up to 85 °C
};

constexpr std::string_view kMt53b = "Micron 200b_z00n_lpddr4.pdf Rev. C 5/17, table 1, -062";
constexpr std::string_view kSysLpddr4 =
    "DRAMSys, memspecs/JEDEC_8Gb_LPDDR4-3200_16bit.json, after JESD209-4";
constexpr Figures kLpddr4 = {
    second(18'000, kSysLpddr4),     // tRCD
    second(18'000, kSysLpddr4),     // tRP: per bank
    second(42'000, kSysLpddr4),     // tRAS
    sheet(17'500, kMt53b),          // CL: 28 clocks
    sheet(8'750, kMt53b),           // CWL: 14 clocks
    second(5'000, kSysLpddr4),      // tCCD_S: 8 clocks
    second(5'000, kSysLpddr4),      // tCCD_L: one group
    second(10'000, kSysLpddr4),     // tRRD_S
    second(10'000, kSysLpddr4),     // tRRD_L
    second(40'000, kSysLpddr4),     // tFAW
    second(18'000, kSysLpddr4),     // tWR
    second(10'000, kSysLpddr4),     // tWTR_S
    second(10'000, kSysLpddr4),     // tWTR_L
    second(7'500, kSysLpddr4),      // tRTP
    second(280'000, kSysLpddr4),    // tRFC: all banks, 8 Gb a channel
    second(3'904'000, kSysLpddr4),  // tREFI
};

// JESD235A leaves these times to the vendors, whose data sheets are not public.
constexpr std::string_view kGem5Hbm2 = "gem5, DRAMInterface.py, HBM_2000_4H_1x64";
constexpr Figures kHbm2 = {
    second(12'000, kGem5Hbm2),     // tRCD: of reads, taken for writes too
    second(14'000, kGem5Hbm2),     // tRP
    second(28'000, kGem5Hbm2),     // tRAS
    second(18'000, kGem5Hbm2),     // CL
    second(7'000, kGem5Hbm2),      // CWL
    second(2'000, kGem5Hbm2),      // tCCD_S
    second(3'000, kGem5Hbm2),      // tCCD_L
    second(4'000, kGem5Hbm2),      // tRRD_S
    second(6'000, kGem5Hbm2),      // tRRD_L
    second(16'000, kGem5Hbm2),     // tFAW
    second(14'000, kGem5Hbm2),     // tWR
    second(4'000, kGem5Hbm2),      // tWTR_S
    second(9'000, kGem5Hbm2),      // tWTR_L
    second(5'000, kGem5Hbm2),      // tRTP
    second(220'000, kGem5Hbm2),    // tRFC
    second(3'900'000, kGem5Hbm2),  // tREFI
};

struct Type {
  std::string_view part;
  const Figures* figures;
  DramConfig shape;
};

constexpr Bytes kKiB(1024);
constexpr Bytes kGiB(std::uint64_t{1} << 30);
constexpr std::uint32_t kQueue = 16;  // assumed

/// A burst to each bank group and each channel in turn, then along the row (assumed).
constexpr std::array<DramField, kDramFields> kMapping = {
    DramField::Row, DramField::Bank, DramField::Column, DramField::Group, DramField::Channel};

constexpr DramConfig shape(DramType type, Hertz clock, std::uint32_t channels, std::uint32_t groups,
                           std::uint32_t banks, std::uint32_t width_bits,
                           std::uint32_t burst_length, Bytes row, Bytes capacity) {
  DramConfig dram;
  dram.type = type;
  dram.clock = clock;
  dram.channels = channels;
  dram.groups = groups;
  dram.banks = banks;
  dram.width_bits = width_bits;
  dram.burst_length = burst_length;
  dram.row = row;
  dram.capacity = capacity;
  dram.mapping = kMapping;
  dram.queue = kQueue;
  return dram;
}

constexpr std::uint64_t kMegahertz = 1'000'000;

constexpr std::array<Type, kDramTypeNames.size()> kTypes = {{
    {"DDR3-1600, eight x8 chips of 2 Gb (Micron MT41J256M8)", &kDdr3,
     shape(DramType::Ddr3, Hertz(800 * kMegahertz), 1, 1, 8, 64, 8, kKiB * 8, kGiB * 2)},
    {"DDR4-2400, eight x8 chips of 4 Gb (Micron MT40A512M8-083E)", &kDdr4,
     shape(DramType::Ddr4, Hertz(1200 * kMegahertz), 1, 4, 4, 64, 8, kKiB * 8, kGiB * 4)},
    {"LPDDR4-3200, two x16 channels of 8 Gb (JESD209-4; read and write latency of Micron MT53B)",
     &kLpddr4,
     shape(DramType::Lpddr4, Hertz(1600 * kMegahertz), 2, 1, 8, 16, 16, kKiB * 2, kGiB * 2)},
    {"HBM2, one stack of 4 GiB at 2 Gb/s a pin, 16 pseudo channels (JESD235A)", &kHbm2,
     shape(DramType::Hbm2, Hertz(1000 * kMegahertz), 16, 4, 4, 64, 4, kKiB, kGiB * 4)},
}};

const Type& type_of(DramType type) { return kTypes[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view name_of(DramType type) { return kDramTypeNames[static_cast<std::size_t>(type)]; }

std::string_view part_of(DramType type) { return type_of(type).part; }

std::span<const DramFigure, kDramTimes> figures_of(DramType type) { return *type_of(type).figures; }

DramConfig typical_dram(DramType type) {
  DramConfig dram = type_of(type).shape;
  for (std::size_t i = 0; i < kDramTimes; ++i) {
    dram.times[i] = figures_of(type)[i].value;
  }
  return dram;
}

}  // namespace systol
