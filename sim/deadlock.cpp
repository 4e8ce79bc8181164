#include "sim/deadlock.h"

#include <fmt/format.h>

#include "hw/isa/text.h"
#include "sim/base/error.h"

namespace systol {
namespace {

std::string lacks(const Deadlock::Head& head) {
  std::string text;
  for (std::size_t i = 0; i < isa::kUnits; ++i) {
    if (head.missing.has(static_cast<isa::Unit>(i))) {
      text += fmt::format("{}a token from {}", text.empty() ? "" : " and ", isa::kUnitNames[i]);
    }
  }
  if (!text.empty()) {
    return text;
  }
  return isa::unit_of(head.command) == isa::Unit::Weights ? "a free slot in the weight FIFO"
                                                          : "a weight tile";
}

}  // namespace

void throw_deadlock(const Deadlock& deadlock) {
  std::string text = fmt::format("the program deadlocks at cycle {}", deadlock.cycle.count());
  for (const Deadlock::Head& head : deadlock.heads) {
    text +=
        fmt::format("{} command {} ({}) waits for {}", &head == &deadlock.heads.front() ? ":" : ",",
                    head.index, isa::to_text(head.command), lacks(head));
  }
  if (deadlock.blocked) {
    const isa::Command& command = deadlock.blocked->command;
    text += fmt::format(", command {} ({}) waits for room in the queue of the {} unit",
                        deadlock.blocked->index, isa::to_text(command),
                        isa::name_of(isa::unit_of(command)));
  }
  throw InputError(text);
}

}  // namespace systol
