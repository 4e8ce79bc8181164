// Text from a language model on an array: a prompt at once, then one token after another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "host/generate/decoder.h"
#include "host/report/report.h"

namespace systol {

struct GenerationSettings {
  Tokens prompt;           ///< at least one
  std::size_t count = 2;   ///< tokens that follow it, at least two
  double temperature = 0;  ///< 0: the likeliest token each time
  std::uint64_t seed = 1;
  Tokens calibration;  ///< a text that the ranges of int8 are taken from
};

struct Generation {
  Tokens text;         ///< after the prompt
  RunReport prefill;   ///< of the prompt
  RunReport decoding;  ///< of all tokens of the text but the last, each with what is cached
  RunReport at_once;   ///< of the prompt and the same tokens
  /// Whether the scores of each token are the same bits where it is read after what is cached,
  /// where all are read at once, and where the next token was drawn.
  bool same_bits = false;

  bool passed() const {
    return same_bits && prefill.check.passed() && decoding.check.passed() && at_once.check.passed();
  }
};

/// Draws the tokens by the reference's scores, then runs all three on the array with the fast
/// engine. Throws InputError for more tokens than the network reads, for a calibration text shorter
/// than that, and for what the array cannot run.
Generation generate(const Decoder& decoder, const ArrayConfig& array,
                    const GenerationSettings& settings);

/// The text, then what a token took, and what the cycles went to.
std::string to_text(const Generation& generation, const GenerationSettings& settings);

}  // namespace systol
