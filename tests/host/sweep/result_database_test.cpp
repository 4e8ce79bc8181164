#include "host/sweep/result_database.h"

#include <gtest/gtest.h>

#include "host/sweep/row_json.h"
#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

const SweepIdentity kSweep{"plan.yaml", "abc", 7};

ResultRow made_up_row(std::uint64_t number) {
  ResultRow row;
  row.number = number;
  row.workload = 2;
  row.model = "net, \"a\"";
  row.array = "edge";
  row.settings = {{"array.rows", "8"}, {"memory.dram.bandwidth", "16 GB/s"}};
  row.rows = 8;
  row.columns = 4;
  row.dataflow = "weight_stationary";
  row.engine = "fast";
  row.batch = 3;
  row.samples = 5;
  for (std::size_t i = 0; i < kMetrics; ++i) {
    row.metrics[i] = 1.0 / static_cast<double>(i + 3);
  }
  row.check = "ok";
  row.seed = 7;
  return row;
}

std::vector<std::string> rows_of(const ResultDatabase& database) {
  std::vector<std::string> rows;
  database.for_each([&](const ResultRow& row) { rows.push_back(row_json(row).dump()); });
  return rows;
}

class ResultDatabaseFile : public ::testing::Test {
 protected:
  std::string refused(const SweepIdentity& identity) const {
    try {
      const ResultDatabase database(path_, identity);
    } catch (const InputError& error) {
      return std::string(error.what()).substr(path_.string().size());
    }
    return "nothing was refused";
  }
  TempFiles folder_;
  std::filesystem::path path_ = folder_.path("r.db");
};

TEST_F(ResultDatabaseFile, KeepsRowsToTheBitInTheOrderOfTheirNumbers) {
  ResultRow failed;
  failed.number = 2;
  failed.model = "net";
  failed.array = "edge";
  failed.error = "no room";
  {
    ResultDatabase database(path_, kSweep);
    database.add(made_up_row(9));
    database.add(failed);
  }
  EXPECT_FALSE(std::filesystem::exists(path_.string() + "-wal"));
  const ResultDatabase database(path_, kSweep);
  EXPECT_EQ(rows_of(database),
            (std::vector<std::string>{row_json(failed).dump(), row_json(made_up_row(9)).dump()}));
  EXPECT_EQ(database.finished(4), (std::vector<bool>{false, true, false, false}));
}

TEST_F(ResultDatabaseFile, APointThatHasARowKeepsIt) {
  ResultDatabase database(path_, kSweep);
  database.add(made_up_row(1));
  ResultRow other = made_up_row(1);
  other.model = "other";
  database.add(other);
  EXPECT_EQ(rows_of(database), std::vector<std::string>{row_json(made_up_row(1)).dump()});
}

TEST_F(ResultDatabaseFile, FailuresCanBeForgotten) {
  ResultDatabase database(path_, kSweep);
  ResultRow failed = made_up_row(1);
  failed.error = "no room";
  database.add(failed);
  database.add(made_up_row(2));
  database.forget_failures();
  EXPECT_EQ(database.rows(), 1U);
}

TEST_F(ResultDatabaseFile, WhatIsNotThisSweepsIsRefused) {
  {
    const ResultDatabase database(path_, kSweep);
    EXPECT_EQ(refused(kSweep), ": in use by another process");
  }
  SweepIdentity other = kSweep;
  other.fingerprint = "abd";
  EXPECT_EQ(refused(other),
            ": results of another sweep (plan.yaml), or of this one before its plan or a file that "
            "it names was changed; allowed: a new file, or results of the same");
  folder_.write("r.db", "no database at all, though it is long enough to be taken for one\n");
  EXPECT_EQ(refused(kSweep), ": not a SQLite database, or a broken one");
}

TEST(RowJson, ReadsBackToTheBit) {
  const ResultRow row = made_up_row(3);
  const nlohmann::ordered_json json = nlohmann::ordered_json::parse(row_json(row).dump());
  const ResultRow back = row_of_json(json);
  EXPECT_EQ(back.metrics, row.metrics);
  EXPECT_EQ(back.settings, row.settings);
  EXPECT_EQ(row_json(back), row_json(row));
}

}  // namespace
}  // namespace systol::test
