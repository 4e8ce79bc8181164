#include <gtest/gtest.h>

#include <vector>

#include "sim/config/yaml_reader.h"
#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

class YamlMerge : public testing::Test {
 protected:
  std::string load_error(const std::string& name, const std::vector<std::string>& overrides = {}) {
    return files.error_of([&] { load_yaml(files.path(name), overrides); });
  }
  /// The value of a.b after `overrides`.
  YamlNode a_b(const std::string& name, const std::vector<std::string>& overrides = {}) {
    return load_yaml(files.path(name), overrides)
        .map({"a", "x"})
        .required("a")
        .map({"b", "c", "d"})
        .required("b");
  }
  TempFiles files;
};

TEST_F(YamlMerge, MapsMergeAndLeavesKeepTheirPlaces) {
  files.write("base.yaml", "a:\n  b: 1\n  c: 2\nx: [1, 2]\n");
  files.write("sub/top.yaml", "extends: ../base.yaml\na:\n  c: 3\n  d: 4\nx: [5]\n");
  const YamlMap top = load_yaml(files.path("sub/top.yaml")).map({"a", "x"});
  const YamlMap a = top.required("a").map({"b", "c", "d"});
  EXPECT_EQ(a.required("b").place(), files.path("base.yaml").string() + ":2:6");
  EXPECT_EQ(a.required("c").place(), files.path("sub/top.yaml").string() + ":3:6");
  EXPECT_EQ(a.required("c").integer(0, 9), 3);
  EXPECT_EQ(a.required("d").integer(0, 9), 4);
  EXPECT_EQ(top.required("x").list(1, 1).at(0).integer(0, 9), 5);
}

TEST_F(YamlMerge, PathsAreRelativeToTheFileThatSaysThem) {
  files.write("base/base.yaml", "a: {b: t.txt}\n");
  files.write("top.yaml", "extends: base/base.yaml\n");
  EXPECT_EQ(a_b("top.yaml").file(), files.path("base/t.txt"));
  EXPECT_EQ(a_b("top.yaml", {"a.b=u.txt"}).file(), std::filesystem::current_path() / "u.txt");
}

TEST_F(YamlMerge, CyclesAndLongChainsAreRefused) {
  files.write("self.yaml", "extends: self.yaml\n");
  EXPECT_EQ(load_error("self.yaml"),
            "self.yaml:1:10: extends: self.yaml extends itself, directly or through others");
  files.write("p.yaml", "extends: q.yaml\n");
  files.write("q.yaml", "a: 1\nextends: ./p.yaml\n");
  EXPECT_EQ(load_error("p.yaml"),
            "q.yaml:2:10: extends: p.yaml extends itself, directly or through others");
  for (int i = 0; i < 9; ++i) {
    files.write("c" + std::to_string(i) + ".yaml",
                "extends: c" + std::to_string(i + 1) + ".yaml\n");
  }
  EXPECT_EQ(load_error("c0.yaml"), "c7.yaml:1:10: extends: more than 8 files extend one another");
}

TEST_F(YamlMerge, FilesThatCannotBeReadAreNamed) {
  EXPECT_EQ(load_error("none.yaml"), "none.yaml: no such file");
  std::filesystem::create_directory(files.path("dir"));
  EXPECT_EQ(load_error("dir"), "dir: is a directory, expected a YAML file");
  files.write("big.yaml", std::string(kYamlMaximumBytes + 1, '#'));
  EXPECT_EQ(load_error("big.yaml"), "big.yaml: is larger than 1 MiB, the limit for a YAML file");
  files.write("e.yaml", "extends: none.yaml\n");
  EXPECT_EQ(load_error("e.yaml"), "e.yaml:1:10: extends: none.yaml: no such file");
  std::filesystem::create_symlink("loop.yaml", files.path("loop.yaml"));
  files.write("e.yaml", "extends: loop.yaml\n");
  EXPECT_EQ(load_error("e.yaml"),
            "e.yaml:1:10: extends: loop.yaml: cannot be read: Too many levels of symbolic links");
  files.write("e.yaml", "extends: /proc/self/mem\n");
  EXPECT_EQ(load_error("e.yaml"),
            "e.yaml:1:10: extends: /proc/self/mem: cannot be read: Input/output error");
  files.write("l.yaml", "extends: [a]\n");
  EXPECT_EQ(load_error("l.yaml"), "l.yaml:1:10: extends: expected the name of a YAML file");
  files.write("n.yaml", "extends: a\n\n b\n");
  EXPECT_EQ(load_error("n.yaml"), "n.yaml:1:10: extends: expected the name of a YAML file");
}

TEST_F(YamlMerge, OverridesReplaceAndAdd) {
  files.write("a.yaml", "a: {b: 1}\n");
  EXPECT_EQ(a_b("a.yaml", {"a.b=7", "a.b=8"}).integer(0, 9), 8);
  EXPECT_EQ(a_b("a.yaml", {"a.b=[p, q]"}).list(2, 2).at(1).text(), "q");
  EXPECT_EQ(a_b("a.yaml", {"a.b=1 GB/s"}).text(), "1 GB/s");
  files.write("empty.yaml", "x: 1\n");
  EXPECT_EQ(a_b("empty.yaml", {"a.b=3"}).integer(0, 9), 3);
}

TEST_F(YamlMerge, OverridesAreTheirOwnPlaceInErrors) {
  files.write("a.yaml", "a: {b: 1}\n");
  EXPECT_EQ(files.error_of([&] { a_b("a.yaml", {"a.b=x"}).integer(0, 9); }),
            "a.b=x: a.b: found 'x', expected a whole number from 0 to 9 in plain decimal "
            "digits");
  EXPECT_EQ(files.error_of([&] { a_b("a.yaml", {"a.bb=1"}); }),
            "a.bb=1: unknown key 'a.bb'; allowed: b, c, d");
  EXPECT_EQ(files.error_of([&] { a_b("a.yaml", {"a=1"}); }),
            "a=1: a: found '1', expected a map with the keys b, c, d");
  EXPECT_EQ(files.error_of([&] { a_b("a.yaml", {"a.b="}).text(); }),
            "a.b=: a.b: found nothing, expected text");
}

TEST_F(YamlMerge, BadOverridesAreRefused) {
  files.write("a.yaml", "a: {b: 1, c: [x]}\n");
  EXPECT_EQ(load_error("a.yaml", {"a.b"}), "a.b: expected key.path=value, such as array.rows=64");
  EXPECT_EQ(load_error("a.yaml", {"=1"}), "=1: expected key.path=value, such as array.rows=64");
  EXPECT_EQ(load_error("a.yaml", {"a..b=1"}), "a..b=1: a key in the path is empty");
  EXPECT_EQ(load_error("a.yaml", {"a.=1"}), "a.=1: a key in the path is empty");
  EXPECT_EQ(load_error("a.yaml", {"a.b.z=1"}),
            "a.b.z=1: 'a.b' is not a map, so it has no key 'z' (see a.yaml:1:8)");
  EXPECT_EQ(load_error("a.yaml", {"a.c.0=1"}),
            "a.c.0=1: 'a.c' is not a map, so it has no key '0' (see a.yaml:1:14)");
  EXPECT_EQ(load_error("a.yaml", {"a={b: 1}"}),
            "a={b: 1}: the value is a map; set its keys one at a time, such as "
            "array.rows=64");
  EXPECT_EQ(load_error("a.yaml", {"a.b=[1"}),
            "a.b=[1: a key must be plain text; is a bracket before it not closed?");
}

}  // namespace
}  // namespace systol
