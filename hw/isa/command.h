// The command set: what the machine can be told to do.
//
// Commands run in order within a unit and are decoupled between units; whatever must be ordered
// across units is ordered by tokens. A command takes one token from each unit it waits for before
// it starts, and gives one token to each unit it signals when it is complete.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hw/isa/pe_type.h"
#include "hw/isa/requantisation.h"
#include "hw/isa/vector_command.h"
#include "hw/isa/walk.h"

namespace systol::isa {

/// The machine's units, each with a queue of its own. The order is the order in which requests of
/// the same cycle reach a memory.
enum class Unit : std::uint8_t { Weights, Load, Store, Matrix, Activate, Vector };
inline constexpr int kUnits = 6;
constexpr std::size_t index_of(Unit unit) { return static_cast<std::size_t>(unit); }

/// A set of units, as the tokens of a command name them.
class UnitSet {
 public:
  constexpr UnitSet() = default;
  constexpr UnitSet(std::initializer_list<Unit> units) {
    for (Unit unit : units) {
      add(unit);
    }
  }
  constexpr void add(Unit unit) { bits_ |= bit(unit); }
  constexpr bool has(Unit unit) const { return (bits_ & bit(unit)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint8_t bits() const { return bits_; }
  static constexpr UnitSet from_bits(std::uint8_t bits) {
    UnitSet set;
    set.bits_ = bits;
    return set;
  }
  constexpr bool operator==(const UnitSet&) const = default;
  /// Calls `action(unit)` for each unit of the set, in the units' order.
  template <class Action>
  constexpr void for_each(Action&& action) const {
    for (unsigned left = bits_; left != 0; left &= left - 1) {
      action(static_cast<Unit>(std::countr_zero(left)));
    }
  }

 private:
  static constexpr std::uint8_t bit(Unit unit) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(unit));
  }
  std::uint8_t bits_ = 0;
};

/// What lives in a memory. The array's config says which memory holds which.
enum class Space : std::uint8_t { Weights, Activations };
inline constexpr int kSpaces = 2;

/// The count of a walk that has been checked against the array's sizes; saturates.
constexpr std::uint32_t narrow(std::uint64_t count) {
  return count > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(count);
}

/// `load` and `store`: pieces of `piece_bytes` bytes between a memory and the unified buffer, as
/// many as both walks have.
struct Transfer {
  Space space = Space::Activations;
  Walk memory;
  Walk buffer;
  std::uint64_t piece_bytes = 0;
  std::uint64_t bytes() const { return saturating_multiply(memory.count(), piece_bytes); }
  bool operator==(const Transfer&) const = default;
};
struct Load : Transfer {
  bool operator==(const Load&) const = default;
};
struct Store : Transfer {
  bool operator==(const Store&) const = default;
};

/// `load_weights`: one tile of weights, `rows` x `columns`, contiguous and row-major, to the tail
/// of the weight FIFO. What the tile lacks of the array's size is filled with zeros. Weights of
/// fewer than 8 bits lie packed (packed_weight()), sparse ones with their indices behind each row
/// (packed_index()), and each row begins with a byte of its own.
struct LoadWeights {
  Space space = Space::Weights;
  std::uint64_t memory = 0;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  bool operator==(const LoadWeights&) const = default;
};

/// How the rows of `depth` values that a command feeds lie: each is `segments` consecutive pieces
/// of the walk, of depth / segments values each, and each value has the bytes of the array's type.
/// A convolution's row is a segment for each row of its kernel.
constexpr std::uint32_t segmented_rows(const Walk& buffer, std::uint32_t segments) {
  return narrow(buffer.count() / std::max<std::uint32_t>(segments, 1));
}
constexpr std::uint32_t segment_bytes(std::uint32_t depth, std::uint32_t segments, PeType pe) {
  return depth / std::max<std::uint32_t>(segments, 1) * value_bytes(pe);
}
/// Where value `value` of row `row` lies; `depth` and `segments` are sizes that have been checked.
constexpr std::uint64_t value_address(const Walk& buffer, std::uint32_t depth,
                                      std::uint32_t segments, std::uint64_t row,
                                      std::uint64_t value, PeType pe) {
  const std::uint32_t bytes = segment_bytes(depth, segments, pe);
  const std::uint64_t byte = value * value_bytes(pe);
  return buffer.at(row * segments + byte / bytes) + byte % bytes;
}

/// `matmul`: activation rows of `depth` values times a weight tile, into consecutive accumulator
/// rows of `columns` sums. `add` accumulates, otherwise the accumulators are
/// overwritten. `reuse` keeps the active tile; otherwise the FIFO's next tile becomes active.
/// `zero_point` changes no sum: it says which of the values stand for 0, so that they are counted.
struct Matmul {
  Walk buffer;
  std::uint32_t depth = 0;
  std::uint32_t columns = 0;
  std::uint32_t accumulator = 0;
  bool add = false;
  bool reuse = false;
  std::uint32_t segments = 1;
  std::int8_t zero_point = 0;
  std::uint32_t rows() const { return segmented_rows(buffer, segments); }
  bool operator==(const Matmul&) const = default;
};

/// `matmul_output_stationary`, for output-stationary arrays: activation rows of `depth` values, row
/// i for PE row i, times the FIFO's next tile, into the sums that the PEs hold. `begin` starts the
/// sums at zero, otherwise they go on; `drain` hands them to consecutive accumulator rows, which
/// are overwritten, when the last values have been added.
struct MatmulOutputStationary {
  Walk buffer;
  std::uint32_t depth = 0;
  std::uint32_t columns = 0;
  std::uint32_t accumulator = 0;
  bool begin = false;
  bool drain = false;
  std::uint32_t segments = 1;
  std::int8_t zero_point = 0;  ///< as a matmul's
  std::uint32_t rows() const { return segmented_rows(buffer, segments); }
  bool operator==(const MatmulOutputStationary&) const = default;
};

/// `load_tile`: one tile of values from the unified buffer to the tail of the weight FIFO. A
/// vector of `depth` values, which lies as an activation row of a matmul does, is a row of the tile
/// or, if it is `transposed`, a column: an input-stationary program loads its activations so, a
/// sample in each column.
struct LoadTile {
  Walk buffer;
  std::uint32_t depth = 0;
  bool transposed = false;
  std::uint32_t segments = 1;
  std::uint32_t vectors() const { return segmented_rows(buffer, segments); }
  std::uint32_t rows() const { return transposed ? depth : vectors(); }
  std::uint32_t columns() const { return transposed ? vectors() : depth; }
  bool operator==(const LoadTile&) const = default;
};

/// `set_channels`: the activation unit's per-column bias, multiplier and shift, read from the
/// buffer as planes of `columns` bytes (hw/isa/requantisation.h).
struct SetChannels {
  std::uint64_t buffer = 0;
  std::uint32_t columns = 0;
  bool operator==(const SetChannels&) const = default;
};

/// `set_table`: the activation unit's look-up table, 256 int8 values from the buffer; entry i is
/// the function's value for the int8 argument i - 128.
struct SetTable {
  std::uint64_t buffer = 0;
  bool operator==(const SetTable&) const = default;
};
inline constexpr int kTableEntries = 256;
/// Of softmax's table: 16 bits an entry.
inline constexpr int kSoftmaxTableBytes = 2 * kTableEntries;

/// `activate`: accumulator rows of `columns` values, requantised with the columns' channels; to the
/// buffer, a piece of the walk for each row.
struct Activate {
  std::uint32_t accumulator = 0;
  std::uint32_t columns = 0;
  Walk buffer;
  Requantisation requantisation;
  std::uint32_t rows() const { return narrow(buffer.count()); }
  bool operator==(const Activate&) const = default;
};

/// What `activate_add` does with a requantised sum q, which is clamped to [minimum, maximum], and a
/// value r of the buffer:
///   t = (q - zero_point) * multiplier + (r - residual_zero_point) * residual_multiplier
/// Multipliers are below 2^21 in magnitude, so that t fits 32 bits. It is shifted right by `shift`,
/// 1 to 62, and rounded as a channel's product is.
struct Addition {
  std::int8_t zero_point = 0;
  std::int8_t minimum = -128;
  std::int8_t maximum = 127;
  std::int32_t multiplier = 0;
  std::int8_t residual_zero_point = 0;
  std::int32_t residual_multiplier = 0;
  std::uint8_t shift = 1;
  Requantisation sums() const { return {zero_point, minimum, maximum, false}; }
  bool operator==(const Addition&) const = default;
};

/// `activate_add`: as `activate`, but to each row of results a row of the buffer is added, a piece
/// of `residual`, before it is clamped by `requantisation` and looked up.
struct ActivateAdd {
  std::uint32_t accumulator = 0;
  std::uint32_t columns = 0;
  Walk buffer;
  Walk residual;
  Addition addition;
  Requantisation requantisation;
  std::uint32_t rows() const { return narrow(buffer.count()); }
  bool operator==(const ActivateAdd&) const = default;
};

/// `activate_transposed`: as `activate`, but each accumulator row is a channel of its own and each
/// column a sample, with a piece of the walk: row i takes its channel from planes of `rows` bytes
/// at `channels`, and its value in column j is byte i of piece j.
struct ActivateTransposed {
  std::uint32_t accumulator = 0;
  std::uint32_t rows = 0;
  std::uint64_t channels = 0;
  Walk buffer;
  Requantisation requantisation;
  std::uint32_t columns() const { return narrow(buffer.count()); }
  bool operator==(const ActivateTransposed&) const = default;
};

/// `activate_float`, for arrays whose sums are fp32: accumulator rows of `columns` sums; to the
/// buffer, a piece of the walk for each row, as bf16 or, if `wide`, as fp32. With `bias` the
/// columns' biases, which set_channels sets, are added first; with `relu` what is negative then
/// becomes 0.
struct ActivateFloat {
  std::uint32_t accumulator = 0;
  std::uint32_t columns = 0;
  Walk buffer;
  bool bias = false;
  bool relu = false;
  bool wide = false;
  std::uint32_t rows() const { return narrow(buffer.count()); }
  std::uint64_t value_bytes() const { return wide ? 4 : 2; }
  std::uint64_t row_bytes() const { return value_bytes() * columns; }
  bool operator==(const ActivateFloat&) const = default;
};

/// `activate_signs`, for arrays of packed signs: as `activate`, but of a row of results the signs
/// alone are written, eight columns to a byte.
struct ActivateSigns {
  std::uint32_t accumulator = 0;
  std::uint32_t columns = 0;
  Walk buffer;
  Requantisation requantisation;
  std::uint32_t rows() const { return narrow(buffer.count()); }
  std::uint32_t row_bytes() const { return sign_bytes(columns); }
  bool operator==(const ActivateSigns&) const = default;
};

/// `softmax`: rows of `columns` int8 logits in the buffer to int8 probabilities (scale 1/256, zero
/// point -128); both walks have a piece for each row. `table` is the address of 256 uint16 values,
/// least significant byte first: entry d is exp(-d * scale of the logits) in units of 1/65535.
struct Softmax {
  Walk source;
  Walk destination;
  std::uint64_t table = 0;
  std::uint32_t columns = 0;
  std::uint32_t rows() const { return narrow(source.count()); }
  bool operator==(const Softmax&) const = default;
};

/// The passes of a softmax over a row.
enum class SoftmaxPass : std::uint8_t { Maximum, Sum, Shares };
inline constexpr std::array<std::string_view, 3> kSoftmaxPassNames = {"maximum", "sum", "shares"};
inline std::string_view name_of(SoftmaxPass pass) {
  return kSoftmaxPassNames[static_cast<std::size_t>(pass)];
}

/// `softmax_part`: one pass over `columns` logits of a row that is longer than what the buffer
/// holds. Between its parts the unit keeps the row's maximum, the sum of its exponentials and that
/// sum's reciprocal. The pass `shares` writes the probabilities of these logits, and the others
/// write nothing. `first` and `last` say where a pass over the row begins and ends. All passes
/// together yield what a `softmax` of the whole row does, to the bit.
struct SoftmaxPart {
  SoftmaxPass pass = SoftmaxPass::Maximum;
  std::uint64_t source = 0;
  std::uint64_t destination = 0;
  std::uint64_t table = 0;  ///< as softmax's
  std::uint32_t columns = 0;
  bool first = false;
  bool last = false;
  bool reads_table() const { return pass != SoftmaxPass::Maximum; }
  bool writes() const { return pass == SoftmaxPass::Shares; }
  bool operator==(const SoftmaxPart&) const = default;
};

/// The alternatives' order is the binary form's opcode.
using OperationVariant =
    std::variant<Load, LoadWeights, Matmul, SetChannels, SetTable, Activate, Softmax, Store,
                 MatmulOutputStationary, LoadTile, ActivateTransposed, Vector, Normalise,
                 ActivateFloat, ActivateAdd, ActivateSigns, SoftmaxPart>;
inline constexpr int kOpcodes = static_cast<int>(std::variant_size_v<OperationVariant>);

/// What a command does. A copy copies what is held: most alternatives are a third or less of the
/// largest, and compiling a network and simulating it are copies of commands for the most part.
class Operation : public OperationVariant {
 public:
  using OperationVariant::OperationVariant;
  Operation() = default;
  ~Operation() = default;
  // NOLINTNEXTLINE(bugprone-copy-constructor-init)
  Operation(const Operation& other) : OperationVariant() { *this = other; }
  Operation& operator=(const Operation& other) {
    std::visit([this]<class Held>(const Held& held) { emplace<Held>(held); },
               static_cast<const OperationVariant&>(other));
    return *this;
  }
};
inline constexpr std::array<std::string_view, kOpcodes> kMnemonics = {"load",
                                                                      "load_weights",
                                                                      "matmul",
                                                                      "set_channels",
                                                                      "set_table",
                                                                      "activate",
                                                                      "softmax",
                                                                      "store",
                                                                      "matmul_output_stationary",
                                                                      "load_tile",
                                                                      "activate_transposed",
                                                                      "vector",
                                                                      "normalise",
                                                                      "activate_float",
                                                                      "activate_add",
                                                                      "activate_signs",
                                                                      "softmax_part"};

/// Where a command comes from: carried along for people, never used by the machine. `row`,
/// `column` and `depth` are the tile's first element in the node's M, N and K.
struct Origin {
  std::uint32_t node = 0;
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::uint32_t depth = 0;
  bool operator==(const Origin&) const = default;
};

struct Command {
  Operation operation;
  UnitSet wait;
  UnitSet signal;
  Origin origin;
  bool operator==(const Command&) const = default;
};

/// The unit that runs an operation.
inline Unit unit_of(const Operation& operation) {
  constexpr std::array<Unit, kOpcodes> kUnitOf = {
      Unit::Load,   Unit::Weights,  Unit::Matrix,   Unit::Activate, Unit::Activate, Unit::Activate,
      Unit::Vector, Unit::Store,    Unit::Matrix,   Unit::Weights,  Unit::Activate, Unit::Vector,
      Unit::Vector, Unit::Activate, Unit::Activate, Unit::Activate, Unit::Vector};
  return kUnitOf[operation.index()];
}
/// How many cycles a command of the matrix unit feeds: a row, or a step, a cycle.
inline std::uint32_t feed_steps(const Operation& operation) {
  const auto* matmul = std::get_if<Matmul>(&operation);
  return matmul != nullptr ? matmul->rows() : std::get<MatmulOutputStationary>(operation).depth;
}
inline Unit unit_of(const Command& command) { return unit_of(command.operation); }
inline std::string_view mnemonic(const Command& command) {
  return kMnemonics[command.operation.index()];
}

inline constexpr std::array<std::string_view, kUnits> kUnitNames = {
    "weights", "load", "store", "matrix", "activate", "vector"};
inline std::string_view name_of(Unit unit) { return kUnitNames[static_cast<std::size_t>(unit)]; }
inline constexpr std::array<std::string_view, kSpaces> kSpaceNames = {"weights", "activations"};
inline std::string_view name_of(Space space) {
  return kSpaceNames[static_cast<std::size_t>(space)];
}

/// All names of an enumeration that a field can have.
constexpr std::span<const std::string_view> names_of(Space) { return kSpaceNames; }
constexpr std::span<const std::string_view> names_of(LaneOperation) { return kLaneOperationNames; }
constexpr std::span<const std::string_view> names_of(WindowJoin) { return kWindowJoinNames; }
constexpr std::span<const std::string_view> names_of(SoftmaxPass) { return kSoftmaxPassNames; }

/// Bytes that a memory holds when the program starts.
struct Segment {
  Space space = Space::Weights;
  std::uint64_t address = 0;
  std::vector<std::uint8_t> bytes;
  bool operator==(const Segment&) const = default;
};

/// Commands, the memory they start from, how much of each space they use (its size in bytes), and
/// the names of the nodes that `Origin::node` counts.
struct Program {
  PeType pe = PeType::Int8;  ///< of the array that it is for
  std::vector<std::string> nodes;
  std::array<std::uint64_t, kSpaces> space_bytes{};
  std::vector<Segment> image;
  std::vector<Command> commands;
  bool operator==(const Program&) const = default;
};

}  // namespace systol::isa
