// A DMA unit: one request a cycle, several in flight, completed in order.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <deque>
#include <systemc>
#include <tlm>
#include <vector>

#include "sim/systemc/command_unit.h"

namespace systol {

/// Three of these move everything between the memories and the chip: `load` into the unified
/// buffer, `load_weights` into the weight FIFO, `store` out of the buffer. The second also takes
/// tiles from the buffer to the FIFO (`load_tile`).
class DmaModule : public sc_core::sc_module, public CommandUnit {
 public:
  /// One socket per memory of the config, in its order.
  sc_core::sc_vector<tlm_utils::simple_initiator_socket<DmaModule>> sockets;

  DmaModule(const sc_core::sc_module_name& name, isa::Unit unit, Machine& machine,
            sc_core::sc_time period);

  void complete(Cycles now) override;
  void start(Cycles now) override;
  bool in_flight() const override { return !requests_.empty(); }
  const Issued* current() const override {
    return requests_.empty() ? nullptr : &requests_.front().issued;
  }

 protected:
  void restore_running(std::deque<Issued> running, const Snapshot& snapshot) override;

 private:
  struct Request {
    Issued issued;
    std::vector<std::uint8_t> data;
    bool restored = false;  ///< its data are where they go already
  };

  static std::uint32_t node_of(const Request& request) {
    return request.issued.command.origin.node;
  }
  bool can_start() const;
  Cycles move(Request& request, Cycles now);
  Cycles move_weights(const isa::LoadWeights& weights, Request& request, Cycles now);
  bool fetches_whole(const Request& request) const;
  std::uint64_t padding_of(const Request& request) const;
  Cycles move_pieces(const isa::Transfer& transfer, Request& request, Cycles now,
                     tlm::tlm_command direction);
  /// Bytes that lie together; `last` of a request.
  struct Part {
    tlm::tlm_command direction;
    isa::Space space;
    std::uint64_t address;
    std::uint8_t* data;
    std::uint64_t length;
    bool last;
  };
  Cycles transport(const Part& part, const Issued& issued, Cycles now);
  void gather(const isa::Transfer& transfer, Request& request);
  void arrive(Request& request);
  void scatter(const isa::Transfer& transfer, const Request& request);
  void read_tile(const isa::LoadTile& tile, Request& request);
  void count_fifo(const WeightTile& tile, const Request& request);
  void unpack(const std::vector<std::uint8_t>& data, const isa::LoadWeights& tile,
              std::vector<std::int8_t>& values) const;
  std::vector<std::int8_t> tile_values(const isa::Operation& operation,
                                       const std::vector<std::uint8_t>& data) const;

  sc_core::sc_time period_;
  std::deque<Request> requests_;
  Cycles port_free_;  ///< a tile from the buffer keeps the way to the FIFO for some cycles
  std::array<std::size_t, isa::kSpaces> memory_of_space_;
};

}  // namespace systol
