#include "sim/wave/fst_writer.h"

#include <fmt/format.h>
#include <fstapi.h>

#include "sim/base/error.h"
#include "sim/wave/fst_stdio.h"

namespace systol {

FstWriter::FstWriter(const std::filesystem::path& path) : WaveWriter(path) {
  systol_fst_take_error();
  context_ = fstWriterCreate(temporary_path().c_str(), 1);
  if (context_ == nullptr) {
    throw EnvironmentError(fmt::format("cannot start the waveform '{}'", path.string()));
  }
  fstWriterSetPackType(context_, FST_WR_PT_LZ4);
  fstWriterSetTimescaleFromString(context_, "1ps");
  fstWriterSetVersion(context_, "Systol");
}

FstWriter::~FstWriter() { close_quietly(); }

void FstWriter::declare_scope(const std::string& name) {
  fstWriterSetScope(context_, FST_ST_VCD_MODULE, name.c_str(), nullptr);
}

void FstWriter::declare_scope_end() { fstWriterSetUpscope(context_); }

void FstWriter::declare_bits(std::uint32_t, const std::string& name, unsigned width) {
  const std::string full = width == 1 ? name : fmt::format("{} [{}:0]", name, width - 1);
  handles_.push_back(
      fstWriterCreateVar(context_, FST_VT_VCD_WIRE, FST_VD_IMPLICIT, width, full.c_str(), 0));
}

void FstWriter::declare_text(std::uint32_t, const std::string& name) {
  handles_.push_back(
      fstWriterCreateVar(context_, FST_VT_GEN_STRING, FST_VD_IMPLICIT, 0, name.c_str(), 0));
}

void FstWriter::write_time(std::uint64_t picoseconds) {
  fstWriterEmitTimeChange(context_, picoseconds);
  remember_error();
}

void FstWriter::write_bits(std::uint32_t index, unsigned width, std::uint64_t value) {
  fstWriterEmitValueChange64(context_, handles_[index], width, value);
}

void FstWriter::write_text(std::uint32_t index, std::string_view text) {
  fstWriterEmitVariableLengthValueChange(context_, handles_[index], text.data(),
                                         static_cast<std::uint32_t>(text.size()));
}

int FstWriter::finish() {
  if (context_ != nullptr) {
    fstWriterClose(context_);
    context_ = nullptr;
    remember_error();
  }
  return error_;
}

void FstWriter::remember_error() {
  const int error = systol_fst_take_error();
  if (error_ == 0) {
    error_ = error;
  }
}

}  // namespace systol
