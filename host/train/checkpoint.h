// What training needs to go on where it was, in a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/train/history.h"
#include "host/train/optimiser.h"

namespace systol {

/// What a checkpoint belongs to. Training may go on only where all of it is the same.
struct TrainingIdentity {
  std::string model;          ///< its name
  std::uint32_t graph = 0;    ///< checksum of its structure and its constants
  std::string settings;       ///< as text
  std::uint64_t samples = 0;  ///< of the training data
  std::uint32_t data = 0;     ///< its checksum
  bool operator==(const TrainingIdentity&) const = default;
};

struct Checkpoint {
  TrainingIdentity identity;
  std::vector<std::vector<float>> parameters;
  Optimiser::State optimiser;
  History history;  ///< one record for each step that is done
};

/// Writes it whole or not at all. The file has a version and a checksum. Throws EnvironmentError.
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Throws InputError for a file that is none, is damaged, is of another version, or belongs to
/// something else than `identity`, and says what differs.
Checkpoint read_checkpoint(const std::filesystem::path& path, const TrainingIdentity& identity);

}  // namespace systol
