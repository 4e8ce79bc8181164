// A waveform file, FST or VCD, that appears whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/temporary_file.h"
#include "sim/base/units.h"

namespace systol {

/// Declare scopes and signals first; then set values and move the time on; then close. A value is
/// written only where it differs from the signal's last one; a signal that was never set is
/// unknown (x). The time unit is 1 ps.
///
/// The file is written under a temporary name beside its path and gets its own name on close.
class WaveWriter {
 public:
  struct Signal {
    std::uint32_t index = 0;
  };

  /// What is unfinished goes; a writer that got as far as to be whole has closed by then.
  virtual ~WaveWriter() = default;
  WaveWriter(const WaveWriter&) = delete;
  WaveWriter& operator=(const WaveWriter&) = delete;

  void push_scope(const std::string& name) { declare_scope(name); }
  void pop_scope() { declare_scope_end(); }
  /// A bit vector of 1 to 64 bits.
  Signal add_bits(const std::string& name, unsigned width);
  Signal add_text(const std::string& name);

  /// The values set from now on hold from this time on; never before an earlier time.
  void set_time(Picoseconds time);
  /// Bits above the signal's width are ignored, so signed values may come sign-extended.
  void set(Signal signal, std::uint64_t value);
  void set(Signal signal, std::string_view text);

  /// Finishes the file and gives it its name. Throws EnvironmentError if any part of it could not
  /// be written; then there is no file. Closing twice does nothing.
  void close();

 protected:
  explicit WaveWriter(std::filesystem::path path);

  /// Where to write until the file is whole.
  const std::string& temporary_path() const { return file_.path(); }
  /// For the destructor of a writer: closes, and swallows errors.
  void close_quietly() noexcept;

  virtual void declare_scope(const std::string& name) = 0;
  virtual void declare_scope_end() = 0;
  virtual void declare_bits(std::uint32_t index, const std::string& name, unsigned width) = 0;
  virtual void declare_text(std::uint32_t index, const std::string& name) = 0;
  virtual void write_time(std::uint64_t picoseconds) = 0;
  virtual void write_bits(std::uint32_t index, unsigned width, std::uint64_t value) = 0;
  virtual void write_text(std::uint32_t index, std::string_view text) = 0;
  /// Closes the temporary file; returns 0 or the errno of the first write that failed.
  virtual int finish() = 0;

 private:
  struct Declared {
    unsigned width = 0;  ///< 0 is text
    bool known = false;
    std::uint64_t value = 0;
    std::string text;
  };

  void write_pending_time();

  std::filesystem::path path_;
  TemporaryFile file_;
  std::vector<Declared> signals_;
  std::uint64_t time_ = 0;
  bool time_pending_ = false;
  bool closed_ = false;
};

/// A writer for `path`, whose extension says the format: .fst (compressed, what GTKWave likes best)
/// or .vcd (text). Throws InputError for another extension, EnvironmentError where the file cannot
/// be written.
std::unique_ptr<WaveWriter> make_wave_writer(const std::filesystem::path& path);

/// Throws what make_wave_writer would, and makes nothing.
void check_wave_path(const std::filesystem::path& path);

}  // namespace systol
