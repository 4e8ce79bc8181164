// The folder in which shards' rows lie until the sweep that they belong to has taken them in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/report/result_row.h"
#include "host/sweep/result_database.h"
#include "host/sweep/shard.h"

namespace systol {

/// A file for each shard that is finished, "shard-3-of-100.jsonl": a line that says which sweep's
/// it is, then a row a line. A file appears whole or not at all. Other files are left alone. All
/// errors are InputError, for a file that is none of this sweep's, or EnvironmentError.
class ShardFolder {
 public:
  /// Makes the folder where there is none. `size` is that of the design space.
  ShardFolder(std::filesystem::path path, SweepIdentity identity, std::uint64_t size);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file(const Shard& shard) const;
  /// Whether the shard's file is there, and of this sweep.
  bool has(const Shard& shard) const;
  /// `rows` in the order of their numbers.
  void write(const Shard& shard, const std::vector<ResultRow>& rows) const;
  /// Adds the rows of all files to `results`, those of a file at once, and then removes the file.
  /// Returns the shards. `added` is called for each row that was new.
  std::vector<Shard> take_in(ResultDatabase& results,
                             const std::function<void(const ResultRow&)>& added) const;

 private:
  std::vector<Shard> finished() const;
  std::vector<ResultRow> read(const Shard& shard) const;

  std::filesystem::path path_;
  SweepIdentity identity_;
  std::uint64_t size_;
};

}  // namespace systol
