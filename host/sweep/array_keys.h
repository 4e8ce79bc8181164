// The keys of arrays' files that a plan changes.
#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace systol {

/// A key such as "array.rows", and the place that names it.
struct ArrayKey {
  std::string name;
  std::string place;  ///< "file:line:column"
};

/// Every array can have each of the keys, with one value or another. Throws InputError, which
/// begins with the key's place, for the first that one of them cannot, and for arrays that cannot
/// be read.
void check_array_keys(std::span<const std::filesystem::path> arrays,
                      std::span<const ArrayKey> keys);

}  // namespace systol
