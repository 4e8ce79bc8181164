// The activation unit's commands, from sums to bytes.
#include <algorithm>

#include "sim/fast/data_path.h"

namespace systol {

void DataPath::apply(const isa::SetChannels& channels) {
  set_channels(channels_, channels.buffer, channels.columns);
  std::ranges::fill(channel_planes_, std::uint8_t{0});  // the unit's unused columns get zeros
  for (std::size_t plane = 0; plane < isa::kChannelPlanes; ++plane) {
    std::copy_n(buffer_at(channels.buffer + plane * channels.columns), channels.columns,
                channel_planes_.begin() + static_cast<std::ptrdiff_t>(plane * config_.columns));
  }
}

void DataPath::set_channels(ChannelParameters& channels, std::uint64_t address, std::size_t n) {
  const auto* planes = reinterpret_cast<const std::uint8_t*>(buffer_at(address));
  for (std::size_t i = 0; i < n; ++i) {
    channels.set(i, isa::read_channel(planes, n, i));
  }
}

void DataPath::apply(const isa::SetTable& table) {
  std::copy_n(buffer_at(table.buffer), table_.size(), table_.begin());
}

void DataPath::apply(const isa::Activate& activate) {
  std::uint32_t row = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    std::int8_t* values = buffer_at(address);
    results_of(activate, row, values);
    wrote_row(address, row++, activate.columns);
  });
}

void DataPath::apply(const isa::ActivateSigns& activate) {
  std::uint32_t row = 0;
  std::vector<std::int8_t> values(activate.columns);
  activate.buffer.for_each([&](std::uint64_t address) {
    results_of(activate, row, values.data());
    isa::pack_signs(values.data(), activate.columns,
                    reinterpret_cast<std::uint8_t*>(buffer_at(address)));
    wrote_row(row++, values);
  });
}

/// Of accumulator row `row` of the command.
template <class Activation>
void DataPath::results_of(const Activation& activate, std::uint32_t row, std::int8_t* values) {
  requantise(channels_, activate.requantisation,
             &chip_.accumulators[(std::size_t{activate.accumulator} + row) * config_.columns],
             values, activate.columns);
  if (activate.requantisation.table) {
    look_up(values, activate.columns);
  }
}

void DataPath::apply(const isa::ActivateAdd& activate) {
  std::uint32_t row = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    std::int8_t* values = buffer_at(address);
    requantise(channels_, activate.addition.sums(),
               &chip_.accumulators[(std::size_t{activate.accumulator} + row) * config_.columns],
               values, activate.columns);
    add_residual(activate.addition, activate.requantisation, buffer_at(activate.residual.at(row)),
                 values, activate.columns);
    if (activate.requantisation.table) {
      look_up(values, activate.columns);
    }
    wrote_row(address, row++, activate.columns);
  });
}

/// Sample by sample: a sample's channels are next to each other in the buffer.
void DataPath::apply(const isa::ActivateTransposed& activate) {
  ChannelParameters channels(activate.rows);
  set_channels(channels, activate.channels, activate.rows);
  std::vector<std::int32_t> sums(activate.rows);
  std::size_t sample = 0;
  activate.buffer.for_each([&](std::uint64_t address) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] = chip_.accumulators[(activate.accumulator + i) * config_.columns + sample];
    }
    std::int8_t* values = buffer_at(address);
    requantise(channels, activate.requantisation, sums.data(), values, sums.size());
    if (activate.requantisation.table) {
      look_up(values, sums.size());
    }
    ++sample;
  });
  show_rows(activate);
}

/// The machine works row by row, and so it is shown.
void DataPath::show_rows(const isa::ActivateTransposed& activate) {
  std::vector<std::int8_t> values;
  for (std::uint32_t row = 0; row < activate.rows && observer_ != nullptr; ++row) {
    values.clear();
    activate.buffer.for_each(
        [&](std::uint64_t address) { values.push_back(*buffer_at(address + row)); });
    observer_->wrote_row(index_, *command_, row, values);
  }
}

void DataPath::look_up(std::int8_t* values, std::size_t count) {
  std::transform(values, values + count, values, [this](std::int8_t value) {
    return table_[static_cast<std::size_t>(value + 128)];
  });
}

}  // namespace systol
