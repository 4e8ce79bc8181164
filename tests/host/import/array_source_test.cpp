#include "host/import/array_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "tests/host/import/file_bytes.h"
#include "tests/sim/config/temp_files.h"

namespace systol::test {
namespace {

class ArraySources : public ::testing::Test {
 protected:
  FileFormat format(const std::string& name, const std::string& bytes) const {
    ByteSource source(files_.write(name, bytes));
    return format_of(source);
  }
  std::vector<float> values(const std::string& bytes, const std::string& member = "") const {
    ByteSource source(files_.write("f", bytes));
    ArraySource array(source, format_of(source), member);
    return read_floats(array.body(), array.header(), 1000);
  }
  std::string error_of(const std::string& bytes, const std::string& member = "") const {
    return files_.error_of([&] { values(bytes, member); });
  }
  static std::string two_arrays() {
    return zip({{"x.npy", npy("|u1", "(2,)", "\1\2"), true},
                {"y.npy", npy("|u1", "(1,)", "\3")},
                {"notes.txt", "text"}});
  }
  TempFiles files_;
};

TEST_F(ArraySources, ContentSaysTheFormatWhateverTheName) {
  EXPECT_EQ(format("a.csv", idx(8, {1}, "x")), FileFormat::Idx);
  EXPECT_EQ(format("a.csv", npy("|u1", "(1,)", "x")), FileFormat::Npy);
  EXPECT_EQ(format("a.csv", zip({})), FileFormat::Npz);
  EXPECT_EQ(format("a.csv", "P5 1 1 255\nx"), FileFormat::Picture);
  EXPECT_EQ(format("a.csv", "\x89PNG\r\n\x1A\n"), FileFormat::Picture);
}

TEST_F(ArraySources, OtherwiseTheNameSaysWhetherItIsATable) {
  for (const char* name : {"a.csv", "a.tsv", "a.txt", "a.csv.gz"}) {
    EXPECT_EQ(format(name, "1,2"), FileFormat::Table) << name;
  }
  for (const char* name : {"a", "a.npy", "a.json", "csv"}) {
    EXPECT_EQ(format(name, "1,2"), FileFormat::Unknown) << name;
  }
}

TEST_F(ArraySources, APipeIsATableUnlessItsContentSaysMore) {
  const std::string pipe = files_.path("pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& [bytes, expected] :
       {std::pair(std::string("1,2\n"), FileFormat::Table), {idx(8, {1}, "x"), FileFormat::Idx}}) {
    std::thread writer([&pipe, text = bytes] { std::ofstream(pipe) << text; });
    ByteSource source(pipe);
    EXPECT_EQ(format_of(source), expected);
    EXPECT_EQ(read_rest(source, 100, "a test"), bytes);
    writer.join();
  }
}

TEST_F(ArraySources, AnEmptyFileIsNamed) {
  EXPECT_EQ(files_.error_of([&] { format("a.csv", ""); }), "a.csv: the file is empty");
}

TEST_F(ArraySources, AreIdxAndNpy) {
  EXPECT_EQ(values(idx(0x0B, {2}, std::string("\0\1\0\2", 4))), (std::vector<float>{1, 2}));
  EXPECT_EQ(values(npy("<i2", "(2,)", std::string("\1\0\2\0", 4))), (std::vector<float>{1, 2}));
}

TEST_F(ArraySources, AreNamedInAnArchive) {
  EXPECT_EQ(values(two_arrays(), "x"), (std::vector<float>{1, 2}));
  EXPECT_EQ(values(two_arrays(), "y.npy"), (std::vector<float>{3}));
  EXPECT_EQ(values(zip({{"x.npy", npy("|u1", "(1,)", "\1")}, {"notes.txt", "text"}})),
            (std::vector<float>{1}))
      << "the only one needs no name";
}

TEST_F(ArraySources, WithoutANameTheArchivesArraysAreListed) {
  EXPECT_EQ(error_of(two_arrays()),
            "f: it has several arrays; its arrays are x, y; allowed: one of them, as f:x");
  EXPECT_EQ(error_of(two_arrays(), "z"),
            "f: it has no array 'z'; its arrays are x, y; allowed: one of them, as f:x");
  EXPECT_EQ(error_of(two_arrays(), "notes.txt"),
            "f: it has no array 'notes.txt'; its arrays are x, y; allowed: one of them, as f:x");
  EXPECT_EQ(error_of(zip({{"notes.txt", "text"}})),
            "f: no array is in it; allowed: a .npz with files named .npy");
}

TEST_F(ArraySources, ErrorsInAnArchiveNameTheArray) {
  EXPECT_EQ(error_of(zip({{"x.npy", npy("|u1", "(3,)", "\1\2")}})),
            "f:x: the .npy header asks for 3 bytes, but only 2 follow");
  EXPECT_EQ(error_of(zip({{"x.npy", "text"}})), "f:x: the .npy header is cut short");
  EXPECT_EQ(error_of(zip({{"x.npy", "no array at all"}})), "f:x: not a .npy file");
}

TEST_F(ArraySources, OnlyAnArchiveHasNames) {
  EXPECT_EQ(error_of(idx(8, {1}, "x"), "x"),
            "f: it is no .npz, in which an array could be called 'x'");
}

}  // namespace
}  // namespace systol::test
