// tpu_vector_softmax and SoftmaxUnit (sim/unit/softmax_unit.h) in lock step: the same pass in every
// cycle, the same shares in the same cycle. LANES is the engine's parameter.
#include <array>
#include <span>

#include "sim/unit/softmax_unit.h"
#include "tests/hw/rtl/vector_rows.h"

namespace {

using namespace systol;
using namespace systol::test;

constexpr int kRows = 2000;
constexpr int kReciprocalCycles = 40;

/// Exponentials that fall slowly or fast, any numbers, and none.
std::array<std::uint16_t, 256> random_table(std::mt19937_64& random) {
  std::array<std::uint16_t, 256> table{};
  const std::uint64_t kind = random() % 8;
  double entry = 65535;
  const double factor = 1.0 / (1.0 + 1.0 / (1.0 + static_cast<double>(random() % 64)));
  for (std::uint16_t& value : table) {
    value = static_cast<std::uint16_t>(kind == 0 ? 0 : kind == 1 ? random() : entry);
    entry *= factor;
  }
  table[0] = kind == 2 ? 1 : table[0];
  return table;
}

class LockStep {
 public:
  void run(int number) {
    if (number % 8 == 0) {
      set_table();
    }
    const std::vector<std::int8_t> row = random_row(random_);
    model_.begin(row);
    pass(number, row, 0);
    pass(number, row, 1);
    for (int i = 0; i < kReciprocalCycles; ++i) {
      step(number, false, false);
    }
    pass(number, row, 2);
    for (std::uint64_t i = random_() % 3; i > 0; --i) {
      engine_.edge();
      if (engine_.pins().result_valid_o ||
          !engine_.shows(model_.probabilities(), pieces_of(row) - 1)) {
        fail(number, "the last shares do not hold");
      }
    }
  }

  /// A row in parts of some pieces each, with idle cycles between them; the last pass is number 3.
  void run_in_parts(int number) {
    std::vector<std::int8_t> row(1 + random_() % 200);
    for (std::int8_t& value : row) {
      value = static_cast<std::int8_t>(random_() % (number % 2 == 0 ? 256 : 30));
    }
    const std::size_t pieces = 1 + random_() % pieces_of(row);
    for (const unsigned pass : {0U, 1U, 3U}) {
      for (std::size_t piece = 0; piece < pieces_of(row); piece += pieces) {
        part(number, row, pass, piece, std::min(piece + pieces, pieces_of(row)));
        for (std::uint64_t i = random_() % 4; i > 0; --i) {
          engine_.edge();
        }
      }
    }
  }

  /// The third pass a cycle before it may begin.
  bool refuses_an_early_pass() {
    const std::vector<std::int8_t> row(1, 1);
    for (unsigned pass = 0; pass < 3; ++pass) {
      for (int i = 1; pass == 2 && i < kReciprocalCycles; ++i) {
        engine_.edge();
      }
      if (engine_.asserted()) {
        return false;
      }
      engine_.present(row, 0, random_);
      engine_.pins().piece_pass_i = pass;
      engine_.edge();
    }
    return engine_.asserted();
  }
  bool asserted() const { return engine_.asserted(); }

 private:
  void set_table() {
    const std::array<std::uint16_t, 256> table = random_table(random_);
    model_.set_table(table);
    for (std::size_t from = 0; from < table.size(); from += LANES) {
      std::uint16_t data[LANES] = {};
      std::copy_n(table.begin() + from, std::min<std::size_t>(LANES, table.size() - from), data);
      engine_.pins().table_valid_i = 1;
      engine_.pins().table_row_i = from / LANES;
      std::memcpy(&engine_.pins().table_data_i, data, sizeof data);
      engine_.edge();
    }
    engine_.pins().table_valid_i = 0;
  }

  void part(int number, const std::vector<std::int8_t>& row, unsigned pass, std::size_t from,
            std::size_t to) {
    const bool last = to == pieces_of(row);
    const std::span<const std::int8_t> values(row);
    const std::size_t first = from * LANES;
    model_.begin_part(static_cast<SoftmaxUnit::Part>(pass == 3 ? 2 : pass), from == 0, last,
                      values.subspan(first, std::min(to * LANES, row.size()) - first));
    for (std::size_t piece = from; piece < to; ++piece) {
      engine_.present(row, piece, random_);
      engine_.pins().piece_pass_i = pass;
      step(number, pass == 3, piece + 1 == to && !(last && pass == 1));
      if (pass == 3 && !engine_.shows(model_.probabilities(), piece - from)) {
        fail(number, "the shares of a part differ");
      }
    }
    for (int i = 1; last && pass == 1 && i <= kReciprocalCycles; ++i) {
      step(number, false, i == kReciprocalCycles);
    }
  }

  void pass(int number, const std::vector<std::int8_t>& row, unsigned pass) {
    for (std::size_t piece = 0; piece < pieces_of(row); ++piece) {
      engine_.present(row, piece, random_);
      engine_.pins().piece_pass_i = pass;
      step(number, pass == 2, pass == 2 && piece + 1 == pieces_of(row));
      if (pass == 2 && !engine_.shows(model_.probabilities(), piece)) {
        fail(number, "the shares differ");
      }
    }
  }

  void step(int number, bool result, bool end) {
    engine_.edge();
    if (model_.step() != end) {
      fail(number, "the model ends in another cycle");
    }
    if (engine_.pins().result_valid_o != result) {
      fail(number, result ? "there are no shares" : "there are shares too early");
    }
  }

  std::mt19937_64 random_{1};
  RowEngine engine_;
  SoftmaxUnit model_{LANES};
};

}  // namespace

int main() {
  LockStep lock_step;
  for (int row = 0; row < kRows; ++row) {
    lock_step.run(row);
    if (row % 8 == 0) {
      lock_step.run_in_parts(row);
    }
  }
  if (lock_step.asserted() || (ASSERTIONS && !lock_step.refuses_an_early_pass())) {
    fail(kRows, "an assertion failed, or did not fail");
  }
  return 0;
}
