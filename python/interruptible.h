// Work that takes long, while Python goes on.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <type_traits>

#include "host/session/progress.h"

namespace systol::python {

/// What ends work that was asked to stop.
struct Stopped {};

/// Does `work(stop)` on a thread of its own and without the interpreter's lock. Ctrl-C sets `stop`,
/// and KeyboardInterrupt is raised when the work has ended, which should be soon then.
template <class Work>
auto interruptible(Work work) {
  namespace py = pybind11;
  constexpr std::chrono::milliseconds kBetweenLooks(50);
  std::atomic<bool> stop = false;
  std::future<std::invoke_result_t<Work, const std::atomic<bool>&>> result =
      std::async(std::launch::async, std::move(work), std::cref(stop));
  {
    const py::gil_scoped_release released;
    while (result.wait_for(kBetweenLooks) != std::future_status::ready) {
      if (!stop) {
        const py::gil_scoped_acquire locked;
        stop = PyErr_CheckSignals() != 0;
      }
    }
  }
  if (stop) {
    throw py::error_already_set();  // that of the signal
  }
  return result.get();
}

/// For runs: stops them at their next step.
inline Progress stopped_by(const std::atomic<bool>& stop) {
  return [&stop](const ProgressReport&) {
    if (stop) {
      throw Stopped();
    }
  };
}

}  // namespace systol::python
