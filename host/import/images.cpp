#include "host/import/images.h"

#include <fmt/format.h>

#include <cmath>

#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint32_t kSmallDigit = 256;  ///< 16x16, by custom in [-1, 1]

/// The mean of one output pixel's area of one image.
float mean_of(const IdxImages& images, std::size_t image, std::size_t top, std::size_t bottom,
              std::size_t left, std::size_t right) {
  double sum = 0.0;
  for (std::size_t y = top; y < bottom; ++y) {
    for (std::size_t x = left; x < right; ++x) {
      sum += images.pixels[(image * images.height + y) * images.width + x];
    }
  }
  return static_cast<float>(sum / static_cast<double>((bottom - top) * (right - left)));
}

std::size_t first(std::size_t i, std::size_t from, std::size_t to) { return i * from / to; }
std::size_t end(std::size_t i, std::size_t from, std::size_t to) {
  return ((i + 1) * from + to - 1) / to;
}

/// The side of the square that the network takes in the images' stead, or nothing.
std::optional<std::size_t> smaller_square(const IdxImages& images, std::uint32_t inputs) {
  const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(inputs))));
  const bool fits = side * side == inputs && side <= images.height && side <= images.width;
  return fits ? std::optional(side) : std::nullopt;
}

struct Guess {
  ValueRange range;
  std::string why;
};

Guess range_for(const Graph& graph, std::optional<ValueRange> range) {
  if (range) {
    return {*range, "as asked"};
  }
  if (graph.input_range) {
    return {*graph.input_range, "the network's range"};
  }
  const ValueRange guess =
      graph.input_size() == kSmallDigit ? ValueRange{-1.0F, 1.0F} : ValueRange{0.0F, 1.0F};
  return {guess, fmt::format("guessed from the {} inputs", graph.input_size())};
}

}  // namespace

std::vector<float> average_down(const IdxImages& images, std::size_t to_height,
                                std::size_t to_width) {
  std::vector<float> result;
  result.reserve(images.count * to_height * to_width);
  for (std::size_t image = 0; image < images.count; ++image) {
    for (std::size_t y = 0; y < to_height; ++y) {
      for (std::size_t x = 0; x < to_width; ++x) {
        result.push_back(mean_of(images, image, first(y, images.height, to_height),
                                 end(y, images.height, to_height), first(x, images.width, to_width),
                                 end(x, images.width, to_width)));
      }
    }
  }
  return result;
}

PreparedImages prepare_images(const IdxImages& images, const Graph& graph, const std::string& file,
                              std::optional<ValueRange> range) {
  const std::size_t pixels = images.height * images.width;
  const std::string size = fmt::format("{}x{}", images.height, images.width);
  const Guess guess = range_for(graph, range);
  PreparedImages result;
  result.how = fmt::format("pixels scaled to [{}, {}]", guess.range.low, guess.range.high);
  if (pixels == graph.input_size()) {
    result.values.assign(images.pixels.begin(), images.pixels.end());
  } else if (const auto side = smaller_square(images, graph.input_size())) {
    result.values = average_down(images, *side, *side);
    result.how += fmt::format(" and resized {} -> {}x{}", size, *side, *side);
  } else {
    throw InputError(fmt::format("{}: its images are {} ({} values), but '{}' takes {} inputs",
                                 file, size, pixels, graph.name, graph.input_size()));
  }
  result.how += ", " + guess.why;
  const float scale = (guess.range.high - guess.range.low) / 255.0F;
  for (float& value : result.values) {
    value = value * scale + guess.range.low;
  }
  return result;
}

}  // namespace systol
