// `systol explain` in a process of its own.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Explain : public ProgramTest {};

TEST_F(Explain, SaysWhatWasWaitedForAndWhatWouldHelp) {
  const std::vector<std::string> arguments{"explain", "784x128x10", "-c",
                                           config("edge_16x16.yaml")};
  const Ended ended = systol(arguments);
  EXPECT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(ended.err, "");
  EXPECT_NE(ended.out.find("what a feed waited for"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("as the weight FIFO was full"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("\n1. "), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("then bound by: "), std::string::npos) << ended.out;
}

TEST_F(Explain, ExplainsTheCyclesOfARunAndPredictsThoseOfAChangedOne) {
  const auto cycles_of = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{
        "run", "784x128x10", "-c", config("edge_16x16.yaml"), "--no-data", "--json", "run.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(systol(arguments).status, kOk);
    return json("run.json")["cycles"];
  };
  EXPECT_EQ(systol({"explain", "784x128x10", "-c", config("edge_16x16.yaml"), "--threads", "1",
                    "--json", "e.json"})
                .status,
            kOk);
  const nlohmann::json explanation = json("e.json");
  EXPECT_EQ(explanation["time"]["cycles"], cycles_of({}));
  // The compiler makes the same program of a dense chain for any queue and FIFO.
  for (const nlohmann::json& effect : explanation["effects"]) {
    const std::string key = effect["parameter"];
    if (key == "weight_fifo.tiles" || key == "command_queue.depth" || key == "dma.outstanding") {
      const nlohmann::json& step = effect["steps"].back();
      EXPECT_EQ(step["cycles"],
                cycles_of({"--set", key + "=" + std::to_string(step["value"].get<int>())}))
          << key;
    }
  }
}

TEST_F(Explain, RefusesWhatItCannotRead) {
  EXPECT_EQ(systol({"explain", "none.onnx", "-c", config("edge_16x16.yaml")}),
            error(kWrongInput, "none.onnx: no such file"));
  EXPECT_EQ(systol({"explain", "4x4", "-c", config("edge_16x16.yaml"), "--batch", "0"}),
            error(kWrongInput, "--batch: Value 0 not in range 1 to 1000000 (see --help)"));
}

}  // namespace
}  // namespace systol::test
