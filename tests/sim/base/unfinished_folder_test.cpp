#include "sim/base/unfinished_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <iterator>
#include <optional>

#include "sim/base/error.h"
#include "tests/file_text.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

class UnfinishedFolders : public ::testing::Test {
 protected:
  /// Of the test's folder.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(files_.path(""))) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  std::string content(const std::string& name) const { return test::text_of(files_.path(name)); }
  std::string error_of(const std::string& name) const {
    return files_.error_of([&] { require_new_folder(files_.path(name)); });
  }
  TempFiles files_;
};

TEST_F(UnfinishedFolders, AppearWithAllTheirFiles) {
  UnfinishedFolder folder(files_.path("d"));
  folder.write("a", {"one", "two"});
  folder.write("b", {});
  EXPECT_FALSE(fs::exists(files_.path("d")));
  folder.finish();
  EXPECT_EQ(names(), (std::vector<std::string>{"d"}));
  EXPECT_EQ(content("d/a"), "onetwo");
  EXPECT_EQ(content("d/b"), "");
}

TEST_F(UnfinishedFolders, GoWithTheObjectUnlessFinished) {
  std::optional<UnfinishedFolder> folder(files_.path("d"));
  folder->write("a", {"one"});
  EXPECT_EQ(names().size(), 1U);
  folder.reset();
  EXPECT_EQ(names().size(), 0U);
}

TEST_F(UnfinishedFolders, TakeThePlaceOfAnEmptyOne) {
  fs::create_directory(files_.path("d"));
  fs::create_directory_symlink("d", files_.path("link"));
  UnfinishedFolder folder(files_.path("link"));
  folder.write("a", {"one"});
  folder.finish();
  EXPECT_EQ(content("d/a"), "one");
  EXPECT_TRUE(fs::is_symlink(files_.path("link")));
}

TEST_F(UnfinishedFolders, MayBeNamedWithASlash) {
  UnfinishedFolder folder(files_.path("d/"));
  folder.write("a", {"one"});
  folder.finish();
  EXPECT_EQ(content("d/a"), "one");
}

TEST_F(UnfinishedFolders, TakeNoOtherPlace) {
  files_.write("full/file", "x");
  files_.write("file", "x");
  EXPECT_EQ(error_of("full"),
            "full: is there and not empty; allowed: a folder that is new or empty");
  EXPECT_EQ(error_of("file"),
            "file: is there and no folder; allowed: a folder that is new or empty");
  EXPECT_THROW(require_new_folder(files_.path("none/d")), EnvironmentError);
  EXPECT_EQ(error_of("new"), "no error");
  EXPECT_FALSE(fs::exists(files_.path("new")));
  UnfinishedFolder folder(files_.path("d"));
  files_.write("d/file", "x");
  EXPECT_THROW(folder.finish(), EnvironmentError) << "somebody was faster";
  EXPECT_EQ(content("d/file"), "x");
}

TEST_F(UnfinishedFolders, AFileThatCannotBeWrittenIsNamed) {
  UnfinishedFolder folder(files_.path("d"));
  try {
    folder.write("none/a", {"one"});
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_EQ(error.what(),
              files_.path("d/none/a").string() + ": cannot write: No such file or directory");
  }
}

TEST_F(UnfinishedFolders, ASignalRemovesThemWithTheirFiles) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const pid_t child = ::fork();
    if (child == 0) {
      remove_temporary_files_on_signals();
      UnfinishedFolder folder(files_.path("d"));
      for (int i = 0; i < 50; ++i) {
        folder.write(std::to_string(i), {"one"});
      }
      ::raise(signal);
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
    EXPECT_EQ(names().size(), 0U);
  }
}

}  // namespace
}  // namespace systol
