#include "sim/check/program_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "hw/isa/text.h"
#include "sim/base/error.h"
#include "sim/check/field_check.h"
#include "sim/config/quantity_text.h"

namespace systol {
namespace {

constexpr std::uint64_t kForgetEvery = 512;  // few enough areas for the caches
constexpr std::size_t kRecent = 4096;        // older commands are named by number and unit only

void learn(Clock& clock, const Clock& other) {
  for (std::size_t i = 0; i < clock.size(); ++i) {
    clock[i] = std::max(clock[i], other[i]);
  }
}

}  // namespace

ProgramCheck::ProgramCheck(const ArrayConfig& config,
                           std::array<std::uint64_t, isa::kSpaces> space_bytes,
                           std::vector<std::string> nodes)
    : config_(config), space_bytes_(space_bytes), nodes_(std::move(nodes)) {
  for (const MemoryConfig& memory : config.memories) {
    const std::optional<Bytes> capacity = memory.space_capacity();
    for (const isa::Space space : memory.holds) {
      const Bytes needed(space_bytes[static_cast<std::size_t>(space)]);
      if (capacity && needed > *capacity) {
        throw InputError(
            fmt::format("{} take {}, and memory '{}' has {} for them; it needs a larger capacity",
                        isa::name_of(space), to_text(needed), memory.name, to_text(*capacity)));
      }
    }
  }
}

void ProgramCheck::add(const isa::Command& command) {
  remember(command);
  if (command.origin.node >= nodes_.size()) {
    fail(fmt::format("node {} does not exist; the program has {}", command.origin.node,
                     nodes_.size()));
  }
  const std::string problem = check_fields(command.operation, config_, space_bytes_);
  if (!problem.empty()) {
    fail(problem);
  }
  Clock& clock = clocks_[index_of(unit_of(command))];
  take_tokens(command, clock);
  if (const auto* matmul = std::get_if<isa::Matmul>(&command.operation)) {
    take_tile(!matmul->reuse,
              isa::narrow(isa::fed_depth(matmul->depth, matmul->segments, config_.pe)),
              matmul->columns, clock);
  } else if (const auto* output_stationary =
                 std::get_if<isa::MatmulOutputStationary>(&command.operation)) {
    take_tile(true, output_stationary->depth, output_stationary->columns, clock);
    check_product(*output_stationary);
  }
  check_activation_state(command.operation);
  check_softmax(command.operation);
  check_accesses(command, clock);
  clock[index_of(unit_of(command))] = count_;
  give_tokens(command, clock);
  if (count_ % kForgetEvery == 0) {
    forget();
  }
}

void ProgramCheck::finish() const {
  if (!tiles_.empty()) {
    throw InputError(fmt::format("{}: no matmul takes the weight tile that it loads",
                                 describe(tiles_.front().token.command, isa::Unit::Weights)));
  }
  if (product_) {
    throw InputError(fmt::format("{}: the sums that it begins in place are never drained",
                                 describe(*product_, isa::Unit::Matrix)));
  }
  if (softmax_.in_row()) {
    throw InputError(fmt::format("{}: no part makes the last shares of the row that it belongs to",
                                 describe(softmax_part_, isa::Unit::Vector)));
  }
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (!tokens_[i].empty()) {
      const auto from = static_cast<isa::Unit>(i / isa::kUnits);
      throw InputError(fmt::format(
          "{}: no command of the {} unit waits for the token that it "
          "signals",
          describe(tokens_[i].front().command, from), isa::kUnitNames[i % isa::kUnits]));
    }
  }
}

void ProgramCheck::fail(const std::string& problem) const {
  const isa::Command& command = recent_[(count_ - 1) % kRecent];
  throw InputError(fmt::format("{}: {}", describe(count_, unit_of(command)), problem));
}

/// `index` counts from 1, as in a Clock; people count commands from 0.
std::string ProgramCheck::describe(std::uint64_t index, isa::Unit unit) const {
  if (index + kRecent <= count_) {
    return fmt::format("command {} (of the {} unit)", index - 1, name_of(unit));
  }
  const isa::Command& command = recent_[(index - 1) % kRecent];
  const std::size_t node = command.origin.node;
  const std::string of = node < nodes_.size() ? fmt::format(" of node '{}'", nodes_[node]) : "";
  return fmt::format("command {}{} ({})", index - 1, of, isa::to_text(command));
}

std::deque<ProgramCheck::Token>& ProgramCheck::tokens(isa::Unit from, isa::Unit to) {
  return tokens_[index_of(from) * isa::kUnits + index_of(to)];
}

void ProgramCheck::remember(const isa::Command& command) {
  if (recent_.size() < kRecent) {
    recent_.push_back(command);
  } else {
    recent_[count_ % kRecent] = command;
  }
  ++count_;
}

void ProgramCheck::take_tokens(const isa::Command& command, Clock& clock) {
  command.wait.for_each([&](isa::Unit from) {
    std::deque<Token>& queue = tokens(from, unit_of(command));
    if (queue.empty()) {
      fail(fmt::format("it waits for a token of the {} unit that no earlier command signals",
                       name_of(from)));
    }
    learn(clock, queue.front().clock);
    queue.pop_front();
  });
}

void ProgramCheck::take_tile(bool next, std::uint32_t depth, std::uint32_t columns, Clock& clock) {
  if (next) {
    if (tiles_.empty()) {
      fail("deadlock: it waits for a weight tile that no earlier load_weights loads");
    }
    learn(clock, tiles_.front().token.clock);
    active_tile_ = std::move(tiles_.front());
    tiles_.pop_front();
  } else if (!active_tile_) {
    fail("it reuses the active weight tile, and no earlier matmul took one");
  }
  const Tile& tile = *active_tile_;
  if (depth > tile.rows || columns != tile.columns) {
    fail(fmt::format("its {} x {} (depth x columns) {} the {} x {} weight tile of {}", depth,
                     columns,
                     depth > tile.rows || columns > tile.columns ? "exceed" : "are not all of",
                     tile.rows, tile.columns, describe(tile.token.command, isa::Unit::Weights)));
  }
}

void ProgramCheck::check_product(const isa::MatmulOutputStationary& matmul) {
  if (!matmul.begin && !product_) {
    fail("it adds to sums in place, and no matmul_output_stationary before it begins them");
  }
  if (matmul.begin && product_) {
    fail(fmt::format("it begins new sums before those of command {} are drained", *product_ - 1));
  }
  if (matmul.begin) {
    product_ = count_;
  }
  if (matmul.drain) {
    product_.reset();
  }
}

void ProgramCheck::check_activation_state(const isa::Operation& operation) {
  if (const auto* channels = std::get_if<isa::SetChannels>(&operation)) {
    channels_ = channels->columns;
  } else if (std::holds_alternative<isa::SetTable>(operation)) {
    table_ = true;
  } else if (const auto* transposed = std::get_if<isa::ActivateTransposed>(&operation)) {
    check_table(transposed->requantisation.table);
  } else if (const auto* activate_float = std::get_if<isa::ActivateFloat>(&operation)) {
    check_channels(activate_float->bias ? activate_float->columns : 0);
  } else if (const auto* add = std::get_if<isa::ActivateAdd>(&operation)) {
    check_channels(add->columns);
    check_table(add->requantisation.table);
  } else if (const auto* signs = std::get_if<isa::ActivateSigns>(&operation)) {
    check_channels(signs->columns);
    check_table(signs->requantisation.table);
  } else if (const auto* activate = std::get_if<isa::Activate>(&operation)) {
    check_channels(activate->columns);
    check_table(activate->requantisation.table);
  }
}

void ProgramCheck::check_softmax(const isa::Operation& operation) {
  if (const auto* part = std::get_if<isa::SoftmaxPart>(&operation)) {
    const std::string problem = softmax_.add(*part);
    if (!problem.empty()) {
      fail(problem);
    }
    softmax_part_ = count_;
  } else if (std::holds_alternative<isa::Softmax>(operation) && softmax_.in_row()) {
    fail(fmt::format("it comes between the parts of a row's softmax, the last of which is {}",
                     describe(softmax_part_, isa::Unit::Vector)));
  }
}

void ProgramCheck::check_channels(std::uint32_t columns) const {
  if (columns > channels_) {
    fail(fmt::format("it needs the channel parameters of {} columns; the last set_channels set {}",
                     columns, channels_));
  }
}

void ProgramCheck::check_table(bool used) const {
  if (used && !table_) {
    fail("it looks up a table, and there is no set_table before it");
  }
}

void ProgramCheck::check_accesses(const isa::Command& command, const Clock& clock) {
  for (const isa::Access& access : isa::accesses_of(command.operation, config_.pe)) {
    std::optional<AccessHistory::Conflict> conflict;
    try {
      conflict = histories_[static_cast<std::size_t>(access.region)].enter(
          Area(access.pieces), access.write, {unit_of(command), count_, clock});
    } catch (const TooManySteps&) {
      fail(kTooInterleaved);
    }
    if (conflict) {
      fail_hazard(access.region, access.write, *conflict);
    }
  }
}

void ProgramCheck::forget() {
  for (AccessHistory& history : histories_) {
    history.forget(clocks_);
  }
}

void ProgramCheck::fail_hazard(isa::Region region, bool write,
                               const AccessHistory::Conflict& conflict) const {
  const isa::Command& command = recent_[(count_ - 1) % kRecent];
  throw InputError(fmt::format("unordered hazard: {} {} {} that {} {}; no token orders them",
                               describe(count_, unit_of(command)), write ? "writes" : "reads",
                               isa::describe_range(region, conflict.first, conflict.last),
                               describe(conflict.command, conflict.unit),
                               conflict.wrote ? "writes" : "reads"));
}

void ProgramCheck::give_tokens(const isa::Command& command, const Clock& clock) {
  const isa::Unit unit = unit_of(command);
  command.signal.for_each([&](isa::Unit to) { tokens(unit, to).push_back({count_, clock}); });
  if (const auto* load = std::get_if<isa::LoadWeights>(&command.operation)) {
    tiles_.push_back({{count_, clock}, load->rows, load->columns});
  } else if (const auto* tile = std::get_if<isa::LoadTile>(&command.operation)) {
    tiles_.push_back({{count_, clock}, tile->rows(), tile->columns()});
  }
}

}  // namespace systol
