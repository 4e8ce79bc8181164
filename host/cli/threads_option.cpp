#include "host/cli/threads_option.h"

#include <sched.h>

#include <algorithm>
#include <thread>

namespace systol {

unsigned available_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) {  // there are more than fit
    return std::max(std::thread::hardware_concurrency(), 1U);
  }
  return static_cast<unsigned>(std::max(CPU_COUNT(&cores), 1));
}

void add_threads_option(CLI::App& command, unsigned& threads) {
  constexpr unsigned kMost = 1024;
  threads = std::min(available_cores(), kMost);
  command
      .add_option("--threads", threads,
                  "threads for large multiplications (fast engine) and for the check; default: one "
                  "for each core that may be used.\n  --threads 1")
      ->check(CLI::Range(1U, kMost));
}

}  // namespace systol
