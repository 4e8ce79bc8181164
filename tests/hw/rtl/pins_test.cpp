// The RTL's port list says what hw/unit/pins.h says.
#include "hw/unit/pins.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace systol::test {
namespace {

struct Port {
  bool input = false;
  std::uint32_t width = 0;
  bool operator==(const Port&) const = default;
};
using Ports = std::map<std::string, Port>;

constexpr std::uint32_t kRows = 3;
constexpr std::uint32_t kColumns = 5;

void PrintTo(const Port& port, std::ostream* out) {
  *out << (port.input ? "input" : "output") << " of " << port.width;
}

/// "Columns*WeightBits" for an array of kRows x kColumns.
std::uint32_t width_of(const std::string& text) {
  const std::map<std::string, std::uint32_t> sizes = {
      {"Rows", kRows},        {"Columns", kColumns}, {"PinAddressBits", 32},
      {"OperandBits", 8},     {"WeightBits", 8},     {"SumBits", 32},
      {"MultiplierBits", 31}, {"ShiftBits", 6},      {"PlaneBits", 4}};
  static const std::regex kFactor(R"((?:tpu_pkg::)?(\w+))");
  std::uint32_t width = 1;
  for (std::sregex_iterator factor(text.begin(), text.end(), kFactor), end; factor != end;
       ++factor) {
    width *= sizes.at((*factor)[1]);
  }
  return width;
}

Ports ports_of_the_rtl() {
  static const std::regex kPort(
      R"(^\s*(input|output)\s+logic(?:\s+signed)?\s*(?:\[\s*(\S+)-1:0\])?\s*(\w+)_[io],?)");
  Ports ports;
  std::ifstream file(SYSTOL_TEST_SOURCES "/hw/rtl/tpu_matrix_unit.sv");
  for (std::string line; std::getline(file, line) && line != ");";) {
    std::smatch match;
    if (std::regex_search(line, match, kPort)) {
      ports[match[3]] = {match[1] == "input", match[2].matched ? width_of(match[2]) : 1};
    }
  }
  ports.erase("clk");
  return ports;
}

TEST(Pins, AreThePortsOfTheRtl) {
  Ports expected;
  const auto add = [&expected](const PinDescription& pin, bool input) {
    const std::uint32_t lanes = pin.span == PinSpan::One    ? 1
                                : pin.span == PinSpan::Rows ? kRows
                                                            : kColumns;
    expected[std::string(pin.name)] = {input, pin.bits * lanes};
  };
  for (const PinDescription& pin : kInputPins) {
    add(pin, true);
  }
  for (const PinDescription& pin : kOutputPins) {
    add(pin, false);
  }
  EXPECT_EQ(expected.size(), 32U);
  EXPECT_EQ(ports_of_the_rtl(), expected);
}

TEST(Pins, LaneIOfAMaskIsABitOfItsByte) {
  const std::uint8_t mask[] = {0x81, 0x02};
  for (std::size_t lane = 0; lane < 16; ++lane) {
    EXPECT_EQ(has_lane(mask, lane), lane == 0 || lane == 7 || lane == 9) << lane;
    EXPECT_TRUE(has_lane(nullptr, lane));
  }
}

}  // namespace
}  // namespace systol::test
