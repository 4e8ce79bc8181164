// What flowed in a run: exact counts of the actions that cost energy.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "hw/isa/command.h"

namespace systol {

/// What the machine does. Padding of ragged tiles counts where it really moves (weight shift,
/// array slots), not where it does not (memories).
enum class Action : std::uint8_t {
  MacsUseful,  ///< rows x depth x columns of every matmul; of sparse weights the fed depth
  MacsUnused,  ///< PE slots of fed rows outside depth x columns; with sums in place of fed
               ///< steps, outside rows x columns
  MacsZero,    ///< useful MACs with a zero operand
  FedValues,   ///< activations in the lanes of fed rows that carry one; weights where those are fed
  FedZeros,    ///< of them those that stand for 0: at the matmul's zero point
  FedRows,     ///< rows, or steps of a product in place, through the array
  ShiftedRows,  ///< weight rows into shadow registers (R per tile)
  DrainedRows,  ///< PE rows of finished sums out of the array (R per product)
  AccumulatorReads,
  AccumulatorWrites,
  BufferReadBytes,
  BufferWriteBytes,
  FifoReadBytes,
  FifoWriteBytes,
  WeightsReadBytes,  ///< of the memory that holds the weights; see memory_read() for a space
  WeightsWriteBytes,
  ActivationsReadBytes,
  ActivationsWriteBytes,
  Requantised,            ///< values through multiplier and shift, of channels or of a sum of two
  TableLookups,           ///< values through the activation table
  SoftmaxElements,        ///< logits that became probabilities
  VectorOperations,       ///< lane operations: pieces x places of the window x columns; and values
                          ///< that activate_add adds
  VectorMultiplications,  ///< in them: of each operand that is scaled, or of the two of a product
  NormalisedElements,     ///< values that became values of mean 0 and variance 1
  // Register bits that something enters, which is when their enables are on or could be; all the
  // others of a cycle are idle.
  PeClockedBits,    ///< of the PEs
  SkewClockedBits,  ///< of the skew, the de-skew and the row of sums before it
  // Bits that change, which depend on the data: all 0 without data or with switching off.
  ActivationToggles,  ///< of the PEs' activation registers
  // A product is a sum of rows, one for each activation bit that is 1: the weight, or, for the
  // sign, the negated weight, of 9 bits.
  ProductToggles,    ///< of all rows as if of the weight, of bf16 of significands; of packed signs
                     ///< of products, in PEs whose lanes both carry some, 0 with sums in place
  SignToggles,       ///< of the signs' rows
  WeightToggles,     ///< of the PEs' active weights
  WeightBusToggles,  ///< of the weight pins of all PEs of a column, as rows are shifted
  // Of bf16 in tiles that stay only:
  ExponentChanges,      ///< in PEs whose weight is not 0: the activation's exponent changes, or the
                        ///< weight's does and the activation is not 0
  ProductChanges,       ///< products neither operand of which is 0 and one of which has changed
  IdleExponentToggles,  ///< bits of exponents that change in PEs of columns that have no weights
  // In the banks of a DRAM, as DramEvent says: of the space that asks; see dram_action().
  WeightsRowHits,
  WeightsRowMisses,
  WeightsRowConflicts,
  WeightsActivates,
  WeightsReadBursts,
  WeightsWriteBursts,
  WeightsRefreshes,
  ActivationsRowHits,
  ActivationsRowMisses,
  ActivationsRowConflicts,
  ActivationsActivates,
  ActivationsReadBursts,
  ActivationsWriteBursts,
  ActivationsRefreshes,
};

struct ActionText {
  std::string_view name;  ///< the key of reports
  std::string_view unit;  ///< what one of it is
};

/// The one list: in the order of Action.
inline constexpr auto kActionTexts = std::to_array<ActionText>({
    {"macs_useful", "multiplication and addition"},
    {"macs_unused", "multiplication and addition"},
    {"macs_zero", "multiplication and addition"},
    {"fed_values", "value"},
    {"fed_zeros", "value"},
    {"fed_rows", "row of the array"},
    {"shifted_rows", "row of the array"},
    {"drained_rows", "row of the array"},
    {"accumulator_reads", "int32 word"},
    {"accumulator_writes", "int32 word"},
    {"buffer_read_bytes", "byte"},
    {"buffer_write_bytes", "byte"},
    {"fifo_read_bytes", "byte"},
    {"fifo_write_bytes", "byte"},
    {"weights_read_bytes", "byte"},
    {"weights_write_bytes", "byte"},
    {"activations_read_bytes", "byte"},
    {"activations_write_bytes", "byte"},
    {"requantised", "value"},
    {"table_lookups", "value"},
    {"softmax_elements", "value"},
    {"vector_operations", "lane operation"},
    {"vector_multiplications", "multiplication"},
    {"normalised_elements", "value"},
    {"pe_clocked_bits", "register bit"},
    {"skew_clocked_bits", "register bit"},
    {"activation_toggles", "bit"},
    {"product_toggles", "bit"},
    {"sign_toggles", "bit"},
    {"weight_toggles", "bit"},
    {"weight_bus_toggles", "bit"},
    {"exponent_changes", "product"},
    {"product_changes", "product"},
    {"idle_exponent_toggles", "bit"},
    {"weights_row_hits", "burst"},
    {"weights_row_misses", "burst"},
    {"weights_row_conflicts", "burst"},
    {"weights_activates", "row of a bank"},
    {"weights_read_bursts", "burst"},
    {"weights_write_bursts", "burst"},
    {"weights_refreshes", "refresh of all banks"},
    {"activations_row_hits", "burst"},
    {"activations_row_misses", "burst"},
    {"activations_row_conflicts", "burst"},
    {"activations_activates", "row of a bank"},
    {"activations_read_bursts", "burst"},
    {"activations_write_bursts", "burst"},
    {"activations_refreshes", "refresh of all banks"},
});
inline constexpr std::size_t kActions = kActionTexts.size();
static_assert(kActions == static_cast<std::size_t>(Action::ActivationsRefreshes) + 1);

constexpr const ActionText& text_of(Action action) {
  return kActionTexts[static_cast<std::size_t>(action)];
}

/// A byte that is read from, or written to, the memory that holds `space`.
constexpr Action memory_read(isa::Space space) {
  return static_cast<Action>(static_cast<std::size_t>(Action::WeightsReadBytes) +
                             2 * static_cast<std::size_t>(space));
}
constexpr Action memory_write(isa::Space space) {
  return static_cast<Action>(static_cast<std::size_t>(memory_read(space)) + 1);
}
static_assert(memory_write(isa::Space::Activations) == Action::ActivationsWriteBytes);

/// What happens in a DRAM's banks. Each burst is a hit (its row is open), a miss (its bank is
/// closed) or a conflict (another row is open), and a read or a write.
enum class DramEvent : std::uint8_t {
  RowHits,
  RowMisses,
  RowConflicts,
  Activates,  ///< misses and conflicts
  ReadBursts,
  WriteBursts,
  Refreshes,  ///< of a channel's banks, all at once
};
inline constexpr std::size_t kDramEvents = 7;

struct DramCounts {
  std::array<std::uint64_t, kDramEvents> counts{};

  std::uint64_t& operator[](DramEvent event) { return counts[static_cast<std::size_t>(event)]; }
  std::uint64_t operator[](DramEvent event) const {
    return counts[static_cast<std::size_t>(event)];
  }
  bool operator==(const DramCounts&) const = default;
};

/// An event of the memory that holds `space`, by a request for it.
constexpr Action dram_action(isa::Space space, DramEvent event) {
  return static_cast<Action>(static_cast<std::size_t>(Action::WeightsRowHits) +
                             kDramEvents * static_cast<std::size_t>(space) +
                             static_cast<std::size_t>(event));
}
static_assert(dram_action(isa::Space::Activations, DramEvent::Refreshes) ==
              Action::ActivationsRefreshes);

/// How often each action happened.
struct Activity {
  std::array<std::uint64_t, kActions> counts{};

  std::uint64_t& operator[](Action action) { return counts[static_cast<std::size_t>(action)]; }
  std::uint64_t operator[](Action action) const { return counts[static_cast<std::size_t>(action)]; }
  Activity& operator+=(const Activity& other) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      counts[i] += other.counts[i];
    }
    return *this;
  }
  void add(isa::Space space, const DramCounts& dram) {
    for (std::size_t i = 0; i < kDramEvents; ++i) {
      (*this)[dram_action(space, static_cast<DramEvent>(i))] += dram.counts[i];
    }
  }
  bool operator==(const Activity&) const = default;
};

}  // namespace systol
