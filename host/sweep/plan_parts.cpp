#include "host/sweep/plan_parts.h"

#include <fmt/format.h>

#include "host/import/model.h"
#include "host/session/samples.h"

namespace systol {

std::string read_model(const YamlNode& node) {
  const std::string text = node.text();
  const bool sizes = text.find_first_not_of("0123456789x") == std::string::npos;
  return sizes ? text : node.file().string();
}

std::vector<std::string> read_overrides(const YamlNode& node) {
  constexpr std::size_t kMostOverrides = 64;
  std::vector<std::string> overrides;
  for (const YamlNode& entry : node.entries(1, kMostOverrides)) {
    overrides.push_back(fmt::format("{}={}", entry.key(), entry.text()));
  }
  return overrides;
}

std::uint32_t read_batch(const YamlNode& node) {
  constexpr std::int64_t kLargestBatch = 1'000'000;
  return static_cast<std::uint32_t>(node.integer(1, kLargestBatch));
}

Workload load_workload(const std::string& model, std::optional<std::uint32_t> batch) {
  if (is_topology_file(model)) {
    return load_topology(model);
  }
  return prepare(import_model_or_sizes(model), synthetic_samples(batch.value_or(1)));
}

}  // namespace systol
