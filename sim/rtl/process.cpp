#include "sim/rtl/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "sim/base/error.h"

extern char** environ;

namespace systol {
namespace {

/// What the child's file descriptors are before it starts.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void open(int descriptor, const char* path, int flags) {
    posix_spawn_file_actions_addopen(&actions_, descriptor, path, flags, 0666);
  }
  void copy(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

pid_t start(const std::vector<std::string>& command, const FileActions& files) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  pid_t child = -1;
  const int problem = posix_spawnp(&child, words[0], files.get(), nullptr, words.data(), environ);
  if (problem == ENOENT || problem == EACCES) {
    return -1;
  }
  if (problem != 0) {
    throw EnvironmentError(fmt::format("cannot run {}: {}", command[0], std::strerror(problem)));
  }
  return child;
}

ProcessResult wait_for(pid_t child) {
  ProcessResult result;
  if (child < 0) {
    return result;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.found = true;
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& command,
                          const std::filesystem::path& log) {
  FileActions files;
  files.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  files.open(STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND);
  files.copy(STDOUT_FILENO, STDERR_FILENO);
  return wait_for(start(command, files));
}

std::string output_of(const std::vector<std::string>& command) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    throw EnvironmentError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  pid_t child = -1;
  {
    FileActions files;
    files.open(STDIN_FILENO, "/dev/null", O_RDONLY);
    files.copy(pipe_ends[1], STDOUT_FILENO);
    files.open(STDERR_FILENO, "/dev/null", O_WRONLY);
    child = start(command, files);
  }
  close(pipe_ends[1]);
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = read(pipe_ends[0], buffer.data(), buffer.size())) > 0 ||
         (count < 0 && errno == EINTR)) {
    text.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  close(pipe_ends[0]);
  if (!wait_for(child).ok()) {
    return {};
  }
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

}  // namespace systol
