#include "host/import/byte_source.h"

#include <gtest/gtest.h>

#include "tests/file_text.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

class ByteSources : public ::testing::Test {
 protected:
  /// As gzip packs it.
  std::string packed(const std::string& text) const {
    const std::string path = files_.path("packing.gz").string();
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return test::text_of(path);
  }
  /// Everything in a file with these bytes, read in pieces.
  std::string read(const std::string& bytes, std::size_t piece = 1000) const {
    ByteSource source(files_.write("f", bytes));
    std::string all;
    std::vector<std::uint8_t> part(piece);
    for (std::size_t got = piece; got == piece;) {
      got = source.read(part.data(), piece);
      all.append(part.begin(), part.begin() + static_cast<std::ptrdiff_t>(got));
    }
    return all;
  }
  std::string error_of(const std::string& bytes) const {
    return files_.error_of([&] { read(bytes); });
  }
  /// Longer than any buffer, and with random parts that do not become shorter.
  static std::string long_text() {
    std::string text(300'000, 'a');
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < text.size(); i += 2) {
      state = state * 1664525U + 1013904223U;
      text[i] = static_cast<char>(state >> 24U);
    }
    return text;
  }
  TempFiles files_;
};

TEST_F(ByteSources, ComeAsTheyAreOrUnpacked) {
  for (const std::string& text : {std::string(), std::string("x"), std::string("\x1F"),
                                  std::string("some text"), long_text()}) {
    EXPECT_EQ(read(text), text);
    EXPECT_EQ(read(packed(text)), text);
    EXPECT_EQ(read(packed(text), 1), text);
    EXPECT_EQ(read(packed(text), 1'000'000), text);
  }
}

TEST_F(ByteSources, OfSeveralGzipFilesInARowAreOneText) {
  EXPECT_EQ(read(packed("one ") + packed("") + packed("two")), "one two");
  EXPECT_EQ(read(packed(long_text()) + packed(long_text())), long_text() + long_text());
}

TEST_F(ByteSources, BehindTheGzipDataAreRefused) {
  for (const std::string junk : {"x", "junk", "\x1F", "\x1Fx"}) {
    EXPECT_EQ(error_of(packed("text") + junk), "f: the gzip data end, but more follows in the file")
        << junk;
  }
  EXPECT_EQ(error_of(packed("text") + std::string(100'000, '\0')),
            "f: the gzip data end, but more follows in the file");
}

TEST_F(ByteSources, ThatAreCutShortAnywhereAreRefused) {
  const std::string whole = packed("some text");
  for (std::size_t length = 2; length < whole.size(); ++length) {
    EXPECT_EQ(error_of(whole.substr(0, length)), "f: the gzip data are cut short") << length;
  }
}

TEST_F(ByteSources, ThatAreDamagedAreRefused) {
  std::string damaged = packed(long_text());
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  EXPECT_EQ(error_of(damaged), "f: the gzip data are damaged");
}

TEST_F(ByteSources, AtTheStartCanBeLookedAtAndAreReadAgain) {
  for (const std::string& text : {std::string(), std::string("some text"), long_text()}) {
    for (const std::string& bytes : {text, packed(text)}) {
      ByteSource source(files_.write("f", bytes));
      EXPECT_EQ(source.start(), text.substr(0, 512));
      EXPECT_EQ(source.start(), text.substr(0, 512));
      EXPECT_EQ(read_rest(source, 1'000'000, "a test"), text);
    }
  }
}

TEST_F(ByteSources, AreNotMoreThanIsAskedFor) {
  ByteSource fits(files_.write("f", "12345"));
  EXPECT_EQ(read_rest(fits, 5, "a test"), "12345");
  ByteSource larger(files_.write("f", "123456"));
  EXPECT_EQ(files_.error_of([&] { read_rest(larger, 5, "a test"); }),
            "f: larger than 5 bytes, the limit for a test");
  ByteSource bomb(files_.write("f", packed(std::string(10'000'000, 'x'))));
  EXPECT_EQ(files_.error_of([&] { read_rest(bomb, 1'000'000, "a test"); }),
            "f: larger than 1000000 bytes, the limit for a test");
}

TEST_F(ByteSources, ComeFromDevicesToo) {
  ByteSource nothing("/dev/null");
  EXPECT_EQ(nothing.start(), "");
  EXPECT_FALSE(nothing.is_regular());
  ByteSource zeros("/dev/zero");
  EXPECT_EQ(zeros.start(), std::string(512, '\0'));
  EXPECT_TRUE(ByteSource(files_.write("f", "x")).is_regular());
}

TEST_F(ByteSources, OfNoFileAreRefused) {
  EXPECT_EQ(files_.error_of([&] { ByteSource(files_.path("none")); }), "none: no such file");
  EXPECT_EQ(files_.error_of([&] { ByteSource(files_.path("")); }).substr(0, 2), ": ");
}

TEST_F(ByteSources, AReadErrorIsNotTheEnd) {
  EXPECT_EQ(files_.error_of([] { ByteSource("/proc/self/mem"); }),
            "/proc/self/mem: cannot be read: Input/output error");
}

}  // namespace
}  // namespace systol
