// Waveforms as IEEE 1364 text, with GTKWave's string values.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "sim/wave/wave_writer.h"

namespace systol {

class VcdWriter final : public WaveWriter {
 public:
  explicit VcdWriter(const std::filesystem::path& path);
  ~VcdWriter() override;

 private:
  void declare_scope(const std::string& name) override;
  void declare_scope_end() override;
  void declare_bits(std::uint32_t index, const std::string& name, unsigned width) override;
  void declare_text(std::uint32_t index, const std::string& name) override;
  void write_time(std::uint64_t picoseconds) override;
  void write_bits(std::uint32_t index, unsigned width, std::uint64_t value) override;
  void write_text(std::uint32_t index, std::string_view text) override;
  int finish() override;

  void end_declarations();
  void flush();

  std::FILE* file_;
  fmt::memory_buffer buffer_;
  bool declaring_ = true;
  int error_ = 0;
};

}  // namespace systol
