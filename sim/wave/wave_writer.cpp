#include "sim/wave/wave_writer.h"

#include <fmt/format.h>

#include "sim/base/error.h"
#include "sim/base/output_file.h"
#include "sim/wave/fst_writer.h"
#include "sim/wave/vcd_writer.h"

namespace systol {
namespace {

enum class Format : std::uint8_t { Fst, Vcd };

Format format_of(const std::filesystem::path& path) {
  if (path.extension() == ".fst") {
    return Format::Fst;
  }
  if (path.extension() == ".vcd") {
    return Format::Vcd;
  }
  throw InputError(fmt::format("the waveform '{}' must be named .fst or .vcd", path.string()));
}

/// The path, which must be one that a waveform can be written to: it is written out of order.
std::filesystem::path regular(std::filesystem::path path) {
  require_writable(path);
  require_regular(path);
  return path;
}

}  // namespace

WaveWriter::WaveWriter(std::filesystem::path path)
    : path_(regular(std::move(path))), file_(path_) {}

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
  int error = finish();
  if (error == 0) {
    error = file_.rename().value();
  }
  if (error != 0) {
    throw_cannot_write(path_, error);
  }
}

void WaveWriter::close_quietly() noexcept {
  try {
    close();
  } catch (...) {  // the file is gone; there is nobody to tell
  }
}

void check_wave_path(const std::filesystem::path& path) {
  format_of(path);
  regular(path);
}

std::unique_ptr<WaveWriter> make_wave_writer(const std::filesystem::path& path) {
  switch (format_of(path)) {
    case Format::Fst:
      return std::make_unique<FstWriter>(path);
    case Format::Vcd:
      return std::make_unique<VcdWriter>(path);
  }
  return nullptr;
}

}  // namespace systol
