// Samples from pictures: one file, or a folder of them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "host/import/byte_source.h"
#include "host/import/sample_file.h"

namespace systol {

bool is_picture(std::string_view start);

/// One sample.
SampleFile read_picture_sample(ByteSource& source);

/// The first `most` of the folder's pictures: its files named .png, .pgm, .ppm, .pbm or .pnm, in
/// the natural order of their names (picture2 before picture10). Throws InputError for a folder
/// without any, and for pictures that are not alike in size, channels and largest value.
SampleFile read_picture_folder(const std::filesystem::path& folder, std::size_t most);

/// Whether `a` stands before `b`: digits in a row are compared as the number that they are,
/// anything else byte by byte.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace systol
