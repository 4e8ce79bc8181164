// The energy of a run, worked out again from nothing but its JSON and the energy table's file, by
// the formulas of docs/energy.md. Shares no function with host/account.
#include <cmath>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "tests/system/program.h"

namespace systol::test {
namespace {

/// The figures of a table in pJ, pJ/bit and W/bit; an SRAM's access by its capacity in bytes.
struct Figures {
  std::map<std::string, double> of;
  std::map<double, double> sram;

  explicit Figures(const std::string& text) {
    const std::map<std::string, double> scales{
        {"pJ", 1}, {"pJ/bit", 1}, {"nW/bit", 1e-9}, {"KiB", 1024}, {"MiB", 1048576}};
    const std::regex named(R"(^  (\w+): \{value: ([0-9.]+) ([^,]+),)");
    const std::regex sized(R"(^  - \{capacity: ([0-9.]+) (\w+), value: ([0-9.]+) pJ,)");
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::smatch found;
      if (std::regex_search(line, found, named)) {
        of[found[1]] = std::stod(found[2]) * scales.at(found[3]);
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

double triangle(double lanes) { return lanes * (lanes - 1) / 2; }

/// What docs/energy.md says of a run, or of one of its layers.
class Formulas {
 public:
  Formulas(const nlohmann::json& array, const nlohmann::json& part, const Figures& figures)
      : array_(array), actions_(part["actions"]), figures_(figures), cycles_(part["cycles"]) {}

  std::map<std::string, double> components() const {
    std::map<std::string, double> parts = array_components();
    parts["accumulators"] =
        figures_.sram_bytes(4 * number("accumulator_rows"),
                            4 * (a("accumulator_reads") + a("accumulator_writes"))) +
        a("accumulator_reads") * e("int32_add");
    parts["unified_buffer"] = figures_.sram_bytes(number("unified_buffer_bytes"),
                                                  a("buffer_read_bytes") + a("buffer_write_bytes"));
    parts["weight_fifo"] = figures_.sram_bytes(number("weight_fifo_tiles") * r_ * c_,
                                               a("fifo_read_bytes") + a("fifo_write_bytes"));
    parts["activation_unit"] = a("requantised") * (e("int32_add") + e("int32_multiply")) +
                               figures_.sram_bytes(8192, a("table_lookups"));
    parts["vector_unit"] =
        (3 * a("softmax_elements") + 4 * a("vector_operations") + 4 * a("normalised_elements")) *
            e("int32_add") +
        (a("softmax_elements") + a("vector_multiplications") + 2 * a("normalised_elements")) *
            e("int32_multiply") +
        a("normalised_elements") * e("int8_multiply") +
        figures_.sram_bytes(8192, 2 * a("softmax_elements"));
    for (const auto& [name, memory] : array_["memory"].items()) {
      double bytes = 0;
      for (const std::string space : memory["holds"]) {
        bytes += a(space + "_read_bytes") + a(space + "_write_bytes");
      }
      parts["memory_" + name] = bytes * 8 * e(memory["energy"]);
    }
    return parts;
  }

 private:
  std::map<std::string, double> array_components() const {
    const bool output_stationary = array_["dataflow"] == "output_stationary";
    const double pe_bits = r_ * c_ * (output_stationary ? 8 + 8 + 32 + 32 : 8 + 8 + 8 + 32);
    const double skew_bits = 8 * (triangle(r_) + triangle(c_)) + 32 * (c_ + triangle(c_));
    const double pe = output_stationary
                          ? a("fed_rows") * r_ * c_ * (2 * 8 + 32) +
                                a("drained_rows") * 32 * c_ * (1 + (r_ - 1) / 2)
                          : a("fed_rows") * r_ * c_ * (8 + 32) + a("shifted_rows") * 2 * 8 * c_;
    const double skew = output_stationary
                            ? a("fed_rows") * 8 * (triangle(r_) + triangle(c_)) +
                                  a("drained_rows") * 32 * (c_ + triangle(c_))
                            : a("fed_rows") * (8 * triangle(r_) + 32 * (c_ + triangle(c_))) +
                                  a("shifted_rows") * 8 * triangle(c_);
    const double bits = pe_bits + skew_bits;
    return {{"multiply", (a("macs_useful") - a("macs_zero")) * e("int8_multiply")},
            {"add", (a("macs_useful") + a("macs_unused")) * e("int32_add")},
            {"pe_registers", pe * e("clocked")},
            {"skew_registers", skew * e("clocked")},
            {"clock", cycles_ * bits * e("clock_tree")},
            {"leakage", cycles_ / number("clock_hz") * bits * e("leakage") * 1e12}};
  }

  double a(const std::string& action) const { return actions_.at(action); }
  double e(const std::string& figure) const { return figures_.of.at(figure); }
  double number(const std::string& key) const { return array_.at(key); }

  const nlohmann::json& array_;
  const nlohmann::json& actions_;
  const Figures& figures_;
  double cycles_;
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
  for (const std::string table : {"45nm.yaml", "7nm.yaml"}) {
    std::ifstream file(config("energy/" + table));
    const Figures figures(std::string(std::istreambuf_iterator<char>(file), {}));
    for (const std::string dataflow :
         {"weight_stationary", "output_stationary", "input_stationary"}) {
      const Ended ended = systol({"run", "net.yaml", "-c", "array.yaml", "--limit", "9", "--set",
                                  "array.dataflow=" + dataflow, "--set",
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

TEST_F(EnergyJson, EveryActionOfTheListIsInTheReportAndInItsDescription) {
  write_array();
  write_workload();
  const nlohmann::json report = nlohmann::json::parse(
      systol({"run", "net.yaml", "-c", "array.yaml", "--limit", "9", "--json", "-"}).out);
  std::ifstream file(std::string(SYSTOL_SOURCE_DIR) + "/docs/json.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(report["actions"].size(), 36U);
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
