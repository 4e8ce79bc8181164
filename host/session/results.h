// From what a run left to its report.
#pragma once

#include "host/account/energy_table.h"
#include "host/compile/program.h"
#include "host/report/report.h"
#include "host/session/prepared.h"
#include "sim/device.h"

namespace systol {

/// Fills in array, samples, cycles, activity and energy, of each node and of all.
void account_nodes(const Plan& plan, const RunResult& result, const EnergyTable& table,
                   RunReport& report);

/// Fills in cycles, activity and energy of all nodes together, and the machine's parts.
void account_run(const RunResult& result, const ArrayConfig& config, const EnergyTable& table,
                 RunReport& report);

/// Fills in what quantisation costs each node's results, on up to `threads` threads.
void add_losses(const Prepared& prepared, const Plan& plan, unsigned threads, RunReport& report,
                const Progress& progress = {});

/// Takes the graph's outputs from where the program left them.
void add_outputs(const Prepared& prepared, const NetworkProgram& program, const MemoryImage& memory,
                 RunReport& report);

/// Takes what the recorder has seen; values that were never written are a failure.
void add_tensors(TensorRecorder& recorder, const MemoryImage& memory, RunReport& report);

/// Compares the first output with the float network's, and both with the labels.
void judge_scores(const Prepared& prepared, RunReport& report);

/// The last of a run, once its outputs are in the report: what the device says went wrong, and with
/// `judged` the scores.
void end_report(const Prepared& prepared, const Device& device, bool judged,
                const Progress& progress, RunReport& report);

}  // namespace systol
