#include "sim/base/temporary_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <optional>

#include "sim/base/error.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

class TemporaryFiles : public ::testing::Test {
 protected:
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(files_.path("")), fs::directory_iterator()));
  }
  static void make(const TemporaryFile& file) { std::ofstream(file.path()) << "half"; }

  /// How a child ends that has unfinished files and gets a signal.
  int status_of_child(int signal) const {
    const pid_t child = ::fork();
    if (child == 0) {
      remove_temporary_files_on_signals();
      const TemporaryFile first(files_.path("a"));
      const TemporaryFile second(files_.path("b"));
      make(first);
      make(second);
      ::raise(signal);
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
  }

  TempFiles files_;
};

TEST_F(TemporaryFiles, IsBesideItsFileAndGoesWithTheObject) {
  std::optional<TemporaryFile> file(files_.path("a"));
  make(*file);
  EXPECT_EQ(fs::path(file->path()).parent_path(), files_.path("a").parent_path());
  EXPECT_EQ(count(), 1U);
  file.reset();
  EXPECT_EQ(count(), 0U);
}

TEST_F(TemporaryFiles, NobodyKnowsItsNameBefore) {
  const TemporaryFile first(files_.path("a"));
  const TemporaryFile second(files_.path("a"));
  EXPECT_NE(first.path(), second.path());
  EXPECT_EQ(count(), 2U) << "they are there from the start";
}

TEST_F(TemporaryFiles, HasTheModeOfTheFileThatItReplaces) {
  files_.write("a", "old");
  for (const auto mode : {fs::perms(0640), fs::perms(0755), fs::perms(0600)}) {
    fs::permissions(files_.path("a"), mode);
    TemporaryFile file(files_.path("a"));
    EXPECT_FALSE(file.rename());
    EXPECT_EQ(fs::status(files_.path("a")).permissions(), mode);
  }
}

TEST_F(TemporaryFiles, OfANewFileHasTheModeThatTheUserWants) {
  const mode_t before = ::umask(0027);
  const TemporaryFile file(files_.path("a"));
  ::umask(before);
  EXPECT_EQ(fs::status(file.path()).permissions(), fs::perms(0640));
}

TEST_F(TemporaryFiles, OutputStationaryOfAReadOnlyFileIsRefused) {
  files_.write("a", "old");
  fs::permissions(files_.path("a"), fs::perms(0444));
  try {
    const TemporaryFile file(files_.path("a"));
    ADD_FAILURE() << "no error";
  } catch (const EnvironmentError& error) {
    EXPECT_EQ(error.what(), files_.path("a").string() + ": cannot write: Permission denied");
  }
  EXPECT_EQ(count(), 1U);
}

TEST_F(TemporaryFiles, RenamedItStays) {
  {
    TemporaryFile file(files_.path("a"));
    make(file);
    EXPECT_FALSE(file.rename());
  }
  EXPECT_TRUE(fs::exists(files_.path("a")));
  EXPECT_EQ(count(), 1U);
}

TEST_F(TemporaryFiles, ThatCannotBeRenamedGoes) {
  fs::create_directory(files_.path("a"));
  {
    TemporaryFile file(files_.path("a"));
    make(file);
    EXPECT_EQ(file.rename(), std::errc::is_a_directory);
  }
  EXPECT_EQ(count(), 1U);
}

TEST_F(TemporaryFiles, ThroughALinkReplacesTheFileAndKeepsTheLink) {
  files_.write("there/a", "old");
  fs::create_symlink("there/a", files_.path("link"));
  TemporaryFile file(files_.path("link"));
  make(file);
  EXPECT_FALSE(file.rename());
  EXPECT_TRUE(fs::is_symlink(files_.path("link")));
  EXPECT_EQ(fs::file_size(files_.path("there/a")), 4U);
}

TEST_F(TemporaryFiles, ASignalRemovesThemAndEndsTheProcess) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const int status = status_of_child(signal);
    EXPECT_TRUE(WIFSIGNALED(status)) << signal;
    EXPECT_EQ(WTERMSIG(status), signal);
    EXPECT_EQ(count(), 0U) << signal;
  }
}

TEST_F(TemporaryFiles, AnIgnoredSignalStaysIgnored) {
  const auto before = std::signal(SIGHUP, SIG_IGN);
  const int status = status_of_child(SIGHUP);
  std::signal(SIGHUP, before);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(count(), 2U) << "_exit runs no destructors";
}

}  // namespace
}  // namespace systol
