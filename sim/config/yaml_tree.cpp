#include "sim/config/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "sim/base/error.h"
#include "sim/base/text.h"
#include "sim/config/nearest.h"

namespace systol {
namespace {

[[noreturn]] void fail_at(const YamlPlace& place, std::string_view message) {
  throw InputError(fmt::format("{}: {}", place.text(), message));
}

/// Builds the tree from the parser's events, and refuses what the project's files do not use.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::shared_ptr<const YamlSource> source) : source_(std::move(source)) {}

  std::shared_ptr<YamlTree> root() const { return root_; }

  YamlPlace place(const YAML::Mark& mark) const {
    return {source_, std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      fail_at(
          place(mark),
          "a second document starts here, or the indentation is wrong; a file holds one document");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(YamlKind::Null, mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail_at(place(mark), "aliases (*name) are not supported; write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    if (expects_key()) {
      add_key(mark, anchor, value);
      return;
    }
    const std::shared_ptr<YamlTree> node = add(YamlKind::Scalar, mark, anchor);
    node->scalar = value;
    node->quoted = tag == "!";
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(add(YamlKind::List, mark, anchor));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(add(YamlKind::Map, mark, anchor));
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  /// A list or map whose end has not come yet.
  struct Open {
    std::shared_ptr<YamlTree> tree;
    std::unordered_map<std::string, YamlPlace> keys;
    std::string path;  ///< of the tree itself
    std::string key;   ///< whose value comes next
    YamlPlace key_place;
    bool has_key = false;
  };

  bool expects_key() const {
    return !open_.empty() && open_.back().tree->kind == YamlKind::Map && !open_.back().has_key;
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") {
      fail_at(place(mark), "tags (!name) are not supported");
    }
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor) {
      fail_at(place(mark), "anchors (&name) are not supported; write the value out");
    }
  }

  void add_key(const YAML::Mark& mark, YAML::anchor_t anchor, const std::string& key) {
    refuse_anchor(mark, anchor);
    Open& map = open_.back();
    if (key == "<<") {
      fail_at(place(mark), "merge keys (<<) are not supported; 'extends: other.yaml' is");
    }
    const auto [first, is_new] = map.keys.emplace(key, place(mark));
    if (!is_new) {
      const std::string path = map.path.empty() ? key : map.path + "." + key;
      fail_at(place(mark), fmt::format("duplicate key {}, first written at {}:{}", in_quotes(path),
                                       first->second.line, first->second.column));
    }
    map.key = key;
    map.key_place = place(mark);
    map.has_key = true;
  }

  std::shared_ptr<YamlTree> add(YamlKind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    if (expects_key()) {
      fail_at(place(mark), "a key must be plain text; is a bracket before it not closed?");
    }
    auto node = std::make_shared<YamlTree>();
    node->kind = kind;
    node->place = place(mark);
    if (open_.empty()) {
      root_ = node;
      return node;
    }
    Open& parent = open_.back();
    if (parent.tree->kind == YamlKind::Map) {
      node->key = parent.key;
      node->key_place = parent.key_place;
      parent.has_key = false;
      // An empty value is reported where it is missing, not where the next token happens to be.
      node->place = kind == YamlKind::Null ? parent.key_place : node->place;
    }
    parent.tree->children.push_back(node);
    return node;
  }

  void open(const std::shared_ptr<YamlTree>& tree) {
    if (static_cast<int>(open_.size()) >= kYamlMaximumDepth) {
      fail_at(tree->place, fmt::format("nested more than {} deep", kYamlMaximumDepth));
    }
    Open next;
    next.tree = tree;
    if (!open_.empty()) {
      const Open& parent = open_.back();
      next.path = tree->key.empty()
                      ? fmt::format("{}[{}]", parent.path, parent.tree->children.size() - 1)
                      : (parent.path.empty() ? tree->key : parent.path + "." + tree->key);
    }
    open_.push_back(std::move(next));
  }

  std::shared_ptr<const YamlSource> source_;
  std::shared_ptr<YamlTree> root_;
  std::vector<Open> open_;
  int documents_ = 0;
};

/// Control characters would make the parser stop early or its messages unreadable, and what is not
/// UTF-8 could not stand in a report.
void refuse_binary(std::string_view text, const std::shared_ptr<const YamlSource>& source) {
  const std::size_t not_utf8 = first_not_utf8(text);
  int line = 1;
  int column = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F ||
        i == not_utf8) {
      fail_at({source, line, column},
              fmt::format("byte 0x{:02x} is not {}", byte, i == not_utf8 ? "UTF-8" : "text"));
    }
    column = byte == '\n' ? 1 : column + 1;
    line += byte == '\n' ? 1 : 0;
  }
}

}  // namespace

std::string YamlPlace::text() const {
  return source->is_file ? fmt::format("{}:{}:{}", source->name, line, column) : source->name;
}

std::shared_ptr<YamlTree> YamlTree::child(std::string_view name) const {
  for (const std::shared_ptr<YamlTree>& node : children) {
    if (node->key == name) {
      return node;
    }
  }
  return nullptr;
}

std::shared_ptr<YamlTree> parse_yaml_tree(std::string_view text,
                                          const std::shared_ptr<const YamlSource>& source) {
  refuse_binary(text, source);
  TreeBuilder builder(source);
  std::istringstream stream{std::string(text)};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    fail_at(builder.place(error.mark), "not valid YAML: " + error.msg);
  }
  if (!builder.root()) {
    auto nothing = std::make_shared<YamlTree>();
    nothing->place = {source, 1, 1};
    return nothing;
  }
  return builder.root();
}

}  // namespace systol
