// The sections of a run's page, each of which adds itself and the data that it shows.
#pragma once

#include "host/page/page.h"
#include "host/report/report.h"
#include "host/report/wavefront.h"
#include "host/run_page/run_trace.h"

namespace systol {

void add_summary(Page& page, const RunReport& report);
/// Also the data set "layers", a row per layer: that of add_roofline, too.
void add_layers(Page& page, const RunReport& report);
void add_ledger(Page& page, const RunReport& report);
void add_roofline(Page& page, const RunReport& report);
void add_energy(Page& page, const RunReport& report);
void add_time(Page& page, const RunReport& report, const RunTrace& trace);
void add_array_use(Page& page, const RunReport& report, const RunTrace& trace);
/// The first commands of the run.
void add_commands(Page& page, const RunReport& report, const TimelineRecord& record);
void add_wavefront(Page& page, const RunReport& report, const Wavefront& wavefront);
void add_configuration(Page& page, const RunReport& report);

}  // namespace systol
