#include "host/sweep/array_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "host/scale_sim/array_file.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

constexpr std::string_view kMemory = "memory.";

/// "dram" of "memory.dram.latency", whose name the array's file chooses; else empty.
std::string memory_of(std::string_view key) {
  if (!key.starts_with(kMemory)) {
    return {};
  }
  key.remove_prefix(kMemory.size());
  return std::string(key.substr(0, key.find('.')));
}

/// The reader knows which keys there are: it refuses this value, or reads it. Only that it refuses
/// the key is of interest.
void check_key(const std::filesystem::path& array, const ArrayKey& key) {
  try {
    read_array(array, std::vector{key.name + "=0"});
  } catch (const UnknownKeyError& error) {
    throw InputError(fmt::format("{}: {}", key.place, error.problem()));
  } catch (const InputError&) {
    return;
  }
}

/// A memory is one of an array, or one that the keys add.
void check_memory(const std::set<std::string>& known, const ArrayKey& key) {
  const std::string memory = memory_of(key.name);
  if (!memory.empty() && !known.contains(memory)) {
    const std::vector<std::string_view> names(known.begin(), known.end());
    throw InputError(fmt::format("{}: unknown key {}{}; memories of the arrays: {}", key.place,
                                 in_quotes(key.name), did_you_mean(memory, names),
                                 join_names(names)));
  }
}

}  // namespace

void check_array_keys(std::span<const std::filesystem::path> arrays,
                      std::span<const ArrayKey> keys) {
  std::set<std::string> memories;
  for (const std::filesystem::path& array : arrays) {
    for (const MemoryConfig& memory : read_array(array).memories) {
      memories.insert(memory.name);
    }
  }
  for (const ArrayKey& key : keys) {
    if (key.name.ends_with(".holds")) {
      memories.insert(memory_of(key.name));
    }
  }
  for (const ArrayKey& key : keys) {
    std::ranges::for_each(arrays, [&](const auto& array) { check_key(array, key); });
    check_memory(memories, key);
  }
}

}  // namespace systol
