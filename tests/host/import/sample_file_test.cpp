#include "host/import/sample_file.h"

#include <gtest/gtest.h>

#include "tests/host/import/file_bytes.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

namespace fs = std::filesystem;

class SampleFiles : public ::testing::Test {
 protected:
  SampleFile read(const std::string& name, const std::string& bytes,
                  std::size_t most = 1000) const {
    return read_sample_file({files_.write(name, bytes), ""}, most);
  }
  std::string error_of(const std::string& name, const std::string& bytes) const {
    return files_.error_of([&] { read(name, bytes); });
  }
  static fs::path numpy(const std::string& name) {
    return fs::path(SYSTOL_SOURCE_DIR) / "tests/data/numpy" / name;
  }
  TempFiles files_;
};

TEST_F(SampleFiles, ArraysOfBytesArePixels) {
  for (const std::string& bytes :
       {idx(8, {2, 1, 3}, "\1\2\3\4\5\6"), npy("|u1", "(2, 1, 3)", "\1\2\3\4\5\6")}) {
    const SampleFile file = read("f", bytes);
    EXPECT_EQ(file.count, 2U);
    EXPECT_EQ(file.kept(), 2U);
    EXPECT_EQ(file.shape, (Shape{1, 3}));
    EXPECT_EQ(file.white, 255);
    EXPECT_EQ(file.values, (std::vector<float>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(file.how, "1x3");
  }
}

TEST_F(SampleFiles, ArraysOfOtherNumbersAreNot) {
  EXPECT_EQ(read("f", idx(9, {1, 2}, "\1\xFF")).values, (std::vector<float>{1, -1}));
  EXPECT_EQ(read("f", idx(9, {1, 2}, "\1\xFF")).white, std::nullopt);
  EXPECT_EQ(read("f", npy("|b1", "(1, 2)", "\1" + std::string(1, '\0'))).white, std::nullopt);
  EXPECT_EQ(read("f", idx(0x0D, {1, 1}, big(0x3FC00000, 4))).values, (std::vector<float>{1.5}));
}

TEST_F(SampleFiles, OneDimensionIsOneValueASample) {
  const SampleFile file = read("f", npy("|i1", "(2,)", "\1\2"));
  EXPECT_EQ(file.count, 2U);
  EXPECT_EQ(file.shape, Shape{});
  EXPECT_EQ(file.kept(), 2U);
  EXPECT_EQ(file.how, "1");
}

TEST_F(SampleFiles, OnlyTheFirstAreKept) {
  const SampleFile file = read("f", idx(8, {3, 2}, "\1\2\3\4\5\6"), 2);
  EXPECT_EQ(file.count, 3U);
  EXPECT_EQ(file.kept(), 2U);
  EXPECT_EQ(file.values, (std::vector<float>{1, 2, 3, 4}));
}

TEST_F(SampleFiles, OtherFormatsAreReadByTheirReaders) {
  EXPECT_EQ(read("f.csv", "1,2\n3,4\n").count, 2U);
  EXPECT_EQ(read("f", "P2 1 1 9 3").white, 9);
  files_.write("d/1.pgm", "P2 1 1 9 3");
  EXPECT_EQ(read_sample_file({files_.path("d"), ""}, 10).count, 1U);
  EXPECT_EQ(read("f", zip({{"x.npy", npy("|u1", "(1, 1)", "\1")}})).name,
            files_.path("f").string() + ":x");
}

TEST_F(SampleFiles, WhatIsNoneIsRefused) {
  EXPECT_EQ(
      error_of("f", "GIF89a"),
      "f: not a file of samples; allowed: IDX, .npy, .npz, PNG, PGM, PPM and PBM, which are known "
      "by their first bytes, and tables named .csv, .tsv or .txt");
  EXPECT_EQ(error_of("f", ""), "f: the file is empty");
  EXPECT_EQ(error_of("f", npy("<f4", "()", "abcd")),
            "f: the .npy array is a single number; allowed: an array of samples");
  EXPECT_EQ(files_.error_of([&] {
    read_sample_file({files_.path("none"), ""}, 1);
  }),
            "none: no such file");
  EXPECT_EQ(files_.error_of([&] {
    read_sample_file({files_.write("f.csv", "1"), "x"}, 1);
  }),
            "f.csv: it is no .npz, in which an array could be called 'x'");
}

TEST_F(SampleFiles, MoreThanIsHeldIsRefusedBeforeThereIsMemoryForIt) {
  EXPECT_EQ(
      files_.error_of([&] { read("f", npy("|u1", "(1000000, 1000)", ""), 2'000'000); }),
      "f: 1000000 samples of 1000 values; at most 536870912 values are held: take fewer samples");
  EXPECT_EQ(files_.error_of([&] { read("f", npy("|u1", "(1000000, 1000)", ""), 10); }),
            "f: the .npy header asks for 1000000000 bytes, but only 0 follow")
      << "ten of them would be held";
}

/// Written by NumPy: tests/data/numpy/make.py.
TEST_F(SampleFiles, NumPysOwnFilesAreRead) {
  const std::vector<float> expected{0, 1, 2, 3, 4, 5};
  for (const char* name : {"uint8", "int64", "float16", "float32", "big_float64", "version_2"}) {
    const SampleFile file = read_sample_file({numpy(std::string(name) + ".npy"), ""}, 10);
    EXPECT_EQ(file.shape, (Shape{3})) << name;
    EXPECT_EQ(file.values, expected) << name;
  }
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    EXPECT_EQ(read_sample_file({numpy(name), "x"}, 10).values, expected) << name;
    EXPECT_EQ(read_sample_file({numpy(name), "y"}, 10).values, (std::vector<float>{7, 8})) << name;
  }
  EXPECT_EQ(
      files_.error_of([] {
        read_sample_file({numpy("fortran.npy"), ""}, 10);
      }),
      numpy("fortran.npy").string() +
          ": it is in Fortran order; allowed is C order, as numpy.ascontiguousarray makes it");
  EXPECT_EQ(
      files_.error_of([] {
        read_sample_file({numpy("objects.npy"), ""}, 10);
      }),
      numpy("objects.npy").string() +
          ": its dtype is '|O' (Python objects); allowed: bool, int8 to int64, uint8 to uint64, "
          "float16 to float64");
  EXPECT_EQ(
      files_.error_of([] {
        read_sample_file({numpy("structures.npy"), ""}, 10);
      }),
      numpy("structures.npy").string() +
          ": its elements are structures; allowed are plain numbers: save each field as an array");
}

TEST_F(SampleFiles, APlaceIsAFileAndANameInIt) {
  const std::string file = files_.write("m.npz", "x").string();
  EXPECT_EQ(file_place(file).path, file);
  EXPECT_EQ(file_place(file).member, "");
  EXPECT_EQ(file_place(file + ":x").path, file);
  EXPECT_EQ(file_place(file + ":x").member, "x");
  EXPECT_EQ(file_place("none:x").path, "none:x") << "no such file, as it was typed";
  const std::string colon = files_.write("a:b", "x").string();
  EXPECT_EQ(file_place(colon).path, colon);
}

}  // namespace
}  // namespace systol::test
