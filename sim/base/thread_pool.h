// Threads that share a job's parts, and sleep while there is none.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace systol {

/// Nobody spins, and nobody waits for a thread that has not begun: on a busy machine the thread
/// that asks does the parts itself.
class ThreadPool {
 public:
  /// `threads` in all: the one that calls run(), and helpers that start with the first job of
  /// several parts. 0 counts as 1.
  explicit ThreadPool(unsigned threads) : threads_(threads == 0 ? 1 : threads) {}

  unsigned threads() const { return threads_; }

  /// Calls part(0) to part(parts - 1), each once, and returns when all have returned. What the
  /// first of them throws is thrown then. One thread at a time may call it.
  void run(std::size_t parts, const std::function<void(std::size_t)>& part);

 private:
  void help(const std::stop_token& stop);
  void work(std::unique_lock<std::mutex>& lock);

  unsigned threads_;
  std::mutex mutex_;  ///< guards all that follows
  std::condition_variable_any begun_;
  std::condition_variable_any done_;
  const std::function<void(std::size_t)>* part_ = nullptr;
  std::size_t parts_ = 0;
  std::size_t next_ = 0;        ///< the first part that nobody has taken
  std::size_t unfinished_ = 0;  ///< parts that have not returned
  std::exception_ptr error_;
  std::vector<std::jthread> helpers_;  ///< the last member: they end before the rest goes
};

}  // namespace systol
