#include "sim/config/yaml_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "tests/sim/config/temp_files.h"

namespace systol {
namespace {

constexpr std::array<std::string_view, 2> kKinds = {"dense", "conv"};

/// The error of reading `a` in the map `text`.
template <class Read>
std::string read_error(const std::string& text, Read read) {
  return TempFiles().error_of([&] { read(parse_yaml(text, "t.yaml").map({"a"}).required("a")); });
}

YamlNode value(const std::string& text) {
  return parse_yaml("a: " + text, "t.yaml").map({"a"}).required("a");
}

TEST(YamlReader, ReadsEveryKind) {
  EXPECT_EQ(value("16").integer(1, 1024), 16);
  EXPECT_EQ(value("-3").integer(-5, 5), -3);
  EXPECT_EQ(value("1e-3").number(0.0, 1.0), 1e-3);
  EXPECT_TRUE(value("true").boolean());
  EXPECT_FALSE(value("false").boolean());
  EXPECT_EQ(value("'x y'").text(), "x y");
  EXPECT_EQ(value("conv").choice(kKinds), 1U);
  EXPECT_EQ(value("700 MHz").quantity(Hertz(1), Hertz(1'000'000'000)), Hertz(700'000'000));
  EXPECT_EQ(value("unlimited").quantity_or_unlimited(Bytes(1), Bytes(2)), std::nullopt);
  EXPECT_EQ(value("2 B").quantity_or_unlimited(Bytes(1), Bytes(2)), Bytes(2));
  EXPECT_EQ(value("[1, 2]").list(1, 2).at(1).path(), "a[1]");
  EXPECT_EQ(value("{conv: {x: 1}}").single(kKinds).key(), "conv");
  EXPECT_EQ(value("{p: 1, q: 2}").entries(1, 2).at(1).key(), "q");
}

TEST(YamlReader, IntegersAreInPlainDecimal) {
  const auto read = [](const YamlNode& node) { node.integer(1, 1024); };
  for (const std::string text :
       {"010", "0x10", "1e3", "+5", "3.0", "1_000", "true", "0b1", "--3"}) {
    EXPECT_EQ(read_error("a: " + text, read),
              "t.yaml:1:4: a: found '" + text +
                  "', expected a whole number from 1 to 1024 in plain decimal digits");
  }
  EXPECT_EQ(read_error("a: '16'", read),
            "t.yaml:1:4: a: found '16' in quotes, expected a whole number from 1 to 1024 in plain "
            "decimal digits");
}

TEST(YamlReader, RangesAreChecked) {
  const auto read = [](const YamlNode& node) { node.integer(1, 1024); };
  for (const std::string text : {"0", "-3", "1025", "1000000000", "99999999999999999999999"}) {
    EXPECT_EQ(read_error("a: " + text, read),
              "t.yaml:1:4: a: found '" + text + "', allowed: 1 to 1024");
  }
  EXPECT_EQ(read_error("a: 1.5", [](const YamlNode& node) { node.number(0.0, 1.0); }),
            "t.yaml:1:4: a: found '1.5', allowed: 0 to 1");
  EXPECT_EQ(read_error("a: [1, 2]", [](const YamlNode& node) { node.list(3, 4); }),
            "t.yaml:1:4: a: found a list of 2, allowed: 3 to 4");
  EXPECT_EQ(read_error("a: {}", [](const YamlNode& node) { node.entries(1, 4); }),
            "t.yaml:1:4: a: found a map of 0 keys, allowed: 1 to 4");
}

TEST(YamlReader, QuantitiesNeedTheirUnit) {
  const auto read = [](const YamlNode& node) { node.quantity(Hertz(1000), Hertz(10'000'000'000)); };
  EXPECT_EQ(read_error("a: 700", read),
            "t.yaml:1:4: a: found '700', which has no unit; allowed units: Hz, kHz, MHz, GHz");
  EXPECT_EQ(read_error("a: 700 MiB", read),
            "t.yaml:1:4: a: found '700 MiB', which has the unknown unit 'MiB'; allowed units: Hz, "
            "kHz, MHz, GHz");
  EXPECT_EQ(read_error("a: 5 Hz", read), "t.yaml:1:4: a: found '5 Hz', allowed: 1 kHz to 10 GHz");
  EXPECT_EQ(read_error("a: [1]", read),
            "t.yaml:1:4: a: found a list, expected a number and its unit (Hz, kHz, MHz, GHz)");
  EXPECT_EQ(read_error("a: unlimited", read),
            "t.yaml:1:4: a: found 'unlimited', expected a number and its unit (Hz, kHz, MHz, GHz), "
            "such as '1 GHz'");
  EXPECT_EQ(read_error("a: 9",
                       [](const YamlNode& node) {
                         node.quantity_or_unlimited(Picoseconds(0), Picoseconds(9));
                       }),
            "t.yaml:1:4: a: found '9', which has no unit; allowed units: ps, ns, us, ms, or "
            "'unlimited'");
}

TEST(YamlReader, KindsAreChecked) {
  const auto text = [](const YamlNode& node) { node.text(); };
  EXPECT_EQ(read_error("a:", text), "t.yaml:1:1: a: found nothing, expected text");
  EXPECT_EQ(read_error("a: {b: 1}", text), "t.yaml:1:4: a: found a map, expected text");
  EXPECT_EQ(read_error("a: ''", text), "t.yaml:1:4: a: found '' in quotes, expected text");
  EXPECT_EQ(read_error("a: yes", [](const YamlNode& node) { node.boolean(); }),
            "t.yaml:1:4: a: found 'yes', expected true or false");
  EXPECT_EQ(read_error("a: .inf", [](const YamlNode& node) { node.number(0.0, 1.0); }),
            "t.yaml:1:4: a: found '.inf', expected a number from 0 to 1");
  EXPECT_EQ(read_error("a: dens", [](const YamlNode& node) { node.choice(kKinds); }),
            "t.yaml:1:4: a: found 'dens' (did you mean 'dense'?), expected one of: dense, conv");
  EXPECT_EQ(read_error("a: 1",
                       [](const YamlNode& node) {
                         node.map({"b", "c"});
                       }),
            "t.yaml:1:4: a: found '1', expected a map with the keys b, c");
  EXPECT_EQ(read_error("a: {dense: 1, conv: 2}", [](const YamlNode& node) { node.single(kKinds); }),
            "t.yaml:1:4: a: found a map of 2 keys, expected a map with one key of: dense, conv");
}

TEST(YamlReader, KeysAreChecked) {
  const auto read = [](const YamlNode& node) { node.map({"rows", "columns"}).required("rows"); };
  EXPECT_EQ(read_error("a:\n  row: 1", read),
            "t.yaml:2:3: unknown key 'a.row' (did you mean 'rows'?); allowed: rows, columns");
  EXPECT_EQ(read_error("a:\n  banana: 1", read),
            "t.yaml:2:3: unknown key 'a.banana'; allowed: rows, columns");
  EXPECT_EQ(read_error("a:\n  columns: 1", read), "t.yaml:2:3: missing key 'a.rows'");
  EXPECT_EQ(read_error("b: 1", read), "t.yaml:1:1: unknown key 'b'; allowed: a");
  EXPECT_EQ(read_error("{}", read), "t.yaml:1:1: missing key 'a'");
  EXPECT_EQ(read_error("", read), "t.yaml:1:1: found nothing, expected a map with the keys a");
  EXPECT_EQ(read_error("- 1", read), "t.yaml:1:1: found a list, expected a map with the keys a");
}

TEST(YamlReader, ReadingAnUndeclaredKeyIsABug) {
  const YamlMap map = parse_yaml("{}", "t.yaml").map({"a"});
  EXPECT_THROW(map.optional("b"), std::logic_error);
}

}  // namespace
}  // namespace systol
