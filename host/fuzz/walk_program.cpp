#include "host/fuzz/walk_program.h"

#include <algorithm>
#include <array>
#include <optional>

#include "host/compile/schedule.h"
#include "hw/isa/accesses.h"

namespace systol {
namespace {

// Where things are in the buffer: parameters that are loaded once, then what walks go over.
constexpr std::uint64_t kSoftmaxTableAt = 0;
constexpr std::uint64_t kTableAt = kSoftmaxTableAt + isa::kSoftmaxTableBytes;
constexpr std::uint64_t kChannelsAt = kTableAt + isa::kTableEntries;
constexpr std::uint64_t kMostChannels = 40;
constexpr std::uint64_t kConstants = kChannelsAt + isa::kChannelPlanes * kMostChannels;
// Noise fills the activations, and the weights up to there; channels come after it.
constexpr std::uint64_t kNoise = 4096;
constexpr std::uint64_t kWeights = 32768;
constexpr std::uint64_t kMostRows = 24;

/// The last commands that touched each byte, or accumulator row, by unit.
class Touched {
 public:
  explicit Touched(std::uint64_t accumulator_rows) {
    const std::array<std::uint64_t, isa::kRegions> sizes = {kWalkBuffer, accumulator_rows, kWeights,
                                                            kNoise};
    for (std::size_t region = 0; region < sizes.size(); ++region) {
      readers_[region].resize(sizes[region]);
      writers_[region].resize(sizes[region]);
    }
  }

  /// The commands that `access` must follow.
  void collect(const isa::Access& access, std::vector<std::optional<CommandId>>& after) const {
    for_each_byte(access, [&](std::size_t region, std::uint64_t at) {
      const ByUnit& writers = writers_[region][at];
      after.insert(after.end(), writers.begin(), writers.end());
      if (access.write) {
        const ByUnit& readers = readers_[region][at];
        after.insert(after.end(), readers.begin(), readers.end());
      }
    });
  }
  void note(const isa::Access& access, CommandId id) {
    for_each_byte(access, [&](std::size_t region, std::uint64_t at) {
      (access.write ? writers_ : readers_)[region][at][static_cast<std::size_t>(id.unit)] = id;
    });
  }

 private:
  using ByUnit = std::array<std::optional<CommandId>, isa::kUnits>;
  using Bytes = std::array<std::vector<ByUnit>, isa::kRegions>;

  template <class Action>
  static void for_each_byte(const isa::Access& access, Action&& action) {
    access.pieces.walk.for_each([&](std::uint64_t address) {
      for (std::uint64_t i = 0; i < access.pieces.bytes; ++i) {
        action(static_cast<std::size_t>(access.region), address + i);
      }
    });
  }

  Bytes readers_;
  Bytes writers_;
};

class Drawing {
 public:
  Drawing(const ArrayConfig& config, SplitMix64 random, isa::Program& program)
      : config_(config),
        random_(random),
        program_(program),
        schedule_(append_to(program.commands)),
        touched_(config.accumulator_rows) {}

  void draw(std::uint32_t rounds) {
    program_.pe = config_.pe;
    program_.nodes = {"walks"};
    program_.space_bytes = {kWeights, kNoise};
    program_.image = {{isa::Space::Weights, 0, noise(kNoise)},
                      {isa::Space::Activations, 0, noise(kNoise)}};
    load_tables();
    load_channels(config_.columns);
    append(isa::SetChannels{kChannelsAt, config_.columns});
    for (std::uint32_t round = 0; round < rounds; ++round) {
      append(transfer<isa::Load>());
      multiply();
      activate();
      if (between(0, 2) == 0) {
        softmax();
      }
      append(transfer<isa::Store>());
    }
    schedule_.finish();
  }

 private:
  std::uint32_t between(std::uint64_t low, std::uint64_t high) {
    return static_cast<std::uint32_t>(low + random_.next() % (high - low + 1));
  }

  std::vector<std::uint8_t> noise(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    for (std::uint8_t& byte : bytes) {  // a quarter are zeros, which gate multipliers
      byte = static_cast<std::uint8_t>(between(0, 3) == 0 ? 0 : random_.next());
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
    const isa::Accesses accesses = isa::accesses_of(operation);
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

  /// `count` as the product of three numbers.
  std::array<std::uint64_t, 3> factors(std::uint64_t count) {
    std::array<std::uint64_t, 3> parts{};
    for (std::uint64_t& part : parts) {
      do {
        part = between(1, count);
      } while (count % part != 0);
      count /= part;
    }
    parts[between(0, 2)] *= count;
    return parts;
  }

  /// `count` pieces that may overlap, in [low, high).
  isa::Walk read(std::uint64_t count, std::uint64_t bytes, std::uint64_t low, std::uint64_t high) {
    isa::Walk walk;
    std::uint64_t left = high - low - bytes;
    const std::array<std::uint64_t, 3> counts = factors(count);
    for (std::size_t i = 0; i < 3; ++i) {
      walk.loops[i].count = counts[i];
      if (counts[i] > 1) {
        walk.loops[i].stride = between(0, std::min<std::uint64_t>(left / (counts[i] - 1), 200));
        left -= (counts[i] - 1) * walk.loops[i].stride;
      }
    }
    walk.base = low + between(0, left);
    return walk;
  }

  /// `count` pieces that do not overlap, in [low, high), with the loops in any order.
  isa::Walk write(std::uint64_t count, std::uint64_t bytes, std::uint64_t low, std::uint64_t high) {
    isa::Walk walk;
    const std::array<std::uint64_t, 3> counts = factors(count);
    std::array<std::size_t, 3> order = {0, 1, 2};
    std::swap(order[0], order[between(0, 2)]);
    std::swap(order[1], order[between(1, 2)]);
    // Gaps of three loops fit in what is left over.
    const std::uint64_t widest =
        std::min<std::uint64_t>((high - low - bytes * count) / (3 * count), 7);
    std::uint64_t span = bytes;
    for (const std::size_t i : order) {
      walk.loops[i].count = counts[i];
      if (counts[i] > 1) {
        walk.loops[i].stride = span + between(0, widest);
        span += (counts[i] - 1) * walk.loops[i].stride;
      }
    }
    walk.base = low + between(0, high - low - span);
    return walk;
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
    const std::uint32_t kind = between(0, 2);
    if (kind == 0) {
      const std::uint64_t address = between(0, kNoise - std::uint64_t{rows} * columns);
      append(isa::LoadWeights{isa::Space::Weights, address, rows, columns});
      return;
    }
    const bool transposed = kind == 1;
    const std::uint32_t pieces = transposed ? columns : rows;
    const std::uint32_t bytes = transposed ? rows : columns;
    append(isa::LoadTile{read(pieces, bytes, kConstants, kWalkBuffer), bytes, transposed});
  }

  void multiply() {
    const std::uint32_t tiles = between(1, 3);
    columns_ = between(1, config_.columns);
    const bool output_stationary = config_.dataflow == Dataflow::OutputStationary;
    rows_ = between(1, std::min<std::uint64_t>(
                           output_stationary ? config_.rows : config_.accumulator_rows, kMostRows));
    first_ = between(0, config_.accumulator_rows - rows_);
    for (std::uint32_t tile = 0; tile < tiles; ++tile) {
      const std::uint32_t depth = between(1, config_.rows);
      const isa::Walk walk = read(rows_, depth, kConstants, kWalkBuffer);
      load_tile(depth, columns_);
      if (output_stationary) {
        append(isa::MatmulOutputStationary{walk, depth, columns_, first_, tile == 0,
                                           tile + 1 == tiles});
        continue;
      }
      append(isa::Matmul{walk, depth, columns_, first_, tile > 0, false});
      if (between(0, 2) == 0) {
        append(isa::Matmul{read(rows_, depth, kConstants, kWalkBuffer), depth, columns_, first_,
                           true, true});
      }
    }
  }

  isa::Requantisation requantisation() {
    const auto minimum = static_cast<std::int8_t>(between(0, 127));
    return {static_cast<std::int8_t>(between(0, 20)), static_cast<std::int8_t>(-minimum),
            static_cast<std::int8_t>(between(1, 127)), between(0, 1) == 1};
  }

  void activate() {
    if (between(0, 1) == 0) {
      append(isa::Activate{first_, columns_, write(rows_, columns_, kConstants, kWalkBuffer),
                           requantisation()});
    } else {
      load_channels(rows_);
      append(isa::ActivateTransposed{first_, rows_, kChannelsAt,
                                     write(columns_, rows_, kConstants, kWalkBuffer),
                                     requantisation()});
    }
  }

  void softmax() {
    const std::uint64_t middle = (kConstants + kWalkBuffer) / 2;
    const std::uint32_t rows = between(1, 12);
    const std::uint32_t columns = between(1, 24);
    append(isa::Softmax{read(rows, columns, kConstants, middle),
                        write(rows, columns, middle, kWalkBuffer), kSoftmaxTableAt, columns});
  }

  const ArrayConfig& config_;
  SplitMix64 random_;
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
