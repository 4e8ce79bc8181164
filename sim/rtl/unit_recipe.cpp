#include "sim/rtl/unit_recipe.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "sim/base/error.h"
#include "sim/base/process.h"

namespace systol::unit_recipe {

namespace fs = std::filesystem;

std::string Hash::text() const { return fmt::format("{:016x}", value_); }

std::string shape_text(const UnitShape& shape) {
  return fmt::format("{}x{}{}", shape.rows, shape.columns,
                     shape.output_stationary ? " output-stationary" : "");
}

std::string read_source(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!(text << file.rdbuf())) {
    throw EnvironmentError(fmt::format(
        "cannot read {}, a source of the RTL engine: set SYSTOL_SOURCES to the project's folder",
        path.string()));
  }
  return text.str();
}

std::string sources_hash(const fs::path& sources) {
  Hash hash;
  for (const char* name : kRtlFiles) {
    hash.add(name).add(read_source(sources / "hw/rtl" / name));
  }
  hash.add(read_source(sources / kWaivers));
  for (const char* name : kCppFiles) {
    hash.add(name).add(read_source(sources / name));
  }
  for (const char* flag : kVerilatorFlags) {
    hash.add(flag);
  }
  for (const char* flag : kCompilerFlags) {
    hash.add(flag);
  }
  return hash.add(kQuickly).add(kThoroughly).add(std::to_string(kFewPes)).text();
}

/// Empty without Verilator. Asked once: it cannot change while the program runs.
const std::string& verilator_version() {
  static const std::string version = output_of({"verilator", "--version"});
  return version;
}

std::string tools_hash() {
  return verilator_version().empty() ? "" : Hash().add(verilator_version()).text().substr(0, 8);
}

/// In the names of output-stationary libraries.
constexpr const char* kOutputStationaryMark = "-output-stationary";

std::string key_of(const UnitShape& shape, const std::string& sources) {
  return fmt::format("unit-{}-{}x{}x{}{}-{}", isa::describe(shape.pe).name, shape.rows,
                     shape.columns, shape.accumulator_rows,
                     shape.output_stationary ? kOutputStationaryMark : "", sources);
}

std::string name_of(const UnitShape& shape, const std::string& sources,
                    const std::string& content) {
  return fmt::format("{}-{}.so", key_of(shape, sources), content);
}

std::optional<Name> parse_name(std::string_view text) {
  Name name;
  const auto take = [&text](std::string_view what) {
    const bool found = text.substr(0, what.size()) == what;
    text.remove_prefix(found ? what.size() : 0);
    return found;
  };
  const auto number = [&text](std::uint32_t& value) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return problem == std::errc{};
  };
  const auto pe_type = [&take](isa::PeType& type) {
    for (std::size_t i = 0; i < isa::kPeTypes; ++i) {
      if (take(fmt::format("{}-", isa::kPeTypeNames[i]))) {
        type = static_cast<isa::PeType>(i);
        return true;
      }
    }
    return false;
  };
  const auto word = [&text](std::string& value, std::size_t length) {
    value = text.substr(0, length);
    text.remove_prefix(value.size());
    return value.size() == length;
  };
  const bool good = take("unit-") && pe_type(name.shape.pe) && number(name.shape.rows) &&
                    take("x") && number(name.shape.columns) && take("x") &&
                    number(name.shape.accumulator_rows) &&
                    (name.shape.output_stationary = take(kOutputStationaryMark), take("-")) &&
                    word(name.sources, 16) && take("-") && word(name.content, 16) && text == ".so";
  return good ? std::optional(name) : std::nullopt;
}

}  // namespace systol::unit_recipe
