// The command line of `systol`: reads it and runs the subcommand that it names.
#pragma once

namespace systol {

enum ExitStatus { kOk = 0, kWrongResult = 1, kWrongInput = 2, kWrongEnvironment = 3 };

/// The exit status of the subcommand, or of CLI11 for --help and --version. Throws InputError for a
/// command line that is wrong, and what the subcommand throws.
int run_command_line(int argc, char* argv[]);

}  // namespace systol
