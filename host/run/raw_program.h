// Programs as files, and running one as it is, without a network.
#pragma once

#include <filesystem>
#include <string>

#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"

namespace systol {

/// True if the file starts as a program does, in its text or its binary form. False for anything
/// else, unreadable files included.
bool is_program_file(const std::filesystem::path& path);

/// Reads either form. Throws InputError if the file cannot be read, isa::FormatError if it is
/// wrong.
isa::Program read_program(const std::filesystem::path& path);

/// Runs the program and returns what happened as text: each command's cycles, the ledger. There is
/// no network to check the outputs against, and the text says so.
std::string run_raw_program(const std::filesystem::path& path, const ArrayConfig& config,
                            Device& device);

}  // namespace systol
