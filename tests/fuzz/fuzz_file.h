// What all fuzz targets share: bytes as a file, and what a reader may say of them.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "hw/isa/format_error.h"
#include "sim/base/error.h"

namespace systol::test {

/// A file of this process, which is written again for each input.
class FuzzFile {
 public:
  /// What the file is called; its extension may matter to the reader.
  explicit FuzzFile(const std::string& name) : folder_(folder()), path_(folder_ / name) {
    std::filesystem::create_directory(folder_);
  }
  ~FuzzFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  FuzzFile(const FuzzFile&) = delete;
  FuzzFile& operator=(const FuzzFile&) = delete;

  const std::filesystem::path& write(const std::uint8_t* data, std::size_t size) const {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    return path_;
  }

 private:
  static std::filesystem::path folder() {
    constexpr int kSameLength = 10'000'000;  // of names, so that what they cover does not differ
    return std::filesystem::temp_directory_path() /
           ("systol_fuzz_" + std::to_string(kSameLength + ::getpid()));
  }

  std::filesystem::path folder_;
  std::filesystem::path path_;
};

/// Ends the fuzzing with this input as what is wrong.
[[noreturn]] inline void found(const char* problem, std::string_view text) {
  std::fprintf(stderr, "%s: %.*s\n", problem, static_cast<int>(text.size()), text.data());
  std::abort();
}

/// Runs a reader, which may refuse what it reads in one line, and nothing else. What a terminal
/// cannot show is replaced where the line is printed.
template <class Reader>
void read_or_refuse(Reader reader) {
  const auto check = [](std::string_view message) {
    if (message.empty() || message.find('\n') != std::string_view::npos) {
      found("this is not one line", message);
    }
  };
  try {
    reader();
  } catch (const InputError& error) {
    check(error.what());
  } catch (const isa::FormatError& error) {
    check(error.what());
  }
}

}  // namespace systol::test
