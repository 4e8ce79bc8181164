// The int8 networks on the simulated array recognise the digits as well as the float networks.
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Accuracy : public ProgramTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(Accuracy, OnAThousandDigitsIsWithinAPointOfTheFloatNetworks) {
  const Ended ended = systol({"run", model(GetParam()), "-c", config("edge_16x16.yaml"), "--engine",
                              "systemc", "--input", digits(), "--labels", labels(), "--json", "-"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  const nlohmann::json accuracy = nlohmann::json::parse(ended.out)["accuracy"];
  EXPECT_EQ(accuracy["samples"], 1'000);
  EXPECT_NEAR(accuracy["quantised"].get<double>(), accuracy["float"].get<double>(), 0.01);
  EXPECT_GT(accuracy["quantised"].get<double>(), 0.9);
}

INSTANTIATE_TEST_SUITE_P(Models, Accuracy,
                         ::testing::Values("mnist_linear_softmax", "mnist_mlp", "mnist16_mlp_tanh"),
                         [](const auto& name) { return std::string(name.param); });

}  // namespace
}  // namespace systol::test
