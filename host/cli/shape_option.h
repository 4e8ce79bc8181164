// The option of models that leave sizes open.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "host/import/given_shapes.h"

namespace systol {

/// --shape, which may be given more than once.
void add_shape_option(CLI::App& command, std::vector<std::string>& shapes);

/// What "input=1x3x224x224" and "length=128" say. Throws InputError.
GivenShapes given_shapes(const std::vector<std::string>& shapes);

}  // namespace systol
