// Power over time, at part of the load, and with nothing to do.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Power : public ProgramTest {
 protected:
  Power() {
    write_array();
    write_workload();
  }
  Ended run(std::vector<std::string> more) {
    std::vector<std::string> words = {"run", "net.yaml", "-c", "array.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return systol(words);
  }
};

TEST_F(Power, OfTheWindowsIsThatOfTheRun) {
  ASSERT_EQ(run({"--power", "--power-window", "50", "--json", "r.json"}).status, kOk);
  const nlohmann::json report = json("r.json");
  const nlohmann::json& power = report["power_over_time"];
  EXPECT_EQ(power["window_cycles"], 50);
  const std::uint64_t cycles = report["cycles"];
  ASSERT_EQ(power["windows_w"].size(), (cycles + 49) / 50);
  double sum = 0;
  for (std::size_t i = 0; i < power["windows_w"].size(); ++i) {
    sum += power["windows_w"][i].get<double>() *
           static_cast<double>(std::min<std::uint64_t>(50, cycles - 50 * i));
  }
  EXPECT_NEAR(sum / static_cast<double>(cycles) / report["power_w"].get<double>(), 1, 1e-9);
}

TEST_F(Power, IsShownAsAChart) {
  const Ended ended = run({"--power"});
  EXPECT_EQ(ended.status, kOk);
  EXPECT_NE(ended.out.find("\npower: average "), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("     0 W └0"), std::string::npos) << ended.out;
}

TEST_F(Power, AtPartOfTheLoadIsBetweenIdleAndBusy) {
  ASSERT_EQ(run({"--load", "25", "--json", "r.json"}).status, kOk);
  ASSERT_EQ(systol({"idle", "array.yaml", "--json", "i.json"}).status, kOk);
  const nlohmann::json report = json("r.json");
  const double idle = json("i.json")["power_w"];
  EXPECT_GT(idle, 0);
  EXPECT_NEAR(report["partial_load"]["idle_w"].get<double>(), idle, 1e-9 * idle);
  EXPECT_NEAR(report["partial_load"]["power_w"].get<double>(),
              0.25 * report["power_w"].get<double>() + 0.75 * idle, 1e-9 * idle);
}

TEST_F(Power, ClocksThatAreNotGatedCostWithNothingToDo) {
  const auto idle = [this](const std::string& gating) {
    EXPECT_EQ(
        systol({"idle", "array.yaml", "--set", "array.clock_gating=" + gating, "--json", "i.json"})
            .status,
        kOk);
    return json("i.json")["components_w"]["pe_registers"].get<double>();
  };
  EXPECT_GT(idle("none"), 5 * idle("pe"));
}

TEST_F(Power, BadOptionsAreRefused) {
  EXPECT_EQ(run({"--power-window", "5"}), error(kWrongInput, "--power-window needs --power"));
  EXPECT_EQ(run({"--power", "--power-window", "0"}).status, kWrongInput);
  for (const std::string load : {"101", "-1", "nan", "inf"}) {
    EXPECT_EQ(run({"--load", load}), error(kWrongInput, "--load " + load + ": allowed: 0 to 100"));
  }
  EXPECT_EQ(systol({"idle", "none.yaml"}).status, kWrongInput);
}

}  // namespace
}  // namespace systol::test
