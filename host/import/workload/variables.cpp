#include "host/import/workload/variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "sim/config/nearest.h"

namespace systol {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

}  // namespace

YamlNode Variables::replaced_in(const YamlNode& node) {
  return {copied(node.tree(), node.path()), node.path()};
}

std::shared_ptr<YamlTree> Variables::copied(const YamlTree& tree, const std::string& path) {
  auto copy = std::make_shared<YamlTree>(tree);
  if (tree.kind == YamlKind::Scalar && tree.scalar.find('$') != std::string::npos) {
    copy->scalar = replaced(tree, path);
  }
  for (std::size_t i = 0; i < tree.children.size(); ++i) {
    const std::string& key = tree.children[i]->key;
    const std::string below = tree.kind == YamlKind::List ? fmt::format("{}[{}]", path, i)
                                                          : fmt::format("{}.{}", path, key);
    copy->children[i] = copied(*tree.children[i], below);
  }
  return copy;
}

std::string Variables::replaced(const YamlTree& tree, const std::string& path) {
  std::string result;
  std::string_view rest = tree.scalar;
  while (!rest.empty()) {
    const std::size_t dollar = std::min(rest.find('$'), rest.size());
    result += rest.substr(0, dollar);
    rest.remove_prefix(dollar);
    if (rest.empty()) {
      return result;
    }
    const std::size_t end = std::min(rest.find_first_not_of(kLetters, 1), rest.size());
    const std::string_view name = rest.substr(1, end - 1);
    const auto found = values_.find(name);
    if (found == values_.end()) {
      std::vector<std::string_view> known;
      for (const auto& [variable, value] : values_) {
        known.emplace_back(variable);
      }
      YamlNode(std::make_shared<YamlTree>(tree), path)
          .fail(fmt::format("there is no variable {} here{}", in_quotes(rest.substr(0, end)),
                            did_you_mean(name, known)));
    }
    *found->second.used = true;
    result += found->second.value;
    rest.remove_prefix(end);
  }
  return result;
}

}  // namespace systol
