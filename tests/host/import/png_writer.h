// PNG files of any kind, written by libpng.
#pragma once

#include <png.h>

#include <cstdint>
#include <string>
#include <vector>

namespace systol::test {

struct PngSettings {
  int colour = PNG_COLOR_TYPE_GRAY;
  int bits = 8;
  bool interlaced = false;
  bool gamma = false;  ///< says that numbers are proportional to light
};

/// `rows` are the bytes of each row, as the file has them before they are packed.
inline std::string png(std::uint32_t width, const std::vector<std::string>& rows,
                       const PngSettings& settings = {}) {
  std::string bytes;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(writer);
  png_set_write_fn(
      writer, &bytes,
      [](png_structp to, png_bytep data, std::size_t size) {
        static_cast<std::string*>(png_get_io_ptr(to))
            ->append(reinterpret_cast<const char*>(data), size);
      },
      nullptr);
  png_set_IHDR(writer, info, width, static_cast<png_uint_32>(rows.size()), settings.bits,
               settings.colour, settings.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (settings.colour == PNG_COLOR_TYPE_PALETTE) {
    const png_color palette[] = {{0, 0, 0}, {10, 20, 30}, {255, 0, 1}};
    png_set_PLTE(writer, info, palette, 3);
  }
  if (settings.gamma) {
    png_set_gAMA(writer, info, 1.0);
  }
  png_write_info(writer, info);
  std::vector<png_bytep> pointers;
  for (const std::string& row : rows) {
    pointers.push_back(reinterpret_cast<png_bytep>(const_cast<char*>(row.data())));
  }
  png_write_image(writer, pointers.data());
  png_write_end(writer, nullptr);
  png_destroy_write_struct(&writer, &info);
  return bytes;
}

}  // namespace systol::test
