#include "host/scale_sim/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "hw/isa/machine_limits.h"
#include "sim/base/error.h"
#include "sim/config/array_file.h"
#include "sim/config/nearest.h"
#include "sim/config/text_file.h"

namespace systol {
namespace {

constexpr std::array<std::string_view, 3> kDataflows = {"ws", "os", "is"};
constexpr std::array<std::string_view, 3> kLongDataflows = {
    "weight_stationary", "output_stationary", "input_stationary"};

constexpr std::uint64_t kLargestSram = std::uint64_t{1} << 20;  ///< KiB
constexpr std::uint64_t kHighestBandwidth = 10'000;             ///< words per cycle
constexpr std::size_t kLongestName = 64;

/// What becomes of a key.
enum class Use : std::uint8_t {
  Read,
  Ignored,  ///< it changes nothing that the machine has
  Off       ///< only its "false" is supported
};

struct Key {
  std::string_view section;
  std::string_view name;
  Use use = Use::Ignored;
};

constexpr std::array kKeys = {
    Key{"general", "run_name", Use::Read},
    Key{"architecture_presets", "ArrayHeight", Use::Read},
    Key{"architecture_presets", "ArrayWidth", Use::Read},
    Key{"architecture_presets", "IfmapSramSzkB", Use::Read},
    Key{"architecture_presets", "FilterSramSzkB", Use::Read},
    Key{"architecture_presets", "OfmapSramSzkB", Use::Read},
    Key{"architecture_presets", "IfmapOffset"},
    Key{"architecture_presets", "FilterOffset"},
    Key{"architecture_presets", "OfmapOffset"},
    Key{"architecture_presets", "Dataflow", Use::Read},
    Key{"architecture_presets", "Bandwidth", Use::Read},
    Key{"architecture_presets", "MemoryBanks"},
    Key{"architecture_presets", "ReadRequestBuffer"},
    Key{"architecture_presets", "WriteRequestBuffer"},
    Key{"layout", "IfmapCustomLayout", Use::Off},
    Key{"layout", "IfmapSRAMBankBandwidth"},
    Key{"layout", "IfmapSRAMBankNum"},
    Key{"layout", "IfmapSRAMBankPort"},
    Key{"layout", "FilterCustomLayout", Use::Off},
    Key{"layout", "FilterSRAMBankBandwidth"},
    Key{"layout", "FilterSRAMBankNum"},
    Key{"layout", "FilterSRAMBankPort"},
    Key{"sparsity", "SparsitySupport", Use::Off},
    Key{"sparsity", "SparseRep"},
    Key{"sparsity", "OptimizedMapping"},
    Key{"sparsity", "BlockSize"},
    Key{"sparsity", "RandomNumberGeneratorSeed"},
    Key{"network_presets", "TopologyCsvLoc"},
    Key{"run_presets", "InterfaceBandwidth", Use::Read},
    Key{"run_presets", "UseRamulatorTrace", Use::Off},
    Key{"run_presets", "TimeLinearModel"},
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// The sections, or the keys of one section.
std::vector<std::string_view> known(std::string_view section = {}) {
  std::vector<std::string_view> names;
  for (const Key& key : kKeys) {
    const std::string_view name = section.empty() ? key.section : key.name;
    if ((section.empty() || key.section == section) && (names.empty() || names.back() != name)) {
      names.push_back(name);
    }
  }
  return names;
}

struct Value {
  const Key* key = nullptr;
  std::string text;
  std::string place;  ///< "file:line:column"
};

/// The file's keys and values: sections in brackets, `key = value` or `key : value`, lines that
/// start with # or ; are comments. Keys are the same in upper and lower case.
class IniReader {
 public:
  IniReader(std::string_view text, const std::string& name)
      : name_(name), lines_(lines_of(text, name)) {}

  std::vector<Value> values() {
    for (number_ = 1; number_ <= lines_.size(); ++number_) {
      const std::string_view line = trimmed(lines_[number_ - 1]);
      if (line.empty() || line.front() == '#' || line.front() == ';') {
        continue;
      }
      line.front() == '[' ? read_section(line) : read_key(line);
    }
    return std::move(values_);
  }

 private:
  std::string place(std::string_view part) const {
    return fmt::format("{}:{}:{}", name_, number_, part.data() - lines_[number_ - 1].data() + 1);
  }
  [[noreturn]] void fail(std::string_view part, std::string_view message) const {
    throw InputError(fmt::format("{}: {}", place(part), message));
  }

  void read_section(std::string_view line) {
    const std::string_view name = trimmed(line.substr(1, line.size() - 2));
    const std::vector<std::string_view> sections = known();
    if (line.back() != ']') {
      fail(line, fmt::format("found {}, expected a section such as [general]", in_quotes(line)));
    }
    if (std::ranges::find(sections, name) == sections.end()) {
      fail(line, fmt::format("unknown section {}{}; known are {}", in_quotes(name),
                             did_you_mean(name, sections), join_names(sections)));
    }
    section_ = name;
  }

  void read_key(std::string_view line) {
    const std::size_t sign = line.find_first_of("=:");
    if (sign == std::string_view::npos) {
      fail(line, fmt::format("found {}, expected a key with a value, such as 'ArrayHeight : 32'",
                             in_quotes(line)));
    }
    const std::string_view name = trimmed(line.substr(0, sign));
    const std::string_view value = trimmed(line.substr(sign + 1));
    if (section_.empty()) {
      fail(line,
           fmt::format("{} stands before the first section, such as [general]", in_quotes(name)));
    }
    const auto key = std::ranges::find_if(kKeys, [&](const Key& candidate) {
      return candidate.section == section_ && lower(candidate.name) == lower(name);
    });
    if (key == kKeys.end()) {
      const std::vector<std::string_view> names = known(section_);
      fail(line, fmt::format("unknown key {} in [{}]{}; known are {}", in_quotes(name), section_,
                             did_you_mean(name, names), join_names(names)));
    }
    for (const Value& other : values_) {
      if (other.key == key) {
        fail(line, fmt::format("duplicate key {}, first written at {}", in_quotes(key->name),
                               other.place));
      }
    }
    if (value.empty()) {
      fail(line, fmt::format("{} has no value", key->name));
    }
    values_.push_back({key, std::string(value), place(value)});
  }

  const std::string& name_;
  std::vector<std::string_view> lines_;
  std::size_t number_ = 0;  ///< of the line, from 1
  std::string section_;
  std::vector<Value> values_;
};

[[noreturn]] void fail(const Value& value, std::string_view message) {
  throw InputError(fmt::format("{}: {}: {}", value.place, value.key->name, message));
}

/// The values by their keys.
class Values {
 public:
  Values(std::vector<Value> values, const std::string& file)
      : values_(std::move(values)), file_(file) {}

  const Value* optional(std::string_view name) const {
    const auto found =
        std::ranges::find_if(values_, [&](const Value& value) { return value.key->name == name; });
    return found == values_.end() ? nullptr : &*found;
  }
  const Value& required(std::string_view name) const {
    if (const Value* value = optional(name)) {
      return *value;
    }
    const auto key = std::ranges::find(kKeys, name, &Key::name);
    throw InputError(fmt::format("{}: {} is missing in [{}]", file_, name, key->section));
  }
  std::uint64_t size(std::string_view name, std::uint64_t maximum) const {
    const Value& value = required(name);
    return number(value, value.text, maximum);
  }
  static std::uint64_t number(const Value& value, std::string_view text, std::uint64_t maximum) {
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size() || number < 1 ||
        number > maximum) {
      fail(value,
           fmt::format("found {}, allowed: whole numbers from 1 to {}", in_quotes(text), maximum));
    }
    return number;
  }
  std::size_t choice(std::string_view name, std::span<const std::string_view> choices) const {
    const Value& value = required(name);
    const auto found = std::ranges::find(choices, value.text);
    if (found == choices.end()) {
      fail(value, fmt::format("found {}, allowed: {}", in_quotes(value.text), join_names(choices)));
    }
    return static_cast<std::size_t>(found - choices.begin());
  }

  /// What the machine does not have must be off; what it has no use for is only listed.
  std::vector<std::string> check_others() const {
    std::vector<std::string> ignored;
    for (const Value& value : values_) {
      if (value.key->use == Use::Off && lower(value.text) != "false") {
        fail(value, fmt::format("found {}, which the machine does not have; allowed: False",
                                in_quotes(value.text)));
      }
      if (value.key->use == Use::Ignored) {
        ignored.emplace_back(value.key->name);
      }
    }
    return ignored;
  }

 private:
  std::vector<Value> values_;
  const std::string& file_;
};

/// One number for all three, or one each for ifmap, filter and ofmap.
std::optional<std::array<std::uint64_t, 3>> read_bandwidth(const Values& values) {
  constexpr std::array<std::string_view, 2> kModes = {"CALC", "USER"};
  if (values.optional("InterfaceBandwidth") == nullptr ||
      values.choice("InterfaceBandwidth", kModes) == 0) {
    return std::nullopt;
  }
  const Value& value = values.required("Bandwidth");
  std::vector<std::uint64_t> words;
  for (std::string_view rest = value.text; words.empty() || !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    words.push_back(Values::number(value, trimmed(rest.substr(0, comma)), kHighestBandwidth));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (words.size() != 1 && words.size() != 3) {
    fail(value, fmt::format("found {} numbers, allowed: one, or three for ifmap, filter and ofmap",
                            words.size()));
  }
  return std::array{words.front(), words[words.size() / 2], words.back()};
}

/// An array's name may hold fewer characters than a run's.
std::string plain(std::string_view name) {
  std::string result(name.substr(0, kLongestName));
  std::ranges::replace_if(
      result,
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-' && c != '.';
      },
      '_');
  return result;
}

}  // namespace

std::string_view name_of(ScaleSimDataflow dataflow) {
  return kDataflows[static_cast<std::size_t>(dataflow)];
}

std::string_view long_name_of(ScaleSimDataflow dataflow) {
  return kLongDataflows[static_cast<std::size_t>(dataflow)];
}

ScaleSimDataflow scale_sim_dataflow(Dataflow dataflow) {
  const auto found = std::ranges::find(kLongDataflows, name_of(dataflow));
  return static_cast<ScaleSimDataflow>(found - kLongDataflows.begin());
}

bool is_scale_sim_config(const std::filesystem::path& path) {
  return lower(path.extension().string()) == ".cfg";
}

ScaleSimConfig load_scale_sim_config(const std::filesystem::path& path) {
  return parse_scale_sim_config(read_text_file(path, "a SCALE-Sim .cfg"), path.string());
}

ScaleSimConfig parse_scale_sim_config(std::string_view text, const std::string& name) {
  const Values values(IniReader(text, name).values(), name);
  ScaleSimConfig cfg;
  cfg.file = name;
  const Value* run = values.optional("run_name");
  cfg.name = plain(run != nullptr ? run->text : std::filesystem::path(name).stem().string());
  cfg.rows = static_cast<std::uint32_t>(values.size("ArrayHeight", isa::kLargestSide));
  cfg.columns = static_cast<std::uint32_t>(values.size("ArrayWidth", isa::kLargestSide));
  cfg.ifmap_kib = values.size("IfmapSramSzkB", kLargestSram);
  cfg.filter_kib = values.size("FilterSramSzkB", kLargestSram);
  cfg.ofmap_kib = values.size("OfmapSramSzkB", kLargestSram);
  cfg.ofmap_place = values.required("OfmapSramSzkB").place;
  cfg.dataflow = kScaleSimDataflows[values.choice("Dataflow", kDataflows)];
  cfg.dataflow_place = values.required("Dataflow").place;
  cfg.bandwidth = read_bandwidth(values);
  cfg.ignored = values.check_others();
  return cfg;
}

}  // namespace systol
