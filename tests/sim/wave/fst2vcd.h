// Reads waveforms back: FST through GTKWave's fst2vcd, VCD with a reader of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace systol {

/// A signal's changes, in time order. Numbers are binary without leading zeros.
using Changes = std::vector<std::pair<std::uint64_t, std::string>>;

struct Dump {
  std::map<std::string, Changes> signals;  ///< by full name: "systol.ports.feed_data_0[7:0]"
  std::uint64_t end = 0;                   ///< the last time in the file

  /// The value at a time; "x" before the first.
  std::string at(const std::string& signal, std::uint64_t time) const;
};

Dump read_dump(const std::filesystem::path& path);

/// A new folder below the system's temporary one, removed in the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }
  std::size_t files() const;

 private:
  std::filesystem::path path_;
};

}  // namespace systol
