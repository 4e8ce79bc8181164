// A run that is part of a longer one, for observers that know only the longer.
#pragma once

#include <vector>

#include "sim/device.h"

namespace systol {

/// Passes on what an observer is shown of a run that begins in a cycle, after some commands, and
/// whose only node is one of the longer run's.
class RunPart : public Observer {
 public:
  RunPart(Observer& whole, Cycles begin, std::uint64_t commands, std::uint32_t node)
      : whole_(whole), begin_(begin), commands_(commands), node_(node) {}

  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override {
    whole_.completed(commands_ + index, of_node(command), begin_ + start, begin_ + end);
  }
  void wrote_row(std::uint64_t index, const isa::Command& command, std::uint32_t row,
                 std::span<const std::int8_t> values) override {
    whole_.wrote_row(commands_ + index, of_node(command), row, values);
  }
  void moved(const Transport& transport) override {
    Transport later = transport;
    later.from += static_cast<double>(begin_.count());
    later.to += static_cast<double>(begin_.count());
    whole_.moved(later);
  }
  void matrix_cycles(std::uint32_t /*node*/, CycleClass kind, Cycles from, Cycles to) override {
    whole_.matrix_cycles(node_, kind, begin_ + from, begin_ + to);
  }
  void stalled(const Stall& stall) override {
    std::vector<StallLink> links(stall.links.begin(), stall.links.end());
    for (StallLink& link : links) {
      link.command += commands_;
      link.node = node_;
      link.from += begin_;
      link.to += begin_;
    }
    whole_.stalled({node_, node_, commands_ + stall.command, begin_ + stall.from,
                    begin_ + stall.waiting_from, begin_ + stall.to, links});
  }

 private:
  isa::Command of_node(const isa::Command& command) const {
    isa::Command copy = command;
    copy.origin.node = node_;
    return copy;
  }

  Observer& whole_;
  Cycles begin_;
  std::uint64_t commands_;
  std::uint32_t node_;
};

}  // namespace systol
