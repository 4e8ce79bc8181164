#include "sim/config/yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "sim/base/error.h"
#include "sim/base/text.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

std::string described(const YamlTree& tree) {
  switch (tree.kind) {
    case YamlKind::Null:
      return "nothing";
    case YamlKind::List:
      return "a list";
    case YamlKind::Map:
      return "a map";
    case YamlKind::Scalar:
      break;
  }
  return in_quotes(tree.scalar) + (tree.quoted ? " in quotes" : "");
}

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

/// -?(0|[1-9][0-9]*), which is what "plain decimal digits" means.
bool is_plain_integer(std::string_view text) {
  text.remove_prefix(text.starts_with('-') ? 1 : 0);
  const bool padded = text.size() > 1 && text[0] == '0';
  return !text.empty() && !padded && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string count_text(std::size_t minimum, std::size_t maximum) {
  return minimum == maximum ? fmt::format("{}", minimum)
                            : fmt::format("{} to {}", minimum, maximum);
}

}  // namespace

void YamlNode::fail(std::string_view message) const {
  throw InputError(path_.empty() ? fmt::format("{}: {}", place(), message)
                                 : fmt::format("{}: {}: {}", place(), path_, message));
}

void YamlNode::fail_at_key(std::string_view message) const {
  throw InputError(fmt::format("{}: {}: {}", tree_->key_place.text(), path_, message));
}

void YamlNode::fail_kind(std::string_view expected) const {
  fail(fmt::format("found {}, expected {}", described(*tree_), expected));
}

const std::string& YamlNode::scalar(std::string_view expected) const {
  if (!is_scalar() || tree_->scalar.empty()) {
    fail_kind(expected);
  }
  return tree_->scalar;
}

std::int64_t YamlNode::integer(std::int64_t minimum, std::int64_t maximum) const {
  const std::string expected =
      fmt::format("a whole number from {} to {} in plain decimal digits", minimum, maximum);
  const std::string& text = scalar(expected);
  if (tree_->quoted || !is_plain_integer(text)) {
    fail_kind(expected);
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < minimum || value > maximum) {
    fail(fmt::format("found {}, allowed: {} to {}", in_quotes(text), minimum, maximum));
  }
  return value;
}

double YamlNode::number(double minimum, double maximum) const {
  const std::string expected = fmt::format("a number from {} to {}", minimum, maximum);
  const std::string& text = scalar(expected);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (tree_->quoted || !whole || !std::isfinite(value)) {
    fail_kind(expected);
  }
  if (value < minimum || value > maximum) {
    fail(fmt::format("found {}, allowed: {} to {}", in_quotes(text), minimum, maximum));
  }
  return value;
}

bool YamlNode::boolean() const {
  const std::string& text = scalar("true or false");
  if (tree_->quoted || (text != "true" && text != "false")) {
    fail_kind("true or false");
  }
  return text == "true";
}

std::string YamlNode::text() const { return scalar("text"); }

std::size_t YamlNode::choice(std::span<const std::string_view> names) const {
  const std::string expected = "one of: " + join_names(names);
  const std::string& text = scalar(expected);
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) {
    fail(fmt::format("found {}{}, expected {}", in_quotes(text), did_you_mean(text, names),
                     expected));
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::uint64_t YamlNode::whole(std::span<const UnitScale> units, std::uint64_t minimum,
                              std::uint64_t maximum, bool unlimited) const {
  const std::string_view other = unlimited ? ", or 'unlimited'" : "";
  const std::string& text =
      scalar(fmt::format("a number and its unit ({}){}", unit_names(units), other));
  const QuantityResult<std::uint64_t> result = parse_whole_quantity(text, units);
  if (!result.value) {
    fail(fmt::format("found {}, {}{}", in_quotes(text), result.error, other));
  }
  if (*result.value < minimum || *result.value > maximum) {
    fail(fmt::format("found {}, allowed: {} to {}{}", in_quotes(text),
                     quantity_text(minimum, units), quantity_text(maximum, units), other));
  }
  return *result.value;
}

double YamlNode::scaled(std::span<const UnitScale> units) const {
  const std::string& text = scalar(fmt::format("a number and its unit ({})", unit_names(units)));
  const QuantityResult<double> result = parse_quantity(text, units);
  if (!result.value) {
    fail(fmt::format("found {}, {}", in_quotes(text), result.error));
  }
  return *result.value;
}

std::filesystem::path YamlNode::file() const {
  const std::string& name = scalar("the name of a file");
  if (!is_printable(name)) {
    fail(fmt::format("found {}, allowed: the name of a file without control characters",
                     in_quotes(name)));
  }
  const std::filesystem::path path = tree_->place.source->directory / name;
  return std::filesystem::absolute(path).lexically_normal();
}

YamlNode YamlNode::child(const std::shared_ptr<YamlTree>& tree, std::size_t index) const {
  return {tree, is_list() ? fmt::format("{}[{}]", path_, index) : joined(path_, tree->key)};
}

std::vector<YamlNode> YamlNode::list(std::size_t minimum, std::size_t maximum) const {
  if (!is_list()) {
    fail_kind("a list");
  }
  const std::size_t count = tree_->children.size();
  if (count < minimum || count > maximum) {
    fail(fmt::format("found a list of {}, allowed: {}", count, count_text(minimum, maximum)));
  }
  std::vector<YamlNode> items;
  for (std::size_t i = 0; i < count; ++i) {
    items.push_back(child(tree_->children[i], i));
  }
  return items;
}

std::vector<YamlNode> YamlNode::entries(std::size_t minimum, std::size_t maximum) const {
  if (!is_map()) {
    fail_kind("a map");
  }
  const std::size_t count = tree_->children.size();
  if (count < minimum || count > maximum) {
    fail(fmt::format("found a map of {} keys, allowed: {}", count, count_text(minimum, maximum)));
  }
  std::vector<YamlNode> values;
  for (const std::shared_ptr<YamlTree>& tree : tree_->children) {
    values.push_back(child(tree, 0));
  }
  return values;
}

void YamlNode::fail_unknown_key(const YamlTree& tree,
                                std::span<const std::string_view> known) const {
  throw UnknownKeyError(
      tree.key_place.text(),
      fmt::format("unknown key {}{}; allowed: {}", in_quotes(joined(path_, tree.key)),
                  did_you_mean(tree.key, known), join_names(known)));
}

YamlMap YamlNode::map(std::span<const std::string_view> known) const {
  if (!is_map()) {
    fail_kind(fmt::format("a map with the keys {}", join_names(known)));
  }
  for (const std::shared_ptr<YamlTree>& tree : tree_->children) {
    if (std::find(known.begin(), known.end(), tree->key) == known.end()) {
      fail_unknown_key(*tree, known);
    }
  }
  return {*this, std::vector<std::string>(known.begin(), known.end())};
}

YamlMap YamlNode::map(std::initializer_list<std::string_view> known) const {
  return map(std::span(known.begin(), known.size()));
}

YamlNode YamlNode::single(std::span<const std::string_view> names) const {
  const std::string expected = "a map with one key of: " + join_names(names);
  if (!is_map()) {
    fail_kind(expected);
  }
  map(names);
  if (tree_->children.size() != 1) {
    fail(fmt::format("found a map of {} keys, expected {}", tree_->children.size(), expected));
  }
  return child(tree_->children.front(), 0);
}

YamlNode YamlMap::required(std::string_view key) const {
  if (std::optional<YamlNode> node = optional(key)) {
    return *node;
  }
  throw InputError(fmt::format("{}: missing key {}", node_.place(),
                               in_quotes(joined(node_.path(), std::string(key)))));
}

std::optional<YamlNode> YamlMap::optional(std::string_view key) const {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
    throw std::logic_error(fmt::format("key '{}' is read but not among the known ones", key));
  }
  const std::shared_ptr<YamlTree> tree = node_.tree_->child(key);
  return tree ? std::optional<YamlNode>(node_.child(tree, 0)) : std::nullopt;
}

YamlNode load_yaml(const std::filesystem::path& path, std::span<const std::string> overrides) {
  return {load_yaml_tree(path, overrides), ""};
}

YamlNode parse_yaml(std::string_view text, const std::string& name) {
  auto source = std::make_shared<YamlSource>();
  source->name = name;
  return {parse_yaml_tree(text, source), ""};
}

}  // namespace systol
