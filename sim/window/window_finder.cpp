#include "sim/window/window_finder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "sim/base/error.h"
#include "sim/timing.h"

namespace systol {
namespace {

/// By name first: a layer may be called "2".
std::uint32_t find_layer(const std::string& text, std::span<const std::string> layers) {
  const auto named = std::ranges::find(layers, text);
  if (named != layers.end()) {
    return static_cast<std::uint32_t>(named - layers.begin());
  }
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number < layers.size()) {
    return number;
  }
  throw WaveRequestError(WaveRequestError::Part::Layer,
                         fmt::format("layer '{}': there is no such layer; there are {}: {}", text,
                                     layers.size(), fmt::join(layers, ", ")));
}

}  // namespace

WindowFinder::WindowFinder(const ArrayConfig& config, const WindowRequest& request,
                           std::span<const std::string> layers)
    : config_(config), request_(request), layer_(find_layer(request.layer, layers)) {}

void WindowFinder::completed(std::uint64_t /*index*/, const isa::Command& command, Cycles start,
                             Cycles end) {
  const isa::Unit unit = isa::unit_of(command);
  const bool of_layer = command.origin.node == layer_;
  if (unit == isa::Unit::Matrix) {
    const bool first_time = matmuls_.see(of_layer);
    const bool wanted = request_.tile ? of_layer && is_tile(command.origin) : first_time;
    if (wanted && !window_) {
      begin_window(start);
    }
    if (wanted) {
      window_->to = std::max(window_->to, end);
    }
    tiles_seen_ += of_layer ? 1 : 0;
    note_matmul(command, start);
  } else if (unit == isa::Unit::Activate) {
    activation_ = {start, end};
    if (activations_.see(of_layer) && window_ && !request_.tile) {
      window_->to = std::max(window_->to, end);
    }
  }
}

bool WindowFinder::is_tile(const isa::Origin& origin) const {
  if (const auto* place = std::get_if<TilePlace>(&*request_.tile)) {
    return *place == TilePlace{origin.row, origin.column, origin.depth};
  }
  return tiles_seen_ == std::get<std::uint64_t>(*request_.tile);
}

void WindowFinder::begin_window(Cycles start) {
  window_ = CycleWindow{start, start, Cycles(0)};
  if (!settled_.empty() && settled_.front().at <= start) {
    window_->hand_over = settled_.front().start;
  }
  if (activation_ && activation_->at > start) {
    window_->hand_over = std::min(window_->hand_over, activation_->start);
  }
}

void WindowFinder::note_matmul(const isa::Command& command, Cycles start) {
  while (settled_.size() > 1 && settled_[1].at <= start) {
    settled_.pop_front();
  }
  if (const auto at = settles(command.operation, start)) {
    settled_.push_back({start, *at});
  }
}

/// Sums in place leave their mark on the registers of the way out only when they are drained.
std::optional<Cycles> WindowFinder::settles(const isa::Operation& operation, Cycles start) const {
  const auto* output_stationary = std::get_if<isa::MatmulOutputStationary>(&operation);
  if (output_stationary != nullptr && !output_stationary->drain) {
    return std::nullopt;
  }
  return start + timing::matrix_latency(operation, config_.rows, config_.columns);
}

CycleWindow WindowFinder::window() const {
  if (tiles_seen_ == 0) {
    throw WaveRequestError(WaveRequestError::Part::Layer,
                           fmt::format("layer '{}': it has no matmul", request_.layer));
  }
  if (!window_) {
    if (const auto* place = std::get_if<TilePlace>(&*request_.tile)) {
      throw WaveRequestError(
          WaveRequestError::Part::Tile,
          fmt::format("layer '{}': none of its {} tiles begins at row {}, column {}, depth {}",
                      request_.layer, tiles_seen_, place->row, place->column, place->depth));
    }
    throw WaveRequestError(
        WaveRequestError::Part::Tile,
        fmt::format("layer '{}', tile {}: the layer has {} tiles, 0 to {}", request_.layer,
                    std::get<std::uint64_t>(*request_.tile), tiles_seen_, tiles_seen_ - 1));
  }
  return *window_;
}

}  // namespace systol
