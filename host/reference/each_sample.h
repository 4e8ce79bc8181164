// Samples on several threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <future>
#include <vector>

namespace systol {

/// Calls visit(sample, threads that it may use) for each sample, on several threads where each gets
/// enough of the `work`, which is counted in additions or what costs as much.
template <class Visit>
void each_sample(std::size_t samples, std::size_t work, unsigned threads, Visit visit) {
  constexpr std::size_t kFewest = std::size_t{1} << 21;  // to start a thread costs about as much
  const std::size_t most = std::min<std::size_t>(std::max(threads, 1U), samples);
  const std::size_t parts =
      std::clamp<std::size_t>(work / kFewest, 1, std::max<std::size_t>(most, 1));
  const auto left = static_cast<unsigned>(std::max<std::size_t>(threads / parts, 1));
  const auto run = [&](std::size_t part) {
    for (std::size_t i = samples * part / parts; i < samples * (part + 1) / parts; ++i) {
      visit(i, left);
    }
  };
  std::vector<std::future<void>> others;
  for (std::size_t part = 1; part < parts; ++part) {
    others.push_back(std::async(std::launch::async, run, part));
  }
  run(0);
  for (std::future<void>& other : others) {
    other.get();  // throws what its part threw
  }
}

}  // namespace systol
