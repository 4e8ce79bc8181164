#include "host/validate/simba.h"

#include "host/import/sizes.h"
#include "host/session/prepared.h"
#include "host/session/run.h"

namespace systol {
namespace {

constexpr std::string_view kPaper =
    "Zimmer et al., \"A 0.11 pJ/Op, 0.32-128 TOPS ... accelerator ... in 16nm\", VLSI 2019 "
    "(second-hand); a chiplet of 1024 MACs and 752 KiB: Shao et al., MICRO 2019 (unconfirmed)";
constexpr double kPublished = 0.11;
constexpr std::uint32_t kSide = 32;  ///< 32 x 32 MACs, the shape is assumed
constexpr std::uint64_t kBuffer = std::uint64_t{752} * 1024;
/// A layer that fills the array, and rows enough that loading weights does not show.
constexpr std::string_view kLayer = "512x512";
constexpr std::uint32_t kRows = 512;

}  // namespace

EnergyComparison compare_simba(const ArrayConfig& array) {
  ArrayConfig chiplet = array;
  chiplet.rows = kSide;
  chiplet.columns = kSide;
  chiplet.unified_buffer = Bytes(kBuffer);
  chiplet.energy = array.energy.parent_path() / "16nm.yaml";
  RunOptions options;
  options.batch = kRows;
  const RunReport report = run(prepare(dense_from_sizes(kLayer), synthetic_samples(kRows)), chiplet,
                               FastEngine{.values = false}, options);
  const double operations = 2.0 * static_cast<double>(report.activity[Action::MacsUseful]);
  return {"Simba",    "an operation, at most (16 nm)",
          "pJ",       kPublished,
          without_memories(report.energy).count() / operations, kPaper};
}

}  // namespace systol
