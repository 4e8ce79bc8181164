#include "host/sweep/child_runs.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include "host/sweep/row_json.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

/// A process that runs a point, and the pipe that its row comes through.
struct Child {
  pid_t process = -1;
  int pipe = -1;
  NumberedPoint point;
  std::string text;
};

[[noreturn]] void run_as_child(int pipe, const NumberedPoint& point, const PointRunner& runner) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it does not outlive the sweep
  const std::string text = row_json(runner.run(point)).dump();
  ::_exit(write_all(pipe, text) == 0 ? 0 : 1);
}

Child start(NumberedPoint point, const PointRunner& runner) {
  int ends[2];
  if (::pipe(ends) != 0) {
    throw EnvironmentError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  const pid_t process = ::fork();
  if (process < 0) {
    const int error = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    throw EnvironmentError(fmt::format("cannot start a process: {}", std::strerror(error)));
  }
  if (process == 0) {
    ::close(ends[0]);
    run_as_child(ends[1], point, runner);
  }
  ::close(ends[1]);
  return {process, ends[0], std::move(point), {}};
}

/// Reads what is there; whether the pipe has ended.
bool has_ended(Child& child) {
  char bytes[4096];
  const ssize_t count = ::read(child.pipe, bytes, sizeof bytes);
  if (count > 0) {
    child.text.append(bytes, static_cast<std::size_t>(count));
    return false;
  }
  return count == 0 || errno != EINTR;
}

ResultRow row_of(Child& child, const PointRunner& runner) {
  int status = 0;
  ::close(child.pipe);
  ::waitpid(child.process, &status, 0);
  child.process = -1;
  if (status == 0) {
    return row_of_json(nlohmann::ordered_json::parse(child.text));
  }
  ResultRow row = runner.unfinished(child.point);
  row.error = WIFSIGNALED(status)
                  ? fmt::format("the engine's process was ended by signal {}", WTERMSIG(status))
                  : fmt::format("the engine's process ended with status {}", WEXITSTATUS(status));
  return row;
}

/// Ends what still runs, whatever happens.
class Children {
 public:
  Children() = default;
  ~Children() {
    for (const Child& child : children) {
      if (child.process > 0) {
        ::kill(child.process, SIGKILL);
        ::waitpid(child.process, nullptr, 0);
        ::close(child.pipe);
      }
    }
  }
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  std::vector<Child> children;
};

}  // namespace

void run_in_children(unsigned jobs, const PointSource& next, const PointRunner& runner,
                     const RowSink& take) {
  Children all;
  std::vector<Child>& children = all.children;
  bool more = true;
  while (true) {
    while (more && children.size() < std::max(jobs, 1U)) {
      std::optional<NumberedPoint> point = next();
      more = point.has_value();
      if (more) {
        children.push_back(start(std::move(*point), runner));
      }
    }
    if (children.empty()) {
      return;
    }
    std::vector<pollfd> pipes;
    pipes.reserve(children.size());
    for (const Child& child : children) {
      pipes.push_back({child.pipe, POLLIN, 0});
    }
    ::poll(pipes.data(), pipes.size(), -1);
    for (std::size_t i = pipes.size(); i-- > 0;) {
      if (pipes[i].revents != 0 && has_ended(children[i])) {
        const ResultRow row = row_of(children[i], runner);
        children.erase(children.begin() + static_cast<std::ptrdiff_t>(i));
        take(row);
      }
    }
  }
}

}  // namespace systol
