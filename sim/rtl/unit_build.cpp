#include "sim/rtl/unit_build.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "sim/base/error.h"
#include "sim/base/process.h"
#include "sim/rtl/cached_file.h"
#include "sim/rtl/unit_recipe.h"
#include "sim/rtl/work_folder.h"

namespace systol {
namespace {

namespace fs = std::filesystem;
using namespace unit_recipe;

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
      missing_tool(command[0].c_str());
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
  std::vector<std::string> compiler(const char* optimisation) const {
    const fs::path include = include_folder();
    std::vector<std::string> command{"g++", optimisation};
    command.insert(command.end(), kCompilerFlags.begin(), kCompilerFlags.end());
    command.insert(command.end(), {"-I" + paths_.sources.string(), "-I" + include.string(),
                                   "-I" + (include / "vltstd").string()});
    return command;
  }

  fs::path include_folder() const {
    const std::string root = output_of({"verilator", "--getenv", "VERILATOR_ROOT"});
    return fs::path(root) / "include";
  }

  /// One file to compile that is all of these.
  void write_includes(const fs::path& whole, const std::vector<std::string>& parts) const {
    std::ofstream file(whole);
    for (const std::string& part : parts) {
      file << "#include \"" << part << "\"\n";
    }
    if (!file.flush()) {
      fail_full();
    }
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

/// Files that are called PREFIX-CONTENT.a, whatever is in them; none if there is no such folder.
std::vector<fs::path> archives_in(const fs::path& folder, const std::string& prefix) {
  std::vector<fs::path> found;
  std::error_code none;
  if (folder.empty()) {
    return found;
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, none)) {
    if (entry.path().filename().string().starts_with(prefix + "-") &&
        entry.path().extension() == ".a") {
      found.push_back(entry.path());
    }
  }
  return found;
}

bool is_whole_archive(const fs::path& archive, const std::string& prefix) {
  return archive.filename() == fmt::format("{}-{}.a", prefix, content_hash(archive));
}

/// One that is whole, in the build's folder or in the cache; from the cache spoilt ones go.
std::optional<fs::path> find_archive(const UnitLibraryPaths& paths, const std::string& prefix) {
  std::optional<fs::path> found;
  for (const fs::path& archive : archives_in(paths.cache, prefix)) {
    if (is_whole_archive(archive, prefix)) {
      found = archive;
    } else {
      fs::remove(archive);
    }
  }
  for (const fs::path& archive : archives_in(paths.build_time, prefix)) {
    if (is_whole_archive(archive, prefix)) {
      found = archive;
    }
  }
  return found;
}

/// Its files as one: most of the time goes into headers that they share.
fs::path compile_runtime(const Builder& builder, const std::string& name) {
  const WorkFolder work(builder.paths().cache / (name + ".build"));
  const fs::path whole = work.path() / "runtime.cpp";
  builder.write_includes(whole, {kRuntimeFiles.begin(), kRuntimeFiles.end()});
  const fs::path object = work.path() / "runtime.o";
  std::vector<std::string> compile = builder.compiler(kQuickly);
  compile.insert(compile.end(), {"-c", whole.string(), "-o", object.string()});
  builder.run(compile);
  const fs::path unfinished = work.path() / "runtime.a";
  // D: the same content from the same objects, at any time.
  builder.run({"ar", "rcsD", unfinished.string(), object.string()});
  fs::path archive = builder.paths().cache / fmt::format("{}-{}.a", name, content_hash(unfinished));
  fs::rename(unfinished, archive);
  return archive;
}

/// Verilator's runtime is the same for all shapes and slow to compile: kept as an archive.
fs::path runtime_archive(const Builder& builder) {
  Hash hash;
  hash.add(tools_hash())
      .add(read_source(builder.paths().sources / "sim/rtl/unit_capture.h"))
      .add(kQuickly);
  for (const char* flag : kCompilerFlags) {
    hash.add(flag);
  }
  const std::string name = fmt::format("runtime-{}", hash.text());
  const FileLock lock(builder.paths().cache / (name + ".lock"), [&builder] {
    builder.say("waiting for another process that compiles Verilator's runtime");
  });
  if (const auto archive = find_archive(builder.paths(), name)) {
    return *archive;
  }
  builder.say("compiling Verilator's runtime, once");
  return compile_runtime(builder, name);
}

void translate(const Builder& builder, const std::string& top,
               const std::vector<std::string>& parameters) {
  std::vector<std::string> command{"verilator"};
  command.insert(command.end(), kVerilatorFlags.begin(), kVerilatorFlags.end());
  command.insert(command.end(), {"--top-module", top, "--prefix", "V" + top});
  command.insert(command.end(), parameters.begin(), parameters.end());
  command.insert(command.end(), {"-Mdir", builder.folder().string(),
                                 (builder.paths().sources / kWaivers).string()});
  for (const char* name : kRtlFiles) {
    command.push_back((builder.paths().sources / "hw/rtl" / name).string());
  }
  builder.run(command);
}

void translate(const Builder& builder, const UnitShape& shape) {
  const isa::PeDescription& pe = isa::describe(shape.pe);
  translate(builder, "tpu_matrix_unit",
            {fmt::format("-GRows={}", shape.rows), fmt::format("-GColumns={}", shape.columns),
             fmt::format("-GAccumulatorRows={}", shape.accumulator_rows),
             fmt::format("-GOutputStationary=1'b{}", shape.output_stationary ? 1 : 0),
             fmt::format("-GOperation={}", static_cast<int>(pe.operation)),
             fmt::format("-GOperandBits={}", pe.operand_bits),
             fmt::format("-GWeightBits={}", isa::stored_weight_bits(shape.pe)),
             fmt::format("-GSumBits={}", pe.sum_bits)});
  translate(builder, "tpu_vector_unit", {fmt::format("-GLanes={}", shape.columns)});
}

/// The models and the shim as one translation unit, so that calls between their parts are inlined.
fs::path compile(const Builder& builder, const UnitShape& shape, const fs::path& runtime) {
  std::vector<std::string> parts;
  for (const fs::directory_entry& entry : fs::directory_iterator(builder.folder())) {
    if (entry.path().extension() == ".cpp") {
      parts.push_back(entry.path().filename().string());
    }
  }
  std::sort(parts.begin(), parts.end());
  parts.insert(parts.begin(), "sim/rtl/unit_shim.cpp");
  const fs::path whole = builder.folder() / "whole.cpp";
  builder.write_includes(whole, parts);
  fs::path library = builder.folder() / "unit.so";
  const bool few = std::uint64_t{shape.rows} * shape.columns < kFewPes;
  std::vector<std::string> command = builder.compiler(few ? kQuickly : kThoroughly);
  command.insert(
      command.end(),
      {fmt::format("-DSYSTOL_ROWS={}", shape.rows),
       fmt::format("-DSYSTOL_COLUMNS={}", shape.columns),
       fmt::format("-DSYSTOL_ACCUMULATOR_ROWS={}", shape.accumulator_rows),
       fmt::format("-DSYSTOL_OUTPUT_STATIONARY={}", shape.output_stationary ? 1 : 0),
       fmt::format("-DSYSTOL_PE_TYPE={}", static_cast<int>(shape.pe)),
       "-I" + builder.folder().string(), "-shared", whole.string(), runtime.string(), "-pthread",
       "-Wl,--no-undefined", "-Wl,--exclude-libs,ALL", "-s", "-o", library.string()});
  builder.run(command);
  return library;
}

/// What find() would not have: spoilt libraries of the shape.
void remove_all_of(const fs::path& cache, const UnitShape& shape, const std::string& sources) {
  for (const fs::directory_entry& entry : fs::directory_iterator(cache)) {
    const auto name = parse_name(entry.path().filename().string());
    if (name && name->shape == shape && name->sources == sources) {
      fs::remove(entry.path());
    }
  }
}

}  // namespace

fs::path build_into_cache(const UnitShape& shape, const UnitLibraryPaths& paths,
                          const std::string& sources, const BuildProgress& progress,
                          const FindLibrary& find) {
  const std::string key = key_of(shape, sources);
  const FileLock lock(paths.cache / (key + ".lock"), [&] {
    if (progress) {
      progress(
          fmt::format("waiting for another process that builds the RTL of {}", shape_text(shape)));
    }
  });
  if (auto path = find()) {
    return *path;
  }
  const WorkFolder work(paths.cache / (key + ".build"));
  const Builder builder(paths, progress, work.path(), paths.cache / (key + ".log"));
  const fs::path runtime = runtime_archive(builder);
  builder.say(fmt::format("translating the RTL of {} with {}", shape_text(shape),
                          verilator_version().substr(0, verilator_version().find(" 20"))));
  translate(builder, shape);
  builder.say(fmt::format("compiling the RTL of {}", shape_text(shape)));
  const fs::path library = compile(builder, shape, runtime);
  remove_all_of(paths.cache, shape, sources);
  fs::path path = paths.cache / name_of(shape, sources, content_hash(library));
  fs::rename(library, path);
  builder.forget_log();
  return path;
}

void missing_tool(const char* tool) {
  throw EnvironmentError(
      fmt::format("building the RTL of a new array size needs '{0}': install the "
                  "package '{0}', or use the engine 'systemc'",
                  tool));
}

}  // namespace systol
