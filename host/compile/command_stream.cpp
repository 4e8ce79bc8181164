#include "host/compile/command_stream.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kBatch = 1024;  // so that a lock costs nothing

}  // namespace

CommandStream::CommandStream(Produce produce) : produce_(std::move(produce)) { start(); }

CommandStream::~CommandStream() { stop(); }

void CommandStream::start() {
  try {
    producer_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    throw EnvironmentError(
        fmt::format("cannot start the compiler's thread: {}", error.code().message()));
  }
}

void CommandStream::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (producer_.joinable()) {
    producer_.join();
  }
}

void CommandStream::restart() {
  stop();
  filling_.clear();
  current_.clear();
  position_ = 0;
  ready_.reset();
  done_ = false;
  stop_ = false;
  error_ = nullptr;
  start();
}

bool CommandStream::next(isa::Command& command) {
  if (position_ == current_.size() && !fetch()) {
    return false;
  }
  command = std::move(current_[position_++]);
  return true;
}

bool CommandStream::fetch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ready_ || done_; });
  current_.clear();
  position_ = 0;
  if (!ready_) {
    if (error_) {
      std::rethrow_exception(error_);
    }
    return false;
  }
  current_.swap(*ready_);
  spare_ = std::move(*ready_);
  ready_.reset();
  lock.unlock();
  changed_.notify_all();
  return true;
}

void CommandStream::run() {
  std::exception_ptr error;
  try {
    produce_([this](isa::Command&& command) { put(std::move(command)); });
  } catch (const Stopped&) {
    return;  // nobody asks any more
  } catch (...) {
    error = std::current_exception();
  }
  try {
    hand_over();
  } catch (const Stopped&) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
    error_ = error;
  }
  changed_.notify_all();
}

void CommandStream::put(isa::Command&& command) {
  if (filling_.capacity() < kBatch) {
    filling_.reserve(kBatch);
  }
  filling_.push_back(std::move(command));
  if (filling_.size() == kBatch) {
    hand_over();
  }
}

/// Waits until the batch before has been taken.
void CommandStream::hand_over() {
  if (filling_.empty()) {
    return;
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_ || stop_; });
  if (stop_) {
    throw Stopped();
  }
  ready_ = std::exchange(filling_, std::exchange(spare_, {}));
  lock.unlock();
  changed_.notify_all();
}

}  // namespace systol
