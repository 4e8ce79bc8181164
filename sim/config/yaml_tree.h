// A YAML file as a tree that remembers, for each key and value, the place it came from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace systol {

/// Where text came from: a file, or an override of one of its keys.
struct YamlSource {
  std::string name;                 ///< as messages write it: "configs/a.yaml", "a=1"
  std::filesystem::path directory;  ///< what paths in it are relative to; empty: where we run
  bool is_file = true;              ///< if not, there are no lines to name
};

/// A position in a source, line and column counted from 1.
struct YamlPlace {
  std::shared_ptr<const YamlSource> source;
  int line = 1;
  int column = 1;

  /// "file:line:column", or "key=value".
  std::string text() const;
};

enum class YamlKind : std::uint8_t { Null, Scalar, List, Map };

/// One value with all below it. A map's values carry their keys.
struct YamlTree {
  YamlKind kind = YamlKind::Null;
  std::string scalar;   ///< of a Scalar: its text, exactly as written
  bool quoted = false;  ///< of a Scalar: written in quotes, or as a block
  YamlPlace place;
  std::string key;  ///< empty for a list's items and the document
  YamlPlace key_place;
  std::vector<std::shared_ptr<YamlTree>> children;

  /// The value of `name` in a map, or null.
  std::shared_ptr<YamlTree> child(std::string_view name) const;
};

/// Largest file that is read; nothing people write is near it.
inline constexpr std::size_t kYamlMaximumBytes = std::size_t{1} << 20;
/// Deepest nesting of maps and lists.
inline constexpr int kYamlMaximumDepth = 32;

/// Parses one document. Anchors, aliases, tags, merge keys, duplicate keys and a second document
/// are refused, so the tree is no larger than the text. Throws InputError.
std::shared_ptr<YamlTree> parse_yaml_tree(std::string_view text,
                                          const std::shared_ptr<const YamlSource>& source);

/// Reads a file with what it extends (`extends: other.yaml`, relative to the file; maps merge key
/// by key, everything else is replaced), then applies `key.path=value` overrides in their order.
/// Throws InputError.
std::shared_ptr<YamlTree> load_yaml_tree(const std::filesystem::path& path,
                                         std::span<const std::string> overrides);

/// The file and those that it extends, directly or through others. Throws InputError.
std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& path);

}  // namespace systol
