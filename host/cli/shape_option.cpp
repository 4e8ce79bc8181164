#include "host/cli/shape_option.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "host/import/limits.h"
#include "sim/base/error.h"

namespace systol {
namespace {

/// "1x3x224"; nothing for other text.
Shape extents_of(std::string_view text) {
  Shape shape;
  while (true) {
    std::int64_t extent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), extent);
    if (error != std::errc() || extent < 1 || static_cast<std::uint64_t>(extent) > kMaxElements) {
      return {};
    }
    shape.push_back(extent);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) {
      return shape;
    }
    if (!text.starts_with('x')) {
      return {};
    }
    text.remove_prefix(1);
  }
}

}  // namespace

void add_shape_option(CLI::App& command, std::vector<std::string>& shapes) {
  command
      .add_option(
          "--shape", shapes,
          "sizes that an ONNX model leaves open: an input's extents, or an open dimension's "
          "size, by its name; may be given more than once. The batch is one sample, whatever "
          "is given.\n  --shape image=1x3x224x224\n  --shape sequence_length=128")
      ->allow_extra_args(false);
}

GivenShapes given_shapes(const std::vector<std::string>& shapes) {
  GivenShapes given;
  for (const std::string& text : shapes) {
    const std::size_t equals = text.rfind('=');
    const std::string name = text.substr(0, equals);
    const Shape shape = equals == std::string::npos || name.empty()
                            ? Shape{}
                            : extents_of(std::string_view(text).substr(equals + 1));
    if (shape.empty()) {
      throw InputError(
          fmt::format("--shape '{}': expected NAME=EXTENTS, as image=1x3x224x224, or NAME=SIZE, as "
                      "length=128, with sizes from 1 to {}",
                      text, kMaxElements));
    }
    const bool first = shape.size() == 1 ? given.dimensions.emplace(name, shape.front()).second
                                         : given.inputs.emplace(name, shape).second;
    if (!first) {
      throw InputError(fmt::format("--shape '{}': '{}' has a size already", text, name));
    }
  }
  return given;
}

}  // namespace systol
