// A memory with a TLM-2.0 socket: loosely timed, the delay comes from MemoryTiming.
#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>

#include <systemc>
#include <tlm>

#include "sim/device.h"
#include "sim/memory/memory_image.h"
#include "sim/memory/memory_timing.h"

namespace systol {

/// Bus addresses carry the space above this bit.
inline constexpr unsigned kSpaceBit = 48;

class MemoryModule : public sc_core::sc_module {
 public:
  /// Its initiators are the DMA units, in the order of isa::Unit.
  tlm_utils::multi_passthrough_target_socket<MemoryModule> socket{"socket"};

  /// `index` is the memory's in the config; `observer` may be null.
  MemoryModule(const sc_core::sc_module_name& name, const ArrayConfig& config, std::size_t index,
               sc_core::sc_time period, MemoryImage& image, Observer* observer)
      : sc_module(name),
        timing_(config.memories[index], config.clock),
        index_(index),
        period_(period),
        image_(image),
        observer_(observer) {
    socket.register_b_transport(this, &MemoryModule::b_transport);
  }

  /// Simulated time begins at `origin`, with the channel as `timing` left it.
  void restore(const MemoryTiming& timing, Cycles origin) {
    timing_ = timing;
    origin_ = origin;
  }

 private:
  void b_transport(int initiator, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);

  MemoryTiming timing_;
  std::size_t index_;
  sc_core::sc_time period_;
  MemoryImage& image_;
  Observer* observer_;
  Cycles origin_;
};

}  // namespace systol
