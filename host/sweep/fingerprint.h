// Whether files are still what they were.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace systol {

/// FNV-1a, of 64 bits: tells files apart that somebody changed, not those that somebody forged.
class Fingerprint {
 public:
  void add(std::string_view bytes);
  /// The file's bytes; of one that cannot be read there are none.
  void add_file(const std::filesystem::path& path);
  /// 16 hexadecimal digits.
  std::string text() const;

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

}  // namespace systol
