#include "sim/config/yaml_tree.h"

#include <gtest/gtest.h>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

std::shared_ptr<YamlTree> parse(std::string_view text) {
  auto source = std::make_shared<YamlSource>();
  source->name = "t.yaml";
  return parse_yaml_tree(text, source);
}

std::string tree_error(std::string_view text) {
  return TempFiles().error_of([&] { parse(text); });
}

TEST(YamlTree, RemembersWhereEachKeyAndValueIs) {
  const auto tree = parse("# head\na: 1\nb: {c: [x, 'y']}\nd:\n");
  EXPECT_EQ(tree->child("a")->place.text(), "t.yaml:2:4");
  const auto list = tree->child("b")->child("c");
  EXPECT_EQ(list->key_place.text(), "t.yaml:3:5");
  EXPECT_EQ(list->children.at(1)->place.text(), "t.yaml:3:12");
  EXPECT_TRUE(list->children.at(1)->quoted);
  EXPECT_EQ(tree->child("d")->kind, YamlKind::Null);
  EXPECT_EQ(tree->child("d")->place.text(), "t.yaml:4:1");
  EXPECT_EQ(tree->child("nothing"), nullptr);
}

TEST(YamlTree, EmptyTextIsNull) {
  EXPECT_EQ(parse("")->kind, YamlKind::Null);
  EXPECT_EQ(parse("# only a comment\n")->kind, YamlKind::Null);
  EXPECT_EQ(parse("---\n")->kind, YamlKind::Null);
}

TEST(YamlTree, RefusesWhatTheFilesDoNotUse) {
  EXPECT_EQ(tree_error("a: 1\nb: 2\na: 3\n"),
            "t.yaml:3:1: duplicate key 'a', first written at 1:1");
  EXPECT_EQ(tree_error("x:\n  - {b: {c: 1, c: 2}}\n"),
            "t.yaml:2:16: duplicate key 'x[0].b.c', first written at 2:10");
  EXPECT_EQ(
      tree_error("a: 1\n---\nb: 2\n"),
      "t.yaml:2:1: a second document starts here, or the indentation is wrong; a file holds one "
      "document");
  EXPECT_EQ(tree_error("a: &x 1\n"),
            "t.yaml:1:4: anchors (&name) are not supported; write the value out");
  EXPECT_EQ(tree_error("a: &x 1\nb: *x\n"),
            "t.yaml:1:4: anchors (&name) are not supported; write the value out");
  EXPECT_EQ(tree_error("a: !!int 1\n"), "t.yaml:1:4: tags (!name) are not supported");
  EXPECT_EQ(tree_error("<<: {a: 1}\n"),
            "t.yaml:1:1: merge keys (<<) are not supported; 'extends: other.yaml' is");
  EXPECT_EQ(tree_error("? [a]\n: 1\n"),
            "t.yaml:1:3: a key must be plain text; is a bracket before it not closed?");
  EXPECT_EQ(tree_error("a: [1, 2\nb: 3\n"),
            "t.yaml:2:2: not valid YAML: end of sequence flow not found");
}

TEST(YamlTree, RefusesBinaryText) {
  EXPECT_EQ(tree_error(std::string_view("a: 1\n\0b", 7)), "t.yaml:2:1: byte 0x00 is not text");
  EXPECT_EQ(tree_error("\x7f"
                       "ELF"),
            "t.yaml:1:1: byte 0x7f is not text");
  EXPECT_EQ(tree_error("a\x04: 1"), "t.yaml:1:2: byte 0x04 is not text");
  EXPECT_EQ(tree_error("a: 1\nb: caf\xE9\n"), "t.yaml:2:7: byte 0xe9 is not UTF-8");
}

TEST(YamlTree, DeepAndWideTextEndsSoon) {
  for (std::string_view piece : {"[", "{a: ", "- ", "[[a, ", "? ", "a: \"\\", "!", "*a ", "&a "}) {
    std::string text;
    while (text.size() < 100'000) {
      text += piece;
    }
    EXPECT_NE(tree_error(text), "no error") << piece;
  }
  EXPECT_EQ(tree_error(std::string(33, '[') + std::string(33, ']')),
            "t.yaml:1:33: nested more than 32 deep");
}

}  // namespace
}  // namespace systol
