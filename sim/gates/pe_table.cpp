#include "sim/gates/pe_table.h"

#include <fmt/format.h>

#include <iterator>

#include "hw/isa/pe_type.h"

namespace systol::gates {
namespace {

std::string line(const Terms& terms, const DataSet& set) {
  const PeActivity& a = set.activity;
  const double cycles = static_cast<double>(a.cycles);
  return fmt::format(
      "{:<46} {:>8} PE cycles {:5.2f} fed {:7.3f} pJ, clock {:6.3f}, error {:+6.1f} %\n", set.name,
      a.cycles, static_cast<double>(a.waves) / cycles, a.data_energy / cycles,
      a.clock_energy / cycles, 100 * relative_error(terms, a));
}

void append_error(std::string& text, std::string_view key, const Terms& terms,
                  const std::vector<DataSet>& sets) {
  const FitError error = error_of(terms, sets);
  fmt::format_to(std::back_inserter(text),
                 "    {}: {{sets: {}, mean: {:.1f} %, worst: {:.1f} %}}\n", key, sets.size(),
                 100 * error.mean, 100 * error.worst);
}

/// A PE whose tile stays has no way out, and one whose sums stay no weights on the way to others;
/// only floating-point numbers have exponents.
bool has_term(bool in_place, bool floats, std::string_view term) {
  if (term == "multiplication" || term == "product_change" ||
      term.find("exponent") != std::string_view::npos) {
    return floats;
  }
  return in_place ? term != "weight_bus_toggle" : term != "met_weight_toggle" && term != "drain";
}

void append(std::string& text, std::string_view key, bool in_place, bool floats,
            const Measured& measured) {
  const PeActivity& uniform = measured.fitted.front().activity;
  const double cycles = static_cast<double>(uniform.cycles);
  fmt::format_to(std::back_inserter(text), "{}:\n  area: {:.0f} um2\n  leakage: {:.4g} nW\n", key,
                 measured.area, measured.leakage);
  fmt::format_to(
      std::back_inserter(text), "  uniform: {:.4g} pJ  # a fed cycle on {} data, clocks included\n",
      (uniform.data_energy + uniform.clock_energy) / cycles, measured.fitted.front().name);
  fmt::format_to(std::back_inserter(text), "  register_clock: {:.4g} pJ/bit\n",
                 measured.register_clock);
  for (std::size_t i = 0; i < kTerms.size(); ++i) {
    if (has_term(in_place, floats, kTerms[i])) {
      fmt::format_to(std::back_inserter(text), "  {}: {:.4g} pJ\n", kTerms[i], measured.terms[i]);
    }
  }
  text += "  error:\n";
  append_error(text, "fitted", measured.terms, measured.fitted);
  if (!measured.tested.empty()) {
    append_error(text, "tested", measured.terms, measured.tested);
  }
}

}  // namespace

std::string to_text(const Measured& measured) {
  std::string text;
  for (const auto* sets : {&measured.fitted, &measured.tested}) {
    for (const DataSet& set : *sets) {
      text += line(measured.terms, set);
    }
    if (!sets->empty()) {
      const FitError error = error_of(measured.terms, *sets);
      fmt::format_to(std::back_inserter(text), "{}: mean error {:.1f} %, worst {:.1f} %\n\n",
                     sets == &measured.fitted ? "fitted" : "not fitted", 100 * error.mean,
                     100 * error.worst);
    }
  }
  return text;
}

std::string to_yaml(const std::string& type, bool in_place, const Measured& held,
                    const Measured& gated, double volts, const std::string& command) {
  const std::string_view module = in_place ? "tpu_pe_output_stationary" : "tpu_pe";
  std::string text = fmt::format(
      "# A PE of hw/rtl/{0}.sv in gates, written by a program: docs/energy.md explains it.\n"
      "type: {1}\n{2}status: measured\n"
      "source: \"hw/rtl/{0}.sv mapped to OSU 0.18 um cells at {3} V by Yosys and simulated with "
      "delays; no wires\"\n"
      "command: \"{4}\"\nregisters: {5}\n\n"
      "# Registers that hold by multiplexers and are clocked in each cycle.\n",
      module, type, in_place ? "sums_in_place: true\n" : "", volts, command, held.registers);
  const bool floats = type == isa::describe(isa::PeType::Bf16).name;
  append(text, "held", in_place, floats, held);
  text += "\n# Registers whose clocks are gated.\n";
  append(text, "gated", in_place, floats, gated);
  return text;
}

}  // namespace systol::gates
