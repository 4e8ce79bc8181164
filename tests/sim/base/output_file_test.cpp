#include "sim/base/output_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <iterator>

#include "sim/base/error.h"
#include "tests/file_text.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

class OutputFile : public ::testing::Test {
 protected:
  std::string content(const std::string& name) const { return test::text_of(files_.path(name)); }
  /// Names in the folder.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(files_.path(""))) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string error_of(const fs::path& path, std::string_view text = "text") const {
    try {
      write_file(path, text);
    } catch (const EnvironmentError& error) {
      const std::string message = error.what();
      const std::string folder = files_.path("").string();
      return message.starts_with(folder) ? message.substr(folder.size()) : message;
    }
    return "no error";
  }

  TempFiles files_;
};

/// No file may grow beyond `bytes` until the end of the scope; as on a full disk, writes fail.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_{};
  void (*old_handler_)(int) = nullptr;
};

TEST_F(OutputFile, IsWrittenInParts) {
  std::string whole;
  const auto make = [&whole](const TextSink& put) {
    for (int i = 0; i < 50'000; ++i) {
      put(std::to_string(i));
      whole += std::to_string(i);
    }
  };
  write_file(files_.path("a"), make);
  EXPECT_EQ(content("a"), whole);
  write_file("/dev/null", make);
}

TEST_F(OutputFile, WhosePartsFailIsNotThere) {
  EXPECT_THROW(write_file(files_.path("a"),
                          [](const TextSink& put) {
                            put(std::string(100'000, 'x'));
                            throw InputError("no more");
                          }),
               InputError);
  const SmallDisk disk(100'000);
  EXPECT_THROW(write_file(files_.path("b"),
                          [](const TextSink& put) {
                            for (int i = 0; i < 20; ++i) {
                              put(std::string(10'000, 'x'));
                            }
                          }),
               EnvironmentError);
  EXPECT_EQ(names(), std::vector<std::string>{});
}

TEST_F(OutputFile, IsWrittenWholeUnderItsName) {
  write_file(files_.path("a"), std::string("one\0two\n", 8));
  EXPECT_EQ(content("a"), std::string("one\0two\n", 8));
  EXPECT_EQ(names(), (std::vector<std::string>{"a"}));
}

TEST_F(OutputFile, ReplacesAnOlderOneWhole) {
  files_.write("a", "something much longer than what follows");
  write_file(files_.path("a"), "new");
  EXPECT_EQ(content("a"), "new");
  EXPECT_EQ(names(), (std::vector<std::string>{"a"}));
}

TEST_F(OutputFile, MayBeEmpty) {
  write_file(files_.path("a"), "");
  EXPECT_TRUE(fs::exists(files_.path("a")));
  EXPECT_EQ(content("a"), "");
}

TEST_F(OutputFile, ADashIsStandardOutput) {
  ::testing::internal::CaptureStdout();
  std::printf("before ");
  write_file("-", "text");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "before text");
}

TEST_F(OutputFile, InAFolderThatDoesNotExistIsNamed) {
  EXPECT_EQ(error_of(files_.path("none/a")), "none/a: cannot write: No such file or directory");
  EXPECT_TRUE(names().empty());
}

TEST_F(OutputFile, OverAFolderIsNamed) {
  fs::create_directory(files_.path("folder"));
  EXPECT_EQ(error_of(files_.path("folder")), "folder: cannot write: Is a directory");
  EXPECT_EQ(names(), (std::vector<std::string>{"folder"}));
}

TEST_F(OutputFile, BelowAFileIsNamed) {
  files_.write("file", "x");
  EXPECT_EQ(error_of(files_.path("file/a")), "file/a: cannot write: Not a directory");
}

TEST_F(OutputFile, AFullDeviceIsNamed) {
  EXPECT_EQ(error_of("/dev/full"), "/dev/full: cannot write: No space left on device");
  EXPECT_TRUE(fs::is_character_file("/dev/full")) << "a device is written to, not replaced";
}

TEST_F(OutputFile, ADeviceIsWrittenToAndNotReplaced) {
  EXPECT_EQ(error_of("/dev/null"), "no error");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputFile, WhatDoesNotFitLeavesNothingBehind) {
  const SmallDisk disk(1'000);
  EXPECT_EQ(error_of(files_.path("a"), std::string(1'001, 'x')), "a: cannot write: File too large");
  EXPECT_TRUE(names().empty());
  EXPECT_EQ(error_of(files_.path("a"), std::string(1'000, 'x')), "no error");
}

TEST_F(OutputFile, WhatDoesNotFitLeavesTheOlderFileAsItWas) {
  files_.write("a", "old");
  const SmallDisk disk(1'000);
  EXPECT_EQ(error_of(files_.path("a"), std::string(5'000, 'x')), "a: cannot write: File too large");
  EXPECT_EQ(content("a"), "old");
  EXPECT_EQ(names(), (std::vector<std::string>{"a"}));
}

TEST_F(OutputFile, RequireWritableSaysWhatWritingWouldAndLeavesNothing) {
  fs::create_directory(files_.path("folder"));
  files_.write("file", "x");
  const auto error = [&](const fs::path& path) {
    std::string message = "no error";
    try {
      require_writable(path);
    } catch (const EnvironmentError& problem) {
      message = problem.what();
    }
    return message;
  };
  for (const std::string name : {"none/a", "folder", "file/a"}) {
    EXPECT_EQ(error(files_.path(name)), files_.path("").string() + error_of(files_.path(name)));
  }
  EXPECT_EQ(names(), (std::vector<std::string>{"file", "folder"}));
  require_writable(files_.path("file"));
  require_writable(files_.path("new"));
  require_writable("-");
  require_writable("/dev/null");
  EXPECT_EQ(content("file"), "x");
  EXPECT_EQ(names(), (std::vector<std::string>{"file", "folder"}));
}

TEST_F(OutputFile, ThroughALinkReplacesTheFileAndKeepsTheLink) {
  fs::create_directory(files_.path("there"));
  files_.write("there/a", "old");
  fs::create_symlink("there/a", files_.path("link"));
  write_file(files_.path("link"), "new");
  EXPECT_EQ(content("there/a"), "new");
  EXPECT_TRUE(fs::is_symlink(files_.path("link")));
  EXPECT_EQ(names(), (std::vector<std::string>{"link", "there"}));
}

}  // namespace
}  // namespace systol
