#include "sim/base/input_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

constexpr std::size_t kMost = std::size_t{1} << 20;

class InputFiles : public ::testing::Test {
 protected:
  /// Without the folder that it names.
  std::string error_of(const std::filesystem::path& path) const {
    try {
      read_whole_file(path, "a topology", kMost);
    } catch (const InputError& error) {
      const std::string message = error.what();
      const std::string folder = files_.path("").string();
      return message.starts_with(folder) ? message.substr(folder.size()) : message;
    }
    return "no error";
  }

  TempFiles files_;
};

TEST_F(InputFiles, AreReadWhole) {
  const std::string text = std::string(200'000, 'a') + std::string("\0b\n", 3);
  files_.write("a", text);
  EXPECT_EQ(read_whole_file(files_.path("a"), "a text", kMost), text);
  EXPECT_EQ(read_whole_file("/dev/null", "a text", kMost), "");
}

TEST_F(InputFiles, AreReadFromAnywhereUntilTheyAreChanged) {
  files_.write("a", "abcdef");
  const InputFile file(files_.path("a"), "a text");
  std::string bytes(4, ' ');
  EXPECT_EQ(file.read_at(3, bytes.data(), 4), 3U);
  EXPECT_EQ(bytes, "def ");
  EXPECT_EQ(file.read_at(7, bytes.data(), 4), 0U);
  file.check_unchanged();
  std::filesystem::last_write_time(files_.path("a"), std::filesystem::file_time_type{});
  EXPECT_THROW(file.check_unchanged(), InputError);
}

TEST_F(InputFiles, MayBeAsLargeAsTheLimit) {
  files_.write("a", std::string(kMost, 'a'));
  EXPECT_EQ(read_whole_file(files_.path("a"), "a text", kMost).size(), kMost);
  files_.write("a", std::string(kMost + 1, 'a'));
  EXPECT_EQ(error_of(files_.path("a")), "a: is larger than 1 MiB, the limit for a topology");
}

TEST_F(InputFiles, ThatAreNotThereAreNamed) {
  files_.write("file", "x");
  EXPECT_EQ(error_of(files_.path("none")), "none: no such file");
  EXPECT_EQ(error_of(files_.path("file/a")), "file/a: no such file");
  std::filesystem::create_symlink("loop", files_.path("loop"));
  EXPECT_EQ(error_of(files_.path("loop")),
            "loop: cannot be read: Too many levels of symbolic links");
}

TEST_F(InputFiles, ADirectoryIsNamed) {
  std::filesystem::create_directory(files_.path("folder"));
  EXPECT_EQ(error_of(files_.path("folder")), "folder: is a directory, expected a topology");
}

TEST_F(InputFiles, AReadErrorIsNotTheEnd) {
  // No page of the address 0 is mapped.
  EXPECT_EQ(error_of("/proc/self/mem"), "/proc/self/mem: cannot be read: Input/output error");
}

TEST_F(InputFiles, SayWhetherTheyAreRegular) {
  files_.write("a", "x");
  EXPECT_TRUE(InputFile(files_.path("a"), "a text").is_regular());
  EXPECT_FALSE(InputFile("/dev/null", "a text").is_regular());
}

}  // namespace
}  // namespace systol
