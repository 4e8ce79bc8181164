// Reads YAML files strictly: every value is checked where it is read, and every error names the
// place ("file:line:column"), the key's path, what was found and what is allowed.
//
//   YamlNode file = load_yaml("edge.yaml", overrides);
//   YamlMap top = file.map({"name", "clock", "array"});         // any other key is an error
//   Hertz clock = top.required("clock").quantity(kSlowest, kFastest);
//   std::int64_t rows = top.required("array").map({"rows"}).required("rows").integer(1, 1024);
//   if (auto name = top.optional("name")) { use(name->text()); }
//
// All errors are InputError.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/config/quantity_text.h"
#include "sim/config/yaml_tree.h"

namespace systol {

class YamlMap;

/// One value of a file. Cheap to copy.
class YamlNode {
 public:
  YamlNode(std::shared_ptr<const YamlTree> tree, std::string path)
      : tree_(std::move(tree)), path_(std::move(path)) {}

  /// The path of keys to this value, such as "array.rows" or "layers[2].dense"; empty for the file.
  const std::string& path() const { return path_; }
  /// The key this value stands under; empty for a list's item and for the file.
  const std::string& key() const { return tree_->key; }
  /// "file:line:column" of the value, or the override "key=value".
  std::string place() const { return tree_->place.text(); }
  /// The same of its key.
  std::string key_place() const { return tree_->key_place.text(); }

  /// What is read, for who rewrites it.
  const YamlTree& tree() const { return *tree_; }

  bool is_null() const { return tree_->kind == YamlKind::Null; }
  bool is_scalar() const { return tree_->kind == YamlKind::Scalar; }
  bool is_list() const { return tree_->kind == YamlKind::List; }
  bool is_map() const { return tree_->kind == YamlKind::Map; }

  /// Throws InputError "place: path: message".
  [[noreturn]] void fail(std::string_view message) const;
  /// The same, at the place of the key instead of the value: for names that the user chooses.
  [[noreturn]] void fail_at_key(std::string_view message) const;

  /// A whole number in plain decimal digits: 16, -3; not 010, 0x10, 1e3, +5, 3.0 or "16".
  std::int64_t integer(std::int64_t minimum, std::int64_t maximum) const;
  /// A finite number: 1, -0.5, 1e-3.
  double number(double minimum, double maximum) const;
  /// `true` or `false`.
  bool boolean() const;
  /// Text of at least one character.
  std::string text() const;
  /// One of `names`: its index.
  std::size_t choice(std::span<const std::string_view> names) const;

  /// A number with its unit, exact in the quantity's own unit: "700 MHz", "1.5 KiB".
  /// Q is Hertz, Bytes, BytesPerSecond or Picoseconds.
  template <class Q>
  Q quantity(Q minimum, Q maximum) const {
    return Q(whole(units_of<Q>(), minimum.count(), maximum.count(), false));
  }
  /// The same, or the word `unlimited`: nothing.
  template <class Q>
  std::optional<Q> quantity_or_unlimited(Q minimum, Q maximum) const {
    if (is_scalar() && tree_->scalar == kUnlimited) {
      return std::nullopt;
    }
    return Q(whole(units_of<Q>(), minimum.count(), maximum.count(), true));
  }
  /// A number with one of `units`, in the unit whose scale is 1/1; not negative.
  double scaled(std::span<const UnitScale> units) const;

  /// Text as a path, relative to the file that says it (an override: to the working directory), and
  /// absolute. Whether it exists is not checked.
  std::filesystem::path file() const;

  /// A list's items.
  std::vector<YamlNode> list(std::size_t minimum, std::size_t maximum) const;

  /// A map whose keys are all in `known`: anything else is reported at once.
  YamlMap map(std::span<const std::string_view> known) const;
  YamlMap map(std::initializer_list<std::string_view> known) const;
  /// A map's values where the user chooses the keys (see key()).
  std::vector<YamlNode> entries(std::size_t minimum, std::size_t maximum) const;
  /// A map of exactly one key, which is one of `names`: its value (see key()).
  YamlNode single(std::span<const std::string_view> names) const;

 private:
  friend class YamlMap;

  YamlNode child(const std::shared_ptr<YamlTree>& tree, std::size_t index) const;
  [[noreturn]] void fail_kind(std::string_view expected) const;
  [[noreturn]] void fail_unknown_key(const YamlTree& tree,
                                     std::span<const std::string_view> known) const;
  const std::string& scalar(std::string_view expected) const;
  std::uint64_t whole(std::span<const UnitScale> units, std::uint64_t minimum,
                      std::uint64_t maximum, bool unlimited) const;

  std::shared_ptr<const YamlTree> tree_;
  std::string path_;
};

/// A map of known keys.
class YamlMap {
 public:
  /// The map itself, for errors about it as a whole.
  const YamlNode& node() const { return node_; }
  /// The key's value; that it is missing is an error. `key` must be among the known ones.
  YamlNode required(std::string_view key) const;
  /// The key's value, if it is there. `key` must be among the known ones.
  std::optional<YamlNode> optional(std::string_view key) const;

 private:
  friend class YamlNode;
  YamlMap(YamlNode node, std::vector<std::string> known)
      : node_(std::move(node)), known_(std::move(known)) {}

  YamlNode node_;
  std::vector<std::string> known_;
};

/// Reads a file, with what it `extends` and with `key.path=value` overrides (see yaml_tree.h).
YamlNode load_yaml(const std::filesystem::path& path, std::span<const std::string> overrides = {});

/// Reads text, as if it were a file called `name`.
YamlNode parse_yaml(std::string_view text, const std::string& name);

}  // namespace systol
