#include "host/scale_sim/topology.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>

#include "host/graph/dense.h"
#include "host/import/limits.h"
#include "sim/base/error.h"
#include "sim/base/text.h"
#include "sim/config/nearest.h"
#include "sim/config/text_file.h"

namespace systol {
namespace {

constexpr std::uint64_t kMaxValue = 1'000'000;  ///< of a number: three of them multiply in 64 bits
constexpr std::string_view kDepthwise = "DP";   ///< SCALE-Sim's mark, anywhere in the name
constexpr std::string_view kSparsity = "Sparsity";
constexpr std::size_t kLongestLayerName = 200;

struct Cell {
  std::string_view text;
  std::size_t column = 0;  ///< in its line, from 1
};

/// A column by the name that messages give it, and the ways it is written in a header: in small
/// letters, without spaces and signs.
struct TopologyColumn {
  std::string_view name;
  std::array<std::string_view, 3> spellings;
};

constexpr std::array<TopologyColumn, 4> kGemm = {
    {{"Layer", {"layer", "layername"}}, {"M", {"m"}}, {"N", {"n"}}, {"K", {"k"}}}};
constexpr std::array<TopologyColumn, 8> kConvolution = {
    {{"Layer name", {"layername", "layer"}},
     {"IFMAP Height", {"ifmapheight", "ifmaph"}},
     {"IFMAP Width", {"ifmapwidth", "ifmapw"}},
     {"Filter Height", {"filterheight", "filterh"}},
     {"Filter Width", {"filterwidth", "filterw"}},
     {"Channels", {"channels", "channel", "numchannels"}},
     {"Num Filter", {"numfilter", "numfilters"}},
     {"Strides", {"strides", "stride"}}}};
constexpr std::array<TopologyColumn, 2> kTwoStrides = {
    {{"Stride Height", {"strideheight", "strideh"}}, {"Stride Width", {"stridewidth", "stridew"}}}};
constexpr TopologyColumn kSparsityColumn = {kSparsity, {"sparsity", "sparsityratio"}};

/// What is between the commas of a line, without the empty cells at its end and without a comment
/// after the last comma.
std::vector<Cell> cells_of(std::string_view line) {
  std::vector<Cell> cells;
  for (std::size_t start = 0; start <= line.size();) {
    const std::size_t end = std::min(line.find(',', start), line.size());
    const std::string_view text = trimmed(line.substr(start, end - start));
    const auto at = text.empty() ? start : static_cast<std::size_t>(text.data() - line.data());
    cells.push_back({text, at + 1});
    start = end + 1;
  }
  if (cells.size() > 1 && cells.back().text.starts_with('#')) {
    cells.pop_back();
  }
  while (!cells.empty() && cells.back().text.empty()) {
    cells.pop_back();
  }
  return cells;
}

bool is(const Cell& cell, const TopologyColumn& column) {
  std::string letters;
  for (const char c : cell.text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return !letters.empty() && std::ranges::find(column.spellings, letters) != column.spellings.end();
}

bool is_number(const Cell& cell) {
  return !cell.text.empty() && cell.text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// One file, line by line.
class Reader {
 public:
  Reader(std::string_view text, const std::string& name)
      : name_(name), lines_(lines_of(text, name)) {}

  std::vector<TopologyLayer> layers() {
    for (number_ = 1; number_ <= lines_.size(); ++number_) {
      cells_ = cells_of(lines_[number_ - 1]);
      if (cells_.empty()) {
        continue;
      }
      columns_.empty() ? read_header() : read_layer();
    }
    if (layers_.empty()) {
      throw InputError(
          fmt::format("{}: no layers{}", name_,
                      columns_.empty() ? ": the file is empty" : ": nothing follows the header"));
    }
    return std::move(layers_);
  }

 private:
  [[noreturn]] void fail(std::size_t column, std::string_view message) const {
    throw InputError(fmt::format("{}:{}:{}: {}", name_, number_, column, message));
  }
  /// The column after a line's last character.
  std::size_t line_end() const { return lines_[number_ - 1].size() + 1; }

  std::string names() const {
    std::vector<std::string_view> names;
    std::ranges::transform(columns_, std::back_inserter(names), &TopologyColumn::name);
    return fmt::format("{}", fmt::join(names, ", "));
  }

  ////////////////////////////////////////////////////////////////////////////////////////////////
  // The header

  void read_header() {
    if (cells_.size() > 1 && is(cells_[1], kGemm[1])) {
      columns_.assign(kGemm.begin(), kGemm.end());
    } else if (cells_.size() > 1 &&
               (is(cells_[1], kConvolution[1]) || is(cells_[1], kConvolution[2]))) {
      convolution_ = true;
      columns_.assign(kConvolution.begin(), kConvolution.end());
      const std::size_t stride = columns_.size() - 1;
      if (cells_.size() > stride && is(cells_[stride], kTwoStrides[0])) {
        columns_.pop_back();
        columns_.insert(columns_.end(), kTwoStrides.begin(), kTwoStrides.end());
      }
    } else {
      fail(cells_.front().column,
           fmt::format("found {}, allowed: a SCALE-Sim topology, whose first line is 'Layer, M, N, "
                       "K' or 'Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, "
                       "Channels, Num Filter, Strides', both with 'Sparsity' if wanted",
                       in_quotes(trimmed(lines_[number_ - 1]))));
    }
    check_header();
  }

  void check_header() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i >= cells_.size()) {
        fail(line_end(), fmt::format("the header ends before column '{}'; the columns are {}",
                                     columns_[i].name, names()));
      }
      if (!is(cells_[i], columns_[i])) {
        fail(cells_[i].column, fmt::format("found column {}, expected '{}'; the columns are {}",
                                           in_quotes(cells_[i].text), columns_[i].name, names()));
      }
    }
    sparsity_ = cells_.size() > columns_.size();
    if (sparsity_ && !is(cells_[columns_.size()], kSparsityColumn)) {
      fail(cells_[columns_.size()].column,
           fmt::format("found column {}; after '{}' there can only be '{}'",
                       in_quotes(cells_[columns_.size()].text), columns_.back().name, kSparsity));
    }
    if (cells_.size() > columns_.size() + 1) {
      fail(cells_[columns_.size() + 1].column,
           fmt::format("found column {}; '{}' is the last one there can be",
                       in_quotes(cells_[columns_.size() + 1].text), kSparsity));
    }
  }

  ////////////////////////////////////////////////////////////////////////////////////////////////
  // A layer

  /// The number in a column that the header has.
  std::uint64_t number(std::size_t i) const {
    if (i >= cells_.size()) {
      fail(line_end(), fmt::format("{}: the line ends before it; the columns are {}",
                                   columns_[i].name, names()));
    }
    const std::string_view text = cells_[i].text;
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || stop != text.data() + text.size() || value < 1 ||
        value > kMaxValue) {
      fail(cells_[i].column, fmt::format("{}: found {}, allowed: whole numbers from 1 to {}",
                                         columns_[i].name, in_quotes(text), kMaxValue));
    }
    return value;
  }

  /// Dense only: N of N weights are there.
  void check_sparsity(std::size_t i) const {
    if (i >= cells_.size() || cells_[i].text.empty()) {
      return;
    }
    const std::string_view text = cells_[i].text;
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view kept = text.substr(0, colon);
    const bool dense = is_number({kept}) && kept.front() != '0' && colon < text.size() &&
                       text.substr(colon + 1) == kept;
    if (!dense) {
      fail(cells_[i].column,
           fmt::format("{}: found {}, which the machine does not have yet; allowed: dense layers, "
                       "that is 1:1 or nothing",
                       kSparsity, in_quotes(text)));
    }
  }

  void check_values() const {
    const std::size_t most = columns_.size() + (sparsity_ ? 1 : 0);
    if (cells_.size() > most) {
      fail(cells_[most].column,
           fmt::format("found {} after the last column; the columns are {}{}",
                       in_quotes(cells_[most].text), names(), sparsity_ ? ", Sparsity" : ""));
    }
    if (sparsity_) {
      check_sparsity(columns_.size());
    }
  }

  void read_layer() {
    if (cells_.front().text.empty()) {
      fail(1, "found a layer without a name");
    }
    if (cells_.front().text.size() > kLongestLayerName) {
      fail(cells_.front().column, fmt::format("found the name {}, allowed: at most {} characters",
                                              in_quotes(cells_.front().text), kLongestLayerName));
    }
    if (!is_printable(cells_.front().text)) {
      fail(cells_.front().column, fmt::format("found the name {}, allowed: no control characters",
                                              in_quotes(cells_.front().text)));
    }
    convolution_ ? read_convolution() : read_gemm();
  }

  void read_gemm() {
    const std::uint64_t m = number(1);
    const std::uint64_t n = number(2);
    const std::uint64_t k = number(3);
    check_values();
    add(std::string(cells_.front().text), m, n, k);
  }

  /// How many places the filter has along one side. SCALE-Sim pads nothing, and rounds up.
  std::uint64_t places(std::size_t filter, std::size_t image, std::uint64_t stride) const {
    const std::uint64_t covered = number(filter);
    const std::uint64_t available = number(image);
    if (covered > available) {
      fail(cells_[filter].column,
           fmt::format("{}: found {}, allowed: at most the {}, {}", columns_[filter].name, covered,
                       columns_[image].name, available));
    }
    return (available - covered + stride - 1) / stride + 1;
  }

  void read_convolution() {
    const std::uint64_t stride_down = number(7);
    std::uint64_t stride_across = stride_down;
    if (columns_.size() == kConvolution.size() + 1) {
      stride_across = number(8);
    } else if (!sparsity_ && cells_.size() == columns_.size() + 1 && is_number(cells_.back())) {
      // Two strides under the one heading.
      columns_.push_back(kTwoStrides[1]);
      stride_across = number(8);
      columns_.pop_back();
      cells_.pop_back();
    }
    const std::uint64_t down = places(3, 1, stride_down);
    const std::uint64_t across = places(4, 2, stride_across);
    const std::uint64_t channels = number(5);
    const std::uint64_t filters = number(6);
    check_values();
    const std::uint64_t area = number(3) * number(4);
    const std::string name(cells_.front().text);
    if (name.find(kDepthwise) == std::string::npos) {
      add(name, down * across, filters, area * channels);
      return;
    }
    for (std::uint64_t channel = 0; channel < channels; ++channel) {
      add(fmt::format("{}Channel_{}", name, channel), down * across, filters, area);
    }
  }

  void check_size(const std::string& name, std::string_view what, std::uint64_t value,
                  std::uint64_t most) const {
    if (value > most) {
      fail(cells_.front().column, fmt::format("layer {}: {} is {}, allowed: at most {}",
                                              in_quotes(name), what, value, most));
    }
  }

  void add(const std::string& name, std::uint64_t m, std::uint64_t n, std::uint64_t k) {
    check_size(name, convolution_ ? "M (output pixels)" : "M", m, kMaxTopologyRows);
    check_size(name, "N", n, kMaxUnits);
    check_size(name, convolution_ ? "K (filter area times channels)" : "K", k, kMaxUnits);
    if (layers_.size() == kMaxTopologyLayers) {
      fail(cells_.front().column,
           fmt::format("found more than {} layers, the most there can be", kMaxTopologyLayers));
    }
    layers_.push_back({name, static_cast<std::uint32_t>(m), static_cast<std::uint32_t>(n),
                       static_cast<std::uint32_t>(k)});
  }

  const std::string& name_;
  std::vector<std::string_view> lines_;
  std::size_t number_ = 0;   ///< of the line, from 1
  std::vector<Cell> cells_;  ///< of the line
  bool convolution_ = false;
  std::vector<TopologyColumn> columns_;  ///< without the sparsity; empty until the header was read
  bool sparsity_ = false;
  std::vector<TopologyLayer> layers_;
};

}  // namespace

bool is_topology_file(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".csv";
}

Topology load_topology(const std::filesystem::path& path) {
  Topology topology = parse_topology(read_text_file(path, "a topology"), path.string());
  topology.name = printable(path.stem().string());
  return topology;
}

Topology parse_topology(std::string_view text, const std::string& name) {
  return {name, Reader(text, name).layers()};
}

Graph graph_of(const TopologyLayer& layer, std::uint64_t seed) {
  Graph graph;
  graph.name = layer.name;
  graph.seed = seed;
  graph.outputs = {add_dense(graph, layer.name, graph.add_input("input", {layer.k}), layer.n)};
  return graph;
}

}  // namespace systol
