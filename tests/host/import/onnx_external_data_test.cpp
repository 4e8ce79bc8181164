#include "host/import/onnx_external_data.h"

#include <gtest/gtest.h>

#include "tests/host/graph/small_graphs.h"
#include "tests/host/import/onnx_builder.h"

namespace systol::onnx_import {
namespace {

namespace fs = std::filesystem;
using test::input_error_of;

/// One constant 'w', whose entries say where its bytes are; "w.bin" holds eight of them.
class OnnxExternalData : public ::testing::Test {
 protected:
  OnnxExternalData() : folder_(fs::path(::testing::TempDir()) / "onnx_external_data") {
    fs::create_directories(folder_ / "below");
    std::ofstream(folder_ / "w.bin", std::ios::binary) << "abcdefgh";
    std::ofstream(folder_ / "below" / "v.bin", std::ios::binary) << "ij";
  }
  ~OnnxExternalData() override { fs::remove_all(folder_); }

  using Entries = std::vector<std::pair<std::string, std::string>>;

  /// Gives the bytes.
  std::string found(const Entries& entries) const {
    onnx::GraphProto graph;
    onnx::TensorProto& tensor = *graph.add_initializer();
    tensor.set_name("w");
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] : entries) {
      onnx::StringStringEntryProto& entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
    FileParts parts;
    find_external_data(graph, folder_ / "m.onnx", parts);
    EXPECT_EQ(graph.initializer(0).data_location(), onnx::TensorProto::DEFAULT);
    std::string bytes;
    parts.at("w").read([&](std::span<const std::byte> piece) {
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
    return bytes;
  }
  std::string refusal(const Entries& entries) const {
    const std::string message = input_error_of([&] { found(entries); });
    const std::string start =
        (folder_ / "m.onnx").string() + ": constant 'w': its data are in the file ";
    EXPECT_EQ(message.rfind(start, 0), 0U) << message;
    return message.substr(std::min(message.size(), start.size()));
  }

  fs::path folder_;
};

TEST_F(OnnxExternalData, IsReadFromTheModelsFolder) {
  EXPECT_EQ(found({{"location", "w.bin"}}), "abcdefgh");
  EXPECT_EQ(found({{"location", "w.bin"}, {"offset", "3"}}), "defgh");
  EXPECT_EQ(found({{"offset", "3"}, {"length", "5"}, {"location", "./w.bin"}}), "defgh");
  EXPECT_EQ(found({{"location", "below/v.bin"}, {"length", "1"}}), "i");
  EXPECT_EQ(found({{"location", "below/../w.bin"}, {"length", "1"}}), "a");
}

TEST_F(OnnxExternalData, RefusesFilesThatAreNotThereOrElsewhere) {
  EXPECT_EQ(refusal({{"location", "x.bin"}}), "'x.bin': there is no such file");
  EXPECT_EQ(refusal({{"location", "below"}}), "'below': there is no such file");
  for (const std::string location : {"", "/etc/passwd", "../m.bin", "below/../../m.bin", ".."}) {
    EXPECT_EQ(refusal({{"location", location}}),
              "'" + location + "': allowed: a file in the model's folder or below it");
  }
  EXPECT_EQ(refusal({}), "'': allowed: a file in the model's folder or below it");
}

TEST_F(OnnxExternalData, RefusesPlacesThatTheFileDoesNotHave) {
  EXPECT_EQ(refusal({{"location", "w.bin"}, {"offset", "4"}, {"length", "5"}}),
            "'w.bin': 5 bytes from byte 4 on are asked for, but it has 8");
  EXPECT_EQ(refusal({{"location", "w.bin"}, {"offset", "9"}, {"length", "1"}}),
            "'w.bin': 1 bytes from byte 9 on are asked for, but it has 8");
  EXPECT_EQ(refusal({{"location", "w.bin"}, {"offset", "-1"}}),
            "'w.bin': its offset is '-1', not a number of bytes");
  EXPECT_EQ(refusal({{"location", "w.bin"}, {"length", "18446744073709551616"}}),
            "'w.bin': its length is '18446744073709551616', not a number of bytes");
}

TEST_F(OnnxExternalData, IsBoundedForAllConstantsTogether) {
  fs::resize_file(folder_ / "w.bin", kMaxExternalBytes + 1);  // sparse
  EXPECT_EQ(refusal({{"location", "w.bin"}}),
            "'w.bin': with it, the model's constants in other files have more than 2147483648 "
            "bytes");
}

TEST_F(OnnxExternalData, MakesTheNetworkOfAModelThatIsOneFile) {
  testing::OnnxBuilder builder({2});
  builder.floats("w", {2, 1}, {1, 2});
  builder.node("MatMul", {"x", "w"}, "y");
  builder.output("y");
  const Graph one = builder.import();
  onnx::TensorProto& tensor = *builder.model.mutable_graph()->mutable_initializer(0);
  const float values[] = {1, 2};
  std::ofstream(folder_ / "w.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(values), sizeof(values));
  tensor.clear_float_data();
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  onnx::StringStringEntryProto& entry = *tensor.add_external_data();
  entry.set_key("location");
  entry.set_value("w.bin");
  std::ofstream(folder_ / "m.onnx", std::ios::binary) << builder.model.SerializeAsString();
  Graph other = import_onnx(folder_ / "m.onnx");
  other.load_values();
  EXPECT_EQ(other.constants.front().values, one.constants.front().values);
}

}  // namespace
}  // namespace systol::onnx_import
