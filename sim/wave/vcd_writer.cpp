#include "sim/wave/vcd_writer.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::size_t kBufferBytes = 1 << 16;

/// The short name of a signal: digits of base 94 from the printable characters.
class Identifier {
 public:
  explicit Identifier(std::uint32_t index) {
    do {
      characters_[length_++] = static_cast<char>('!' + index % 94);
      index /= 94;
    } while (index > 0);
  }
  std::string_view text() const { return {characters_.data(), length_}; }

 private:
  std::array<char, 8> characters_;
  std::size_t length_ = 0;
};

void append(fmt::memory_buffer& buffer, std::string_view text) {
  buffer.append(text.data(), text.data() + text.size());
}

}  // namespace

VcdWriter::VcdWriter(const std::filesystem::path& path)
    : WaveWriter(path), file_(std::fopen(temporary_path().c_str(), "wb")) {
  if (file_ == nullptr) {
    throw EnvironmentError(fmt::format("cannot start the waveform '{}'", path.string()));
  }
  append(buffer_, "$version Systol $end\n$timescale 1ps $end\n");
}

VcdWriter::~VcdWriter() { close_quietly(); }

void VcdWriter::declare_scope(const std::string& name) {
  append(buffer_, fmt::format("$scope module {} $end\n", name));
}

void VcdWriter::declare_scope_end() { append(buffer_, "$upscope $end\n"); }

void VcdWriter::declare_bits(std::uint32_t index, const std::string& name, unsigned width) {
  const std::string range = width == 1 ? "" : fmt::format(" [{}:0]", width - 1);
  append(buffer_,
         fmt::format("$var wire {} {} {}{} $end\n", width, Identifier(index).text(), name, range));
}

void VcdWriter::declare_text(std::uint32_t index, const std::string& name) {
  append(buffer_, fmt::format("$var string 1 {} {} $end\n", Identifier(index).text(), name));
}

void VcdWriter::end_declarations() {
  if (declaring_) {
    append(buffer_, "$enddefinitions $end\n");
    declaring_ = false;
  }
}

void VcdWriter::write_time(std::uint64_t picoseconds) {
  end_declarations();
  fmt::format_to(std::back_inserter(buffer_), "#{}\n", picoseconds);
  if (buffer_.size() > kBufferBytes) {
    flush();
  }
}

void VcdWriter::write_bits(std::uint32_t index, unsigned width, std::uint64_t value) {
  const Identifier id(index);
  if (width == 1) {
    buffer_.push_back(value != 0 ? '1' : '0');
  } else {
    fmt::format_to(std::back_inserter(buffer_), "b{:b} ", value);
  }
  append(buffer_, id.text());
  buffer_.push_back('\n');
}

/// A string must not have blanks: those and everything not printable become octal escapes.
void VcdWriter::write_text(std::uint32_t index, std::string_view text) {
  buffer_.push_back('s');
  for (char c : text) {
    if (c > ' ' && c < 0x7f && c != '\\') {
      buffer_.push_back(c);
    } else {
      fmt::format_to(std::back_inserter(buffer_), "\\{:03o}", static_cast<unsigned char>(c));
    }
  }
  buffer_.push_back(' ');
  append(buffer_, Identifier(index).text());
  buffer_.push_back('\n');
}

void VcdWriter::flush() {
  const std::size_t written = std::fwrite(buffer_.data(), 1, buffer_.size(), file_);
  if (written != buffer_.size() && error_ == 0) {
    error_ = errno;
  }
  buffer_.clear();
}

int VcdWriter::finish() {
  if (file_ != nullptr) {
    end_declarations();
    flush();
    if (std::fclose(file_) != 0 && error_ == 0) {
      error_ = errno;
    }
    file_ = nullptr;
  }
  return error_;
}

}  // namespace systol
