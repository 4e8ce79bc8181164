#include "host/sweep/fingerprint.h"

#include <fmt/format.h>

#include <fstream>

namespace systol {

void Fingerprint::add(std::string_view bytes) {
  for (const char c : bytes) {
    hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
}

void Fingerprint::add_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string block(std::size_t{1} << 16U, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())), file.gcount() > 0) {
    add(std::string_view(block).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  add("\n");
}

std::string Fingerprint::text() const { return fmt::format("{:016x}", hash_); }

}  // namespace systol
