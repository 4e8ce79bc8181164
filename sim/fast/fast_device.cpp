#include "sim/fast/fast_device.h"

#include <optional>

#include "sim/check/program_check.h"
#include "sim/command_actions.h"
#include "sim/command_banks.h"
#include "sim/fast/data_path.h"
#include "sim/fast/event_walk.h"

namespace systol {
namespace {

/// Checks each command as it is fetched, and counts it.
class CheckedSource : public CommandSource {
 public:
  /// `check` may be null.
  CheckedSource(CommandSource& source, ProgramCheck* check, RunResult& result)
      : source_(source), check_(check), result_(result) {}

  bool next(isa::Command& command) override {
    if (!source_.next(command)) {
      return false;
    }
    if (check_ != nullptr) {
      check_->add(command);
    }
    ++result_.commands[command.operation.index()];
    return true;
  }
  void restart() override { source_.restart(); }

 private:
  CommandSource& source_;
  ProgramCheck* check_;
  RunResult& result_;
};

class FastDevice : public Device {
 public:
  FastDevice(const ArrayConfig& config, FastOptions options)
      : config_(config), options_(options), pool_(options.threads) {}

  std::string_view engine() const override { return "fast"; }

  RunResult run(CommandSource& commands, std::span<const std::string> nodes, MemoryImage& memory,
                Observer* observer) override {
    RunResult result;
    result.nodes.resize(nodes.size());
    ProgramCheck check(
        config_,
        {memory.space(isa::Space::Weights).size(), memory.space(isa::Space::Activations).size()},
        {nodes.begin(), nodes.end()});
    CheckedSource source(commands, options_.check_program ? &check : nullptr, result);
    std::optional<DataPath> data;
    if (options_.data) {
      if (!chip_) {
        chip_.emplace(config_);
      }
      chip_->clear();
      data.emplace(config_, *chip_, memory, result.nodes, observer, &pool_, options_.switching);
    }
    CommandBanks banks(config_);
    EventWalk walk(config_, nodes.size(), observer);
    walk.run(source, [&](const Started& started) {
      NodeResult& node = result.nodes[started.command.origin.node];
      count_actions(started.command.operation, config_, node.activity);
      banks.count(started.command.operation);
      if (data) {
        data->apply(started.index, started.command);
      }
      if (observer != nullptr) {
        observer->completed(started.index, started.command, started.start, started.end);
      }
    });
    if (options_.check_program) {
      check.finish();
    }
    if (data) {
      data->finish();
    }
    walk.add_dram_counts(result.nodes);
    result.cycles = walk.cycles();
    result.srams = banks.activity();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      result.nodes[i].ledger = walk.ledger().nodes()[i];
    }
    return result;
  }

 private:
  const ArrayConfig& config_;
  FastOptions options_;
  ThreadPool pool_;
  std::optional<OnChip> chip_;  ///< from the first run with data on
};

}  // namespace

std::unique_ptr<Device> make_fast_device(const ArrayConfig& config, FastOptions options) {
  return std::make_unique<FastDevice>(config, options);
}

}  // namespace systol
