#include "sim/rtl/unit_library.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <tuple>

#include "sim/base/error.h"
#include "sim/rtl/process.h"
#include "sim/rtl/shared_object.h"

#ifndef SYSTOL_SOURCE_DIR
#error "SYSTOL_SOURCE_DIR must name the folder that has hw/rtl in it"
#endif
#ifndef SYSTOL_RTL_LIBRARY_DIR
#define SYSTOL_RTL_LIBRARY_DIR ""
#endif

namespace systol {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMaximumSide = 1024;
constexpr std::uint32_t kMaximumAccumulatorRows = 65536;

// Packages before what uses them.
constexpr std::array kRtlFiles = {"tpu_pkg.sv",        "tpu_delay.sv",        "tpu_skew.sv",
                                  "tpu_array.sv",      "tpu_accumulators.sv", "tpu_activation.sv",
                                  "tpu_matrix_unit.sv"};
constexpr const char* kWaivers = "hw/lint/verilator.vlt";
constexpr std::array kCppFiles = {"sim/rtl/unit_shim.cpp", "sim/rtl/unit_abi.h",
                                  "sim/rtl/unit_capture.h", "sim/unit/matrix_unit.h"};

// A failed assertion is reported, registers without reset start as the seed says, loops stay loops,
// and an optimisation known to give wrong results in old releases stays off.
constexpr std::array kVerilatorFlags = {"--cc",   "--assert",
                                        "-O3",    "--x-assign",
                                        "unique", "--x-initial",
                                        "unique", "--unroll-count",
                                        "1",      "-fno-const-bit-op-tree"};
// Nothing but the one entry is visible, so that libraries of several shapes share a process.
constexpr std::array kCompilerFlags = {"-std=c++20",
                                       "-O3",
                                       "-fPIC",
                                       "-fvisibility=hidden",
                                       "-fno-gnu-unique",
                                       "-w",
                                       "-DVL_PRINTF=systol_capture_printf",
                                       "-include",
                                       "sim/rtl/unit_capture.h"};
// Of the runtime only what the model needs.
constexpr std::array kRuntimeFiles = {"verilated.cpp", "verilated_threads.cpp"};

std::string shape_text(const UnitShape& shape) {
  return fmt::format("{}x{}", shape.rows, shape.columns);
}

void check(const UnitShape& shape) {
  const bool good = shape.rows >= 1 && shape.rows <= kMaximumSide && shape.columns >= 1 &&
                    shape.columns <= kMaximumSide && shape.accumulator_rows >= 1 &&
                    shape.accumulator_rows <= kMaximumAccumulatorRows;
  if (!good) {
    throw InputError(fmt::format(
        "the RTL engine has arrays of 1x1 to {0}x{0} with 1 to {1} accumulator rows, not {2} with "
        "{3}: use '--engine systemc' or '--engine fast' for it",
        kMaximumSide, kMaximumAccumulatorRows, shape_text(shape), shape.accumulator_rows));
  }
}

/// The error for a missing program, with the way around it.
[[noreturn]] void missing(const char* tool) {
  throw EnvironmentError(
      fmt::format("building the RTL of a new array size needs '{0}': install the "
                  "package '{0}', or use '--engine systemc'",
                  tool));
}

////////////////////////////////////////////////////////////////////////////////////////////////////
// Names: what a library was made of

/// FNV-1a: the names only have to differ where the inputs do, nobody attacks them.
class Hash {
 public:
  Hash& add(std::string_view text) {
    for (const char byte : text) {
      mix(static_cast<unsigned char>(byte));
    }
    mix(0xff);  // so that "a", "bc" and "ab", "c" differ
    return *this;
  }
  std::string text() const { return fmt::format("{:016x}", value_); }

 private:
  void mix(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001b3U; }
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::string read_file(const fs::path& path) {
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
    hash.add(name).add(read_file(sources / "hw/rtl" / name));
  }
  hash.add(read_file(sources / kWaivers));
  for (const char* name : kCppFiles) {
    hash.add(name).add(read_file(sources / name));
  }
  for (const char* flag : kVerilatorFlags) {
    hash.add(flag);
  }
  for (const char* flag : kCompilerFlags) {
    hash.add(flag);
  }
  return hash.text();
}

/// Empty without Verilator. Asked once: it cannot change while the program runs.
const std::string& verilator_version() {
  static const std::string version = output_of({"verilator", "--version"});
  return version;
}

std::string tools_hash() {
  return verilator_version().empty() ? "" : Hash().add(verilator_version()).text().substr(0, 8);
}

std::string name_of(const UnitShape& shape, const std::string& sources, const std::string& tools) {
  return fmt::format("unit-{}x{}x{}-{}-{}.so", shape.rows, shape.columns, shape.accumulator_rows,
                     sources, tools);
}

/// The parts of a library's name, or nothing for another file.
struct Name {
  UnitShape shape;
  std::string sources;
  std::string tools;
};
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
  const auto word = [&text](std::string& value, std::size_t length) {
    value = text.substr(0, length);
    text.remove_prefix(value.size());
    return value.size() == length;
  };
  const bool good = take("unit-") && number(name.shape.rows) && take("x") &&
                    number(name.shape.columns) && take("x") &&
                    number(name.shape.accumulator_rows) && take("-") && word(name.sources, 16) &&
                    take("-") && word(name.tools, 8) && text == ".so";
  return good ? std::optional(name) : std::nullopt;
}

/// The libraries in a folder; none if there is no such folder.
std::vector<std::pair<Name, fs::path>> libraries_in(const fs::path& folder) {
  std::vector<std::pair<Name, fs::path>> found;
  std::error_code none;
  if (folder.empty()) {
    return found;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    if (auto name = parse_name(entry.path().filename().string())) {
      found.emplace_back(*name, entry.path());
    }
  }
  return found;
}

std::optional<fs::path> find_in(const fs::path& folder, const UnitShape& shape,
                                const std::string& sources, const std::string& tools) {
  // Without Verilator here, a library by any version of it is better than none.
  for (const auto& [name, path] : libraries_in(folder)) {
    // What a crash or a full disk has cut short counts as not built, and is built again.
    if (name.shape == shape && name.sources == sources && (tools.empty() || name.tools == tools) &&
        is_whole_library(path)) {
      return path;
    }
  }
  return std::nullopt;
}

std::optional<fs::path> find(const UnitShape& shape, const UnitLibraryPaths& paths,
                             const std::string& sources) {
  const std::string tools = tools_hash();
  if (auto path = find_in(paths.build_time, shape, sources, tools)) {
    return path;
  }
  return find_in(paths.cache, shape, sources, tools);
}

////////////////////////////////////////////////////////////////////////////////////////////////////
// Building

/// Held by one process at a time; the file stays.
class FileLock {
 public:
  FileLock(const fs::path& path, const std::function<void()>& on_wait)
      : descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) {
      throw EnvironmentError(
          fmt::format("cannot write to the cache {}: {}; set SYSTOL_CACHE to another folder",
                      path.parent_path().string(), std::strerror(errno)));
    }
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      on_wait();
      while (flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
      }
    }
  }
  ~FileLock() { close(descriptor_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

/// A folder to work in, empty at first, gone in the end. Its name belongs to the holder of a lock,
/// so what a killed build left there goes too.
class WorkFolder {
 public:
  explicit WorkFolder(fs::path path) : path_(std::move(path)) {
    fs::remove_all(path_);
    fs::create_directory(path_);
  }
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string last_lines(const fs::path& log, std::size_t count) {
  std::ifstream file(log);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back("  " + line);
  }
  const std::size_t skip = lines.size() > count ? lines.size() - count : 0;
  return fmt::format(
      "{}", fmt::join(lines.begin() + static_cast<std::ptrdiff_t>(skip), lines.end(), "\n"));
}

/// Then the log, too, may lack the end that says so.
bool is_full(const fs::path& folder) {
  constexpr std::uintmax_t kAlmostNothing = 64 * 1024;
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return !error && space.available < kAlmostNothing;
}

/// One build in the cache: commands that write to one log.
class Builder {
 public:
  Builder(const UnitLibraryPaths& paths, const BuildProgress& progress, const fs::path& folder,
          fs::path log)
      : paths_(paths), progress_(progress), folder_(folder), log_(std::move(log)) {
    fs::remove(log_);
  }

  void say(std::string_view text) const {
    if (progress_) {
      progress_(text);
    }
  }

  [[noreturn]] void fail_full() const {
    throw EnvironmentError(fmt::format(
        "no space left in the cache {}: free some, or set SYSTOL_CACHE to another folder",
        paths_.cache.string()));
  }

  void run(const std::vector<std::string>& command) const {
    std::ofstream(log_, std::ios::app) << fmt::format("$ {}\n", fmt::join(command, " "));
    const ProcessResult result = run_process(command, log_);
    if (!result.found) {
      missing(command[0].c_str());
    }
    if (!result.ok()) {
      const std::string end = last_lines(log_, 12);
      if (end.find("No space left on device") != std::string::npos || is_full(paths_.cache)) {
        fail_full();
      }
      throw EnvironmentError(fmt::format("{} failed with status {}; the whole log is {}:\n{}",
                                         command[0], result.status, log_.string(), end));
    }
  }

  /// g++ with the flags that the runtime and the models share.
  std::vector<std::string> compiler() const {
    const fs::path include = include_folder();
    std::vector<std::string> command{"g++"};
    command.insert(command.end(), kCompilerFlags.begin(), kCompilerFlags.end());
    command.insert(command.end(), {"-I" + paths_.sources.string(), "-I" + include.string(),
                                   "-I" + (include / "vltstd").string()});
    return command;
  }

  fs::path include_folder() const {
    const std::string root = output_of({"verilator", "--getenv", "VERILATOR_ROOT"});
    return fs::path(root) / "include";
  }

  const fs::path& folder() const { return folder_; }
  const UnitLibraryPaths& paths() const { return paths_; }
  void forget_log() const { fs::remove(log_); }

 private:
  const UnitLibraryPaths& paths_;
  const BuildProgress& progress_;
  fs::path folder_;
  fs::path log_;
};

/// Verilator's runtime is the same for all shapes and slow to compile: kept as an archive.
fs::path runtime_archive(const Builder& builder, const std::string& tools) {
  Hash hash;
  hash.add(tools).add(read_file(builder.paths().sources / "sim/rtl/unit_capture.h"));
  for (const char* flag : kCompilerFlags) {
    hash.add(flag);
  }
  const std::string name = fmt::format("runtime-{}", hash.text());
  fs::path archive = builder.paths().cache / (name + ".a");
  const FileLock lock(builder.paths().cache / (name + ".lock"), [&builder] {
    builder.say("waiting for another process that compiles Verilator's runtime");
  });
  if (fs::exists(archive)) {
    return archive;
  }
  builder.say("compiling Verilator's runtime, once");
  const WorkFolder work(builder.paths().cache / (name + ".build"));
  const fs::path unfinished = work.path() / "runtime.a";
  std::vector<std::string> pack{"ar", "rcs", unfinished.string()};
  for (const char* file : kRuntimeFiles) {
    std::vector<std::string> command = builder.compiler();
    pack.push_back((work.path() / file).replace_extension(".o").string());
    command.insert(command.end(),
                   {"-c", (builder.include_folder() / file).string(), "-o", pack.back()});
    builder.run(command);
  }
  builder.run(pack);
  fs::rename(unfinished, archive);
  return archive;
}

void translate(const Builder& builder, const UnitShape& shape) {
  std::vector<std::string> command{"verilator"};
  command.insert(command.end(), kVerilatorFlags.begin(), kVerilatorFlags.end());
  command.insert(command.end(),
                 {"--top-module", "tpu_matrix_unit", "--prefix", "Vtpu_matrix_unit",
                  fmt::format("-GRows={}", shape.rows), fmt::format("-GColumns={}", shape.columns),
                  fmt::format("-GAccumulatorRows={}", shape.accumulator_rows), "-Mdir",
                  builder.folder().string(), (builder.paths().sources / kWaivers).string()});
  for (const char* name : kRtlFiles) {
    command.push_back((builder.paths().sources / "hw/rtl" / name).string());
  }
  builder.run(command);
}

/// The model and the shim as one translation unit, so that calls between their parts are inlined.
fs::path compile(const Builder& builder, const UnitShape& shape, const fs::path& runtime) {
  const fs::path whole = builder.folder() / "whole.cpp";
  {
    std::vector<std::string> parts;
    for (const fs::directory_entry& entry : fs::directory_iterator(builder.folder())) {
      if (entry.path().extension() == ".cpp") {
        parts.push_back(entry.path().filename().string());
      }
    }
    std::sort(parts.begin(), parts.end());
    std::ofstream file(whole);
    file << "#include \"sim/rtl/unit_shim.cpp\"\n";
    for (const std::string& part : parts) {
      file << "#include \"" << part << "\"\n";
    }
    if (!file.flush()) {
      builder.fail_full();
    }
  }
  fs::path library = builder.folder() / "unit.so";
  std::vector<std::string> command = builder.compiler();
  command.insert(
      command.end(),
      {fmt::format("-DSYSTOL_ROWS={}", shape.rows),
       fmt::format("-DSYSTOL_COLUMNS={}", shape.columns),
       fmt::format("-DSYSTOL_ACCUMULATOR_ROWS={}", shape.accumulator_rows),
       "-I" + builder.folder().string(), "-shared", whole.string(), runtime.string(), "-pthread",
       "-Wl,--no-undefined", "-Wl,--exclude-libs,ALL", "-s", "-o", library.string()});
  builder.run(command);
  return library;
}

fs::path build_locked(const UnitShape& shape, const UnitLibraryPaths& paths,
                      const std::string& sources, const BuildProgress& progress) {
  const std::string tools = tools_hash();
  const std::string name = name_of(shape, sources, tools);
  const FileLock lock(paths.cache / (name + ".lock"), [&] {
    if (progress) {
      progress(
          fmt::format("waiting for another process that builds the RTL of {}", shape_text(shape)));
    }
  });
  if (auto path = find(shape, paths, sources)) {
    return *path;
  }
  const WorkFolder work(paths.cache / (name + ".build"));
  const Builder builder(paths, progress, work.path(), paths.cache / (name + ".log"));
  const fs::path runtime = runtime_archive(builder, tools);
  builder.say(fmt::format("translating the RTL of {} with {}", shape_text(shape),
                          verilator_version().substr(0, verilator_version().find(" 20"))));
  translate(builder, shape);
  builder.say(fmt::format("compiling the RTL of {}", shape_text(shape)));
  const fs::path library = compile(builder, shape, runtime);
  fs::rename(library, paths.cache / name);
  builder.forget_log();
  return paths.cache / name;
}

fs::path from_environment(const char* name, fs::path otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? fs::path(value) : std::move(otherwise);
}

}  // namespace

UnitLibraryPaths UnitLibraryPaths::standard() {
  UnitLibraryPaths paths;
  paths.sources = from_environment("SYSTOL_SOURCES", SYSTOL_SOURCE_DIR);
  paths.build_time = from_environment("SYSTOL_RTL_DIR", SYSTOL_RTL_LIBRARY_DIR);
  const fs::path home = from_environment("HOME", fs::temp_directory_path());
  const fs::path caches = from_environment("XDG_CACHE_HOME", home / ".cache");
  paths.cache = from_environment("SYSTOL_CACHE", caches / "systol");
  return paths;
}

std::optional<fs::path> find_unit_library(const UnitShape& shape, const UnitLibraryPaths& paths) {
  return find(shape, paths, sources_hash(paths.sources));
}

fs::path build_unit_library(const UnitShape& shape, const BuildProgress& progress,
                            const UnitLibraryPaths& paths) {
  check(shape);
  const std::string sources = sources_hash(paths.sources);
  if (auto path = find(shape, paths, sources)) {
    return *path;
  }
  if (verilator_version().empty()) {
    missing("verilator");
  }
  UnitLibraryPaths absolute = paths;
  try {
    absolute.sources = fs::absolute(paths.sources);
    absolute.cache = fs::absolute(paths.cache);
    fs::create_directories(absolute.cache);
    return build_locked(shape, absolute, sources, progress);
  } catch (const fs::filesystem_error& problem) {
    throw EnvironmentError(
        fmt::format("cannot use the cache {}: {}; set SYSTOL_CACHE to another folder",
                    absolute.cache.string(), problem.code().message()));
  }
}

std::vector<UnitLibraryEntryInfo> list_unit_libraries(const UnitLibraryPaths& paths) {
  const std::string sources = sources_hash(paths.sources);
  const std::string tools = tools_hash();
  std::vector<UnitLibraryEntryInfo> all;
  for (const fs::path& folder : {paths.build_time, paths.cache}) {
    for (const auto& [name, path] : libraries_in(folder)) {
      all.push_back({name.shape, path,
                     name.sources == sources && (tools.empty() || name.tools == tools) &&
                         is_whole_library(path)});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    const auto key = [](const UnitLibraryEntryInfo& info) {
      return std::tie(info.shape.rows, info.shape.columns, info.shape.accumulator_rows, info.path);
    };
    return key(a) < key(b);
  });
  return all;
}

}  // namespace systol
