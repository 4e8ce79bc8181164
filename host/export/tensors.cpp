#include "host/export/tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "host/export/npy_text.h"
#include "host/report/json.h"
#include "sim/base/text.h"
#include "sim/base/unfinished_folder.h"

namespace systol {
namespace {

constexpr std::size_t kLongestFileName = 100;

/// The tensor's number, which orders the files, and what a file's name can have of its own.
std::string file_name(std::size_t number, const std::string& tensor) {
  std::string name = tensor.substr(0, kLongestFileName);
  std::ranges::replace_if(
      name,
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_';
      },
      '_');
  return fmt::format("{:03}_{}.npy", number, name);
}

nlohmann::ordered_json describe(const TensorValues& tensor, const std::string& file,
                                std::uint64_t samples) {
  return {{"name", tensor.name},
          {"file", file},
          {"nodes", tensor.nodes},
          {"shape", with_samples(samples, tensor.shape)},
          {"type", "int8"},
          {"scale", tensor.quantisation.scale},
          {"zero_point", tensor.quantisation.zero_point}};
}

}  // namespace

void write_tensors(const RunReport& report, const std::filesystem::path& folder) {
  UnfinishedFolder files(folder);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < report.tensors.size(); ++i) {
    const TensorValues& tensor = report.tensors[i];
    const std::string file = file_name(i, tensor.name);
    files.write(file, {npy_header("|i1", with_samples(report.samples, tensor.shape)),
                       bytes_of(tensor.values)});
    list.push_back(describe(tensor, file, report.samples));
  }
  nlohmann::ordered_json json;
  json["schema"] = {{"name", "systol.tensors"}, {"version", kTensorsSchemaVersion}};
  json["model"] = report.model;
  json["samples"] = report.samples;
  json["tensors"] = std::move(list);
  files.write("tensors.json", {json_text(json)});
  files.finish();
}

void write_spaces(const MemoryImage& memory, const std::filesystem::path& folder) {
  UnfinishedFolder files(folder);
  for (std::size_t i = 0; i < isa::kSpaces; ++i) {
    const auto bytes = memory.space(static_cast<isa::Space>(i));
    files.write(fmt::format("{}.npy", isa::kSpaceNames[i]),
                {npy_header("|u1", {static_cast<std::int64_t>(bytes.size())}),
                 std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())});
  }
  files.finish();
}

}  // namespace systol
