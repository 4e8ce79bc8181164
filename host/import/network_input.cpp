#include "host/import/network_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "host/import/lookup.h"
#include "host/import/whole_numbers.h"
#include "sim/base/error.h"

namespace systol {
namespace {

constexpr std::uint32_t kSmallDigit = 256;  ///< 16x16, by custom in [-1, 1]
constexpr std::int64_t kColours = 3;
constexpr std::int64_t kMostChannels = 4;
constexpr std::array<float, kColours> kGreyOfColours = {0.299F, 0.587F, 0.114F};  // ITU-R BT.601

/// What a sample is as an image.
struct ImageShape {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 1;
};

std::optional<ImageShape> image_shape(const Shape& shape) {
  if (shape.size() == 2 || (shape.size() == 3 && shape[2] <= kMostChannels)) {
    return ImageShape{static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1]),
                      shape.size() == 3 ? static_cast<std::size_t>(shape[2]) : 1};
  }
  return std::nullopt;
}

std::size_t first(std::size_t i, std::size_t from, std::size_t to) { return i * from / to; }
std::size_t end(std::size_t i, std::size_t from, std::size_t to) {
  return ((i + 1) * from + to - 1) / to;
}

struct Area {
  std::size_t top;
  std::size_t bottom;
  std::size_t left;
  std::size_t right;
};

/// Of one channel, whose first value is `from`.
float mean_of(const float* from, const ImageShape& image, const Area& area) {
  double sum = 0.0;
  for (std::size_t y = area.top; y < area.bottom; ++y) {
    for (std::size_t x = area.left; x < area.right; ++x) {
      sum += from[(y * image.width + x) * image.channels];
    }
  }
  const std::size_t pixels = (area.bottom - area.top) * (area.right - area.left);
  return static_cast<float>(sum / static_cast<double>(pixels));
}

void set_image_size(SampleFile& file, const ImageSize& size, std::vector<float> values) {
  file.how += fmt::format(" resized to {}x{}", size.height, size.width);
  file.shape[0] = static_cast<std::int64_t>(size.height);
  file.shape[1] = static_cast<std::int64_t>(size.width);
  file.values = std::move(values);
}

/// Without the extents of 1.
Shape squeezed(Shape shape) {
  std::erase(shape, 1);
  return shape;
}

/// Whether the values of a sample can go in in the order in which they are.
bool same_order(const Shape& shape, const Shape& wanted) {
  const Shape a = squeezed(shape);
  const Shape b = squeezed(wanted);
  return elements(a) == elements(b) && (a == b || a.size() <= 1 || b.size() <= 1);
}

bool channels_come_last(const Shape& shape, const Shape& wanted) {
  return shape.size() == 3 && wanted == Shape{shape[2], shape[0], shape[1]};
}

/// Part of a sample: so many values from `first` on, [rows][columns].
struct SamplePart {
  std::size_t first = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Of each sample's part, [rows][columns] to [columns][rows].
void transpose(SampleFile& file, const SamplePart& part) {
  const std::size_t size = elements(file.shape);
  std::vector<float> moved(part.rows * part.columns);
  for (std::size_t sample = 0; sample < file.kept(); ++sample) {
    float* const values = &file.values[sample * size + part.first];
    for (std::size_t i = 0; i < moved.size(); ++i) {
      moved[i % part.columns * part.rows + i / part.columns] = values[i];
    }
    std::ranges::copy(moved, values);
  }
}

/// [H, W, C] to [C, H, W].
void put_channels_first(SampleFile& file) {
  const auto channels = static_cast<std::size_t>(file.shape[2]);
  transpose(file, {0, elements(file.shape) / channels, channels});
  file.shape = {file.shape[2], file.shape[0], file.shape[1]};
  file.how += channels > 1 ? ", channels put first" : "";
}

/// [C, H, W] to [H, W, C], of a file whose network has its channels last.
void put_channels_last(SampleFile& file) {
  const auto channels = static_cast<std::size_t>(file.shape[0]);
  transpose(file, {0, channels, elements(file.shape) / channels});
  file.shape = {file.shape[1], file.shape[2], file.shape[0]};
  file.how += channels > 1 ? ", channels put last" : "";
}

/// How files hold the values of the network's input: [C, H, W] where its tensor is [H, W, C].
Shape file_shape(const Graph& graph) {
  if (graph.inputs.size() > 1) {
    return {static_cast<std::int64_t>(graph.input_size())};
  }
  Shape shape = graph.shape(graph.inputs.front());
  if (!graph.input_layouts.empty() && graph.input_layouts.front() == InputLayout::ChannelsFirst) {
    std::rotate(shape.begin(), shape.end() - 1, shape.end());
  }
  return shape;
}

void make_grey(SampleFile& file) {
  std::vector<float> grey(file.values.size() / kColours);
  for (std::size_t i = 0; i < grey.size(); ++i) {
    const float* const colours = &file.values[i * kColours];
    grey[i] = kGreyOfColours[0] * colours[0] + kGreyOfColours[1] * colours[1] +
              kGreyOfColours[2] * colours[2];
  }
  file.values = std::move(grey);
  file.shape.pop_back();
  file.how += " made grey (0.299 red + 0.587 green + 0.114 blue)";
}

/// The side of the square of so many values a pixel that the network takes in the images' stead.
std::optional<std::size_t> smaller_square(const ImageShape& image, std::size_t inputs,
                                          std::size_t channels) {
  const std::size_t pixels = inputs / channels;
  const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(pixels))));
  const bool fits = side * side * channels == inputs && side <= image.height && side <= image.width;
  return fits ? std::optional(side) : std::nullopt;
}

/// Changes images of pixels in size and colour to what the network takes, where that can be.
void fit_images(SampleFile& file, std::size_t inputs) {
  const std::optional<ImageShape> image = image_shape(file.shape);
  if (!file.white || !image) {
    return;
  }
  const bool colours = image->channels == kColours;
  const std::size_t pixels = image->height * image->width;
  const bool right_size = pixels * image->channels == inputs || (colours && pixels == inputs);
  const auto side = smaller_square(*image, inputs, image->channels);
  const auto grey_side = colours ? smaller_square(*image, inputs, 1) : std::nullopt;
  if (!right_size && (side || grey_side)) {
    const std::size_t to = side ? *side : *grey_side;
    set_image_size(file, {to, to}, area_average(file, {to, to}));
  }
  if (colours && elements(file.shape) == kColours * inputs) {
    make_grey(file);
  }
}

[[noreturn]] void refuse_shape(const SampleFile& file, const Graph& graph) {
  const std::uint64_t values = elements(file.shape);
  const std::string found =
      squeezed(file.shape).size() > 1
          ? fmt::format("its samples are {} ({} values)", size_text(file.shape), values)
          : fmt::format("it has {} value{} a sample", values, values == 1 ? "" : "s");
  throw InputError(fmt::format("{}: {}, but '{}' takes {} inputs", file.name, found, graph.name,
                               size_text(file_shape(graph))));
}

/// Values in the order in which files hold them go into the order of the inputs' tensors.
void put_in_order(SampleFile& file, const Graph& graph) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < graph.input_layouts.size(); ++i) {
    const Shape& shape = graph.shape(graph.inputs[i]);
    if (graph.input_layouts[i] == InputLayout::ChannelsFirst) {
      const auto channels = static_cast<std::size_t>(shape.back());
      transpose(file, {first, channels, elements(shape) / channels});
    }
    first += elements(shape);
  }
}

/// Of arrays for a network whose model has channels first, where there are several.
void say_where_channels_are(SampleFile& file, const Graph& graph, const char* where) {
  const bool asked = graph.inputs.size() == 1 && !graph.input_layouts.empty() &&
                     graph.input_layouts.front() == InputLayout::ChannelsFirst;
  if (asked && !file.channels_last && graph.shape(graph.inputs.front()).back() > 1) {
    file.how += fmt::format(", channels {}", where);
  }
}

void fit_layout(SampleFile& file, const Graph& graph) {
  const Shape wanted = file_shape(graph);
  fit_images(file, elements(wanted));
  const bool as_tensor =
      graph.inputs.size() == 1 && file.shape == graph.shape(graph.inputs.front());
  if (as_tensor && (file.channels_last || file.shape != wanted)) {
    say_where_channels_are(file, graph, "last");
    return;
  }
  if (file.shape != wanted && channels_come_last(file.shape, wanted)) {
    put_channels_first(file);
  } else if (same_order(file.shape, wanted)) {
    say_where_channels_are(file, graph, "first");
  } else if (channels_come_last(wanted, file.shape)) {
    put_channels_last(file);
  } else {
    refuse_shape(file, graph);
  }
  if (squeezed(file.shape).size() < squeezed(wanted).size()) {
    file.how += fmt::format(", taken as {}", size_text(wanted));
  }
  put_in_order(file, graph);
}

/// Where pixels go, and who says so.
struct PixelRange {
  ValueRange range;
  std::string text;
};

PixelRange pixel_range(const SampleFile& file, const Graph& graph, const InputScaling& scaling) {
  const auto with = [](ValueRange range, const char* form) {
    return PixelRange{range, fmt::format(fmt::runtime(form), range.low, range.high)};
  };
  if (scaling.scale || scaling.offset) {
    const double offset = scaling.offset.value_or(0);
    const double white = *file.white;
    return with({static_cast<float>(offset),
                 static_cast<float>(offset + scaling.scale.value_or(1 / white) * white)},
                "[{}, {}], as asked");
  }
  if (graph.input_range) {
    return with(*graph.input_range, "the network's range [{}, {}]");
  }
  PixelRange guess =
      with(graph.input_size() == kSmallDigit ? ValueRange{-1.0F, 1.0F} : ValueRange{0.0F, 1.0F},
           "[{}, {}]");
  guess.text += fmt::format(", guessed from the {} inputs", graph.input_size());
  return guess;
}

void scale_pixels(SampleFile& file, const Graph& graph, const InputScaling& scaling) {
  const auto [range, text] = pixel_range(file, graph, scaling);
  const float scale = (range.high - range.low) / *file.white;
  for (float& value : file.values) {
    value = value * scale + range.low;
  }
  file.how += fmt::format(", pixels 0..{} scaled to {}", *file.white, text);
}

/// Whole numbers from 0 to nearly 255, at most.
bool look_like_pixels(std::span<const float> values) {
  const auto [low, high] = std::ranges::minmax(values);
  return low == 0 && high > 200 && high <= 255 &&
         std::ranges::all_of(values, [](float value) { return value == std::trunc(value); });
}

void scale_values(SampleFile& file, const Graph& graph, const InputScaling& scaling) {
  const auto [low, high] = std::ranges::minmax(file.values);
  file.how += fmt::format(", values {:.4g} to {:.4g}", low, high);
  if (!scaling.scale && !scaling.offset) {
    file.how += " as they are";
    const ValueRange range = graph.input_range.value_or(ValueRange{low, high});
    if (low < range.low || high > range.high) {
      file.how += fmt::format(", outside the network's range [{}, {}]", range.low, range.high);
    } else if (!graph.input_range && look_like_pixels(file.values)) {
      file.how += "; if they are pixels, a scale of 1/255 makes them 0 to 1";
    }
    return;
  }
  const double scale = scaling.scale.value_or(1);
  const double offset = scaling.offset.value_or(0);
  for (float& value : file.values) {
    value = static_cast<float>(value * scale + offset);
  }
  file.how += fmt::format(" times {} plus {}, as asked", scale, offset);
}

}  // namespace

std::vector<float> area_average(const SampleFile& file, const ImageSize& size) {
  const ImageShape image = *image_shape(file.shape);
  const std::size_t pixels = image.height * image.width;
  std::vector<float> result;
  result.reserve(file.kept() * size.height * size.width * image.channels);
  for (std::size_t sample = 0; sample < file.kept(); ++sample) {
    const float* const from = &file.values[sample * pixels * image.channels];
    for (std::size_t y = 0; y < size.height; ++y) {
      for (std::size_t x = 0; x < size.width; ++x) {
        const Area area{first(y, image.height, size.height), end(y, image.height, size.height),
                        first(x, image.width, size.width), end(x, image.width, size.width)};
        for (std::size_t channel = 0; channel < image.channels; ++channel) {
          result.push_back(mean_of(from + channel, image, area));
        }
      }
    }
  }
  return result;
}

void resize(SampleFile& file, const ImageSize& size) {
  const std::optional<ImageShape> image = image_shape(file.shape);
  if (!image) {
    throw InputError(fmt::format(
        "{}: its samples are {}; only images of height x width, or height x width x channels, can "
        "be resized",
        file.name, size_text(file.shape)));
  }
  if (size.height > image->height || size.width > image->width) {
    throw InputError(fmt::format("{}: its images are {}x{} and can only be made smaller, not {}x{}",
                                 file.name, image->height, image->width, size.height, size.width));
  }
  std::vector<float> averaged = area_average(file, size);
  if (file.white) {
    for (float& pixel : averaged) {
      pixel = std::floor(pixel + 0.5F);
    }
  }
  set_image_size(file, size, std::move(averaged));
}

NetworkInput network_input(SampleFile file, const Graph& graph, const InputScaling& scaling) {
  look_up(file, graph);
  fit_layout(file, graph);
  if (!graph.whole_inputs.empty()) {
    if (scaling.scale || scaling.offset) {
      throw InputError(fmt::format("{}: '{}' takes whole numbers as they are, without scaling",
                                   file.name, graph.name));
    }
    take_whole_numbers(file, graph);
  } else if (file.white) {
    scale_pixels(file, graph, scaling);
  } else {
    scale_values(file, graph, scaling);
  }
  if (!std::ranges::all_of(file.values, [](float value) { return std::isfinite(value); })) {
    throw InputError(
        fmt::format("{}: scaled as asked, its values are no finite float32 numbers", file.name));
  }
  return {std::move(file.values), std::move(file.how)};
}

}  // namespace systol
