#include "sim/rtl/shared_object.h"

#include <elf.h>

#include <cstring>
#include <fstream>

namespace systol {

bool is_whole_library(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header{};
  file.read(reinterpret_cast<char*>(&header), sizeof header);
  if (!file || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_type != ET_DYN) {
    return false;
  }
  // Linkers put the section headers last, so a file that has them has all that is loaded.
  const std::uint64_t headers = std::uint64_t{header.e_shnum} * header.e_shentsize;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return !error && headers > 0 && header.e_shoff <= size && headers <= size - header.e_shoff;
}

}  // namespace systol
