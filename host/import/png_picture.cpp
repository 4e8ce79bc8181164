#include "host/import/png_picture.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <new>

#include "sim/base/text.h"

namespace systol {
namespace {

constexpr std::size_t kLargestPng = std::size_t{1} << 28;
constexpr std::string_view kPngMagic = "\x89PNG\r\n\x1A\n";

/// libpng leaves a function by longjmp on an error, which skips destructors: nothing of the
/// functions below that call it has one.
class PngDecoder {
 public:
  explicit PngDecoder(ByteReader& reader)
      : reader_(reader), bytes_(read_rest(reader, kLargestPng, "a picture")), rest_(bytes_) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png_, this, give);
  }
  ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  Picture decode() {
    if (!read_head()) {
      fail();
    }
    check_picture_size(reader_, height_, width_);
    pixels_.resize(row_bytes_ * height_);
    for (std::size_t y = 0; y < height_; ++y) {
      rows_.push_back(&pixels_[y * row_bytes_]);
    }
    if (!read_rows()) {
      fail();
    }
    return picture();
  }

 private:
  [[noreturn]] void fail() const {
    reader_.fail(fmt::format("the PNG is damaged ({})", printable(message_.data())));
  }

  static void on_error(png_structp png, png_const_charp text) {
    auto* decoder = static_cast<PngDecoder*>(png_get_error_ptr(png));
    std::string_view(text).copy(decoder->message_.data(), decoder->message_.size() - 1);
    png_longjmp(png, 1);
  }
  static void on_warning(png_structp /*png*/, png_const_charp /*text*/) {}

  static void give(png_structp png, png_bytep to, std::size_t size) {
    auto* decoder = static_cast<PngDecoder*>(png_get_io_ptr(png));
    if (size > decoder->rest_.size()) {
      png_error(png, "cut short");
    }
    std::memcpy(to, decoder->rest_.data(), size);
    decoder->rest_.remove_prefix(size);
  }

  /// Returns false where libpng found an error.
  bool read_head() {
    if (setjmp(png_jmpbuf(png_)) != 0) {
      return false;
    }
    png_read_info(png_, info_);
    width_ = png_get_image_width(png_, info_);
    height_ = png_get_image_height(png_, info_);
    png_set_expand(png_);  // palettes to colours, few bits to 8, a transparent colour to alpha
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    channels_ = png_get_channels(png_, info_);
    sample_bytes_ = png_get_bit_depth(png_, info_) / 8;
    row_bytes_ = png_get_rowbytes(png_, info_);
    return true;
  }

  bool read_rows() {
    if (setjmp(png_jmpbuf(png_)) != 0) {
      return false;
    }
    png_read_image(png_, rows_.data());
    png_read_end(png_, nullptr);
    return true;
  }

  /// The most significant byte comes first.
  std::uint32_t sample(std::size_t index) const {
    return sample_bytes_ == 1 ? pixels_[index]
                              : std::uint32_t{pixels_[2 * index]} << 8 | pixels_[2 * index + 1];
  }

  Picture picture() const {
    Picture picture;
    picture.height = height_;
    picture.width = width_;
    picture.white = sample_bytes_ == 1 ? 255 : 65535;
    const bool alpha = channels_ == 2 || channels_ == 4;
    picture.channels = channels_ - (alpha ? 1 : 0);
    picture.samples.reserve(height_ * width_ * picture.channels);
    for (std::size_t pixel = 0; pixel < height_ * width_; ++pixel) {
      const std::size_t first = pixel * channels_;
      const std::uint32_t opaque = alpha ? sample(first + picture.channels) : picture.white;
      picture.had_alpha = picture.had_alpha || opaque != picture.white;
      for (std::size_t channel = 0; channel < picture.channels; ++channel) {
        const std::uint64_t shown = std::uint64_t{sample(first + channel)} * opaque;
        picture.samples.push_back(
            static_cast<std::uint16_t>((shown + picture.white / 2) / picture.white));
      }
    }
    return picture;
  }

  ByteReader& reader_;
  std::string bytes_;
  std::string_view rest_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::array<char, 200> message_{};
  std::size_t width_ = 0;
  std::size_t height_ = 0;
  std::size_t channels_ = 0;
  std::size_t sample_bytes_ = 1;
  std::size_t row_bytes_ = 0;
  std::vector<std::uint8_t> pixels_;
  std::vector<png_bytep> rows_;
};

}  // namespace

bool is_png(std::string_view start) { return start.starts_with(kPngMagic); }

Picture read_png(ByteReader& reader) { return PngDecoder(reader).decode(); }

}  // namespace systol
