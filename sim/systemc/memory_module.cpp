#include "sim/systemc/memory_module.h"

#include <cmath>
#include <cstring>

namespace systol {

void MemoryModule::b_transport(int initiator, tlm::tlm_generic_payload& payload,
                               sc_core::sc_time& delay) {
  const auto space = static_cast<isa::Space>(payload.get_address() >> kSpaceBit);
  const std::uint64_t address = payload.get_address() & ((std::uint64_t{1} << kSpaceBit) - 1);
  const std::span<std::uint8_t> bytes = image_.space(space);
  const std::size_t length = payload.get_data_length();
  const bool carries = payload.get_command() != tlm::TLM_IGNORE_COMMAND;
  if (carries && (address > bytes.size() || length > bytes.size() - address)) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  if (payload.is_read()) {
    std::memcpy(payload.get_data_ptr(), &bytes[address], length);
  } else if (payload.is_write()) {
    std::memcpy(&bytes[address], payload.get_data_ptr(), length);
  }
  const Cycles now = origin_ + Cycles(static_cast<std::uint64_t>(
                                   std::llround((sc_core::sc_time_stamp() + delay) / period_)));
  append(pieces_, {address, length});
  auto* part = payload.get_extension<RequestPart>();
  // A channel knows the answer to each part, a DRAM that of a whole request.
  if (!timing_.has_banks() || part == nullptr || part->last) {
    DramCounts counts;
    const Cycles answered = timing_.request(now, {space, payload.is_write(), pieces_}, counts);
    if (part != nullptr) {
      part->counts = counts;
    }
    show(static_cast<isa::Unit>(initiator));
    pieces_.clear();
    delay += static_cast<double>((answered - now).count()) * period_;
  }
  payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

void MemoryModule::show(isa::Unit unit) const {
  if (observer_ == nullptr) {
    return;
  }
  Bytes size;
  for (const MemoryPiece& piece : pieces_) {
    size += Bytes(piece.bytes);
  }
  const auto [from, to] = timing_.busy();
  observer_->moved({unit, index_, size, from, to});
}

}  // namespace systol
