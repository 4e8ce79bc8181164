#include "host/run/raw_program.h"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <span>

#include "hw/isa/binary.h"
#include "hw/isa/text.h"
#include "sim/base/error.h"
#include "sim/base/input_file.h"

namespace systol {
namespace {

constexpr std::size_t kLargestFile = std::size_t{4} << 30;
constexpr std::uint64_t kCommandsShown = 200;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Lists the first commands of the program with their cycles.
class CommandLog : public Observer {
 public:
  void completed(std::uint64_t index, const isa::Command& command, Cycles start,
                 Cycles end) override {
    ++completed_;
    if (index < kCommandsShown) {
      lines_[index] = fmt::format("{:>10} {:>10}  {:>6}  {}\n", start.count(), end.count(), index,
                                  isa::to_text(command));
    }
  }
  std::string text() const {
    std::string text = fmt::format("{:>10} {:>10}  {:>6}  command\n", "start", "end", "number");
    for (const auto& [index, line] : lines_) {
      text += line;
    }
    if (completed_ > kCommandsShown) {
      text += fmt::format("... and {} more commands\n", completed_ - kCommandsShown);
    }
    return text;
  }

 private:
  std::uint64_t completed_ = 0;
  std::map<std::uint64_t, std::string> lines_;
};

/// What is wrong with the program begins with its file, as what is wrong with its text does.
RunResult run(const std::filesystem::path& path, const isa::Program& program, Device& device,
              MemoryImage& memory, Observer& observer) {
  try {
    memory = MemoryImage(program);
    CommandList commands(program.commands);
    return device.run(commands, program.nodes, memory, &observer);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace

bool is_program_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(isa::kBinaryMagic.size(), '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  return isa::is_binary(bytes_of(start)) || start == "program " || path.extension() == ".tpu";
}

isa::Program read_program(const std::filesystem::path& path,
                          const std::function<void(std::size_t bytes, std::size_t of)>& reading) {
  const std::string text = read_whole_file(path, "a program", kLargestFile);
  isa::Reading read;
  if (reading) {
    read = [&](std::size_t bytes) { reading(bytes, text.size()); };
  }
  return isa::is_binary(bytes_of(text)) ? isa::from_binary(bytes_of(text), path.string(), read)
                                        : isa::from_text(text, path.string(), read);
}

RawRun run_raw_program(const isa::Program& program, const std::filesystem::path& path,
                       const ArrayConfig& config, Device& device, Observer* also) {
  if (program.pe != config.pe) {
    throw InputError(
        fmt::format("{}: a program for PEs of the type '{}', and {} has PEs of the type '{}'; "
                    "allowed: an array with `pe: {}`",
                    path.string(), isa::describe(program.pe).name, config.name,
                    isa::describe(config.pe).name, isa::describe(program.pe).name));
  }
  CommandLog log;
  Observers observers;
  observers.add(&log);
  if (also != nullptr) {
    observers.add(also);
  }
  RawRun raw;
  const RunResult result = run(path, program, device, raw.memory, observers);
  std::string& text = raw.text;
  text = fmt::format("{} on {}, {} engine: {} commands, {} cycles\n\n", path.string(), config.name,
                     device.engine(), program.commands.size(), result.cycles.count()) +
         log.text() + '\n';
  const Ledger ledger = result.ledger();
  for (std::size_t i = 0; i < ledger.cycles.size(); ++i) {
    text += fmt::format("{:<12} {:>10}\n", kCycleClassNames[i], ledger.cycles[i].count());
  }
  text += "check: none, a program has no network to compare with\n";
  for (const std::string& failure : device.failures()) {
    text += fmt::format("FAILED: {}\n", failure);
  }
  for (const std::string& note : device.notes()) {
    text += note.empty() ? "" : fmt::format("note: {}\n", note);
  }
  return raw;
}

}  // namespace systol
