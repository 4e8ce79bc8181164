#include <fmt/format.h>

#include <array>
#include <string_view>

#include "host/page/array_player.h"
#include "host/page/base64.h"
#include "host/report/numbers.h"
#include "host/run_page/sections.h"
#include "sim/base/text.h"

namespace systol {
namespace {

std::string planes(const WavefrontCycle& cycle) {
  std::string bytes;
  for (const std::vector<std::int8_t>* plane :
       {&cycle.weights, &cycle.shadows, &cycle.activations}) {
    bytes.append(plane->begin(), plane->end());
  }
  bytes.append(cycle.marks.begin(), cycle.marks.end());
  for (const std::int32_t sum : cycle.sums) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes += static_cast<char>(static_cast<std::uint32_t>(sum) >> shift & 0xFF);
    }
  }
  return bytes;
}

std::string_view work_of_a_pe(Dataflow dataflow) {
  switch (dataflow) {
    case Dataflow::WeightStationary:
      return "Each PE multiplies the activation that it gets from the left by its weight, adds the "
             "sum from above, and passes the activation on to the right and the sum down.";
    case Dataflow::OutputStationary:
      return "Each PE multiplies the activation that it gets from the left by the weight that it "
             "gets from above, adds the product to the sum that stays in it, and passes the "
             "activation on to the right and the weight down.";
    case Dataflow::InputStationary:
      return "The inputs of the layer stay in the PEs, where the array has its weights, and the "
             "layer's weights go through it as activations do: each PE multiplies what it gets "
             "from "
             "the left by what stays in it, adds the sum from above, and passes both on.";
  }
  return "";
}

}  // namespace

void add_wavefront(Page& page, const RunReport& report, const Wavefront& wavefront) {
  PageSection& section = page.section("wavefront", "A tile, cycle by cycle");
  if (wavefront.cycles.empty()) {
    section.missing(wavefront.missing);
    return;
  }
  const ArrayConfig& array = report.array;
  const Cycles last = wavefront.from + Cycles(wavefront.cycles.size());
  section.paragraph(fmt::format(
      "A tile of layer {}, from cycle {} to {}{}. {} A row begins a cycle after the one "
      "above it, which makes the front slant.",
      printable(wavefront.layer), grouped(wavefront.from.count()), grouped(last.count()),
      last < wavefront.to ? fmt::format(" of {}", grouped(wavefront.to.count())) : "",
      work_of_a_pe(array.dataflow)));
  ArrayPlayer player{"The registers of all PEs",
                     "The array of PEs in one cycle. The registers of a PE are written below.",
                     array.rows,
                     array.columns,
                     array.dataflow == Dataflow::OutputStationary,
                     wavefront.from.count(),
                     {}};
  for (const WavefrontCycle& cycle : wavefront.cycles) {
    player.cycles.push_back({cycle.ledger, base64(planes(cycle))});
  }
  section.array(player);
}

}  // namespace systol
