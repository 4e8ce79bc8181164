#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "host/cli/commands.h"
#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/option_text.h"
#include "host/cli/progress_line.h"
#include "host/cli/samples.h"
#include "host/cli/shape_option.h"
#include "host/cli/state_option.h"
#include "host/compile/program.h"
#include "host/graph/work.h"
#include "host/import/model.h"
#include "host/run/raw_program.h"
#include "host/session/node_progress.h"
#include "host/session/prepared.h"
#include "hw/isa/binary.h"
#include "hw/isa/text.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

struct ProgramOptions {
  explicit ProgramOptions(const char* name) : input_name(name) {}
  const char* input_name;  ///< in the help
  std::string input;
  std::vector<std::string> shapes;
  std::vector<std::string> states;
  std::string output = "-";
  std::string config;
  std::vector<std::string> overrides;
  InputOptions samples;
  std::uint32_t batch = 1;
};

void write_binary(const std::string& path, const isa::Program& program) {
  const std::vector<std::uint8_t> bytes = isa::to_binary(program);
  write_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

isa::Program whole_program(const std::string& path) {
  isa::Program program = read_program(path, show_reading);
  end_progress();
  return program;
}

isa::Program compile_model(const ProgramOptions& options) {
  const ArrayConfig config = load_array(options.config, options.overrides).config;
  Graph graph = import_model_or_sizes(options.input, given_shapes(options.shapes),
                                      given_states(options.states));
  Samples samples =
      load_samples(graph, options.samples, read_input(options.samples), options.batch);
  const Prepared prepared = prepare(std::move(graph), std::move(samples)).for_pes(config.pe);
  const auto count = static_cast<std::uint32_t>(prepared.samples().count);
  const NetworkProgram program(prepared.quantised(show_progress), config, count, options.batch);
  const std::vector<std::string> nodes = program.nodes();
  const Progress progress = show_progress;
  CompileProgress compilation(nodes, total_work(prepared.graph()).macs * count, progress);
  return program.whole(prepared.input(),
                       [&](const isa::Command& command) { compilation.made(command); });
}

void check_all_files(const ProgramOptions& options) {
  std::vector<FileOption> inputs = model_file_options(options.input_name, options.input);
  std::ranges::copy(input_files(options.samples), std::back_inserter(inputs));
  if (!options.config.empty()) {
    std::ranges::copy(load_array(options.config, options.overrides).files,
                      std::back_inserter(inputs));
  }
  check_files(inputs, std::vector<FileOption>{{"--output", options.output}});
}

CLI::App& add_command(CLI::App& app, Subcommand& action, const std::string& name,
                      const std::string& help, const std::shared_ptr<ProgramOptions>& options,
                      std::function<void(const ProgramOptions&)> work) {
  CLI::App& command = *app.add_subcommand(name, help);
  command.add_option("-o,--output", options->output, "file to write; '-' is standard output")
      ->type_name(kFileValue)
      ->capture_default_str();
  command.callback([options, &action, work = std::move(work)] {
    action = [options, work] {
      check_all_files(*options);
      work(*options);
      return kOk;
    };
  });
  return command;
}

}  // namespace

void add_program_commands(CLI::App& app, Subcommand& action) {
  auto assemble = std::make_shared<ProgramOptions>("TEXT");
  add_command(app, action, "asm", "Turns a program's text into its binary form", assemble,
              [](const ProgramOptions& options) {
                write_binary(options.output, whole_program(options.input));
              })
      .add_option(assemble->input_name, assemble->input,
                  "a program as text; docs/command-set.md describes it")
      ->type_name(kFileValue)
      ->required();

  auto disassemble = std::make_shared<ProgramOptions>("BINARY");
  add_command(app, action, "disasm", "Turns a binary program into text", disassemble,
              [](const ProgramOptions& options) {
                write_file(options.output, isa::to_text(whole_program(options.input)));
              })
      .add_option(disassemble->input_name, disassemble->input, "a binary program")
      ->type_name(kFileValue)
      ->required();

  auto compiled = std::make_shared<ProgramOptions>("MODEL");
  CLI::App& command =
      add_command(app, action, "compile", "Writes the program of a model on an array, as text",
                  compiled, [](const ProgramOptions& options) {
                    write_file(options.output, isa::to_text(compile_model(options)));
                    end_progress();
                  });
  command.add_option(compiled->input_name, compiled->input, "as in `systol run`")
      ->type_name(kFileValue)
      ->required();
  command.add_option("-c,--config", compiled->config, "the array, a YAML file or a SCALE-Sim .cfg")
      ->type_name(kFileValue)
      ->required();
  add_shape_option(command, compiled->shapes);
  add_state_option(command, compiled->states);
  command.add_option("--set", compiled->overrides, "change one key of the array file")
      ->allow_extra_args(false);
  command.add_option("--batch", compiled->batch, "samples that go through the network together")
      ->check(CLI::Range(1U, 1'000'000U))
      ->capture_default_str();
  command.add_option("--input", compiled->samples.file, "the samples, as in `systol run`")
      ->type_name(kFileValue);
  command.add_option("--limit", compiled->samples.limit, "only the first N samples")
      ->check(CLI::Range(1U, 1'000'000U));
  command.footer(
      "Run the result with `systol run FILE -c ARRAY`.\nExample:\n"
      "  systol compile configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml "
      "-o mlp.tpu");
}

}  // namespace systol
