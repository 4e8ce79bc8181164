#include "sim/base/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>
#include <system_error>

#include "sim/base/error.h"

extern char** environ;

namespace systol {
namespace {

/// Closed with the object.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  void close() {
    if (number_ >= 0) {
      ::close(number_);
      number_ = -1;
    }
  }

 private:
  int number_;
};

struct Pipe {
  explicit Pipe(std::array<int, 2> ends = make()) : from(ends[0]), to(ends[1]) {}
  static std::array<int, 2> make() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw EnvironmentError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
    return ends;
  }
  Descriptor from;
  Descriptor to;
};

int exit_status(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return exit_status(status);
}

extern "C" void end_group(int /*signal*/) { ::kill(0, SIGKILL); }

/// What the program is run with.
struct Start {
  std::vector<char*> words;  ///< ends in a null pointer
  int out;
  int err;
};

/// The process between this one and the program: it leads a group of all that the program starts,
/// and ends the group when its own parent has ended, even if SIGKILL did that. Its exit status is
/// the program's; the errno of a program that did not start goes to `problem`.
[[noreturn]] void supervise(const Start& start, pid_t parent, int problem) {
  ::setpgid(0, 0);
  // The parent's handlers would remove the parent's files.
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGHUP, SIG_DFL);
  ::signal(SIGTERM, end_group);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const bool orphan = ::getppid() != parent;
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (orphan || ::dup2(nothing, STDIN_FILENO) < 0 || ::dup2(start.out, STDOUT_FILENO) < 0 ||
      ::dup2(start.err, STDERR_FILENO) < 0) {
    ::_exit(1);
  }
  pid_t child = -1;
  const int error =
      ::posix_spawnp(&child, start.words[0], nullptr, nullptr, start.words.data(), environ);
  if (error != 0) {
    ::_exit(::write(problem, &error, sizeof error) == sizeof error ? 0 : 1);
  }
  ::_exit(wait_for(child));
}

/// A program that runs.
class Running {
 public:
  Running(const std::vector<std::string>& command, int out, int err) : name_(command[0]) {
    Start start{{}, out, err};
    for (const std::string& word : command) {
      start.words.push_back(const_cast<char*>(word.c_str()));
    }
    start.words.push_back(nullptr);
    const pid_t parent = ::getpid();
    supervisor_ = ::fork();
    if (supervisor_ == 0) {
      supervise(start, parent, problem_.to.number());
    }
    if (supervisor_ < 0) {
      throw EnvironmentError(fmt::format("cannot run {}: {}", name_, std::strerror(errno)));
    }
    problem_.to.close();
  }

  /// To be called once.
  ProcessResult wait() {
    ProcessResult result{true, wait_for(supervisor_)};
    int error = 0;
    if (::read(problem_.from.number(), &error, sizeof error) != sizeof error) {
      return result;
    }
    if (error != ENOENT && error != EACCES) {
      throw EnvironmentError(fmt::format("cannot run {}: {}", name_, std::strerror(error)));
    }
    return {};
  }

 private:
  std::string name_;
  Pipe problem_;
  pid_t supervisor_ = -1;
};

/// Errors go to `err`, or into the text, too.
ProcessResult run_into(const std::vector<std::string>& command, std::string& text,
                       std::optional<int> err) {
  Pipe pipe;
  Running running(command, pipe.to.number(), err.value_or(pipe.to.number()));
  pipe.to.close();
  text.clear();
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = ::read(pipe.from.number(), buffer.data(), buffer.size())) > 0 ||
         (count < 0 && errno == EINTR)) {
    text.append(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return running.wait();
}

}  // namespace

bool is_command(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = (folder.empty() ? "." : folder) + "/" + name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0) {
      return true;
    }
  }
  return false;
}

ProcessResult run_process(const std::vector<std::string>& command,
                          const std::filesystem::path& log) {
  const Descriptor file(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (file.number() < 0) {
    throw EnvironmentError(fmt::format("{}: cannot write: {}", log.string(), std::strerror(errno)));
  }
  return Running(command, file.number(), file.number()).wait();
}

ProcessResult run_process(const std::vector<std::string>& command, std::string& text) {
  return run_into(command, text, {});
}

std::string output_of(const std::vector<std::string>& command) {
  const Descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  std::string text;
  return run_into(command, text, nowhere.number()).ok() ? text : "";
}

}  // namespace systol
