// A memory with a TLM-2.0 socket: loosely timed, the delay comes from MemoryTiming.
#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>

#include <systemc>
#include <tlm>
#include <vector>

#include "sim/device.h"
#include "sim/memory/memory_image.h"
#include "sim/memory/memory_timing.h"

namespace systol {

/// Bus addresses carry the space above this bit.
inline constexpr unsigned kSpaceBit = 48;

/// What a DMA unit says of a transaction: whether others of its request follow, which are made at
/// the same time. A DRAM answers to the last of them, for all. Other memories need not look at it.
struct RequestPart : tlm::tlm_extension<RequestPart> {
  bool last = true;
  DramCounts counts;  ///< the answer to the last: of the whole request

  tlm_extension_base* clone() const override { return new RequestPart(*this); }
  void copy_from(const tlm_extension_base& other) override {
    *this = static_cast<const RequestPart&>(other);
  }
};

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
  /// See MemoryTiming.
  std::uint64_t refreshes_due(Cycles end) const { return timing_.refreshes_due(end); }

 private:
  void b_transport(int initiator, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  void show(isa::Unit unit) const;

  MemoryTiming timing_;
  std::size_t index_;
  sc_core::sc_time period_;
  MemoryImage& image_;
  Observer* observer_;
  Cycles origin_;
  std::vector<MemoryPiece> pieces_;  ///< of the request that is being made
};

}  // namespace systol
