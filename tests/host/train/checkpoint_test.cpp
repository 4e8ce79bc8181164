#include "host/train/checkpoint.h"

#include <gtest/gtest.h>

#include "sim/base/error.h"
#include "tests/file_text.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

const TrainingIdentity kIdentity{"net", 7, "bf16 mse, batch 2", 10, 99};

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.identity = kIdentity;
  checkpoint.parameters = {{1, -2.5F}, {}};
  checkpoint.optimiser = {3, {{0.5F, 4}, {}}, {{}, {}}};
  checkpoint.history = {{{0.25, 2, 1, 0.1F}, {0.125, 2, 2, 0.2F}}, {{0.5, 10, 9}}};
  return checkpoint;
}

class CheckpointFile : public ::testing::Test {
 protected:
  CheckpointFile() { write_checkpoint(path_, example()); }

  std::string content() const { return test::text_of(path_); }
  std::string error(const TrainingIdentity& identity = kIdentity) const {
    try {
      read_checkpoint(path_, identity);
    } catch (const InputError& problem) {
      return std::string(problem.what()).substr(path_.string().size());
    }
    return "";
  }

  TempFiles files_;
  std::filesystem::path path_ = files_.write("c.checkpoint", "");
};

TEST_F(CheckpointFile, IsReadAsItWasWritten) {
  const Checkpoint read = read_checkpoint(path_, kIdentity);
  const Checkpoint wrote = example();
  EXPECT_EQ(read.identity, wrote.identity);
  EXPECT_EQ(read.parameters, wrote.parameters);
  EXPECT_EQ(read.optimiser.step, 3U);
  EXPECT_EQ(read.optimiser.first, wrote.optimiser.first);
  EXPECT_EQ(read.optimiser.second, wrote.optimiser.second);
  EXPECT_EQ(read.history, wrote.history);
}

TEST_F(CheckpointFile, OfSomethingElseSaysWhatDiffers) {
  TrainingIdentity other = kIdentity;
  other.model = "other";
  EXPECT_EQ(error(other), ": it belongs to the model 'net', and this is 'other'");
  other = kIdentity;
  other.graph = 8;
  EXPECT_EQ(error(other), ": it belongs to another network called 'net'");
  other = kIdentity;
  other.settings = "bf16 mse, batch 3";
  EXPECT_EQ(error(other),
            ": it was trained with 'bf16 mse, batch 2', and this is 'bf16 mse, batch 3'");
  other = kIdentity;
  other.data = 98;
  EXPECT_EQ(error(other), ": it was trained on 10 other samples");
}

TEST_F(CheckpointFile, WithAnyByteChangedOrMissingIsRefused) {
  const std::string whole = content();
  for (std::size_t i = 0; i < whole.size(); i += 3) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    files_.write("c.checkpoint", damaged);
    EXPECT_NE(error(), "") << "byte " << i;
    files_.write("c.checkpoint", whole.substr(0, i));
    EXPECT_NE(error(), "") << "cut to " << i;
  }
  files_.write("c.checkpoint", whole + "x");
  EXPECT_EQ(error(), ": the checkpoint is damaged: its checksum is wrong");
  files_.write("c.checkpoint", "a picture");
  EXPECT_EQ(error(), ": it is no checkpoint of a training");
}

}  // namespace
}  // namespace systol
