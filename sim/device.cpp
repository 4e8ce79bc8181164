#include "sim/device.h"

namespace systol {

Activity& Activity::operator+=(const Activity& other) {
  macs_useful += other.macs_useful;
  macs_unused += other.macs_unused;
  macs_zero += other.macs_zero;
  fed_rows += other.fed_rows;
  shifted_rows += other.shifted_rows;
  drained_rows += other.drained_rows;
  accumulator_reads += other.accumulator_reads;
  accumulator_writes += other.accumulator_writes;
  buffer_read_bytes += other.buffer_read_bytes;
  buffer_write_bytes += other.buffer_write_bytes;
  fifo_read_bytes += other.fifo_read_bytes;
  fifo_write_bytes += other.fifo_write_bytes;
  for (std::size_t i = 0; i < memory_read_bytes.size(); ++i) {
    memory_read_bytes[i] += other.memory_read_bytes[i];
    memory_write_bytes[i] += other.memory_write_bytes[i];
  }
  requantised += other.requantised;
  table_lookups += other.table_lookups;
  softmax_elements += other.softmax_elements;
  return *this;
}

Ledger RunResult::ledger() const {
  Ledger sum;
  for (const LayerResult& layer : layers) {
    sum += layer.ledger;
  }
  return sum;
}

Activity RunResult::activity() const {
  Activity sum;
  for (const LayerResult& layer : layers) {
    sum += layer.activity;
  }
  return sum;
}

}  // namespace systol
