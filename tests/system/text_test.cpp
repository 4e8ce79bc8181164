// Text that is not UTF-8 or has control characters: in reports and errors it is escaped.

#include "tests/file_text.h"
#include "tests/system/program.h"

namespace systol::test {
namespace {

class Text : public ProgramTest {
 protected:
  Text() { write_array(); }
};

TEST_F(Text, OfAFileNameThatIsNotUtf8IsEscapedInReports) {
  folder_.write("caf\xE9.onnx", text_of(model("mnist_linear_softmax")));
  const Ended ended = systol({"run", "caf\xE9.onnx", "-c", "array.yaml", "--json", "r.json",
                              "--timeline", "t.json", "--limit", "2"});
  ASSERT_EQ(ended, (Ended{kOk, ended.out, ""}));
  EXPECT_NE(ended.out.find("caf\\xe9"), std::string::npos) << ended.out;
  const nlohmann::json report = json("r.json");
  EXPECT_EQ(report["model"], "caf\\xe9");
  EXPECT_EQ(report["tool"]["command"],
            "systol run caf\\xe9.onnx -c array.yaml --json r.json --timeline t.json --limit 2");
  EXPECT_FALSE(json("t.json")["traceEvents"].empty());
}

TEST_F(Text, OfAnyWordOfTheCommandLineIsEscapedInReports) {
  const Ended ended =
      systol({"compare", "8", "-c", "array.yaml", "--csv", "\xFF.csv", "--json", "-"});
  ASSERT_EQ(ended.status, kOk) << ended.err;
  EXPECT_EQ(nlohmann::json::parse(ended.out)["runs"][0]["tool"]["command"],
            "systol compare 8 -c array.yaml --csv \\xff.csv --json -");
}

TEST_F(Text, OfFilesThatIsNotUtf8IsRefusedBeforeAnythingRuns) {
  folder_.write("t.csv", "Layer,M,N,K,\ncaf\xE9,1,2,3,\n");
  EXPECT_EQ(systol({"run", "t.csv", "-c", "array.yaml", "--json", "r.json"}),
            error(kWrongInput, "t.csv:2:4: byte 0xe9 is not UTF-8"));
  folder_.write("w.yaml", "name: caf\xE9\ninput: {shape: [4]}\nlayers:\n  - dense: {units: 2}\n");
  EXPECT_EQ(systol({"run", "w.yaml", "-c", "array.yaml", "--json", "r.json"}),
            error(kWrongInput, "w.yaml:1:10: byte 0xe9 is not UTF-8"));
  EXPECT_EQ(systol({"run", "8", "-c", "array.yaml", "--set", "name=\xE9"}),
            error(kWrongInput, "--set name=\\xe9: byte 0xe9 is not UTF-8"));
}

TEST_F(Text, OfAModelDoesNotReachTheTerminalsControls) {
  std::string model_bytes = text_of(model("mnist_linear_softmax"));
  // The operator of the first node, not its name: field 4, of four bytes.
  const std::size_t at = model_bytes.find("\x22\x04Gemm");
  ASSERT_NE(at, std::string::npos);
  model_bytes.replace(at + 2, 4, "G\x1B[m");
  folder_.write("m.onnx", model_bytes);
  const Ended ended = systol({"run", "m.onnx", "-c", "array.yaml"});
  EXPECT_EQ(ended.status, kWrongInput);
  EXPECT_EQ(ended.err.find('\x1B'), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("found the name 'G\\x1b[m'"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace systol::test
