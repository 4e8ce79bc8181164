#include "host/report/report.h"

#include "sim/config/array_registers.h"

namespace systol {
namespace {

constexpr double kOperationsPerMac = 2;
constexpr double kTera = 1e12;

double quotient(double a, double b) { return b == 0 ? 0 : a / b; }

double all_pes(const ArrayConfig& array) { return static_cast<double>(pes(array)); }

double mm2(const std::vector<Component>& hardware) {
  constexpr double kSquareMicrometres = 1e6;
  return total_area(hardware).count() / kSquareMicrometres;
}

}  // namespace

double RunReport::utilisation() const {
  return quotient(static_cast<double>(activity[Action::MacsUseful]),
                  all_pes(array) * static_cast<double>(cycles.count()));
}

double RunReport::peak_tops() const {
  return kOperationsPerMac * all_pes(array) * static_cast<double>(array.clock.count()) / kTera;
}

double RunReport::achieved_tops() const { return utilisation() * peak_tops(); }

double RunReport::power_w() const {
  return average_power(energy.total, cycles, array.clock).count();
}

double RunReport::partial_power_w() const {
  return partial_load->share * power_w() + (1 - partial_load->share) * partial_load->idle.count();
}

double RunReport::tops_per_watt() const { return efficiency(activity, energy.total).count(); }

double RunReport::tops_per_mm2() const { return quotient(achieved_tops(), mm2(hardware)); }

double RunReport::peak_tops_per_mm2() const { return quotient(peak_tops(), mm2(hardware)); }

Picojoules RunReport::energy_per_inference() const {
  return Picojoules(quotient(energy.total.count(), static_cast<double>(samples)));
}

std::string_view checked_values(const ArrayConfig& array) {
  return isa::is_float(array.pe) ? "fp32" : "int8";
}

std::string_view result_values(const ArrayConfig& array) {
  return isa::is_float(array.pe) ? "bf16" : "int8";
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
