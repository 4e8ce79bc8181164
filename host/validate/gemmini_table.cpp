#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <utility>

#include "host/graph/dense.h"
#include "host/validate/gemmini.h"
#include "sim/base/error.h"
#include "sim/config/text_file.h"

namespace systol {
namespace {

constexpr std::string_view kHeader =
    "accumulator_rows,scratchpad_bytes,out_height,out_width,kernel_height,kernel_width,in_channels,"
    "out_channels,batch,stride_h,stride_w,cycles_searched_tiling,cycles_own_tiling";
constexpr std::size_t kColumns = 13;
constexpr std::uint64_t kMostCyclesOfALayer = 1'000'000'000'000;
constexpr std::uint64_t kMost = 1'000'000;  ///< of anything else

std::string_view without_return(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

/// Numbers of one line.
class Line {
 public:
  Line(std::string_view text, std::string place) : rest_(text), place_(std::move(place)) {}

  std::uint64_t next(std::uint64_t most) {
    ++column_;
    const std::size_t comma = rest_.find(',');
    if ((comma == std::string_view::npos) != (column_ == kColumns)) {
      throw InputError(fmt::format("{}: a row has {} numbers", place_, kColumns));
    }
    const std::string_view cell = rest_.substr(0, comma);
    rest_.remove_prefix(comma == std::string_view::npos ? rest_.size() : comma + 1);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size() || value == 0 || value > most) {
      throw InputError(
          fmt::format("{}: number {} is '{}'; allowed: 1 to {}", place_, column_, cell, most));
    }
    return value;
  }
  std::uint32_t size() { return static_cast<std::uint32_t>(next(kMost)); }

 private:
  std::string_view rest_;
  std::string place_;
  std::size_t column_ = 0;
};

GemminiLayer layer_of(Line line) {
  GemminiLayer layer;
  layer.accumulator_rows = line.size();
  layer.scratchpad_bytes = line.size();
  for (std::uint32_t* number : {&layer.output[0], &layer.output[1], &layer.kernel[0],
                                &layer.kernel[1], &layer.in_channels, &layer.out_channels}) {
    *number = line.size();
  }
  line.next(1);  // a batch of 1
  for (std::uint32_t& stride : layer.stride) {
    stride = line.size();
  }
  layer.searched = Cycles(line.next(kMostCyclesOfALayer));
  layer.own = Cycles(line.next(kMostCyclesOfALayer));
  return layer;
}

bool is_dense(const GemminiLayer& layer) {
  constexpr std::array<std::uint32_t, 2> kOnes{1, 1};
  return layer.output[1] == 1 && layer.kernel == kOnes && layer.stride == kOnes;
}

}  // namespace

std::string GemminiLayer::name() const {
  if (is_dense(*this)) {
    return fmt::format("dense {}x{}x{}", output[0], in_channels, out_channels);
  }
  return fmt::format("{}x{} {}x{}{} {}->{}", output[0], output[1], kernel[0], kernel[1],
                     stride[0] == 1 ? "" : fmt::format("/{}", stride[0]), in_channels,
                     out_channels);
}

std::uint32_t GemminiLayer::samples() const { return is_dense(*this) ? output[0] : 1; }

Graph GemminiLayer::graph() const {
  Graph graph;
  graph.name = name();
  if (is_dense(*this)) {
    graph.outputs = {
        add_dense(graph, "layer", graph.add_input("input", {in_channels}), out_channels)};
    return graph;
  }
  const auto extent = [this](std::size_t axis) {
    return std::int64_t{output[axis] - 1} * stride[axis] + kernel[axis];
  };
  const TensorId input = graph.add_input("input", {extent(0), extent(1), in_channels});
  const TensorId weights =
      graph.add_constant("weights", {kernel[0], kernel[1], in_channels, out_channels});
  Convolution convolution;
  convolution.window.stride = {stride[0], stride[1]};
  graph.outputs = {graph.add_node("layer", convolution, {input, weights})};
  return graph;
}

std::vector<GemminiLayer> load_gemmini_layers(const std::filesystem::path& path) {
  const std::string text = read_text_file(path, "measured layers");
  std::vector<GemminiLayer> layers;
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = without_return(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (number > 1) {
      layers.push_back(layer_of(Line(line, fmt::format("{}:{}", path.string(), number))));
    } else if (line != kHeader) {
      throw InputError(fmt::format("{}:1: expected the header '{}'", path.string(), kHeader));
    }
  }
  if (layers.empty()) {
    throw InputError(fmt::format("{}: there is no layer in it", path.string()));
  }
  return layers;
}

}  // namespace systol
