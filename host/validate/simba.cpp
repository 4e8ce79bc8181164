#include "host/validate/simba.h"

#include "host/import/sizes.h"
#include "host/session/prepared.h"
#include "host/session/run.h"

namespace systol {
namespace {

constexpr std::string_view kSimbaPaper =
    "Zimmer et al., \"A 0.11 pJ/Op, 0.32-128 TOPS ... accelerator ... in 16nm\", VLSI 2019 "
    "(second-hand); a chiplet of 1024 MACs and 752 KiB: Shao et al., MICRO 2019 (unconfirmed)";
constexpr double kSimbaPicojoules = 0.11;
constexpr std::uint32_t kSimbaSide = 32;  ///< 32 x 32 MACs, the shape is assumed
constexpr std::uint64_t kSimbaBuffer = std::uint64_t{752} * 1024;
/// A layer that fills the array, and rows enough that loading weights does not show.
constexpr std::string_view kSimbaLayer = "512x512";
constexpr std::uint32_t kSimbaRows = 512;

}  // namespace

EnergyComparison compare_simba(const ArrayConfig& array) {
  ArrayConfig chiplet = array;
  chiplet.rows = kSimbaSide;
  chiplet.columns = kSimbaSide;
  chiplet.unified_buffer = Bytes(kSimbaBuffer);
  chiplet.energy = array.energy.parent_path() / "16nm.yaml";
  RunOptions options;
  options.batch = kSimbaRows;
  const RunReport report =
      run(prepare(dense_from_sizes(kSimbaLayer), synthetic_samples(kSimbaRows)), chiplet,
          FastEngine{.values = false}, options);
  const double operations = 2.0 * static_cast<double>(report.activity[Action::MacsUseful]);
  return {"Simba",
          "an operation, at most (16 nm)",
          "pJ",
          kSimbaPicojoules,
          without_memories(report.energy).count() / operations,
          kSimbaPaper};
}

}  // namespace systol
