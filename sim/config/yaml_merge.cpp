// Files that extend files, and overrides from the command line.
#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <unordered_map>

#include "sim/base/error.h"
#include "sim/base/input_file.h"
#include "sim/base/text.h"
#include "sim/config/nearest.h"
#include "sim/config/yaml_tree.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaximumExtends = 8;  // files in one chain

/// `prefix` is "place: " of the `extends` that asked for the file, or empty.
std::string read_file(const fs::path& path, const std::string& prefix) {
  try {
    return read_whole_file(path, "a YAML file", kYamlMaximumBytes);
  } catch (const InputError& error) {
    throw InputError(prefix + error.what());
  }
}

/// The same for two names of one file. What cannot be resolved cannot be read either.
fs::path identity(const fs::path& path) {
  std::error_code error;
  fs::path canonical = fs::weakly_canonical(path, error);
  return error ? path : canonical;
}

/// Puts `top` over `base`: maps key by key, anything else replaces.
std::shared_ptr<YamlTree> merge(const std::shared_ptr<YamlTree>& base,
                                const std::shared_ptr<YamlTree>& top) {
  if (base->kind != YamlKind::Map || top->kind != YamlKind::Map) {
    return top;
  }
  std::unordered_map<std::string, std::shared_ptr<YamlTree>*> known;
  for (std::shared_ptr<YamlTree>& node : base->children) {
    known.emplace(node->key, &node);
  }
  std::vector<std::shared_ptr<YamlTree>> added;
  for (const std::shared_ptr<YamlTree>& node : top->children) {
    const auto found = known.find(node->key);
    if (found == known.end()) {
      added.push_back(node);
    } else {
      *found->second = merge(*found->second, node);
    }
  }
  std::vector<std::shared_ptr<YamlTree>> children = std::move(base->children);
  children.insert(children.end(), added.begin(), added.end());
  top->children = std::move(children);
  return top;
}

/// `chain` holds the canonical paths of the files that led here.
std::shared_ptr<YamlTree> load_file(const fs::path& path, std::vector<fs::path>& chain,
                                    const std::string& prefix) {
  const std::string text = read_file(path, prefix);
  chain.push_back(identity(path));
  auto source = std::make_shared<YamlSource>();
  source->name = path.string();
  source->directory = path.parent_path();
  std::shared_ptr<YamlTree> tree = parse_yaml_tree(text, source);
  const std::shared_ptr<YamlTree> extends =
      tree->kind == YamlKind::Map ? tree->child("extends") : nullptr;
  if (!extends) {
    return tree;
  }
  const std::string place = extends->place.text() + ": extends: ";
  if (extends->kind != YamlKind::Scalar || extends->scalar.empty() ||
      !is_printable(extends->scalar)) {
    throw InputError(place + "expected the name of a YAML file");
  }
  const fs::path base = (path.parent_path() / extends->scalar).lexically_normal();
  if (std::find(chain.begin(), chain.end(), identity(base)) != chain.end()) {
    throw InputError(
        fmt::format("{}{} extends itself, directly or through others", place, base.string()));
  }
  if (chain.size() >= kMaximumExtends) {
    throw InputError(
        fmt::format("{}more than {} files extend one another", place, kMaximumExtends));
  }
  std::erase(tree->children, extends);
  return merge(load_file(base, chain, place), tree);
}

/// A map's value of `key`, added if it is not there; `source` is the override's.
std::shared_ptr<YamlTree> step_into(YamlTree& map, const std::string& key,
                                    const std::shared_ptr<const YamlSource>& source) {
  if (std::shared_ptr<YamlTree> node = map.child(key)) {
    return node;
  }
  auto node = std::make_shared<YamlTree>();
  node->kind = YamlKind::Map;
  node->place = node->key_place = {source};
  node->key = key;
  map.children.push_back(node);
  return node;
}

/// Puts the value that "key.path=value" says into the tree.
void apply_override(YamlTree& root, const std::string& text) {
  auto source = std::make_shared<YamlSource>();
  source->name = text;
  source->is_file = false;
  const auto fail = [&](const std::string& message) {
    throw InputError(fmt::format("{}: {}", source->name, message));
  };
  const auto fail_key = [&](const std::string& message) {
    throw UnknownKeyError(source->name, message);
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    fail_key("expected key.path=value, such as array.rows=64");
  }
  const std::shared_ptr<YamlTree> value = parse_yaml_tree(text.substr(equals + 1), source);
  if (value->kind == YamlKind::Map) {
    fail("the value is a map; set its keys one at a time, such as array.rows=64");
  }
  YamlTree* map = &root;
  std::shared_ptr<YamlTree> node;
  for (std::size_t start = 0; start <= equals;) {
    const std::size_t end = std::min(text.find('.', start), equals);
    const std::string key = text.substr(start, end - start);
    if (key.empty()) {
      fail_key("a key in the path is empty");
    }
    if (map->kind != YamlKind::Map) {
      fail_key(fmt::format("{} is not a map, so it has no key {} (see {})",
                           in_quotes(text.substr(0, start == 0 ? 0 : start - 1)), in_quotes(key),
                           map->place.text()));
    }
    node = step_into(*map, key, source);
    map = node.get();
    start = end + 1;
  }
  node->kind = value->kind;
  node->scalar = value->scalar;
  node->quoted = value->quoted;
  node->children = value->children;
  node->place = {source};
}

}  // namespace

std::shared_ptr<YamlTree> load_yaml_tree(const fs::path& path,
                                         std::span<const std::string> overrides) {
  std::vector<fs::path> chain;
  std::shared_ptr<YamlTree> tree = load_file(path, chain, "");
  if (tree->kind == YamlKind::Map) {
    for (const std::string& text : overrides) {
      apply_override(*tree, text);
    }
  }
  return tree;
}

std::vector<fs::path> yaml_files(const fs::path& path) {
  std::vector<fs::path> chain;
  load_file(path, chain, "");
  return chain;
}

}  // namespace systol
