#include "host/fuzz/walk_program.h"

#include <algorithm>
#include <array>
#include <optional>

#include "host/compile/schedule.h"
#include "host/fuzz/random_walks.h"
#include "host/fuzz/touched.h"
#include "hw/isa/accesses.h"

namespace systol {
namespace {

// Where things are in the buffer: parameters that are loaded once, then what walks go over.
constexpr std::uint64_t kSoftmaxTableAt = 0;
constexpr std::uint64_t kTableAt = kSoftmaxTableAt + isa::kSoftmaxTableBytes;
constexpr std::uint64_t kChannelsAt = kTableAt + isa::kTableEntries;
constexpr std::uint64_t kMostWalkChannels = 40;
constexpr std::uint64_t kConstants = kChannelsAt + isa::kChannelPlanes * kMostWalkChannels;
// Noise fills the activations, and the weights up to there; channels come after it.
constexpr std::uint64_t kNoise = 4096;
constexpr std::uint64_t kWeights = 32768;
constexpr std::uint64_t kMostRows = 24;
constexpr std::uint64_t kMiddle = (kConstants + kWalkBuffer) / 2;

class Drawing {
 public:
  Drawing(const ArrayConfig& config, SplitMix64 random, isa::Program& program)
      : config_(config),
        random_(random),
        program_(program),
        schedule_(append_to(program.commands)),
        touched_({kWalkBuffer, config.accumulator_rows, kWeights, kNoise}) {}

  void draw(std::uint32_t rounds) {
    program_.pe = config_.pe;
    program_.nodes = {"walks"};
    program_.space_bytes = {kWeights, kNoise};
    program_.image = {{isa::Space::Weights, 0, noise(kNoise)},
                      {isa::Space::Activations, 0, noise(kNoise)}};
    if (!floats()) {
      load_tables();
    }
    load_channels(config_.columns);
    append(isa::SetChannels{kChannelsAt, config_.columns});
    for (std::uint32_t round = 0; round < rounds; ++round) {
      append(transfer<isa::Load>());
      multiply();
      if (floats()) {
        activate_float();
        append(transfer<isa::Store>());
        continue;
      }
      activate();
      vector();
      if (between(0, 2) == 0) {
        softmax();
      }
      if (between(0, 3) == 0) {
        softmax_in_parts();
      }
      if (between(0, 2) == 0) {
        normalise();
      }
      append(transfer<isa::Store>());
    }
    schedule_.finish();
  }

 private:
  bool floats() const { return isa::is_float(config_.pe); }
  std::uint64_t value_bytes() const { return isa::value_bytes(config_.pe); }

  std::vector<std::uint8_t> noise(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    for (std::uint8_t& byte : bytes) {  // a quarter are zeros, which gate multipliers
      byte = static_cast<std::uint8_t>(between(0, 3) == 0 ? 0 : random_.next());
    }
    // The larger byte of a bf16: mostly of numbers from 2^-7 to 2^8, whose sums have to be rounded.
    for (std::size_t i = 1; floats() && i < count; i += 2) {
      const bool any = between(0, 255) == 0;
      bytes[i] = static_cast<std::uint8_t>(any ? bytes[i] : (bytes[i] & 0x87U) | 0x3cU);
    }
    return bytes;
  }

  void load_constants(std::uint64_t memory, std::uint64_t buffer, std::uint64_t bytes) {
    isa::Load load;
    load.space = isa::Space::Weights;
    load.memory = isa::Walk(memory);
    load.buffer = isa::Walk(buffer);
    load.piece_bytes = bytes;
    append(load);
  }

  void load_tables() {
    std::vector<std::uint8_t>& weights = program_.image.front().bytes;
    weights[0] = weights[1] = 0xff;  // the exponential of 0
    load_constants(0, 0, kChannelsAt);
    append(isa::SetTable{kTableAt});
  }

  /// To where all channels go.
  void load_channels(std::uint32_t count) {
    std::vector<std::uint8_t>& weights = program_.image.front().bytes;
    const std::size_t planes = weights.size();
    weights.resize(planes + isa::kChannelPlanes * std::size_t{count});
    for (std::size_t i = 0; i < count; ++i) {
      const auto bias = static_cast<std::int32_t>(random_.next()) >> between(8, 24);
      const std::uint32_t multiplier = between(1U << 29U, INT32_MAX);
      const auto shift = static_cast<std::uint8_t>(between(28, 42));
      isa::write_channel({bias, multiplier, shift}, &weights[planes], count, i);
    }
    load_constants(planes, kChannelsAt, isa::kChannelPlanes * std::uint64_t{count});
  }

  CommandId append(const isa::Operation& operation) {
    const isa::Accesses accesses = isa::accesses_of(operation, config_.pe);
    std::vector<std::optional<CommandId>> after;
    for (const isa::Access& access : accesses) {
      touched_.collect(access, after);
    }
    std::ranges::sort(after);
    after.erase(std::unique(after.begin(), after.end()), after.end());
    const CommandId id = schedule_.append(operation, {}, after);
    for (const isa::Access& access : accesses) {
      touched_.note(access, id);
    }
    return id;
  }

  template <class Transfer>
  Transfer transfer() {
    constexpr bool kLoads = std::is_same_v<Transfer, isa::Load>;
    Transfer transfer;
    const std::uint64_t count = between(1, 24);
    transfer.piece_bytes = between(1, 24);
    const std::uint64_t half = kNoise / 2;
    if (kLoads) {
      transfer.memory = read(count, transfer.piece_bytes, 0, half);
      transfer.buffer = write(count, transfer.piece_bytes, kConstants, kWalkBuffer);
    } else {
      transfer.buffer = read(count, transfer.piece_bytes, kConstants, kWalkBuffer);
      transfer.memory = write(count, transfer.piece_bytes, half, kNoise);
    }
    return transfer;
  }

  /// A tile of `rows` x `columns` goes to the FIFO.
  void load_tile(std::uint32_t rows, std::uint32_t columns) {
    const std::uint32_t kind = isa::is_packed(config_.pe) ? 0 : between(0, 2);
    if (kind == 0) {
      const std::uint64_t address = between(0, kNoise - isa::tile_bytes(rows, columns, config_.pe));
      append(isa::LoadWeights{isa::Space::Weights, address, rows, columns});
      return;
    }
    const bool transposed = kind == 1;
    const std::uint32_t pieces = transposed ? columns : rows;
    const std::uint32_t depth = transposed ? rows : columns;
    const std::uint32_t segments = random_.divisor(depth);
    append(isa::LoadTile{rows_of(pieces, depth, segments), depth, transposed, segments});
  }

  /// Activation rows of `depth` values.
  isa::Walk rows_of(std::uint64_t rows, std::uint32_t depth, std::uint32_t segments) {
    return read(rows * segments, depth / segments * value_bytes(), kConstants, kWalkBuffer);
  }

  void multiply() {
    const std::uint32_t tiles = between(1, 3);
    columns_ = between(1, config_.columns);
    const bool output_stationary = config_.dataflow == Dataflow::OutputStationary;
    rows_ = between(1, std::min<std::uint64_t>(
                           output_stationary ? config_.rows : config_.accumulator_rows, kMostRows));
    first_ = between(0, config_.accumulator_rows - rows_);
    for (std::uint32_t tile = 0; tile < tiles; ++tile) {
      const std::uint32_t depth = between(1, config_.rows * isa::lane_values(config_.pe));
      std::uint32_t segments = between(0, 1) == 0 ? 1 : random_.divisor(depth);
      if (isa::fed_depth(depth, segments, config_.pe) > config_.rows) {
        segments = 1;  // each would begin with a group of its own
      }
      const isa::Walk walk = rows_of(rows_, depth, segments);
      const auto zero_point = static_cast<std::int8_t>(between(0, 2) * 64 - 128);
      load_tile(isa::narrow(isa::fed_depth(depth, segments, config_.pe)), columns_);
      if (output_stationary) {
        append(isa::MatmulOutputStationary{walk, depth, columns_, first_, tile == 0,
                                           tile + 1 == tiles, segments, zero_point});
        continue;
      }
      append(isa::Matmul{walk, depth, columns_, first_, tile > 0, false, segments, zero_point});
      if (between(0, 2) == 0) {
        append(isa::Matmul{rows_of(rows_, depth, 1), depth, columns_, first_, true, true});
      }
    }
  }

  isa::Requantisation requantisation() {
    const auto minimum = static_cast<std::int8_t>(between(0, 127));
    return {static_cast<std::int8_t>(between(0, 20)), static_cast<std::int8_t>(-minimum),
            static_cast<std::int8_t>(between(1, 127)), between(0, 1) == 1};
  }

  void activate() {
    const std::uint32_t kind = between(0, 2);
    if (isa::is_signs(config_.pe) && between(0, 1) == 1) {
      isa::ActivateSigns op{first_, columns_, {}, requantisation()};
      op.buffer = write(rows_, op.row_bytes(), kConstants, kWalkBuffer);
      append(op);
    } else if (kind == 0) {
      activate_add();
    } else if (kind == 1) {
      append(isa::Activate{first_, columns_, write(rows_, columns_, kConstants, kWalkBuffer),
                           requantisation()});
    } else {
      load_channels(rows_);
      append(isa::ActivateTransposed{first_, rows_, kChannelsAt,
                                     write(columns_, rows_, kConstants, kWalkBuffer),
                                     requantisation()});
    }
  }

  /// It reads one half of the buffer and writes the other.
  void activate_add() {
    const bool up = between(0, 1) == 1;
    const isa::Requantisation sums = requantisation();
    isa::ActivateAdd op;
    op.accumulator = first_;
    op.columns = columns_;
    op.residual = read(rows_, columns_, up ? kConstants : kMiddle, up ? kMiddle : kWalkBuffer);
    op.buffer = write(rows_, columns_, up ? kMiddle : kConstants, up ? kWalkBuffer : kMiddle);
    op.addition.zero_point = sums.zero_point;
    op.addition.minimum = sums.minimum;
    op.addition.maximum = sums.maximum;
    op.addition.multiplier = random_.around_zero(1 << 21) >> between(0, 12);
    op.addition.residual_zero_point = static_cast<std::int8_t>(random_.around_zero(128));
    op.addition.residual_multiplier = random_.around_zero(1 << 21) >> between(0, 12);
    op.addition.shift = static_cast<std::uint8_t>(between(12, 24));
    op.requantisation = requantisation();
    append(op);
  }

  void activate_float() {
    isa::ActivateFloat activate;
    activate.accumulator = first_;
    activate.columns = columns_;
    activate.bias = between(0, 1) == 1;
    activate.relu = between(0, 1) == 1;
    activate.wide = between(0, 1) == 1;
    // Many rows of four bytes a value do not fit.
    activate.wide = activate.wide && rows_ * activate.row_bytes() <= kWalkBuffer - kConstants;
    activate.buffer = write(rows_, activate.row_bytes(), kConstants, kWalkBuffer);
    append(activate);
  }

  void softmax() {
    const std::uint32_t rows = between(1, 12);
    const std::uint32_t columns = between(1, 24);
    append(isa::Softmax{read(rows, columns, kConstants, kMiddle),
                        write(rows, columns, kMiddle, kWalkBuffer), kSoftmaxTableAt, columns});
  }

  /// Each pass reads logits of its own, which no network has and all engines take alike.
  void softmax_in_parts() {
    std::vector<std::uint32_t> parts;
    for (std::uint32_t count = between(1, 3); count > 0; --count) {
      parts.push_back(between(1, 24));
    }
    for (const auto pass :
         {isa::SoftmaxPass::Maximum, isa::SoftmaxPass::Sum, isa::SoftmaxPass::Shares}) {
      for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::uint64_t source = between(kConstants, kMiddle - parts[i]);
        const std::uint64_t destination = between(kMiddle, kWalkBuffer - parts[i]);
        append(isa::SoftmaxPart{pass, source, destination, kSoftmaxTableAt, parts[i], i == 0,
                                i + 1 == parts.size()});
      }
    }
  }

  /// A command of the vector unit reads one half of the buffer and writes the other.
  void vector() {
    isa::Vector op;
    op.operation = static_cast<isa::LaneOperation>(between(0, isa::kLaneOperationNames.size() - 1));
    op.join = static_cast<isa::WindowJoin>(between(0, 1));
    op.columns = between(1, 24);
    op.wide_a = between(0, 2) == 0;
    op.wide_b = between(0, 2) == 0;
    op.wide_destination = between(0, 2) == 0;
    const bool up = between(0, 1) == 1;
    const std::uint64_t low = up ? kConstants : kMiddle;
    const std::uint64_t high = up ? kMiddle : kWalkBuffer;
    const std::uint32_t pieces = between(1, 12);
    const std::uint32_t places = between(0, 1) == 0 ? 1 : between(1, 6);
    const auto operand = [&](isa::Walk& walk, isa::Walk& window, bool wide) {
      window = read(places, 1, 0, 80);
      window.base = 0;
      walk = read(pieces, window.end(isa::Vector::bytes(wide, op.columns)), low, high);
    };
    operand(op.a, op.a_window, op.wide_a);
    operand(op.b, op.b_window, op.wide_b);
    op.destination = write(pieces, isa::Vector::bytes(op.wide_destination, op.columns),
                           up ? kMiddle : kConstants, up ? kWalkBuffer : kMiddle);
    draw_numbers(op);
    op.table = !op.wide_destination && between(0, 2) == 0;
    op.entries = between(0, 1) == 0 ? kTableAt : between(low, high - isa::kTableEntries);
    op.channels = between(0, 2) == 0;
    op.planes = between(low, high - isa::kChannelPlanes * std::uint64_t{op.columns});
    append(op);
  }

  void draw_numbers(isa::Vector& op) {
    // Two int16 operands are multiplied with zero points of 0 only.
    op.a_zero_point = static_cast<std::int16_t>(op.wide_a ? 0 : random_.around_zero(257));
    op.b_zero_point = static_cast<std::int16_t>(op.wide_b ? 0 : random_.around_zero(257));
    op.a_multiplier = random_.around_zero(op.wide_a ? 1 << 13 : 1 << 21) >> between(0, 12);
    op.b_multiplier = random_.around_zero(op.wide_b ? 1 << 13 : 1 << 21) >> between(0, 12);
    op.multiplier = between(0, INT32_MAX);
    op.shift = static_cast<std::uint8_t>(between(28, 48));
    op.zero_point = static_cast<std::int16_t>(random_.around_zero(100));
    const std::uint64_t limit = op.wide_destination ? 32'768 : 128;
    op.minimum = static_cast<std::int16_t>(-static_cast<std::int32_t>(between(0, limit)));
    op.maximum = static_cast<std::int16_t>(between(0, limit - 1));
  }

  /// Rows whose values lie together, or each after those of the other rows.
  void normalise() {
    isa::Normalise op;
    const std::uint32_t rows = between(1, 8);
    op.columns = between(1, 20);
    op.source_stride = between(1, 3);
    op.source = random_.read(rows, (op.columns - 1) * op.source_stride + 1, kConstants, kMiddle, 2);
    if (between(0, 1) == 0) {
      op.destination_stride = between(2, 4);
      op.destination = random_.write(rows, (op.columns - 1) * op.destination_stride + 2, kMiddle,
                                     kWalkBuffer, 2);
    } else {
      op.destination_stride = 2 * rows + between(0, 3);
      op.destination = isa::Walk(kMiddle + between(0, 400), rows, 2);
    }
    op.epsilon = random_.next() >> between(18, 63);
    append(op);
  }

  std::uint32_t between(std::uint64_t low, std::uint64_t high) {
    return random_.between(low, high);
  }
  isa::Walk read(std::uint64_t count, std::uint64_t bytes, std::uint64_t low, std::uint64_t high) {
    return random_.read(count, bytes, low, high);
  }
  isa::Walk write(std::uint64_t count, std::uint64_t bytes, std::uint64_t low, std::uint64_t high) {
    return random_.write(count, bytes, low, high);
  }

  const ArrayConfig& config_;
  RandomWalks random_;
  isa::Program& program_;
  Schedule schedule_;
  Touched touched_;
  std::uint32_t rows_ = 0;     ///< of the last product, in the accumulators
  std::uint32_t columns_ = 0;  ///< as well
  std::uint32_t first_ = 0;    ///< the accumulator row that it begins with
};

}  // namespace

isa::Program draw_walk_program(const ArrayConfig& config, SplitMix64 random, std::uint32_t rounds) {
  isa::Program program;
  Drawing(config, random, program).draw(rounds);
  return program;
}

}  // namespace systol
