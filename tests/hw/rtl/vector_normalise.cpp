// tpu_vector_normalise and NormaliseUnit (sim/unit/normalise_unit.h) in lock step: the same pass in
// every cycle, the same values in the same cycle. LANES is the engine's parameter.
#include <span>

#include "sim/unit/normalise_unit.h"
#include "tests/hw/rtl/vector_rows.h"

namespace {

using namespace systol;
using namespace systol::test;

constexpr int kRows = 2000;
constexpr int kRootAndReciprocalCycles = 32 + 47;

class LockStep {
 public:
  void run(int number, const std::vector<std::int8_t>& row) {
    const std::uint64_t epsilon = random_epsilon();
    model_.begin(row, epsilon);
    pass(number, row, epsilon, false);
    for (int i = 0; i < kRootAndReciprocalCycles; ++i) {
      step(number, false, false);
    }
    pass(number, row, epsilon, true);
    for (std::uint64_t i = random_() % 3; i > 0; --i) {
      engine_.edge();
      if (engine_.pins().result_valid_o ||
          !engine_.shows(model_.normalised(), pieces_of(row) - 1)) {
        fail(number, "the last values do not hold");
      }
    }
  }

  /// As long as a row may be, of the values whose sums are largest, and of those that spread most.
  void run_longest() {
    std::vector<std::int8_t> row(32768, -128);
    run(kRows, row);
    std::fill(row.begin() + row.size() / 2, row.end(), 127);
    run(kRows + 1, row);
    row.assign(row.size(), -128);
    row.back() = 127;  // far from the mean: clamped
    run(kRows + 2, row);
  }
  void run_any(int number) { run(number, random_row(random_)); }

  /// The second pass a cycle before it may begin.
  bool refuses_an_early_pass() {
    const std::vector<std::int8_t> row(1, 1);
    present(row, 0, 0, false);
    for (int i = 0; i < kRootAndReciprocalCycles; ++i) {
      engine_.edge();
    }
    if (engine_.asserted()) {
      return false;
    }
    present(row, 0, 0, true);
    engine_.edge();
    return engine_.asserted();
  }
  bool asserted() const { return engine_.asserted(); }

 private:
  std::uint64_t random_epsilon() {
    return random_() % 3 == 0 ? 0 : random_() >> (18 + random_() % 46);
  }

  void present(const std::vector<std::int8_t>& row, std::size_t piece, std::uint64_t epsilon,
               bool write) {
    engine_.present(row, piece, random_);
    engine_.pins().piece_write_i = write;
    engine_.pins().piece_length_i = row.size();
    engine_.pins().piece_epsilon_i = epsilon;
  }

  void pass(int number, const std::vector<std::int8_t>& row, std::uint64_t epsilon, bool write) {
    for (std::size_t piece = 0; piece < pieces_of(row); ++piece) {
      present(row, piece, epsilon, write);
      step(number, write, write && piece + 1 == pieces_of(row));
      if (write && !engine_.shows(model_.normalised(), piece)) {
        fail(number, "the values differ");
      }
    }
  }

  void step(int number, bool result, bool end) {
    engine_.edge();
    if (model_.step() != end) {
      fail(number, "the model ends in another cycle");
    }
    if (engine_.pins().result_valid_o != result) {
      fail(number, result ? "there are no values" : "there are values too early");
    }
  }

  std::mt19937_64 random_{1};
  RowEngine engine_;
  NormaliseUnit model_{LANES};
};

}  // namespace

int main() {
  LockStep lock_step;
  for (int row = 0; row < kRows; ++row) {
    lock_step.run_any(row);
  }
  lock_step.run_longest();
  if (lock_step.asserted() || (ASSERTIONS && !lock_step.refuses_an_early_pass())) {
    fail(kRows, "an assertion failed, or did not fail");
  }
  return 0;
}
