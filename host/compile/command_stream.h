// Commands that one thread makes and another runs.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "host/compile/schedule.h"
#include "sim/device.h"

namespace systol {

/// A source whose commands a thread of its own produces, a bounded number ahead of the one who
/// asks: a program of any length takes no more memory than a short one.
class CommandStream : public CommandSource {
 public:
  /// Hands all commands to the sink, in program order. What it throws, next() throws after the
  /// commands before.
  using Produce = std::function<void(const CommandSink&)>;

  explicit CommandStream(Produce produce);
  /// Stops the producer, wherever it is.
  ~CommandStream() override;
  CommandStream(const CommandStream&) = delete;
  CommandStream& operator=(const CommandStream&) = delete;

  bool next(isa::Command& command) override;
  void restart() override;

 private:
  using Batch = std::vector<isa::Command>;
  struct Stopped {};

  void start();
  void stop();
  void run();
  void put(isa::Command&& command);
  void hand_over();
  bool fetch();

  Produce produce_;
  Batch filling_;  ///< the producer's
  Batch current_;  ///< the consumer's
  std::size_t position_ = 0;

  std::mutex mutex_;  ///< of all below
  std::condition_variable changed_;
  std::optional<Batch> ready_;
  Batch spare_;        ///< empty; its memory is for the producer's next
  bool done_ = false;  ///< nothing comes after `ready_`
  bool stop_ = false;
  std::exception_ptr error_;

  std::thread producer_;  ///< last: it uses all the others
};

}  // namespace systol
