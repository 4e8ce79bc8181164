// The RTL's port lists say what hw/unit/pins.h and hw/unit/vector_pins.h say.
#include "hw/unit/pins.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <span>
#include <string>

#include "hw/unit/vector_pins.h"

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
      {"Rows", kRows},          {"Columns", kColumns}, {"PinAddressBits", 32}, {"OperandBits", 8},
      {"WeightBits", 8},        {"SumBits", 32},       {"MultiplierBits", 31}, {"ShiftBits", 6},
      {"PlaneBits", 4},         {"Lanes", kColumns},   {"LaneBits", 16},       {"FactorBits", 32},
      {"LaneOperationBits", 3}, {"ResultBits", 8},     {"WeighingBits", 22},   {"PinBits", 8}};
  static const std::regex kFactor(R"((?:tpu_pkg::)?(\w+))");
  std::uint32_t width = 1;
  for (std::sregex_iterator factor(text.begin(), text.end(), kFactor), end; factor != end;
       ++factor) {
    width *= sizes.at((*factor)[1]);
  }
  return width;
}

Ports ports_of_the_rtl(const std::string& module) {
  static const std::regex kPort(
      R"(^\s*(input|output)\s+logic(?:\s+signed)?\s*(?:\[\s*(\S+)-1:0\])?\s*(\w+)_[io],?)");
  Ports ports;
  std::ifstream file(SYSTOL_TEST_SOURCES "/hw/rtl/" + module + ".sv");
  for (std::string line; std::getline(file, line) && line != ");";) {
    std::smatch match;
    if (std::regex_search(line, match, kPort)) {
      ports[match[3]] = {match[1] == "input", match[2].matched ? width_of(match[2]) : 1};
    }
  }
  ports.erase("clk");
  return ports;
}

Ports ports_of(std::span<const PinDescription> inputs, std::span<const PinDescription> outputs) {
  Ports expected;
  const auto add = [&expected](const PinDescription& pin, bool input) {
    const std::uint32_t lanes = pin.span == PinSpan::One    ? 1
                                : pin.span == PinSpan::Rows ? kRows
                                                            : kColumns;
    expected[std::string(pin.name)] = {input, pin_bits(pin.bits, isa::PeType::Int8) * lanes};
  };
  for (const PinDescription& pin : inputs) {
    add(pin, true);
  }
  for (const PinDescription& pin : outputs) {
    add(pin, false);
  }
  return expected;
}

TEST(Pins, AreThePortsOfTheRtl) {
  const Ports expected = ports_of(kInputPins, kOutputPins);
  EXPECT_EQ(expected.size(), 43U);
  EXPECT_EQ(ports_of_the_rtl("tpu_matrix_unit"), expected);
}

TEST(Pins, OfTheVectorUnitAreThePortsOfItsRtl) {
  const Ports expected = ports_of(kVectorInputPins, kVectorOutputPins);
  EXPECT_EQ(expected.size(), 26U);
  EXPECT_EQ(ports_of_the_rtl("tpu_vector_unit"), expected);
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
