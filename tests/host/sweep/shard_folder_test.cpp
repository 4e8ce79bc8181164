#include "host/sweep/shard_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "host/sweep/row_json.h"
#include "sim/base/error.h"
#include "tests/file_text.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

const SweepIdentity kOurs{"plan.yaml", "abc", 7};
constexpr std::uint64_t kSize = 10;
constexpr Shard kShard{1, 2};  // points 6 to 10

ResultRow numbered_row(std::uint64_t number) {
  ResultRow row;
  row.number = number;
  row.model = "net";
  row.array = "edge";
  row.settings = {{"array.rows", "8"}};
  row.rows = 8;
  row.metrics[1] = 1.0 / 3.0;
  row.check = "ok";
  return row;
}

class ShardFiles : public ::testing::Test {
 protected:
  std::filesystem::path path() const { return files_.path("shards"); }
  std::string text() const { return text_of(folder_.file(kShard)); }
  void replace(const std::string& text) const { std::ofstream(folder_.file(kShard)) << text; }
  /// What take_in() says of the file, without its path.
  std::string refused() {
    try {
      folder_.take_in(results_, [](const ResultRow&) {});
    } catch (const InputError& error) {
      EXPECT_EQ(results_.rows(), 0U);
      return std::string(error.what()).substr(folder_.file(kShard).string().size());
    }
    return "nothing was refused";
  }

  TempFiles files_;
  ShardFolder folder_{path(), kOurs, kSize};
  ResultDatabase results_{files_.path("r.db"), kOurs};
};

TEST_F(ShardFiles, AreTakenInOnceAndToTheBit) {
  ResultRow failed;
  failed.number = 9;
  failed.error = "no room";
  results_.add(numbered_row(6));
  folder_.write(kShard, {numbered_row(6), numbered_row(8), failed});
  const std::string whole = text();
  std::vector<std::uint64_t> added;
  const auto note = [&](const ResultRow& row) { added.push_back(row.number); };
  EXPECT_TRUE(folder_.has(kShard));
  EXPECT_EQ(folder_.take_in(results_, note), std::vector<Shard>{kShard});
  EXPECT_EQ(added, (std::vector<std::uint64_t>{8, 9}));
  EXPECT_FALSE(folder_.has(kShard));
  replace(whole);  // a second task has written the same
  folder_.take_in(results_, note);
  EXPECT_EQ(added.size(), 2U);
  std::vector<std::string> rows;
  results_.for_each([&](const ResultRow& row) { rows.push_back(row_json(row).dump()); });
  EXPECT_EQ(rows,
            (std::vector<std::string>{row_json(numbered_row(6)).dump(),
                                      row_json(numbered_row(8)).dump(), row_json(failed).dump()}));
}

TEST_F(ShardFiles, OtherFilesAreLeftAlone) {
  for (const char* name : {"notes.txt", "shard-1-of-2.jsonl.tmp", "shard-3-of-2.jsonl",
                           "shard-01-of-2.jsonl", "shard--of-2.jsonl", "shard-1.jsonl"}) {
    std::ofstream(path() / name) << "somebody's\n";
    EXPECT_TRUE(folder_.take_in(results_, [](const ResultRow&) {}).empty()) << name;
    EXPECT_TRUE(std::filesystem::exists(path() / name));
  }
}

TEST_F(ShardFiles, ThatAreCutAnywhereAreRefused) {
  folder_.write(kShard, {numbered_row(6), numbered_row(7)});
  const std::string whole = text();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    replace(whole.substr(0, length));
    EXPECT_NE(refused(), "nothing was refused") << length;
  }
}

TEST_F(ShardFiles, ForeignContentIsRefusedWithItsLine) {
  const std::string allowed = ", allowed: what a shard of this sweep wrote";
  folder_.write(kShard, {numbered_row(6)});
  const std::string whole = text();
  replace(whole + whole);
  EXPECT_EQ(refused(), ":3: found no row" + allowed);
  replace(whole + row_json(numbered_row(7)).dump() + "\n");
  EXPECT_EQ(refused(), ":4: found 2 of 1 rows" + allowed);
  folder_.write(kShard, {numbered_row(5)});
  EXPECT_EQ(refused(), ":2: found point 5" + allowed);
  folder_.write(kShard, {numbered_row(11)});
  EXPECT_EQ(refused(), ":2: found point 11" + allowed);
  replace("{}\n");
  EXPECT_EQ(refused(), ":1: found no shard's first line" + allowed);
  replace(std::string(3 << 20, 'x'));
  EXPECT_EQ(refused(), ":1: found no row" + allowed);
}

TEST_F(ShardFiles, AnotherSweepsAreRefused) {
  ShardFolder(path(), {"plan.yaml", "abd", 7}, kSize).write(kShard, {numbered_row(6)});
  EXPECT_EQ(refused().rfind(": results of another sweep, ", 0), 0U) << refused();
  EXPECT_THROW(folder_.has(kShard), InputError);
}

TEST_F(ShardFiles, AFolderThatCannotBeIsNamed) {
  std::ofstream(files_.path("file")) << "";
  EXPECT_THROW(ShardFolder(files_.path("file"), kOurs, kSize), EnvironmentError);
}

}  // namespace
}  // namespace systol::test
