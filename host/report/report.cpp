#include "host/report/report.h"

namespace systol {
namespace {

constexpr double kOperationsPerMac = 2;
constexpr double kTera = 1e12;

double quotient(double a, double b) { return b == 0 ? 0 : a / b; }

double pes(const ArrayConfig& array) {
  return static_cast<double>(array.rows) * static_cast<double>(array.columns);
}

}  // namespace

double RunReport::utilisation() const {
  return quotient(static_cast<double>(activity[Action::MacsUseful]),
                  pes(array) * static_cast<double>(cycles.count()));
}

double RunReport::peak_tops() const {
  return kOperationsPerMac * pes(array) * static_cast<double>(array.clock.count()) / kTera;
}

double RunReport::achieved_tops() const { return utilisation() * peak_tops(); }

double RunReport::power_w() const {
  return average_power(energy.total, cycles, array.clock).count();
}

double RunReport::partial_power_w() const {
  return partial_load->share * power_w() + (1 - partial_load->share) * partial_load->idle.count();
}

double RunReport::tops_per_watt() const { return efficiency(activity, energy.total).count(); }

Picojoules RunReport::energy_per_inference() const {
  return Picojoules(quotient(energy.total.count(), static_cast<double>(samples)));
}

std::uint64_t memory_bytes(const Activity& activity) {
  std::uint64_t bytes = 0;
  for (int i = 0; i < isa::kSpaces; ++i) {
    const auto space = static_cast<isa::Space>(i);
    bytes += activity[memory_read(space)] + activity[memory_write(space)];
  }
  return bytes;
}

}  // namespace systol
