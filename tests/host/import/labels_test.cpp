#include "host/import/labels.h"

#include <gtest/gtest.h>

#include "tests/host/import/file_bytes.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

using Labels = std::vector<std::uint32_t>;

class LabelFiles : public ::testing::Test {
 protected:
  Labels labels(const std::string& name, const std::string& bytes,
                const std::string& member = "") const {
    return read_labels({files_.write(name, bytes), member});
  }
  std::string error_of(const std::string& name, const std::string& bytes) const {
    return files_.error_of([&] { labels(name, bytes); });
  }
  TempFiles files_;
};

TEST_F(LabelFiles, AreIntegersOfAnyFormat) {
  EXPECT_EQ(labels("l", idx(8, {3}, "\7\2\1")), (Labels{7, 2, 1}));
  EXPECT_EQ(labels("l", npy("<i8", "(2,)", little(300, 8) + little(0, 8))), (Labels{300, 0}));
  EXPECT_EQ(labels("l", npy("|u1", "(2, 1)", "\1\2")), (Labels{1, 2})) << "a column";
  EXPECT_EQ(
      labels("l", zip({{"x.npy", npy("|u1", "(1,)", "\1")}, {"y.npy", npy("|u1", "(1,)", "\2")}}),
             "y"),
      (Labels{2}));
  EXPECT_EQ(labels("l.txt", "7\n2\n"), (Labels{7, 2}));
  EXPECT_EQ(labels("l.csv", "digit\n7\n"), (Labels{7}));
}

TEST_F(LabelFiles, ThatAreNoneAreRefused) {
  EXPECT_EQ(error_of("l", idx(8, {1, 2, 2}, "abcd")),
            "l: its shape is [1, 2, 2]; labels have one dimension");
  EXPECT_EQ(error_of("l", npy("<f4", "(1,)", "abcd")),
            "l: its numbers are float32; labels are integers");
  EXPECT_EQ(error_of("l", npy("|i1", "(2,)", "\1\xFF")),
            "l: label 1 is -1; allowed: whole numbers from 0 on");
  EXPECT_EQ(error_of("l", npy("|u1", "()", "\1")), "l: its shape is []; labels have one dimension");
  EXPECT_EQ(error_of("l", "GIF89a"),
            "l: not a file of labels; allowed: IDX, .npy and .npz, which are known by their first "
            "bytes, and text named .csv, .tsv or .txt");
  EXPECT_EQ(error_of("l.csv", "1\nx\n"),
            "l.csv:2:1: found 'x', allowed: a label: a whole number from 0 on");
}

TEST(CheckLabels, ThereIsOneForEachSampleAndAnOutputForEach) {
  EXPECT_NO_THROW(check_labels({1, 2, 0}, 3, 3, "l"));
  EXPECT_EQ(input_error([] {
              check_labels({1, 2}, 3, 3, "l");
            }),
            "l: it holds 2 labels, but there are 3 samples");
  EXPECT_EQ(input_error([] {
              check_labels({1, 3}, 2, 3, "l");
            }),
            "l: label 1 is 3, but the network has 3 outputs, for the labels 0 to 2");
  EXPECT_NO_THROW(check_labels({1, 0}, 2, 1, "l"));
  EXPECT_EQ(input_error([] {
              check_labels({1, 2}, 2, 1, "l");
            }),
            "l: label 1 is 2, but the network has one output, for the labels 0 and 1");
}

}  // namespace
}  // namespace systol::test
