#include "host/validate/nvdla.h"

#include <array>

#include "host/account/hardware.h"

namespace systol {
namespace {

constexpr std::string_view kPrimer =
    "NVDLA's primer (nvdla.org), the vendor's estimates for int8 at 1 GHz (second-hand)";

struct Size {
  std::string_view at_28nm;
  std::string_view at_16nm;
  std::uint32_t rows;  ///< rows x columns MACs
  std::uint32_t columns;
  std::uint64_t kibibytes;
  double area_28nm;  ///< mm2
  double area_16nm;  ///< mm2
};

constexpr std::array<Size, 5> kSizes = {{
    {"2048 MACs, 512 KiB, 28 nm", "2048 MACs, 512 KiB, 16 nm", 64, 32, 512, 5.5, 3.3},
    {"1024 MACs, 256 KiB, 28 nm", "1024 MACs, 256 KiB, 16 nm", 32, 32, 256, 3.0, 1.8},
    {"512 MACs, 256 KiB, 28 nm", "512 MACs, 256 KiB, 16 nm", 32, 16, 256, 2.3, 1.4},
    {"256 MACs, 256 KiB, 28 nm", "256 MACs, 256 KiB, 16 nm", 16, 16, 256, 1.7, 1.0},
    {"64 MACs, 128 KiB, 28 nm", "64 MACs, 128 KiB, 16 nm", 8, 8, 128, 0.91, 0.55},
}};

EnergyComparison row(std::string_view what, double published, const ArrayConfig& array) {
  constexpr double kPerSquareMillimetre = 1e6;
  const double area = total_area(hardware(array, load_energy_table(array))).count();
  return {"NVDLA", what, "mm2", published, area / kPerSquareMillimetre, kPrimer};
}

}  // namespace

std::vector<EnergyComparison> compare_nvdla(const ArrayConfig& array) {
  const std::filesystem::path tables = array.energy.parent_path();
  std::vector<EnergyComparison> rows;
  for (const Size& size : kSizes) {
    ArrayConfig sized = array;
    sized.rows = size.rows;
    sized.columns = size.columns;
    sized.unified_buffer = Bytes(size.kibibytes * 1024);
    sized.energy = tables / "28nm.yaml";
    rows.push_back(row(size.at_28nm, size.area_28nm, sized));
    sized.energy = tables / "16nm.yaml";
    rows.push_back(row(size.at_16nm, size.area_16nm, sized));
  }
  return rows;
}

}  // namespace systol
