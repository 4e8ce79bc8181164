// Budgets as a whole: met, missed by one cycle, and wrong.
#include <fmt/format.h>

#include "tests/system/program.h"

namespace systol::test {
namespace {

class Check : public ProgramTest {
 protected:
  Check() { write_array(); }

  void write_budgets(const std::string& numbers) const {
    folder_.write("b.yaml", "budgets:\n  - {model: 20x10x4, array: array.yaml, " + numbers + "}\n");
  }
};

TEST_F(Check, ARunMeetsItsOwnFiguresAndFailsWithACycleMore) {
  ASSERT_EQ(
      systol({"run", "20x10x4", "-c", "array.yaml", "--no-data", "--json", "run.json"}).status,
      kOk);
  const nlohmann::json run = json("run.json");
  const auto cycles = run["cycles"].get<std::uint64_t>();
  const nlohmann::json& layer = run["nodes"][0];
  const auto name = layer["name"].get<std::string>();
  const auto layer_cycles = layer["cycles"].get<std::uint64_t>();
  const std::string energy = fmt::format("{:.3f} pJ", run["energy_pj"]["total"].get<double>());
  write_budgets(fmt::format("exact: true, cycles: {}, energy: {}, layers: {{{}: {{cycles: {}}}}}",
                            cycles, energy, name, layer_cycles));
  const Ended met = systol({"check", "b.yaml", "--json", "b.json"});
  EXPECT_EQ(met.status, kOk) << met.out << met.err;
  EXPECT_TRUE(has_line(met.out, "3 of 3 budgets are met")) << met.out;
  EXPECT_EQ(json("b.json")["budgets"][2]["measured"], layer_cycles);

  write_budgets(fmt::format("layers: {{{}: {{cycles: {}}}}}", name, layer_cycles - 1));
  const Ended missed = systol({"check", "b.yaml"});
  EXPECT_EQ(missed.status, kWrongResult);
  EXPECT_EQ(missed.err, "");
  EXPECT_NE(missed.out.find(fmt::format(", {}: {} cycles, 1 cycle more than the budget of {}", name,
                                        layer_cycles, layer_cycles - 1)),
            std::string::npos)
      << missed.out;
}

TEST_F(Check, AWrongFileIsRefused) {
  write_budgets("cycles: 1, layers: {fc9: {cycles: 1}}");
  const Ended layer = systol({"check", "b.yaml"});
  EXPECT_EQ(layer.status, kWrongInput);
  EXPECT_NE(layer.err.find("layers: found 'fc9'"), std::string::npos) << layer.err;
  write_budgets("cycels: 1");
  EXPECT_EQ(systol({"check", "b.yaml"}).status, kWrongInput);
  write_budgets("set: {array.row: 3}, cycles: 1");
  EXPECT_EQ(systol({"check", "b.yaml"}).err.rfind("systol: error: b.yaml:2:5: array.row=3: ", 0),
            0U);
  folder_.write("c.yaml", "budgets: [{model: t.csv, array: array.yaml, data: true, cycles: 1}]");
  EXPECT_EQ(systol({"check", "c.yaml"}),
            error(kWrongInput,
                  "c.yaml:1:11: data: found true, allowed: false for a topology, which has no "
                  "values"));
  EXPECT_EQ(systol({"check", "none.yaml"}).status, kWrongInput);
}

}  // namespace
}  // namespace systol::test
