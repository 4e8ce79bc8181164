// Programs as files, and running one as it is, without a network.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "hw/isa/command.h"
#include "sim/config/array_config.h"
#include "sim/device.h"
#include "sim/memory/memory_image.h"

namespace systol {

/// True if the file starts as a program does, in its text or its binary form. False for anything
/// else, unreadable files included.
bool is_program_file(const std::filesystem::path& path);

/// Reads either form. Throws InputError if the file cannot be read, isa::FormatError if it is
/// wrong. `reading` is told how far it is of how many bytes.
isa::Program read_program(
    const std::filesystem::path& path,
    const std::function<void(std::size_t bytes, std::size_t of)>& reading = {});

struct RawRun {
  std::string text;    ///< what happened: each command's cycles, the ledger
  MemoryImage memory;  ///< as the program left it
};

/// Runs the program that was read from `path`. There is no network to check the outputs against,
/// and the text says so. `also`, which may be null, sees the run.
RawRun run_raw_program(const isa::Program& program, const std::filesystem::path& path,
                       const ArrayConfig& config, Device& device, Observer* also = nullptr);

}  // namespace systol
