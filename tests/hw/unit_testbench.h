// A test bench for any MatrixUnit: stimulus on a time line, and a golden unit that says what every
// register must hold in every cycle. The golden unit keeps no pipeline: it works from the closed
// forms of hw/TIMING.md and shares nothing with the units under test.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sim/unit/matrix_unit.h"

namespace systol::test {

using Bytes8 = std::vector<std::int8_t>;
using Mask = std::vector<std::uint8_t>;  ///< as the pins have it; empty for all lanes
using Time = std::uint64_t;

struct WeightPins {
  std::uint32_t row = 0;
  Bytes8 data;
  Mask mask{};
};
struct FeedPins {
  bool swap = false;
  bool add = false;
  std::uint32_t address = 0;
  Bytes8 data;
  bool begin = false;  ///< sums in place only, as `drain`
  bool drain = false;
  Mask mask{};
};
struct PlanePins {
  std::uint32_t index = 0;
  Bytes8 data;
};
/// A row of the buffer that is added to a row of results.
struct ResidualPins {
  Bytes8 data{};  ///< empty where none is
  std::int8_t zero_point = 0;
  std::int32_t multiplier = 0;
  std::int32_t sums_multiplier = 0;
  std::uint8_t shift = 1;
  std::int8_t sum_zero_point = 0;
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
};
struct ActivatePins {
  std::uint32_t address = 0;
  bool table = false;
  std::int8_t zero_point = 0;
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
  bool own = false;  ///< the row brings the parameters that follow
  std::int32_t bias = 0;
  std::uint32_t multiplier = 0;
  std::uint8_t shift = 1;
  bool relu = false;
  bool wide = false;
  ResidualPins residual{};
};

/// What the pins hold in each cycle.
struct Stimulus {
  std::map<Time, WeightPins> weights;
  std::map<Time, FeedPins> feeds;
  std::map<Time, std::uint32_t> drains;  ///< accumulator rows
  std::map<Time, PlanePins> channels;
  std::map<Time, PlanePins> tables;
  std::map<Time, ActivatePins> activates;

  Time end() const {
    Time last = 0;
    const auto extend = [&last](const auto& pins) {
      last = pins.empty() ? last : std::max(last, pins.rbegin()->first + 1);
    };
    extend(weights);
    extend(feeds);
    extend(drains);
    extend(channels);
    extend(tables);
    extend(activates);
    return last;
  }
};

inline Lanes lanes_of(const Bytes8& data) { return reinterpret_cast<Lanes>(data.data()); }
inline Lanes mask_of(const Mask& mask) { return mask.empty() ? nullptr : mask.data(); }

/// The inputs of one cycle; they point into the stimulus.
inline UnitInputs inputs_at(const Stimulus& stimulus, Time cycle) {
  UnitInputs in;
  if (const auto it = stimulus.weights.find(cycle); it != stimulus.weights.end()) {
    in.weight_valid = true;
    in.weight_row = it->second.row;
    in.weight_mask = mask_of(it->second.mask);
    in.weight_data = lanes_of(it->second.data);
  }
  if (const auto it = stimulus.feeds.find(cycle); it != stimulus.feeds.end()) {
    in.feed_valid = true;
    in.feed_swap = it->second.swap;
    in.feed_add = it->second.add;
    in.feed_address = it->second.address;
    in.feed_mask = mask_of(it->second.mask);
    in.feed_data = lanes_of(it->second.data);
    in.feed_begin = it->second.begin;
    in.feed_drain = it->second.drain;
  }
  if (const auto it = stimulus.drains.find(cycle); it != stimulus.drains.end()) {
    in.drain_valid = true;
    in.drain_address = it->second;
  }
  if (const auto it = stimulus.channels.find(cycle); it != stimulus.channels.end()) {
    in.channel_valid = true;
    in.channel_plane = it->second.index;
    in.channel_data = lanes_of(it->second.data);
  }
  if (const auto it = stimulus.tables.find(cycle); it != stimulus.tables.end()) {
    in.table_valid = true;
    in.table_row = it->second.index;
    in.table_data = lanes_of(it->second.data);
  }
  if (const auto it = stimulus.activates.find(cycle); it != stimulus.activates.end()) {
    in.activate_valid = true;
    in.activate_table = it->second.table;
    in.activate_address = it->second.address;
    in.activate_zero_point = it->second.zero_point;
    in.activate_minimum = it->second.minimum;
    in.activate_maximum = it->second.maximum;
    in.activate_own = it->second.own;
    in.activate_bias = it->second.bias;
    in.activate_multiplier = it->second.multiplier;
    in.activate_shift = it->second.shift;
    in.activate_relu = it->second.relu;
    in.activate_wide = it->second.wide;
    const ResidualPins& residual = it->second.residual;
    in.residual_valid = !residual.data.empty();
    in.residual_data = lanes_of(residual.data);
    in.residual_zero_point = residual.zero_point;
    in.residual_multiplier = residual.multiplier;
    in.residual_sums_multiplier = residual.sums_multiplier;
    in.residual_shift = residual.shift;
    in.residual_sum_zero_point = residual.sum_zero_point;
    in.residual_minimum = residual.minimum;
    in.residual_maximum = residual.maximum;
  }
  return in;
}

/// Any lanes; bits after the last are 0.
inline Mask random_mask(std::uint32_t lanes, std::mt19937_64& random) {
  Mask mask(lane_bytes(lanes, 1));
  for (std::uint32_t lane = 0; lane < lanes; ++lane) {
    mask[lane / 8] |= static_cast<std::uint8_t>((random() % 2) << (lane % 8));
  }
  return mask;
}

/// A column's parameters.
struct Channel {
  std::int32_t bias = 0;
  std::uint32_t multiplier = 0;
  std::uint8_t shift = 1;
};

/// Any residual for a row; most sums of these are within the range.
inline ResidualPins random_residual(std::uint32_t columns, std::mt19937_64& random) {
  const auto byte = [&random] { return static_cast<std::int8_t>(random()); };
  const auto multiplier = [&random] {
    return static_cast<std::int32_t>(random() % 0x3fffffU) - 0x1fffff;  // below 2^21
  };
  ResidualPins pins{Bytes8(columns), byte(), multiplier(), multiplier()};
  std::generate(pins.data.begin(), pins.data.end(), byte);
  pins.shift = static_cast<std::uint8_t>(random() % 4 == 0 ? 1 + random() % 62 : 18 + random() % 8);
  pins.sum_zero_point = byte();
  pins.minimum = byte();
  pins.maximum = byte();
  if (pins.minimum > pins.maximum) {
    std::swap(pins.minimum, pins.maximum);
  }
  return pins;
}

/// floor(value / 2^shift + 1/2): division that rounds towards minus infinity is what an arithmetic
/// shift does.
inline __int128 rounded_shift(__int128 value, unsigned shift) {
  const __int128 divisor = __int128{1} << shift;
  value += divisor / 2;
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

/// A clamped result and a column's residual, of which the table is still to be looked up.
inline std::int8_t reference_addition(std::int8_t result, std::size_t column,
                                      const ActivatePins& row) {
  const ResidualPins& pins = row.residual;
  const __int128 sum = __int128{result - row.zero_point} * pins.sums_multiplier +
                       __int128{pins.data[column] - pins.zero_point} * pins.multiplier;
  const __int128 value = rounded_shift(sum, pins.shift) + pins.sum_zero_point;
  return static_cast<std::int8_t>(value < pins.minimum   ? pins.minimum
                                  : value > pins.maximum ? pins.maximum
                                                         : value);
}

/// The activation path's arithmetic in 128 bits, where nothing can overflow.
inline std::int8_t reference_activation(std::int32_t sum, const Channel& channel,
                                        const ActivatePins& row,
                                        const std::vector<std::int8_t>& table) {
  using Wide = __int128;
  const Wide low = -(Wide{1} << 31);
  const Wide high = (Wide{1} << 31) - 1;
  Wide value = Wide{sum} + Wide{channel.bias};
  value = value < low ? low : value > high ? high : value;
  value = value * Wide{channel.multiplier} + (Wide{1} << (channel.shift - 1));
  // Division that rounds towards minus infinity is what an arithmetic shift does.
  const Wide divisor = Wide{1} << channel.shift;
  Wide quotient = value / divisor;
  if (value % divisor < 0) {
    --quotient;
  }
  quotient += row.zero_point;
  quotient = quotient < row.minimum   ? Wide{row.minimum}
             : quotient > row.maximum ? Wide{row.maximum}
                                      : quotient;
  const auto result = static_cast<std::int8_t>(quotient);
  return row.table ? table[static_cast<std::size_t>(result + 128)] : result;
}

/// What every register holds in a cycle, by the closed forms. `advance` moves to the next cycle.
class GoldenUnit {
 public:
  explicit GoldenUnit(const UnitShape& shape)
      : shape_(shape),
        active(std::size_t{shape.rows} * shape.columns),
        active_mask(active.size()),
        shadow(active.size()),
        shadow_mask(active.size()),
        activations(active.size()),
        sums(active.size()),
        seen(active.size()),
        accumulators(std::size_t{shape.accumulator_rows} * shape.columns),
        result(shape.columns),
        channels_(shape.columns),
        table_(256) {}

  /// What happens at the edge that ends `cycle`.
  void advance(const Stimulus& stimulus, Time cycle) {
    const Time rows = shape_.rows;
    const Time columns = shape_.columns;
    if (const auto it = stimulus.feeds.find(cycle); it != stimulus.feeds.end()) {
      waves_.push_back({cycle, &it->second, std::vector<std::int32_t>(columns)});
    }
    accumulate(cycle);
    process_waves(cycle);
    // Row r of a load presented in cycle l is in shadow (r, c) after the edge that ends l + c.
    for (Time c = 0; c < columns && c <= cycle; ++c) {
      if (const auto it = stimulus.weights.find(cycle - c); it != stimulus.weights.end()) {
        shadow[it->second.row * columns + c] = it->second.data[c];
        shadow_mask[it->second.row * columns + c] = has_lane(mask_of(it->second.mask), c);
      }
    }
    // A row presented in cycle t is read at its end; its results are visible in cycle t + 5.
    if (const auto it = stimulus.activates.find(cycle); it != stimulus.activates.end()) {
      const auto first = accumulator_row(it->second.address);
      rows_.push_back(
          {cycle, &it->second, std::vector<std::int32_t>(first, first + shape_.columns)});
    }
    commit_accumulators();
    // With a residual two cycles later, so that rows may overtake others; a row with one is
    // requantised with the parameters that those without one meet.
    for (Row& row : rows_) {
      if (row.cycle + 4 == cycle && row.adds()) {
        add(row);
      }
    }
    const auto done = std::find_if(rows_.begin(), rows_.end(), [cycle](const Row& row) {
      return row.cycle + (row.adds() ? 6U : 4U) == cycle;
    });
    result_valid = done != rows_.end();
    if (result_valid) {
      finish(*done);
      rows_.erase(done);
    }
    take_parameters(stimulus, cycle);
    while (!waves_.empty() && waves_.front().cycle + rows + columns <= cycle) {
      waves_.pop_front();
    }
  }

 private:
  struct Wave {
    Time cycle;
    const FeedPins* pins;
    std::vector<std::int32_t> sums;
  };
  struct Row {
    Time cycle;
    const ActivatePins* pins;
    std::vector<std::int32_t> sums;  ///< and then the values that a residual is added to
    bool adds() const { return !pins->residual.data.empty(); }
  };

  /// The row's results but for the table.
  std::int8_t requantised(const Row& row, std::size_t column) const {
    ActivatePins pins = *row.pins;
    pins.table = false;
    const Channel own{pins.bias, pins.multiplier, pins.shift};
    return reference_activation(row.sums[column], pins.own ? own : channels_[column], pins, table_);
  }
  void add(Row& row) const {
    for (std::size_t c = 0; c < shape_.columns; ++c) {
      row.sums[c] = reference_addition(requantised(row, c), c, *row.pins);
    }
  }
  void finish(const Row& row) {
    for (std::size_t c = 0; c < shape_.columns; ++c) {
      const std::int8_t value =
          row.adds() ? static_cast<std::int8_t>(row.sums[c]) : requantised(row, c);
      result[c] = row.pins->table ? table_[static_cast<std::size_t>(value + 128)] : value;
    }
  }

  /// A wave fed in cycle t is at PE (r, c) at the edge that ends t + r + c.
  void process_waves(Time cycle) {
    std::fill(seen.begin(), seen.end(), false);
    for (Wave& wave : waves_) {
      const Time age = cycle - wave.cycle;
      for (Time r = 0; r < shape_.rows && r <= age; ++r) {
        const Time c = age - r;
        if (c >= shape_.columns) {
          continue;
        }
        const std::size_t pe = r * shape_.columns + c;
        if (wave.pins->swap) {
          active[pe] = shadow[pe];
          active_mask[pe] = shadow_mask[pe];
        }
        const bool counts = active_mask[pe] && has_lane(mask_of(wave.pins->mask), r);
        const auto product =
            counts ? wrap(std::int64_t{wave.pins->data[r]} * std::int64_t{active[pe]}) : 0;
        wave.sums[c] = wrap(std::int64_t{wave.sums[c]} + product);
        for (const StuckBit& fault : faults) {
          const bool here = fault.row == r && fault.column == c;
          wave.sums[c] = static_cast<std::int32_t>(static_cast<std::uint32_t>(wave.sums[c]) |
                                                   (here ? 1U << fault.bit : 0U));
        }
        activations[pe] = wave.pins->data[r];
        sums[pe] = wave.sums[c];
        seen[pe] = true;
      }
    }
  }

  /// A row fed in cycle t changes the accumulators at the edge that ends t + R + C; what it adds to
  /// was read one cycle before.
  void accumulate(Time cycle) {
    for (const Wave& wave : waves_) {
      if (wave.cycle + shape_.rows + shape_.columns == cycle) {
        const std::size_t first = std::size_t{wave.pins->address} * shape_.columns;
        for (std::size_t c = 0; c < shape_.columns; ++c) {
          const std::int64_t base = wave.pins->add ? accumulators[first + c] : 0;
          pending_[first + c] = wrap(base + wave.sums[c]);
        }
      }
    }
  }

  std::vector<std::int32_t>::const_iterator accumulator_row(std::uint32_t row) const {
    return accumulators.begin() + static_cast<std::ptrdiff_t>(std::size_t{row} * shape_.columns);
  }
  void commit_accumulators() {
    for (const auto& [index, value] : pending_) {
      accumulators[index] = value;
    }
    pending_.clear();
  }

  void take_parameters(const Stimulus& stimulus, Time cycle) {
    if (const auto it = stimulus.channels.find(cycle); it != stimulus.channels.end()) {
      for (std::size_t c = 0; c < shape_.columns; ++c) {
        set_plane(channels_[c], it->second.index, static_cast<std::uint8_t>(it->second.data[c]));
      }
    }
    if (const auto it = stimulus.tables.find(cycle); it != stimulus.tables.end()) {
      for (std::size_t c = 0; c < shape_.columns; ++c) {
        const std::size_t entry = std::size_t{it->second.index} * shape_.columns + c;
        if (entry < table_.size()) {
          table_[entry] = it->second.data[c];
        }
      }
    }
  }

  static void set_plane(Channel& channel, std::uint32_t plane, std::uint8_t byte) {
    const auto put = [plane, byte](std::uint32_t word) {
      const std::uint32_t at = 8 * (plane % 4);
      return (word & ~(0xffU << at)) | (std::uint32_t{byte} << at);
    };
    if (plane < 4) {
      channel.bias = static_cast<std::int32_t>(put(static_cast<std::uint32_t>(channel.bias)));
    } else if (plane < 8) {
      channel.multiplier = put(channel.multiplier);
    } else {
      channel.shift = byte;
    }
  }

  static std::int32_t wrap(std::int64_t value) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(value & 0xffffffff));
  }

  UnitShape shape_;

 public:
  Bytes8 active;
  std::vector<bool> active_mask;
  Bytes8 shadow;
  std::vector<bool> shadow_mask;
  Bytes8 activations;              ///< meaningful where `seen`
  std::vector<std::int32_t> sums;  ///< meaningful where `seen`
  std::vector<bool> seen;          ///< PEs that a wave passed at the last edge
  std::vector<std::int32_t> accumulators;
  bool result_valid = false;
  Bytes8 result;  ///< of the last valid row
  std::vector<StuckBit> faults;

 private:
  std::vector<Channel> channels_;
  std::vector<std::int8_t> table_;
  std::deque<Wave> waves_;
  std::deque<Row> rows_;
  std::map<std::size_t, std::int32_t> pending_;
};

/// A unit under test and the cycle it is in: cycle t is before the edge that ends it.
class UnitBench {
 public:
  UnitBench(std::unique_ptr<MatrixUnit> unit, const UnitShape& shape)
      : unit_(std::move(unit)), shape_(shape) {
    unit_->watch();
  }

  Stimulus stimulus;

  const UnitShape& shape() const { return shape_; }
  MatrixUnit& unit() { return *unit_; }
  Time now() const { return now_; }

  /// Steps until the unit is in `cycle`.
  void run_to(Time cycle) {
    while (now_ < cycle) {
      outputs_ = unit_->step(inputs_at(stimulus, now_));
      ++now_;
    }
  }

  std::int8_t weight(std::uint32_t row, std::uint32_t column) const {
    return static_cast<std::int8_t>(unit_->pe(row, column).weight);
  }
  std::int8_t shadow(std::uint32_t row, std::uint32_t column) const {
    return static_cast<std::int8_t>(unit_->pe(row, column).shadow_weight);
  }
  std::int32_t partial_sum(std::uint32_t row, std::uint32_t column) const {
    return unit_->pe(row, column).partial_sum;
  }
  std::int32_t accumulator(std::uint32_t row, std::uint32_t column) const {
    return unit_->accumulators(row)[column];
  }
  std::vector<std::int32_t> accumulator_row(std::uint32_t row) const {
    const auto sums = unit_->accumulators(row);
    return {sums.begin(), sums.end()};
  }
  /// Preset: as a hand-over would.
  void set_accumulator(std::uint32_t row, std::uint32_t column, std::int32_t value) {
    std::vector<std::int32_t> all;
    for (std::uint32_t i = 0; i < shape_.accumulator_rows; ++i) {
      const auto sums = unit_->accumulators(i);
      all.insert(all.end(), sums.begin(), sums.end());
    }
    all[at(row, column)] = value;
    UnitContents contents;
    contents.accumulators = all.data();
    unit_->restore(contents);
  }
  bool result_valid() const { return outputs_.result_valid; }
  Bytes8 result() const { return {outputs_.result_data, outputs_.result_data + shape_.columns}; }

  /// Steps through the whole stimulus beside a golden unit and compares everything in every cycle.
  void run_against(GoldenUnit& golden) {
    const Time end = stimulus.end() + shape_.rows + shape_.columns + 8;
    while (now_ < end && !::testing::Test::HasFailure()) {
      golden.advance(stimulus, now_);
      run_to(now_ + 1);
      compare(golden);
    }
  }

 private:
  std::size_t at(std::uint32_t row, std::uint32_t column) const {
    return std::size_t{row} * shape_.columns + column;
  }

  void compare(const GoldenUnit& golden) {
    for (std::size_t i = 0; i < golden.active.size(); ++i) {
      const PeRegisters pe = unit_->pe(static_cast<std::uint32_t>(i / shape_.columns),
                                       static_cast<std::uint32_t>(i % shape_.columns));
      ASSERT_EQ(static_cast<std::int8_t>(pe.weight), golden.active[i]) << where("weight", i);
      ASSERT_EQ(pe.weight_mask, golden.active_mask[i]) << where("weight's mask", i);
      ASSERT_EQ(static_cast<std::int8_t>(pe.shadow_weight), golden.shadow[i]) << where("shadow", i);
      ASSERT_EQ(pe.shadow_mask, golden.shadow_mask[i]) << where("shadow's mask", i);
      if (golden.seen[i]) {
        ASSERT_EQ(static_cast<std::int8_t>(pe.activation), golden.activations[i])
            << where("activation", i);
        ASSERT_EQ(pe.partial_sum, golden.sums[i]) << where("partial sum", i);
      }
    }
    for (std::size_t i = 0; i < golden.accumulators.size(); ++i) {
      const auto row = static_cast<std::uint32_t>(i / shape_.columns);
      ASSERT_EQ(unit_->accumulators(row)[i % shape_.columns], golden.accumulators[i])
          << where("accumulator", i);
    }
    ASSERT_EQ(outputs_.result_valid, golden.result_valid) << "cycle " << now_;
    if (golden.result_valid) {
      ASSERT_EQ(result(), golden.result) << "cycle " << now_;
    }
  }

  std::string where(const char* what, std::size_t index) const {
    return std::string(what) + " (" + std::to_string(index / shape_.columns) + ", " +
           std::to_string(index % shape_.columns) + ") in cycle " + std::to_string(now_);
  }

  std::unique_ptr<MatrixUnit> unit_;
  UnitShape shape_;
  UnitOutputs outputs_;
  Time now_ = 0;
};

/// Random legal stimulus: tiles of 1 to 2R rows with bubbles, loads as early as allowed or later,
/// and activations whose parameters change only while no row is under way.
class RandomStimulus {
 public:
  RandomStimulus(const UnitShape& shape, std::uint64_t seed) : shape_(shape), random_(seed) {}

  /// `dense`: everything in the first legal cycle, as a good program has it.
  Stimulus make(int tiles, bool dense) {
    dense_ = dense;
    Time swap = 0;
    Time port = 0;  // first cycle in which the weight port is free
    Time feed = 1;
    for (int tile = 0; tile < tiles; ++tile) {
      const Time earliest = load(swap, port);
      swap = std::max(feed, earliest) + gap();
      feed = rows(swap);
    }
    activations(feed + shape_.rows + shape_.columns);
    return std::move(stimulus_);
  }

 private:
  /// One tile's weights after the swap of the one before; returns the first cycle of its own feed.
  Time load(Time swap, Time& port) {
    Time first_feed = 0;
    for (std::uint32_t row = 0; row < shape_.rows; ++row) {
      const Time cycle = std::max(port, swap + row) + gap();
      stimulus_.weights[cycle] = {row, bytes(shape_.columns), mask(shape_.columns)};
      port = cycle + 1;
      // PE (r, c) must have its weight by the edge before the one that swaps it.
      first_feed = std::max(first_feed, cycle + 1 > row ? cycle + 1 - row : 0);
    }
    return first_feed;
  }

  Time rows(Time cycle) {
    const int count = below(3) == 0 ? 1 : 1 + below(2 * static_cast<int>(shape_.rows));
    for (int row = 0; row < count; ++row) {
      FeedPins pins{row == 0, below(2) == 0,
                    static_cast<std::uint32_t>(below(static_cast<int>(shape_.accumulator_rows))),
                    bytes(shape_.rows)};
      const auto before = stimulus_.feeds.find(cycle - 1);
      if (before != stimulus_.feeds.end() && before->second.address == pins.address) {
        pins.add = false;  // would add to a stale row
      }
      pins.mask = mask(shape_.rows);
      stimulus_.feeds[cycle] = std::move(pins);
      cycle += 1 + gap();
    }
    return cycle;
  }

  void activations(Time end) {
    for (Time cycle = 0; cycle < end;) {
      for (std::uint32_t plane = 0; plane < 9; ++plane, cycle += 1 + gap()) {
        stimulus_.channels[cycle] = {plane, plane_bytes(plane)};
        const auto rows = static_cast<int>((256 + shape_.columns - 1) / shape_.columns);
        stimulus_.tables[cycle] = {static_cast<std::uint32_t>(below(rows)), bytes(shape_.columns)};
      }
      const int count = 20 + below(40);
      for (int row = 0; row < count; ++row, cycle += 1 + gap()) {
        ActivatePins pins{
            static_cast<std::uint32_t>(below(static_cast<int>(shape_.accumulator_rows))),
            below(2) == 0, byte(), byte(), byte()};
        if (pins.minimum > pins.maximum) {
          std::swap(pins.minimum, pins.maximum);
        }
        pins.own = below(3) == 0;
        pins.bias = static_cast<std::int32_t>(random_());
        pins.multiplier = static_cast<std::uint32_t>(random_()) & 0x7fffffffU;
        pins.shift = static_cast<std::uint8_t>(below(4) == 0 ? 1 + below(62) : 33 + below(12));
        const auto before = stimulus_.activates.find(cycle - 2);
        const bool behind =
            before != stimulus_.activates.end() && !before->second.residual.data.empty();
        if (behind || below(3) == 0) {  // without one, it would meet the table with the other
          pins.residual = random_residual(shape_.columns, random_);
        }
        stimulus_.activates[cycle] = pins;
      }
      cycle += 7;
    }
  }

  Bytes8 plane_bytes(std::uint32_t plane) {
    Bytes8 data = bytes(shape_.columns);
    for (std::int8_t& value : data) {
      if (plane == 7) {
        value = static_cast<std::int8_t>(below(128));
      } else if (plane == 8) {
        // Mostly shifts that leave something to see of sums this small.
        value = static_cast<std::int8_t>(below(4) == 0 ? 1 + below(62) : 33 + below(12));
      }
    }
    return data;
  }

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  Time gap() { return dense_ || below(3) != 0 ? 0 : static_cast<Time>(below(4)); }
  std::int8_t byte() {
    constexpr std::int8_t kExtremes[] = {-128, -127, -1, 0, 1, 127};
    return below(4) == 0 ? kExtremes[below(6)] : static_cast<std::int8_t>(below(256) - 128);
  }
  Bytes8 bytes(std::uint32_t count) {
    Bytes8 data(count);
    for (std::int8_t& value : data) {
      value = byte();
    }
    return data;
  }

  /// Now and then any lanes, mostly all.
  Mask mask(std::uint32_t lanes) { return below(4) == 0 ? random_mask(lanes, random_) : Mask{}; }

  UnitShape shape_;
  std::mt19937_64 random_;
  Stimulus stimulus_;
  bool dense_ = false;
};

}  // namespace systol::test
