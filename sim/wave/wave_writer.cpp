#include "sim/wave/wave_writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "sim/base/error.h"
#include "sim/wave/fst_writer.h"
#include "sim/wave/vcd_writer.h"

namespace systol {
namespace {

/// Makes the empty file, so that a bad path is known before anything runs.
void require_writable(const std::filesystem::path& path, const std::filesystem::path& temporary) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw InputError(fmt::format("cannot write the waveform '{}': it is a folder", path.string()));
  }
  errno = 0;
  std::FILE* file = std::fopen(temporary.c_str(), "wb");
  if (file == nullptr) {
    const int error = errno;
    const std::string message =
        fmt::format("cannot write the waveform '{}': {}", path.string(), std::strerror(error));
    if (error == ENOSPC || error == EDQUOT || error == EMFILE || error == ENFILE) {
      throw EnvironmentError(message);
    }
    throw InputError(message);
  }
  std::fclose(file);
}

}  // namespace

WaveWriter::WaveWriter(std::filesystem::path path)
    : path_(std::move(path)),
      temporary_(fmt::format("{}.{}.part", path_.string(), static_cast<long>(::getpid()))) {
  require_writable(path_, temporary_);
}

WaveWriter::~WaveWriter() {
  if (!closed_) {
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
  }
}

WaveWriter::Signal WaveWriter::add_bits(const std::string& name, unsigned width) {
  const Signal signal{static_cast<std::uint32_t>(signals_.size())};
  signals_.push_back({width, false, 0, {}});
  declare_bits(signal.index, name, width);
  return signal;
}

WaveWriter::Signal WaveWriter::add_text(const std::string& name) {
  const Signal signal{static_cast<std::uint32_t>(signals_.size())};
  signals_.emplace_back();
  declare_text(signal.index, name);
  return signal;
}

void WaveWriter::set_time(Picoseconds time) {
  time_ = time.count();
  time_pending_ = true;
}

void WaveWriter::set(Signal signal, std::uint64_t value) {
  Declared& declared = signals_[signal.index];
  if (declared.width < 64) {
    value &= (std::uint64_t{1} << declared.width) - 1;
  }
  if (declared.known && declared.value == value) {
    return;
  }
  declared.known = true;
  declared.value = value;
  write_pending_time();
  write_bits(signal.index, declared.width, value);
}

void WaveWriter::set(Signal signal, std::string_view text) {
  Declared& declared = signals_[signal.index];
  if (declared.known && declared.text == text) {
    return;
  }
  declared.known = true;
  declared.text = text;
  write_pending_time();
  write_text(signal.index, text);
}

void WaveWriter::write_pending_time() {
  if (time_pending_) {
    write_time(time_);
    time_pending_ = false;
  }
}

void WaveWriter::close() {
  if (closed_) {
    return;
  }
  closed_ = true;
  write_pending_time();
  const int error = finish();
  std::error_code failed(error, std::generic_category());
  if (error == 0) {
    std::filesystem::rename(temporary_, path_, failed);
  }
  if (failed) {
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
    throw EnvironmentError(
        fmt::format("cannot write the waveform '{}': {}", path_.string(), failed.message()));
  }
}

void WaveWriter::close_quietly() noexcept {
  try {
    close();
  } catch (...) {  // the file is gone; there is nobody to tell
  }
}

std::unique_ptr<WaveWriter> make_wave_writer(const std::filesystem::path& path) {
  if (path.extension() == ".fst") {
    return std::make_unique<FstWriter>(path);
  }
  if (path.extension() == ".vcd") {
    return std::make_unique<VcdWriter>(path);
  }
  throw InputError(fmt::format("the waveform '{}' must be named .fst or .vcd", path.string()));
}

}  // namespace systol
