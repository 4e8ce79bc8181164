// The `systol` command.

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string_view>
#include <system_error>

#include "host/cli/commands.h"
#include "host/cli/parse_error.h"
#include "host/report/version.h"
#include "hw/isa/format_error.h"
#include "sim/base/error.h"
#include "sim/base/temporary_file.h"
#include "sim/base/text.h"

namespace systol {
namespace {

/// For reports.
std::string joined(int argc, char* argv[]) {
  std::string line;
  for (int i = 0; i < argc; ++i) {
    line += i == 0 ? "systol" : " " + printable(argv[i]);
  }
  return line;
}

int fail(int status, const std::string& message) {
  std::fflush(stdout);
  // A file's text must not reach the terminal's controls. Not fmt::print, which throws where
  // standard error takes no more.
  std::fputs(fmt::format("systol: error: {}\n", printable_lines(message)).c_str(), stderr);
  return status;
}

/// An empty word comes from a script's variable that was not set: never ignored.
void refuse_empty_arguments(int argc, char* argv[]) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::string_view before = i == 1 ? "systol" : argv[i - 1];
    if (word.empty()) {
      throw InputError(fmt::format("the argument after '{}' is empty", before));
    }
    if (word.starts_with("--") && word.find('=') == word.size() - 1) {
      throw InputError(fmt::format("{} has an empty value", word.substr(0, word.size() - 1)));
    }
  }
}

int run(int argc, char* argv[]) {
  refuse_empty_arguments(argc, argv);
  CLI::App app{
      "Simulates a TPU-class accelerator: a systolic matrix unit, the memories around it "
      "and the runtime that drives it.\nEvery run reports checked outputs, cycles with "
      "their reasons, and energy with its sources."};
  app.set_version_flag("-V,--version", std::string("systol ") + kVersion);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 ok, 1 the result is wrong, 2 the input is wrong, 3 the environment is "
      "(a missing tool, no space).\n"
      "A model or array that is not in the working folder is looked for in the installed files: "
      "configs/edge_16x16.yaml.\n"
      "Start with:  systol run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml\n"
      "Help on a command:  systol help run, or systol run --help");
  Subcommand action;
  const std::string command_line = joined(argc, argv);
  add_run_command(app, action, command_line);
  add_compare_command(app, action, command_line);
  add_describe_command(app, action);
  add_validate_command(app, action);
  add_config_command(app, action);
  add_program_commands(app, action);
  add_rtl_command(app, action);
  add_fuzz_command(app, action);
  add_help_command(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return fail(kWrongInput, parse_error_text(app, error) + " (see --help)");
  }
  require_positionals_together(app);
  return action();
}

}  // namespace
}  // namespace systol

int main(int argc, char* argv[]) {
  // The SystemC library greets on standard output unless told not to.
  ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  // A limit on file sizes is then a failed write like that on a full disk, and not the end.
  std::signal(SIGXFSZ, SIG_IGN);
  systol::remove_temporary_files_on_signals();
  using namespace systol;
  try {
    const int status = run(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      return fail(kWrongEnvironment, "standard output cannot be written");
    }
    return status;
  } catch (const HardwareError& error) {
    return fail(kWrongResult, error.what());
  } catch (const InputError& error) {
    return fail(kWrongInput, error.what());
  } catch (const isa::FormatError& error) {
    return fail(kWrongInput, error.what());
  } catch (const EnvironmentError& error) {
    return fail(kWrongEnvironment, error.what());
  } catch (const std::bad_alloc&) {
    return fail(kWrongEnvironment, "not enough memory");
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(kWrongEnvironment, error.what());
  } catch (const std::system_error& error) {  // from fmt::print
    return fail(kWrongEnvironment,
                fmt::format("standard output cannot be written: {}", error.code().message()));
  }
}
