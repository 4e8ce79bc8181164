#include "host/import/onnx_external_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol::onnx_import {
namespace {

namespace fs = std::filesystem;

using OpenFiles = std::map<fs::path, std::shared_ptr<const InputFile>>;

/// What a tensor says of where its data are.
class ExternalData {
 public:
  ExternalData(const onnx::TensorProto& tensor, const fs::path& model)
      : tensor_(tensor),
        model_(model),
        place_(fmt::format("{}: constant {}", model.string(), in_quotes(tensor.name()))) {}

  /// At most `most` bytes.
  FilePart find(std::uint64_t most, OpenFiles& files) const {
    const fs::path path = model_.parent_path() / location();
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
      fail("there is no such file");
    }
    const std::uint64_t size = fs::file_size(path, error);
    const std::uint64_t offset = number("offset").value_or(0);
    const std::uint64_t rest = size - std::min(size, offset);
    const std::uint64_t length = number("length").value_or(rest);
    if (length > rest) {
      fail(fmt::format("{} bytes from byte {} on are asked for, but it has {}", length, offset,
                       size));
    }
    if (length > most) {
      fail(fmt::format("with it, the model's constants in other files have more than {} bytes",
                       kMaxExternalBytes));
    }
    std::shared_ptr<const InputFile>& file = files[path];
    if (file == nullptr) {
      file = std::make_shared<const InputFile>(path, "a file");
    }
    return {file, offset, length};
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const std::string* file = entry("location");
    throw InputError(fmt::format("{}: its data are in the file {}: {}", place_,
                                 in_quotes(file == nullptr ? "" : *file), what));
  }

  const std::string* entry(const char* key) const {
    const auto& entries = tensor_.external_data();
    const auto found = std::ranges::find(entries, key, &onnx::StringStringEntryProto::key);
    return found == entries.end() ? nullptr : &found->value();
  }

  fs::path location() const {
    const std::string* text = entry("location");
    const fs::path path = text == nullptr ? fs::path() : fs::path(*text).lexically_normal();
    if (path.empty() || path.is_absolute() || *path.begin() == ".." ||
        text->find('\0') != std::string::npos) {
      fail("allowed: a file in the model's folder or below it");
    }
    return path;
  }

  std::optional<std::uint64_t> number(const char* key) const {
    const std::string* text = entry(key);
    if (text == nullptr) {
      return std::nullopt;
    }
    std::uint64_t value = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc() || stop != end || value > INT64_MAX) {
      fail(fmt::format("its {} is {}, not a number of bytes", key, in_quotes(*text)));
    }
    return value;
  }

  const onnx::TensorProto& tensor_;
  const fs::path& model_;
  std::string place_;
};

}  // namespace

void find_external_data(onnx::GraphProto& graph, const fs::path& model, FileParts& parts) {
  std::uint64_t left = kMaxExternalBytes;
  OpenFiles files;
  for (onnx::TensorProto& tensor : *graph.mutable_initializer()) {
    if (tensor.data_location() == onnx::TensorProto::EXTERNAL) {
      FilePart part = ExternalData(tensor, model).find(left, files);
      left -= part.size;
      parts[tensor.name()] = std::move(part);
      tensor.clear_external_data();
      tensor.clear_data_location();
    }
  }
}

}  // namespace systol::onnx_import
