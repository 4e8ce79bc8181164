#include "host/import/zip.h"

#include <gtest/gtest.h>

#include "tests/host/import/file_bytes.h"

namespace systol::test {
namespace {

const TextReader kArchive("");

std::string content_of(const std::string& bytes, const std::string& name) {
  const ZipArchive archive(bytes, kArchive);
  for (const ZipEntry& entry : archive.entries()) {
    if (entry.name == name) {
      return read_rest(*archive.open(entry, "f:" + name), 10'000'000, "an entry");
    }
  }
  return "no entry";
}

std::string zip_error(const std::string& bytes, const std::string& name = "a") {
  return input_error([&] { content_of(bytes, name); });
}

std::string long_content() {
  std::string text;
  for (int i = 0; i < 300'000; ++i) {
    text += std::to_string(i);
  }
  return text;
}

TEST(Zip, IsKnownByItsFirstBytes) {
  EXPECT_TRUE(is_zip(zip({{"a", "x"}})));
  EXPECT_TRUE(is_zip(zip({}))) << "an empty one";
  EXPECT_FALSE(is_zip("PKx"));
}

TEST(Zip, GivesStoredAndDeflatedFiles) {
  const std::string bytes = zip({{"a", "first"}, {"b", long_content(), true}, {"c", "", true}});
  EXPECT_EQ(content_of(bytes, "a"), "first");
  EXPECT_EQ(content_of(bytes, "b"), long_content());
  EXPECT_EQ(content_of(bytes, "c"), "");
  EXPECT_EQ(content_of(bytes, "d"), "no entry");
}

TEST(Zip, MayHaveSizesIn64Bits) {
  EXPECT_EQ(content_of(zip({{"a", "first", false, true}, {"b", "second", true, true}}), "b"),
            "second");
}

TEST(Zip, MayHaveACommentAtItsEnd) {
  std::string bytes = zip({{"a", "first"}});
  bytes.replace(bytes.size() - 2, 2, little(7, 2) + "comment");
  EXPECT_EQ(content_of(bytes, "a"), "first");
}

TEST(Zip, RefusesAnArchiveThatIsCutShort) {
  const std::string whole = zip({{"a", "first"}, {"b", "second"}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(zip_error(whole.substr(0, length)), "f: the ZIP archive is damaged or cut short")
        << length;
  }
}

TEST(Zip, RefusesOffsetsOutsideTheArchive) {
  std::string bytes = zip({{"a", "first"}});
  const std::size_t end = bytes.size() - 22;
  EXPECT_EQ(zip_error(std::string(bytes).replace(end + 16, 4, "\xFF\xFF\xFF\x7F")),
            "f: the ZIP archive is damaged or cut short");
  EXPECT_EQ(zip_error(std::string(bytes).replace(end + 10, 2, "\xFF\xFF")),
            "f: the ZIP archive is damaged or cut short")
      << "more entries than there are";
  const std::size_t entry = bytes.find("PK\x01\x02");
  EXPECT_EQ(zip_error(std::string(bytes).replace(entry + 42, 4, "\xFE\xFF\xFF\x7F")),
            "f: the ZIP archive is damaged or cut short");
  EXPECT_EQ(zip_error(std::string(bytes).replace(entry + 20, 4, "\xFE\xFF\xFF\x7F")),
            "f: the ZIP archive is damaged or cut short")
      << "more bytes than there are";
}

TEST(Zip, RefusesDataThatAreDamaged) {
  std::string stored = zip({{"a", "first"}});
  stored[stored.find("first")] = 'F';
  EXPECT_EQ(zip_error(stored), "f:a: its ZIP data are damaged") << "by its checksum";
  std::string deflated = zip({{"a", long_content(), true}});
  deflated[1'000] = static_cast<char>(deflated[1'000] ^ 0x55);
  EXPECT_EQ(zip_error(deflated), "f:a: its ZIP data are damaged");
}

TEST(Zip, RefusesWhatIsPackedInAnotherWay) {
  EXPECT_EQ(zip_error(zip({{"a", "first", false, false, 1}})),
            "f: 'a' is encrypted; allowed: stored or deflated, as NumPy writes it");
  std::string bytes = zip({{"a", "first"}});
  bytes.replace(bytes.find("PK\x01\x02") + 10, 2, little(12, 2));
  EXPECT_EQ(
      zip_error(bytes),
      "f: 'a' is packed by method 12 of ZIP; allowed: stored or deflated, as NumPy writes it");
}

}  // namespace
}  // namespace systol::test
