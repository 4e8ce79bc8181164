// A window that moves over an image, for both references.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "host/graph/graph.h"

namespace systol {

/// An image [height][width][channels] and a window's places on it.
struct ImageWindow {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t channels = 0;
  std::array<std::int64_t, 2> extent = {1, 1};  ///< of the window: rows, columns
  std::array<std::int64_t, 2> places = {1, 1};  ///< of the window on the image
  Window window;

  std::int64_t taps() const { return extent[0] * extent[1]; }
  std::int64_t place_count() const { return places[0] * places[1]; }

  /// Where the window's value lies, in the image's values; -1 in the borders. Places and taps are
  /// counted row by row.
  std::int64_t offset(std::int64_t place, std::int64_t tap) const {
    const std::int64_t row = position(0, place / places[1], tap / extent[1]);
    const std::int64_t column = position(1, place % places[1], tap % extent[1]);
    const bool inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? (row * width + column) * channels : -1;
  }

  /// Calls visit(offset) for each value of the window that lies in the image, in the taps' order.
  /// The window may be much larger than the image.
  template <class Visit>
  void for_each_value(std::int64_t place, Visit visit) const {
    const Taps rows = inside(0, place / places[1], height);
    const Taps columns = inside(1, place % places[1], width);
    for (std::int64_t row = rows.first; row < rows.end; row += window.dilation[0]) {
      for (std::int64_t column = columns.first; column < columns.end;
           column += window.dilation[1]) {
        visit((row * width + column) * channels);
      }
    }
  }

 private:
  struct Taps {
    std::int64_t first;
    std::int64_t end;
  };
  /// Where the taps of a place lie that are within the image.
  Taps inside(std::size_t axis, std::int64_t place, std::int64_t size) const {
    const std::int64_t dilation = window.dilation[axis];
    const std::int64_t start = position(axis, place, 0);
    const std::int64_t skipped = start < 0 ? (-start + dilation - 1) / dilation : 0;
    return {start + skipped * dilation, std::min(size, start + extent[axis] * dilation)};
  }

  std::int64_t position(std::size_t axis, std::int64_t place, std::int64_t tap) const {
    return place * window.stride[axis] - window.before[axis] + tap * window.dilation[axis];
  }
};

inline ImageWindow image_window(const Shape& image, std::array<std::int64_t, 2> extent,
                                const Window& window, const Shape& output) {
  return {image[0], image[1], image[2], extent, {output[0], output[1]}, window};
}

/// The window of a Convolution or a Pool.
inline ImageWindow image_window(const Graph& graph, const Node& node,
                                const Convolution& operation) {
  const Shape& weights = graph.shape(node.inputs[1]);
  return image_window(graph.shape(node.inputs[0]), {weights[0], weights[1]}, operation.window,
                      graph.shape(node.output));
}
inline ImageWindow image_window(const Graph& graph, const Node& node, const Pool& operation) {
  return image_window(graph.shape(node.inputs[0]), operation.extent, operation.window,
                      graph.shape(node.output));
}

/// Places of a window, and channels of its image.
struct WindowPart {
  std::int64_t first_place = 0;
  std::int64_t places = 0;
  std::int64_t first_channel = 0;
  std::int64_t channels = 0;
};

/// The windows' values as rows [places][taps * channels], with `border` in the borders.
template <class Value>
void window_rows(const ImageWindow& image, const WindowPart& part, const Value* values,
                 Value border, Value* rows) {
  for (std::int64_t place = 0; place < part.places; ++place) {
    for (std::int64_t tap = 0; tap < image.taps(); ++tap, rows += part.channels) {
      const std::int64_t offset = image.offset(part.first_place + place, tap);
      if (offset < 0) {
        std::fill_n(rows, part.channels, border);
      } else {
        std::copy_n(values + offset + part.first_channel, part.channels, rows);
      }
    }
  }
}

}  // namespace systol
