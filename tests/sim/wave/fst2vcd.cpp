#include "tests/sim/wave/fst2vcd.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace systol {
namespace {

bool is_unknown(const std::string& value) {
  return value.find_first_not_of("xX") == std::string::npos;
}

std::string without_leading_zeros(const std::string& digits) {
  const std::size_t first = digits.find('1');
  return is_unknown(digits) ? "x" : first == std::string::npos ? "0" : digits.substr(first);
}

/// Undoes \040 and the like.
std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() + 0 && text[i + 1] >= '0' && text[i + 1] <= '3') {
      result += static_cast<char>(std::stoi(text.substr(i + 1, 3), nullptr, 8));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

class Reader {
 public:
  Dump read(std::istream& in) {
    std::string line;
    while (std::getline(in, line)) {
      read_line(line);
    }
    return std::move(dump_);
  }

 private:
  void read_line(const std::string& line) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first == "$scope") {
      std::string kind, name;
      words >> kind >> name;
      scopes_.push_back(name);
    } else if (first == "$upscope") {
      scopes_.pop_back();
    } else if (first == "$var") {
      declare(words);
    } else if (first.starts_with('#')) {
      time_ = std::stoull(first.substr(1));
      dump_.end = time_;
    } else if (!first.empty() && first[0] != '$' && !names_.empty()) {
      change(line, first);
    }
  }

  void declare(std::istringstream& words) {
    std::string kind, width, id, name, range;
    words >> kind >> width >> id >> name >> range;
    std::string full;
    for (const std::string& scope : scopes_) {
      full += scope + ".";
    }
    full += name + (range == "$end" ? "" : range);
    names_[id] = full;
    dump_.signals[full];
  }

  void change(const std::string& line, const std::string& first) {
    const std::size_t blank = line.rfind(' ');
    std::string value, id;
    if (first[0] == 'b' || first[0] == 's') {
      id = line.substr(blank + 1);
      value = first[0] == 'b' ? without_leading_zeros(line.substr(1, blank - 1))
                              : unescaped(line.substr(1, blank - 1));
    } else {
      value = first.substr(0, 1);
      id = first.substr(1);
    }
    if (!is_unknown(value) || value.empty()) {  // x before the first value only
      dump_.signals.at(names_.at(id)).emplace_back(time_, value);
    }
  }

  Dump dump_;
  std::vector<std::string> scopes_;
  std::map<std::string, std::string> names_;
  std::uint64_t time_ = 0;
};

}  // namespace

std::string Dump::at(const std::string& signal, std::uint64_t time) const {
  std::string value = "x";
  for (const auto& [when, changed] : signals.at(signal)) {
    if (when <= time) {
      value = changed;
    }
  }
  return value;
}

Dump read_dump(const std::filesystem::path& path) {
  std::filesystem::path vcd = path;
  if (path.extension() == ".fst") {
    vcd += ".vcd";
    const std::string command = fmt::format("fst2vcd '{}' -o '{}'", path.string(), vcd.string());
    if (std::system(command.c_str()) != 0) {
      throw std::runtime_error("fst2vcd failed (it comes with GTKWave)");
    }
  }
  std::ifstream in(vcd);
  return Reader().read(in);
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "systol_wave_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("cannot make a temporary folder");
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::size_t TemporaryFolder::files() const {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_),
                                                std::filesystem::directory_iterator()));
}

}  // namespace systol
