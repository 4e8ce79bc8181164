#include "sim/base/process.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

/// The number that a file holds, once it does.
pid_t number_in(const std::filesystem::path& path) {
  pid_t number = 0;
  for (int tries = 0; number == 0 && tries < 10'000; ++tries) {
    std::ifstream(path) >> number;
    ::usleep(1'000);
  }
  return number;
}

/// A process that has ended stays as a zombie until its parent has looked.
bool runs(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string word;
  for (int i = 0; i < 3; ++i) {
    file >> word;
  }
  return file && word != "Z" && word != "X";
}

TEST(Process, ReportsHowAProgramEnded) {
  const TempFiles files;
  const auto log = files.path("log");
  EXPECT_TRUE(run_process({"true"}, log).ok());
  EXPECT_EQ(run_process({"sh", "-c", "echo out; echo err >&2; exit 3"}, log).status, 3);
  EXPECT_EQ(run_process({"sh", "-c", "kill -9 $$"}, log).status, 137);
  EXPECT_EQ(run_process({"sh", "-c", "exit 127"}, log).status, 127);
  EXPECT_TRUE(run_process({"sh", "-c", "exit 127"}, log).found);
  EXPECT_FALSE(run_process({"no-such-program"}, log).found);
  EXPECT_EQ(output_of({"cat", log.string()}), "out\nerr");
  EXPECT_EQ(output_of({"false"}), "");
  EXPECT_EQ(output_of({"no-such-program"}), "");
  EXPECT_EQ(output_of({"cat"}), "") << "there is nothing on its standard input";
}

TEST(Process, GivesBothOutputsAsText) {
  std::string text = "from before";
  EXPECT_EQ(run_process({"sh", "-c", "echo out; echo err >&2; exit 3"}, text).status, 3);
  EXPECT_EQ(text, "out\nerr");
  EXPECT_FALSE(run_process({"no-such-program"}, text).found);
  EXPECT_EQ(text, "");
}

TEST(Process, ALogThatCannotBeWrittenIsNamed) {
  EXPECT_THROW(run_process({"true"}, "/nowhere/log"), EnvironmentError);
}

TEST(Process, EndsWithTheProcessThatWaitsForIt) {
  for (const int signal : {SIGKILL, SIGTERM, SIGINT}) {
    const TempFiles files;
    const pid_t waiting = ::fork();
    ASSERT_GE(waiting, 0);
    if (waiting == 0) {
      // A program that has started another, as a compiler does.
      run_process({"sh", "-c", "sleep 1000 & echo $! > '" + files.path("pid").string() + "'; wait"},
                  files.path("log"));
      ::_exit(0);
    }
    const pid_t started = number_in(files.path("pid"));
    ASSERT_TRUE(runs(started));
    ::kill(waiting, signal);
    ASSERT_EQ(::waitpid(waiting, nullptr, 0), waiting);
    for (int tries = 0; runs(started) && tries < 10'000; ++tries) {
      ::usleep(1'000);
    }
    EXPECT_FALSE(runs(started)) << "after signal " << signal;
  }
}

}  // namespace
}  // namespace systol
