#include "sim/base/thread_pool.h"

#include <utility>

namespace systol {

void ThreadPool::run(std::size_t parts, const std::function<void(std::size_t)>& part) {
  while (parts > 1 && helpers_.size() + 1 < threads_) {
    helpers_.emplace_back([this](const std::stop_token& stop) { help(stop); });
  }
  std::unique_lock lock(mutex_);
  part_ = &part;
  parts_ = unfinished_ = parts;
  next_ = 0;
  if (parts > 1) {
    begun_.notify_all();
  }
  work(lock);
  done_.wait(lock, [this] { return unfinished_ == 0; });
  if (error_) {
    std::rethrow_exception(std::exchange(error_, nullptr));
  }
}

void ThreadPool::help(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (begun_.wait(lock, stop, [this] { return next_ < parts_; })) {
    work(lock);
  }
}

/// Takes parts until there is none left.
void ThreadPool::work(std::unique_lock<std::mutex>& lock) {
  while (next_ < parts_) {
    const std::size_t mine = next_++;
    const std::function<void(std::size_t)>& part = *part_;
    std::exception_ptr error;
    lock.unlock();
    try {
      part(mine);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error && !error_) {
      error_ = error;
    }
    if (--unfinished_ == 0) {
      done_.notify_one();
    }
  }
}

}  // namespace systol
