#include "host/sweep/shard_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "host/report/version.h"
#include "host/sweep/row_json.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKind = "systol.shard";
constexpr int kForm = 1;
constexpr std::string_view kBegin = "shard-";
constexpr std::string_view kMiddle = "-of-";
constexpr std::string_view kEnd = ".jsonl";

/// Of a name that is a shard's; nothing for other names.
std::optional<Shard> shard_of(std::string name) {
  const std::size_t middle = name.find(kMiddle);
  if (!name.starts_with(kBegin) || !name.ends_with(kEnd) || middle == std::string::npos) {
    return std::nullopt;
  }
  name.replace(middle, kMiddle.size(), "/");
  try {
    return parse_shard(name.substr(kBegin.size(), name.size() - kBegin.size() - kEnd.size()), "");
  } catch (const InputError&) {
    return std::nullopt;
  }
}

[[noreturn]] void refuse(const fs::path& path, std::uint64_t line, std::string_view found) {
  throw InputError(fmt::format("{}:{}: found {}, allowed: what a shard of this sweep wrote",
                               path.string(), line, found));
}

/// Lines of a file that may be of any size and content.
class Lines {
 public:
  explicit Lines(const fs::path& path) : path_(path), file_(path, std::ios::binary) {
    if (!file_) {
      throw EnvironmentError(fmt::format("{}: cannot read", path.string()));
    }
  }

  std::uint64_t number() const { return number_; }
  /// The next line's JSON; nothing at the end.
  std::optional<nlohmann::ordered_json> next() {
    constexpr std::streamsize kLongest = 1 << 20;
    buffer_.resize(kLongest);
    ++number_;
    file_.getline(buffer_.data(), kLongest);
    if (file_.eof() && file_.gcount() == 0) {
      return std::nullopt;
    }
    auto json = nlohmann::ordered_json::parse(buffer_.c_str(), nullptr, false);
    if (file_.fail() || file_.eof() || !json.is_object()) {  // the last line, too, has its end
      refuse(path_, number_, "no row");
    }
    return json;
  }

 private:
  const fs::path& path_;
  std::ifstream file_;
  std::string buffer_;
  std::uint64_t number_ = 0;
};

nlohmann::ordered_json header(const SweepIdentity& identity, std::size_t rows) {
  nlohmann::ordered_json json;
  json["schema"] = {{"name", kKind}, {"version", kForm}};
  json["plan"] = identity.plan;
  json["fingerprint"] = identity.fingerprint;
  json["version"] = kVersion;
  json["rows"] = rows;
  return json;
}

/// Reads the first line; returns how many rows follow.
std::uint64_t read_header(Lines& lines, const fs::path& path, const SweepIdentity& identity) {
  const auto json = lines.next().value_or(nlohmann::ordered_json::object());
  const nlohmann::ordered_json expected = header(identity, 0);
  if (json.value("schema", nlohmann::ordered_json()) != expected["schema"] ||
      !json.value("rows", nlohmann::ordered_json()).is_number_unsigned()) {
    refuse(path, 1, "no shard's first line");
  }
  for (const char* key : {"fingerprint", "version"}) {
    if (json.value(key, nlohmann::ordered_json()) != expected[key]) {
      throw InputError(fmt::format(
          "{}: results of another sweep, of this one before its plan or a file that it names was "
          "changed, or of another version of the program; allowed: an empty folder, or results of "
          "the same",
          path.string()));
    }
  }
  return json["rows"].get<std::uint64_t>();
}

}  // namespace

ShardFolder::ShardFolder(fs::path path, SweepIdentity identity, std::uint64_t size)
    : path_(std::move(path)), identity_(std::move(identity)), size_(size) {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error || !fs::is_directory(path_, error)) {
    throw EnvironmentError(fmt::format("{}: cannot make the folder: {}", path_.string(),
                                       error ? error.message() : "a file has its name"));
  }
}

fs::path ShardFolder::file(const Shard& shard) const {
  return path_ / fmt::format("{}{}{}{}{}", kBegin, shard.index + 1, kMiddle, shard.count, kEnd);
}

bool ShardFolder::has(const Shard& shard) const {
  const fs::path path = file(shard);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return false;
  }
  Lines lines(path);
  read_header(lines, path, identity_);
  return true;
}

void ShardFolder::write(const Shard& shard, const std::vector<ResultRow>& rows) const {
  std::string text = header(identity_, rows.size()).dump() + "\n";
  for (const ResultRow& row : rows) {
    text += row_json(row).dump() + "\n";
  }
  write_file(file(shard), text);
}

std::vector<Shard> ShardFolder::take_in(ResultDatabase& results,
                                        const std::function<void(const ResultRow&)>& added) const {
  const std::vector<Shard> shards = finished();
  for (const Shard& shard : shards) {
    results.add(read(shard), added);
    std::error_code error;
    fs::remove(file(shard), error);
    if (error) {
      throw EnvironmentError(
          fmt::format("{}: cannot remove: {}", file(shard).string(), error.message()));
    }
  }
  return shards;
}

std::vector<Shard> ShardFolder::finished() const {
  std::vector<Shard> shards;
  std::error_code error;
  for (fs::directory_iterator entry(path_, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const std::optional<Shard> shard = shard_of(name);
    if (shard && file(*shard).filename() == name) {
      shards.push_back(*shard);
    }
  }
  if (error) {
    throw EnvironmentError(fmt::format("{}: cannot read: {}", path_.string(), error.message()));
  }
  return shards;
}

std::vector<ResultRow> ShardFolder::read(const Shard& shard) const {
  const fs::path path = file(shard);
  Lines lines(path);
  const std::uint64_t count = read_header(lines, path, identity_);
  std::vector<ResultRow> rows;
  while (const auto json = lines.next()) {
    try {
      rows.push_back(row_of_json(*json));
    } catch (const nlohmann::json::exception&) {
      refuse(path, lines.number(), "no row");
    }
    const std::uint64_t number = rows.back().number;
    if (number <= shard.begin(size_) || number > shard.end(size_)) {
      refuse(path, lines.number(), fmt::format("point {}", number));
    }
  }
  if (rows.size() != count) {
    refuse(path, lines.number(), fmt::format("{} of {} rows", rows.size(), count));
  }
  return rows;
}

}  // namespace systol
