#include "host/session/record_wavefront.h"

#include <fmt/format.h>

#include <algorithm>

#include "host/compile/program.h"
#include "sim/base/error.h"
#include "sim/window/array_recording.h"

namespace systol {
namespace {

/// A page holds so many PEs' registers at most: 128 cycles of 32 x 32 PEs.
constexpr std::size_t kMostRegisters = std::size_t{128} * 32 * 32;
constexpr std::size_t kMostWavefrontCycles = 256;

WavefrontCycle cycle_of(const ArrayCycle& recorded) {
  WavefrontCycle cycle;
  cycle.ledger = recorded.ledger;
  for (const PeRegisters& pe : recorded.pes) {
    cycle.weights.push_back(static_cast<std::int8_t>(pe.weight));
    cycle.shadows.push_back(static_cast<std::int8_t>(pe.shadow_weight));
    cycle.activations.push_back(static_cast<std::int8_t>(pe.activation));
    cycle.sums.push_back(pe.partial_sum);
    cycle.marks.push_back(static_cast<std::uint8_t>((pe.weight_mask ? kWeightMark : 0) |
                                                    (pe.shadow_mask ? kShadowMark : 0) |
                                                    (pe.activation_mask ? kActivationMark : 0)));
  }
  return cycle;
}

}  // namespace

Wavefront record_wavefront(const Prepared& model, const ArrayConfig& config,
                           std::optional<std::uint32_t> batch, const WindowRequest& request) {
  if (config.rows > kMostWavefrontRows || config.columns > kMostWavefrontRows) {
    throw InputError(fmt::format("the wavefront of {} x {} PEs: allowed: up to {} x {}",
                                 config.rows, config.columns, kMostWavefrontRows,
                                 kMostWavefrontRows));
  }
  const Prepared prepared = model.for_pes(config.pe);
  const auto count = static_cast<std::uint32_t>(prepared.samples().count);
  const NetworkProgram program(prepared.quantised(), config, count,
                               std::min(batch.value_or(count), count));
  const std::vector<std::string> nodes = program.nodes();
  const std::unique_ptr<CommandSource> commands = program.commands();
  const std::size_t pes = std::size_t{config.rows} * config.columns;
  const ArrayRecording recording =
      record_array(config, *commands, nodes, program.memory(prepared.input()), request,
                   std::min(kMostWavefrontCycles, kMostRegisters / pes));
  Wavefront wavefront{request.layer, recording.from, recording.to, {}, {}};
  std::ranges::transform(recording.cycles, std::back_inserter(wavefront.cycles), cycle_of);
  return wavefront;
}

}  // namespace systol
