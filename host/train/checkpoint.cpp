#include "host/train/checkpoint.h"

#include <fmt/format.h>

#include "host/train/checkpoint_bytes.h"
#include "host/train/checksum.h"
#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/output_file.h"
#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::string_view kMagic = "SYSTOL\ntraining\n";
constexpr std::uint32_t kCheckpointVersion = 1;
constexpr std::size_t kMostBytes = std::size_t{1} << 33;

void put(ByteWriter& bytes, const std::vector<std::vector<float>>& lists) {
  bytes.number<std::uint64_t>(lists.size());
  for (const std::vector<float>& list : lists) {
    bytes.floats(list);
  }
}

std::vector<std::vector<float>> take_lists(ByteTaker& bytes) {
  std::vector<std::vector<float>> lists(bytes.count(sizeof(std::uint64_t)));
  for (std::vector<float>& list : lists) {
    list = bytes.floats();
  }
  return lists;
}

void put(ByteWriter& bytes, const History& history) {
  bytes.number<std::uint64_t>(history.steps.size());
  for (const StepRecord& step : history.steps) {
    bytes.number(step.loss);
    bytes.number(step.samples);
    bytes.number(step.correct);
    bytes.number(step.rate);
  }
  bytes.number<std::uint64_t>(history.tests.size());
  for (const TestRecord& test : history.tests) {
    bytes.number(test.loss);
    bytes.number(test.samples);
    bytes.number(test.correct);
  }
}

History take_history(ByteTaker& bytes) {
  History history;
  history.steps.resize(bytes.count(20));
  for (StepRecord& step : history.steps) {
    step.loss = bytes.number<double>();
    step.samples = bytes.number<std::uint32_t>();
    step.correct = bytes.number<std::uint32_t>();
    step.rate = bytes.number<float>();
  }
  history.tests.resize(bytes.count(16));
  for (TestRecord& test : history.tests) {
    test.loss = bytes.number<double>();
    test.samples = bytes.number<std::uint32_t>();
    test.correct = bytes.number<std::uint32_t>();
  }
  return history;
}

void put(ByteWriter& bytes, const TrainingIdentity& identity) {
  bytes.text(identity.model);
  bytes.number(identity.graph);
  bytes.text(identity.settings);
  bytes.number(identity.samples);
  bytes.number(identity.data);
}

TrainingIdentity take_identity(ByteTaker& bytes) {
  TrainingIdentity identity;
  identity.model = bytes.text();
  identity.graph = bytes.number<std::uint32_t>();
  identity.settings = bytes.text();
  identity.samples = bytes.number<std::uint64_t>();
  identity.data = bytes.number<std::uint32_t>();
  return identity;
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw InputError(fmt::format("{}: {}", path.string(), why));
}

/// What lies between the header and the checksum.
std::string_view payload_of(const std::filesystem::path& path, std::string_view file) {
  if (!file.starts_with(kMagic)) {
    refuse(path, "it is no checkpoint of a training");
  }
  ByteTaker header(file.substr(kMagic.size()));
  const auto version = header.number<std::uint32_t>();
  if (header.whole() && version != kCheckpointVersion) {
    refuse(path, fmt::format("a checkpoint of version {}; version {} is read", version,
                             kCheckpointVersion));
  }
  const std::size_t begin = kMagic.size() + sizeof version;
  if (file.size() < begin + sizeof(std::uint32_t)) {
    refuse(path, "the checkpoint is damaged: its end is missing");
  }
  const std::string_view payload = file.substr(begin, file.size() - begin - sizeof(std::uint32_t));
  ByteTaker end(file.substr(begin + payload.size()));
  if (end.number<std::uint32_t>() != checksum(payload.data(), payload.size())) {
    refuse(path, "the checkpoint is damaged: its checksum is wrong");
  }
  return payload;
}

void check_identity(const std::filesystem::path& path, const TrainingIdentity& found,
                    const TrainingIdentity& wanted) {
  if (found.model != wanted.model || found.graph != wanted.graph) {
    refuse(path,
           found.model == wanted.model
               ? fmt::format("it belongs to another network called '{}'", printable(found.model))
               : fmt::format("it belongs to the model '{}', and this is '{}'",
                             printable(found.model), printable(wanted.model)));
  }
  if (found.settings != wanted.settings) {
    refuse(path, fmt::format("it was trained with '{}', and this is '{}'",
                             printable(found.settings), printable(wanted.settings)));
  }
  if (found.samples != wanted.samples || found.data != wanted.data) {
    refuse(path, fmt::format("it was trained on {} other samples", found.samples));
  }
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  ByteWriter payload;
  put(payload, checkpoint.identity);
  put(payload, checkpoint.parameters);
  payload.number(checkpoint.optimiser.step);
  put(payload, checkpoint.optimiser.first);
  put(payload, checkpoint.optimiser.second);
  put(payload, checkpoint.history);
  ByteWriter version;
  version.number(kCheckpointVersion);
  ByteWriter end;
  end.number(checksum(payload.bytes().data(), payload.bytes().size()));
  write_file(path, std::string(kMagic) + version.bytes() + payload.bytes() + end.bytes());
}

Checkpoint read_checkpoint(const std::filesystem::path& path, const TrainingIdentity& identity) {
  const std::string file = read_whole_file(path, "a checkpoint", kMostBytes);
  ByteTaker bytes(payload_of(path, file));
  Checkpoint checkpoint;
  checkpoint.identity = take_identity(bytes);
  if (bytes.whole()) {
    check_identity(path, checkpoint.identity, identity);
  }
  checkpoint.parameters = take_lists(bytes);
  checkpoint.optimiser.step = bytes.number<std::uint64_t>();
  checkpoint.optimiser.first = take_lists(bytes);
  checkpoint.optimiser.second = take_lists(bytes);
  checkpoint.history = take_history(bytes);
  if (!bytes.whole() || !bytes.at_end()) {
    refuse(path, "the checkpoint is damaged: its lists do not end where it does");
  }
  return checkpoint;
}

}  // namespace systol
