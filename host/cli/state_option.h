// --state, which says what of an ONNX file is a state.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "host/import/given_states.h"

namespace systol {

/// --state, which may be given more than once.
void add_state_option(CLI::App& command, std::vector<std::string>& states);

/// Of what was typed. Throws InputError for what is not INPUT=OUTPUT.
GivenStates given_states(const std::vector<std::string>& states);

}  // namespace systol
