// The energy of a run, worked out again from nothing but its JSON and the energy table's file, by
// the formulas of docs/energy.md. Shares no function with host/account.
#include <cmath>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "tests/file_text.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

/// The figures of a table in pJ, W, um2 and parts of 1, by "section.key" or "section.key.figure";
/// an SRAM's access by its capacity in bytes.
struct Figures {
  std::map<std::string, double> of;
  std::map<double, double> sram;

  explicit Figures(const std::string& text) {
    const std::map<std::string, double> scales{
        {"pJ", 1},        {"V", 1},         {"pJ/bit", 1},    {"pJ/bit/mm", 1}, {"pJ/B", 1},
        {"nW/bit", 1e-9}, {"nW/um2", 1e-9}, {"mW/GiB", 1e-3}, {"um2", 1},       {"um2/bit", 1},
        {"%", 0.01},      {"KiB", 1024},    {"MiB", 1048576}};
    const std::regex section(R"(^( *)(\w+):$)");
    const std::regex named(R"(^( *)(\w+): \{value: ([0-9.]+) ([^,]+),)");
    std::string outer;
    std::string inner;
    const std::regex sized(R"(^  - \{capacity: ([0-9.]+) (\w+), value: ([0-9.]+) pJ,)");
    const std::regex pe(R"(^  - gates: pe/(\w+)_osu)");  // its figures: "pe.int8.uniform"
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::smatch found;
      if (std::regex_search(line, found, pe)) {
        inner = found[1].str() + ".";
      } else if (std::regex_search(line, found, section)) {
        (found[1].length() == 0 ? outer : inner) = found[2].str() + ".";
      } else if (std::regex_search(line, found, named)) {
        const std::string path = found[1].length() == 0   ? ""
                                 : found[1].length() == 2 ? outer
                                                          : outer + inner;
        of[path + found[2].str()] = std::stod(found[3]) * scales.at(found[4]);
      } else if (std::regex_search(line, found, sized)) {
        sram[std::stod(found[1]) * scales.at(found[2])] = std::stod(found[3]);
      }
    }
  }

  /// `bytes` of an SRAM: on a line between neighbours on logarithmic axes, which goes on beyond.
  double sram_bytes(double capacity, double bytes) const {
    auto upper = std::next(sram.begin());
    while (std::next(upper) != sram.end() && upper->first < capacity) {
      ++upper;
    }
    const auto lower = std::prev(upper);
    const double slope =
        std::log(upper->second / lower->second) / std::log(upper->first / lower->first);
    return lower->second * std::pow(capacity / lower->first, slope) * bytes / 8;
  }
};

/// The figures of a measured PE's file, in pJ: "gated.uniform".
std::map<std::string, double> pe_figures(std::istream& file) {
  std::map<std::string, double> figures;
  const std::regex section(R"(^(\w+):$)");
  const std::regex figure(R"(^  (\w+): ([0-9.e-]+) pJ)");
  std::string part;
  for (std::string line; std::getline(file, line);) {
    std::smatch found;
    if (std::regex_search(line, found, section)) {
      part = found[1];
    } else if (std::regex_search(line, found, figure)) {
      figures[part + "." + std::string(found[1])] = std::stod(found[2]);
    }
  }
  return figures;
}

double triangle(double lanes) { return lanes * (lanes - 1) / 2; }

/// What docs/energy.md says of a run, or of one of its layers.
class Formulas {
 public:
  Formulas(const nlohmann::json& array, const nlohmann::json& part, const Figures& figures)
      : array_(array), actions_(part["actions"]), figures_(figures), cycles_(part["cycles"]) {
    std::ifstream file(std::string(SYSTOL_SOURCE_DIR) + "/configs/energy/pe/" + gates() +
                       "_osu018.yaml");
    pe_ = pe_figures(file);
    sum_toggles_ = part["sum_toggles"].is_null() ? 0.0 : part["sum_toggles"].get<double>();
  }

  std::map<std::string, double> components() const {
    std::map<std::string, double> parts = array_components();
    parts["accumulators"] =
        figures_.sram_bytes(4 * number("accumulator_rows"),
                            4 * (a("accumulator_reads") + a("accumulator_writes"))) +
        a("accumulator_reads") * e("operations.int32_add");
    parts["unified_buffer"] = buffer();
    parts["weight_fifo"] = figures_.sram_bytes(number("weight_fifo_tiles") * r_,
                                               a("fifo_read_bytes") + a("fifo_write_bytes"));
    parts["activation_unit"] =
        a("requantised") * (e("operations.int32_add") + e("operations.int32_multiply")) +
        figures_.sram_bytes(8192, a("table_lookups")) + clocked("requantised", kActivation);
    parts["vector_unit"] = 4 * a("vector_operations") * e("operations.int32_add") +
                           a("vector_multiplications") * e("operations.int32_multiply") +
                           clocked("vector_operations", kVector);
    parts["softmax_unit"] =
        a("softmax_elements") * (3 * e("operations.int32_add") + e("operations.int32_multiply")) +
        figures_.sram_bytes(8192, 2 * a("softmax_elements")) +
        clocked("softmax_elements", kSoftmax);
    parts["normalise_unit"] = a("normalised_elements") * (4 * e("operations.int32_add") +
                                                          2 * e("operations.int32_multiply") +
                                                          e("operations.int8_multiply")) +
                              clocked("normalised_elements", kNormalise);
    parts["control"] = 0;
    for (const auto& [name, memory] : array_["memory"].items()) {
      const std::string kind = "memories." + memory["energy"].get<std::string>() + ".";
      double& used = parts["memory_" + name];
      for (const std::string space : memory["holds"]) {
        const double read = a(space + "_read_bytes");
        const double written = a(space + "_write_bytes");
        used += 8 * (read * e(kind + "read") + written * e(kind + "write")) +
                (read + written) * e(kind + "activate");
      }
      used += memory["capacity_bytes"].get<double>() / 1073741824 *
              (e(kind + "background") + e(kind + "refresh")) * seconds() * 1e12;
    }
    double sum = 0;
    for (const auto& [name, used] : parts) {
      sum += used;
    }
    parts["regulators"] = sum * e("regulators");
    return parts;
  }

 private:
  /// Bits of a unit around the array: docs/energy.md has them.
  struct Registers {
    double lane;
    double shared;
    double clocked;
  };
  static constexpr Registers kActivation{253, 502, 112};
  static constexpr Registers kVector{393, 488, 196};
  static constexpr Registers kSoftmax{8, 110, 8};
  static constexpr Registers kNormalise{16, 216, 16};

  double clocked(const char* values, const Registers& unit) const {
    return a(values) * (unit.clocked + unit.shared / c_) * e("flip_flop.clocked");
  }

  std::map<std::string, double> array_components() const {
    const bool output_stationary = array_["dataflow"] == "output_stationary";
    const double pe_bits = r_ * c_ * (output_stationary ? 9 + 9 + 32 + 32 : 9 + 9 + 9 + 32);
    const double skew_bits = 9 * (triangle(r_) + triangle(c_)) + 32 * (c_ + triangle(c_));
    const double pe = output_stationary
                          ? a("fed_rows") * r_ * c_ * (2 * 9 + 32) +
                                a("drained_rows") * 32 * c_ * (1 + (r_ - 1) / 2)
                          : a("fed_rows") * r_ * c_ * (9 + 32) + a("shifted_rows") * 2 * 9 * c_;
    const double skew = output_stationary
                            ? a("fed_rows") * 9 * (triangle(r_) + triangle(c_)) +
                                  a("drained_rows") * 32 * (c_ + triangle(c_))
                            : a("fed_rows") * (9 * triangle(r_) + 32 * (c_ + triangle(c_))) +
                                  a("shifted_rows") * 9 * triangle(c_);
    double bits = pe_bits + skew_bits;
    for (const Registers& unit : {kActivation, kVector, kSoftmax, kNormalise}) {
      bits += c_ * unit.lane + unit.shared;
    }
    const double scale = e("pe." + gates() + ".uniform") / pe_.at("gated.uniform");
    const double clocks = pe + cycles_ * r_ * c_ * 3;
    return {{"pe", switching() * scale},
            {"pe_registers", clocks * pe_.at("gated.register_clock") * scale},
            {"skew_registers", skew * e("flip_flop.clocked")},
            {"clock", cycles_ * bits * e("flip_flop.clock_tree")},
            {"pe_wires", wires()},
            {"leakage", leakage() * seconds() * 1e12}};
  }

  double seconds() const { return cycles_ / number("clock_hz"); }

  bool in_place() const { return array_["dataflow"] == "output_stationary"; }

  std::string gates() const { return in_place() ? "int8_in_place" : "int8"; }
  double pe_cells() const { return e("pe." + gates() + ".area"); }
  double drains() const { return a("drained_rows") * c_ * (1 + (r_ - 1) / 2); }

  /// Square micrometres of cells and bits of SRAM that leak.
  double leakage() const {
    const double skew = 9 * (triangle(r_) + triangle(c_)) + 32 * (c_ + triangle(c_));
    double cells = r_ * c_ * pe_cells() + skew * e("area.flip_flop") + c_ * e("area.int32_add");
    for (const std::string unit : {"activation", "vector", "softmax", "normalise"}) {
      cells += c_ * e("units." + unit + ".lane") + e("units." + unit + ".shared");
    }
    const double bits = c_ * 32 * number("accumulator_rows") + 8 * number("unified_buffer_bytes") +
                        8 * number("weight_fifo_tiles") * r_ * c_ + c_ * 256 * (8 + 8 + 16);
    // Control is so much of the whole die, laid out as logic is.
    const double die =
        cells / e("area.utilisation") + bits * e("area.sram_cell") / e("area.sram_efficiency");
    const double share = e("units.control");
    cells += die * share / (1 - share) * e("area.utilisation");
    return cells * e("leakage.logic") + bits * e("leakage.sram");
  }

  double wires() const {
    const double pitch = std::sqrt(pe_cells() / e("area.utilisation")) * 1e-3;
    const double bits =
        in_place() ? 2 * (a("activation_toggles") + a("weight_toggles")) + 32 * drains()
                   : 2 * (a("activation_toggles") + a("weight_bus_toggles") + sum_toggles_);
    return bits * pitch * e("wire");
  }

  double buffer() const {
    const double bytes = a("buffer_read_bytes") + a("buffer_write_bytes");
    const double capacity = number("unified_buffer_bytes");
    const double side =
        std::sqrt(capacity * 8 * e("area.sram_cell") / e("area.sram_efficiency")) * 1e-3;
    return figures_.sram_bytes(std::ceil(capacity / number("unified_buffer_slices")), bytes) +
           bytes * 8 * e("wire") * side / 2;
  }

  double switching() const {
    double sum =
        sum_toggles_ * pe_.at("gated.sum_toggle") + a("fed_rows") * r_ * c_ * pe_.at("gated.wave");
    for (const std::string term : {"activation", "product", "sign", "weight"}) {
      sum += a(term + "_toggles") * pe_.at("gated." + term + "_toggle");
    }
    const double lanes = a("fed_rows") * r_;
    return sum + (!in_place()  ? a("weight_bus_toggles") * pe_.at("gated.weight_bus_toggle")
                  : lanes == 0 ? 0
                               : a("weight_toggles") * a("fed_values") / lanes *
                                         pe_.at("gated.met_weight_toggle") +
                                     drains() * pe_.at("gated.drain"));
  }

  double a(const std::string& action) const { return actions_.at(action); }
  double e(const std::string& figure) const { return figures_.of.at(figure); }
  double number(const std::string& key) const { return array_.at(key); }

  const nlohmann::json& array_;
  const nlohmann::json& actions_;
  const Figures& figures_;
  double cycles_;
  std::map<std::string, double> pe_;
  double sum_toggles_ = 0.0;
  double r_ = array_.at("rows");
  double c_ = array_.at("columns");
};

class EnergyJson : public ProgramTest {
 protected:
  static void expect_formulas(const nlohmann::json& array, const nlohmann::json& part,
                              const Figures& figures, const std::string& what) {
    double total = 0;
    const auto components = Formulas(array, part, figures).components();
    for (const auto& [name, energy] : components) {
      EXPECT_NEAR(part["energy_pj"].at(name).get<double>(), energy, energy * 1e-12)
          << what << ": " << name;
      total += energy;
    }
    EXPECT_EQ(part["energy_pj"].size(), components.size() + 1) << what << ": and the total";
    EXPECT_NEAR(part["energy_pj"]["total"].get<double>(), total, total * 1e-12) << what;
  }
};

TEST_F(EnergyJson, TheTotalFollowsFromTheReportAndTheTableAlone) {
  write_array();
  write_workload();
  for (const std::string table : {"45nm.yaml", "28nm.yaml", "16nm.yaml", "7nm.yaml"}) {
    const Figures figures(text_of(config("energy/" + table)) +
                          text_of(config("energy/memories.yaml")));
    for (const std::string dataflow :
         {"weight_stationary", "output_stationary", "input_stationary"}) {
      const Ended ended =
          systol({"run", "net.yaml", "-c", "array.yaml", "--limit", "9", "--set",
                  "array.dataflow=" + dataflow, "--set", "memory.dram.capacity=2 GiB", "--set",
                  "energy=" + config("energy/" + table), "--json", "-"});
      ASSERT_EQ(ended.status, kOk) << ended.err;
      const nlohmann::json report = nlohmann::json::parse(ended.out);
      const std::string what = table + ", " + dataflow;
      expect_formulas(report["array"], report, figures, what);
      for (const nlohmann::json& layer : report["nodes"]) {
        expect_formulas(report["array"], layer, figures,
                        what + ", " + layer["name"].get<std::string>());
      }
    }
  }
}

TEST_F(EnergyJson, WhatIsNotCountedIsSaidToBeAssumed) {
  write_array();
  write_workload();
  const auto report = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run", "net.yaml", "-c", "array.yaml", "--json", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nlohmann::json::parse(systol(arguments).out);
  };
  const nlohmann::json counted = report({});
  EXPECT_EQ(counted["operand_basis"], "bits that changed");
  EXPECT_GT(counted["sum_toggles"], 0);
  EXPECT_GT(counted["actions"]["product_toggles"], 0);
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--no-data"},
                                               {"--switching", "off"},
                                               {"--switching", "off", "--engine", "systemc"}}) {
    const nlohmann::json assumed = report(more);
    EXPECT_EQ(assumed["operand_basis"],
              "assumed: operands that change as many bits as those of trained networks do");
    EXPECT_TRUE(assumed["sum_toggles"].is_null());
    EXPECT_EQ(assumed["actions"]["product_toggles"], 0);
    EXPECT_EQ(assumed["energy_pj"]["pe_registers"], counted["energy_pj"]["pe_registers"]);
  }
  EXPECT_EQ(systol({"run", "net.yaml", "-c", "array.yaml", "--switching", "some"}),
            error(kWrongInput, "--switching some: there are on, off"));
}

/// 9 bits of each operand with its mask, 32 of each sum.
TEST_F(EnergyJson, RegisterBitsAreClockedOrIdle) {
  write_array();
  write_workload();
  const nlohmann::json report =
      nlohmann::json::parse(systol({"run", "net.yaml", "-c", "array.yaml", "--json", "-"}).out);
  const nlohmann::json& bits = report["register_bits"];
  const auto number = [](const nlohmann::json& value) { return value.get<std::uint64_t>(); };
  const std::uint64_t rows = number(report["array"]["rows"]);
  const std::uint64_t columns = number(report["array"]["columns"]);
  const auto triangle = [](std::uint64_t n) { return n * (n - 1) / 2; };
  EXPECT_EQ(number(bits["all"]), rows * columns * 59 + 9 * (triangle(rows) + triangle(columns)) +
                                     32 * (columns + triangle(columns)));
  EXPECT_EQ(number(bits["clocked"]), number(report["actions"]["pe_clocked_bits"]) +
                                         number(report["actions"]["skew_clocked_bits"]));
  EXPECT_EQ(number(bits["clocked"]) + number(bits["idle"]),
            number(bits["all"]) * number(report["cycles"]));
}

TEST_F(EnergyJson, EveryActionOfTheListIsInTheReportAndInItsDescription) {
  write_array();
  write_workload();
  const nlohmann::json report = nlohmann::json::parse(
      systol({"run", "net.yaml", "-c", "array.yaml", "--limit", "9", "--json", "-"}).out);
  const std::string page = text_of(std::string(SYSTOL_SOURCE_DIR) + "/docs/json.md");
  EXPECT_EQ(report["actions"].size(), 48U);
  for (const auto& [name, count] : report["actions"].items()) {
    EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos) << name;
    std::uint64_t sum = 0;
    for (const nlohmann::json& layer : report["nodes"]) {
      sum += layer["actions"][name].get<std::uint64_t>();
    }
    EXPECT_EQ(sum, count) << name;
  }
}

}  // namespace
}  // namespace systol::test
