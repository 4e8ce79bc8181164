#include "host/import/workload/layer_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/import/limits.h"
#include "host/import/workload/kinds.h"
#include "host/import/workload/layer.h"
#include "sim/base/error.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

constexpr std::size_t kMaxBlocks = 100;
constexpr int kMaxDepthOfBlocks = 16;
constexpr std::array<std::string_view, 3> kHolders = {"repeat", "block", "residual"};

/// The map without these keys, as a node of the same place.
YamlNode without(const YamlNode& node, std::initializer_list<std::string_view> keys) {
  auto tree = std::make_shared<YamlTree>(node.tree());
  std::erase_if(tree->children, [&](const std::shared_ptr<YamlTree>& child) {
    return std::ranges::find(keys, child->key) != keys.end();
  });
  return {tree, node.path()};
}

class ListReader {
 public:
  ListReader(WorkloadNetwork& network, const std::optional<YamlNode>& blocks) : network_(network) {
    if (blocks) {
      blocks_ = blocks->entries(1, kMaxBlocks);
    }
    for (const LayerKind& kind : layer_kinds()) {
      names_.push_back(kind.name);
    }
    names_.insert(names_.end(), kHolders.begin(), kHolders.end());
  }

  void read(const YamlNode& list, Variables& variables) {
    if (++depth_ > kMaxDepthOfBlocks) {
      list.fail(
          fmt::format("lists of layers in one another, more than {} deep; does a block use "
                      "itself?",
                      kMaxDepthOfBlocks));
    }
    for (const YamlNode& item : list.list(1, kMaxLayers)) {
      read_item(item.single(names_), variables);
    }
    --depth_;
  }

 private:
  void read_item(const YamlNode& item, Variables& variables) {
    const std::string& key = item.key();
    if (key == "repeat") {
      read_repeat(item, variables);
    } else if (key == "block") {
      read_block(item, variables);
    } else if (key == "residual") {
      read_residual(item, variables);
    } else {
      const auto kinds = layer_kinds();
      const auto kind = std::ranges::find(kinds, key, &LayerKind::name);
      kind->read(network_, variables.replaced_in(item));
    }
  }

  /// The list as often as `times` says.
  void read_times(const YamlNode& list, std::int64_t times, Variables& variables) {
    for (std::int64_t i = 1; i <= times; ++i) {
      variables.set("i", fmt::format("{}", i));
      read(list, variables);
    }
  }

  static std::int64_t read_count(const std::optional<YamlNode>& times) {
    return times ? times->integer(1, kMaxLayers) : 1;
  }

  void read_repeat(const YamlNode& item, Variables& variables) {
    const YamlMap map = item.map({"times", "layers"});
    const std::int64_t times = read_count(variables.replaced_in(map.required("times")));
    Variables inner = variables;
    read_times(map.required("layers"), times, inner);
  }

  const YamlNode& find_block(const YamlNode& use) const {
    const std::string wanted = use.text();
    const auto found = std::ranges::find(blocks_, wanted, &YamlNode::key);
    if (found == blocks_.end()) {
      std::vector<std::string_view> known;
      for (const YamlNode& block : blocks_) {
        known.emplace_back(block.key());
      }
      use.fail(
          fmt::format("no block is called {}{}", in_quotes(wanted), did_you_mean(wanted, known)));
    }
    return *found;
  }

  /// A block knows the variables that are given to it, and no others.
  void read_block(const YamlNode& item, Variables& variables) {
    const YamlNode use = variables.replaced_in(item);
    std::optional<YamlNode> name;
    std::optional<YamlNode> times;
    std::vector<YamlNode> given;
    Variables inner;
    for (const YamlNode& entry : use.entries(1, kMaxBlocks)) {
      if (entry.key() == "use") {
        name = entry;
      } else if (entry.key() == "times") {
        times = entry;
      } else {
        if (entry.key() == "i") {
          entry.fail_at_key("$i counts the times; a block is given other variables");
        }
        inner.set(entry.key(), entry.text());
        given.push_back(entry);
      }
    }
    if (!name) {
      throw InputError(fmt::format("{}: missing key '{}.use'", use.place(), use.path()));
    }
    const YamlNode& block = find_block(*name);
    read_times(block, read_count(times), inner);
    for (const YamlNode& entry : given) {
      if (!inner.is_used(entry.key())) {
        entry.fail_at_key(fmt::format("block '{}' has no '${}'", block.key(), entry.key()));
      }
    }
  }

  void read_residual(const YamlNode& item, Variables& variables) {
    const YamlMap map = item.map({"layers", "shortcut", "name", "activation", "leaky_slope"});
    const TensorId start = network_.current;
    TensorId straight = start;
    if (const auto shortcut = map.optional("shortcut")) {
      read(*shortcut, variables);
      straight = network_.current;
      network_.current = start;
    }
    read(map.required("layers"), variables);
    Layer layer(network_, variables.replaced_in(without(item, {"layers", "shortcut"})), "residual",
                {"activation", "leaky_slope"});
    layer.finish(layer.activated(layer.add(Binary{}, {network_.current, straight})));
  }

  WorkloadNetwork& network_;
  std::vector<YamlNode> blocks_;
  std::vector<std::string_view> names_;
  int depth_ = 0;
};

}  // namespace

void read_layers(WorkloadNetwork& network, const YamlNode& layers,
                 const std::optional<YamlNode>& blocks, const Variables& variables) {
  Variables known = variables;
  ListReader(network, blocks).read(layers, known);
}

}  // namespace systol
