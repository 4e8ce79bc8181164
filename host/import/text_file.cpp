#include "host/import/text_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::size_t kMostText = std::size_t{64} << 20;

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->is_symlink() && entry->is_regular_file()) {
      files.push_back(entry->path());
    }
  }
  if (error) {
    throw InputError(
        fmt::format("{}: it cannot be read: {}", printable(folder.string()), error.message()));
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::string read_text(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) {
    return read_whole_file(path, "a text", kMostText);
  }
  std::string text;
  for (const std::filesystem::path& file : files_in(path)) {
    text += read_whole_file(file, "a text", kMostText);
    if (text.size() > kMostText) {
      throw InputError(fmt::format("{}: its files have more than {} bytes together",
                                   printable(path.string()), kMostText));
    }
  }
  return text;
}

std::vector<std::uint32_t> read_tokens(const std::filesystem::path& path, std::size_t rows) {
  const std::string text = read_text(path);
  std::vector<std::uint32_t> tokens;
  tokens.reserve(text.size());
  for (const char letter : text) {
    const auto token = static_cast<std::uint32_t>(static_cast<unsigned char>(letter));
    if (token >= rows) {
      throw InputError(
          fmt::format("{}: byte {} is {}; the network's embedding has rows for 0 to {}",
                      printable(path.string()), tokens.size(), token, rows - 1));
    }
    tokens.push_back(token);
  }
  return tokens;
}

}  // namespace systol
