// Running another program without a shell.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace systol {

/// How a program ended.
struct ProcessResult {
  bool found = false;  ///< the program exists and was started
  int status = 0;      ///< exit status; 128 + signal if a signal ended it
  bool ok() const { return found && status == 0; }
};

/// Whether a program of this name is in one of PATH's folders.
bool is_command(const std::string& name);

/// Runs `command` (its first word is looked up in PATH) and waits. Both outputs are appended to the
/// file `log`. However this process ends, the program and all that it started end with it. Throws
/// EnvironmentError where the log cannot be written.
ProcessResult run_process(const std::vector<std::string>& command,
                          const std::filesystem::path& log);

/// Runs `command` and waits, with nothing on its standard input. `text` is set to what it printed
/// to both outputs, without the last line's end.
ProcessResult run_process(const std::vector<std::string>& command, std::string& text);

/// Runs `command` and returns what it printed, without the last line's end; empty if it failed.
std::string output_of(const std::vector<std::string>& command);

}  // namespace systol
