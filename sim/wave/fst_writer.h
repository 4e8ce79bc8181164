// Waveforms in GTKWave's compressed format.
#pragma once

#include "sim/wave/wave_writer.h"

namespace systol {

class FstWriter final : public WaveWriter {
 public:
  explicit FstWriter(const std::filesystem::path& path);
  ~FstWriter() override;

 private:
  void declare_scope(const std::string& name) override;
  void declare_scope_end() override;
  void declare_bits(std::uint32_t index, const std::string& name, unsigned width) override;
  void declare_text(std::uint32_t index, const std::string& name) override;
  void write_time(std::uint64_t picoseconds) override;
  void write_bits(std::uint32_t index, unsigned width, std::uint64_t value) override;
  void write_text(std::uint32_t index, std::string_view text) override;
  int finish() override;

  void remember_error();

  void* context_;
  std::vector<std::uint32_t> handles_;
  int error_ = 0;
};

}  // namespace systol
