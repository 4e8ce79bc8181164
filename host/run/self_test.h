// Finds a broken PE by running a small program on the array itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// A PE whose partial-sum register has a bit that does not change.
struct FaultyPe {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  bool stuck_at_one = true;
  bool operator==(const FaultyPe&) const = default;
};

/// All weights are -1, of adders 0, and of sparse ones the two rows of a group meet its first two
/// places. Activation row k has a single 1, in PE row k, and one more row
/// is all zeros; so every sum is -1 (all bits one) from PE row k on and 0 (all bits zero) above it.
/// A bit stuck at one in PE row r is invisible where the sum there is -1, that is for k <= r, and
/// wrong for all other rows; a bit stuck at zero is the other way round. Counting tells r.
///
/// With sums in place each PE has results of its own: two products, one of sums that are 0 and one
/// of sums that are -1, each followed by a step of zeros that reads what the registers hold.
struct SelfTest {
  isa::Program program;
  std::uint64_t output = 0;  ///< address in the activations space: [rows + 1][columns] int8, or
                             ///< with sums in place two times [rows][columns]
};

SelfTest make_self_test(const ArrayConfig& config);

/// What the self-test can tell, and no more than that: it only knows stuck bits of partial sums.
struct SelfTestResult {
  /// What one stuck bit would explain exactly: the first such PE of a column, or with sums in place
  /// every one.
  std::vector<FaultyPe> faults;
  /// Columns, or with sums in place PEs, whose sums are wrong as no single stuck bit makes them.
  std::vector<std::uint32_t> unexplained;

  bool passed() const { return faults.empty() && unexplained.empty(); }
};

/// Runs the self-test on `device`.
SelfTestResult run_self_test(Device& device, const ArrayConfig& config);

/// The result as a sentence for people, with what it does not show.
std::string to_text(const SelfTestResult& result, const ArrayConfig& config);

}  // namespace systol
