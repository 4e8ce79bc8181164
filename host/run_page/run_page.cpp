#include "host/run_page/run_page.h"

#include <fmt/format.h>

#include "host/page/page.h"
#include "host/report/numbers.h"
#include "host/report/version.h"
#include "host/run_page/sections.h"

namespace systol {

std::string run_page(const RunReport& report, const RunTrace& trace, const Wavefront& wavefront) {
  const ArrayConfig& array = report.array;
  Page page(fmt::format("{} on {}", report.model, array.name),
            fmt::format("{} × {} PEs, {}, {:g} MHz · {} engine · {} sample{} in batches of {} · {}",
                        array.rows, array.columns, spelled(array.dataflow),
                        static_cast<double>(array.clock.count()) / 1e6, report.engine,
                        report.samples, report.samples == 1 ? "" : "s", report.batch, report.input),
            fmt::format("Made by systol {}.", kVersion));
  add_summary(page, report);
  add_ledger(page, report);
  add_layers(page, report);
  add_roofline(page, report);
  add_energy(page, report);
  add_time(page, report, trace);
  add_array_use(page, report, trace);
  add_wavefront(page, report, wavefront);
  add_commands(page, report, trace.excerpt);
  add_configuration(page, report);
  return page.html();
}

}  // namespace systol
