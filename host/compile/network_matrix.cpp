#include <algorithm>
#include <array>
#include <utility>

#include "host/compile/frame.h"
#include "host/compile/regions.h"
#include "host/compile/row_blocks.h"
#include "host/compile/sign_borders.h"
#include "host/compile/tile_lowering.h"
#include "host/compile/windowed_image.h"

namespace systol {
namespace {

/// Bytes from a sample, an image row and a place to the next, in a tensor's part.
struct Strides {
  std::uint64_t sample = 0;
  std::uint64_t y = 0;
  std::uint64_t x = 0;
};

class MatrixStep {
 public:
  MatrixStep(const Frame& frame, TileLowering& tiles, std::uint32_t block_rows)
      : frame_(frame),
        group_(frame.group),
        step_(frame.step()),
        node_(frame.node()),
        convolution_(std::get_if<Convolution>(&node_.operation)),
        tiling_(group_.plan.constants[frame.index].tiling),
        tiles_(tiles),
        block_rows_(block_rows) {}

  void lower() {
    tiles_.begin_matmul(static_cast<std::uint32_t>(frame_.index),
                        group_.plan.constants[frame_.index], group_.plan.bounds[frame_.index],
                        group_.plan.additions[frame_.index]);
    output_after_ = group_.residence.users(frame_.output.item);
    find_operands();
    const std::uint32_t end = std::min(frame_.end_tile, tiling_.column_tiles());
    const std::vector<Places> kinds = kinds_of_places();
    for (std::uint32_t n = frame_.first_tile; n < end; ++n) {
      tiles_.begin_column_tile(n);
      for (const Places& places : kinds) {
        if (places.border > 0) {
          tiles_.begin_border(places.border);
        }
        for (const RowBlock& block : blocks_of(places)) {
          lower_block(n, activated_together(block, end - frame_.first_tile));
        }
      }
    }
  }

 private:
  /// A rectangle of the output's places, whose channels are the same.
  struct Places {
    std::uint64_t border = 0;
    std::uint64_t y = 0;
    std::uint64_t x = 0;
    std::uint64_t height = 0;
    std::uint64_t width = 0;
  };

  /// All, but where packed signs have borders.
  std::vector<Places> kinds_of_places() const {
    if (borders() == 1) {
      return {{0, 0, 0, height_, width_}};
    }
    std::vector<Places> kinds;
    const std::vector<BorderPlaces> all = border_places(frame_.graph(), node_);
    for (std::uint64_t border = 0; border < all.size(); ++border) {
      const auto [y, height] = part_of(all[border].y, frame_.part[0]);
      const auto [x, width] = part_of(all[border].x, frame_.part[1]);
      if (height > 0 && width > 0) {
        kinds.push_back({border, y, x, height, width});
      }
    }
    return kinds;
  }

  /// Where a span begins in the frame's part of an axis, and how many places it has there.
  static std::pair<std::uint64_t, std::uint64_t> part_of(const BorderSpan& span, const Span& part) {
    const std::uint64_t first = std::max(span.first, part.first);
    const std::uint64_t end = std::min(span.first + span.count, part.end);
    return {first - part.first, first < end ? end - first : 0};
  }

  std::vector<RowBlock> blocks_of(const Places& places) const {
    const bool one_part = group_.plan.config.dataflow != Dataflow::WeightStationary || product();
    std::vector<RowBlock> blocks =
        row_blocks(samples_, places.height, places.width, most_rows(places), one_part);
    for (RowBlock& block : blocks) {
      for (RowPart& part : block.parts) {
        part.y += places.y;
        part.x += places.x;
      }
      block.first = row_of(block.parts.front());
    }
    return blocks;
  }

  /// The number of a part's first row among all samples' rows.
  std::uint64_t row_of(const RowPart& part) const {
    return (part.sample * height_ + part.y) * width_ + part.x;
  }

  std::uint64_t borders() const { return group_.plan.constants[frame_.index].borders; }

  /// A block's rows, in parts that are activated together.
  RowBlock activated_together(const RowBlock& block, std::uint64_t tiles) const {
    const std::uint64_t rows = samples_ * height_ * width_ * tiles;
    return cut(block, activated_rows(group_.plan.config, tiling_, rows));
  }

  /// Blocks of equal size, as large as can be, so that the weights of each are loaded as seldom as
  /// can be; of one tile of weights, which stays, as large as a slot of the accumulators.
  std::uint64_t most_rows(const Places& places) const {
    const std::uint64_t most = tiling_.row_tiles() == 1 && !product()
                                   ? std::min(block_rows_, slot_rows(group_.plan.config))
                                   : block_rows_;
    const std::uint64_t rows = samples_ * places.height * places.width;
    const std::uint64_t blocks = (rows + most - 1) / most;
    const std::uint64_t equal = (rows + blocks - 1) / blocks;
    const std::uint64_t whole = divided_up(equal, places.width) * places.width;  // image rows
    return places.height > 1 && whole <= most ? whole : equal;
  }

  /// Bytes from one row of the output to the next.
  std::uint64_t output_row() const {
    return frame_.output.stride(frame_.output.strides.size() - 2);
  }

  bool product() const { return step_.kind == StepKind::Product; }

  void find_operands() {
    samples_ = group_.samples;
    output_ = {frame_.output.stride(0), 0, output_row()};
    if (frame_.residual) {
      residual_ = {frame_.residual->stride(0), 0,
                   frame_.residual->stride(frame_.residual->strides.size() - 2)};
    }
    if (product()) {
      find_product();
    } else if (convolution_ != nullptr) {
      find_image();
    } else {
      find_rows();
    }
  }

  /// Rows of K values; an image has them row by row.
  void find_rows() {
    const Operand& input = frame_.inputs[0];
    const std::uint64_t row = input.stride(input.strides.size() - 2);
    source_ = {input.item, input.address, input.stride(0), row, input.whole};
    input_ = {input.stride(0), 0, row};
    width_ = frame_.rows();
    if (input.strides.size() > 3) {
      height_ = frame_.part[0].count();
      width_ /= height_;
      input_.y = input.stride(1);
      output_.y = frame_.output.stride(1);
      residual_.y = frame_.residual ? frame_.residual->stride(1) : 0;
    }
    if (height_ == 1 || rows_follow()) {
      width_ *= height_;
      height_ = 1;
      join_samples();
    }
  }

  /// A sample has as many matrices as its leading extents say.
  void find_product() {
    const Operand& input = frame_.inputs[0];
    const std::uint64_t matrices =
        elements(frame_.inputs[1].shape) / step_.inputs / columns_there();
    source_ = {input.item, input.address, input.stride(0), 0, input.whole};
    samples_ *= matrices;
    width_ = frame_.rows() / matrices;
    input_ = {width_ * step_.inputs, 0, step_.inputs};
    output_.sample = width_ * output_row();
  }

  /// Of a product's second operand, which may be some of its columns.
  std::uint64_t columns_there() const {
    const Shape& second = frame_.inputs[1].shape;
    return static_cast<std::uint64_t>(second[columns_axis(node_, second)]);
  }

  void find_image() {
    Window window = convolution_->window;
    if (frame_.inputs[0].single_pixels) {
      window.stride = {1, 1};
    }
    source_ = windowed_image(frame_, window);
    find_rows_apart();
    const std::uint64_t channels = frame_.inputs[0].stride(2);
    input_ = {source_.sample_bytes,
              static_cast<std::uint64_t>(window.stride[0]) * source_.row_bytes,
              static_cast<std::uint64_t>(window.stride[1]) * channels};
    output_.y = frame_.output.stride(1);
    residual_.y = frame_.residual ? frame_.residual->stride(1) : 0;
    height_ = frame_.part[0].count();
    width_ = static_cast<std::uint64_t>(frame_.output.shape[1]);
    if (borders() == 1 && rows_follow() && !kernel_has_rows(window)) {
      joins_places_ = true;
      width_ *= height_;
      height_ = 1;
      join_samples();
    }
  }

  /// A band of an image's columns has its rows nearer to each other than the tiles were cut for,
  /// and so has one that leaves out columns that no window reads.
  void find_rows_apart() {
    const Shape& image = frame_.graph().shape(node_.inputs[0]);
    if (!frame_.inputs[0].whole) {
      const Layout& tensor = group_.layout(step_.input());
      planned_row_ = read_layout(tensor, image, convolution_->window).row_bytes();
    }
  }

  bool kernel_has_rows(const Window& window) const {
    const Shape& weights = frame_.graph().shape(node_.inputs[1]);
    return weights[0] > 1 || window.stride[0] > 1;
  }

  /// One image row after another, wherever they lie.
  bool rows_follow() const {
    const auto follow = [this](const Strides& strides) { return strides.y == width_ * strides.x; };
    return follow(input_) && follow(output_) && (!frame_.residual || follow(residual_));
  }

  void join_samples() {
    const auto follow = [this](const Strides& strides) {
      return strides.sample == width_ * strides.x;
    };
    if (follow(input_) && follow(output_) && (!frame_.residual || follow(residual_))) {
      width_ *= samples_;
      samples_ = 1;
    }
  }

  /// One more than the number of a block's last row.
  std::uint64_t end_of(const RowBlock& rows) const {
    RowPart last = rows.parts.back();
    last.y += last.height - 1;
    last.x += last.width - 1;
    return row_of(last) + 1;
  }

  void lower_block(std::uint32_t n, const RowBlock& rows) {
    TileLowering::Block block;
    block.row = frame_.origin(rows.first).row;
    block.rows = isa::narrow(rows.rows());
    const std::uint64_t first = frame_.output_row() + rows.first;
    const ValueSpan values{first * step_.outputs,
                           (frame_.output_row() + end_of(rows)) * step_.outputs};
    for (const RowPart& part : rows.parts) {
      block.parts.push_back({isa::narrow(part.rows()), {destination(n, part), output_after_}, {}});
      if (frame_.residual) {
        block.parts.back().residual = residual(n, part, values);
      }
    }
    block.input = [&](std::uint32_t k, std::size_t part) { return input(n, k, rows.parts[part]); };
    block.used = [&](isa::Unit unit, CommandId id) {
      const bool second = product() && unit == isa::Unit::Weights;
      group_.residence.read(second ? frame_.inputs[1].item : source_.item, id);
    };
    if (product()) {
      block.tile = [&](std::uint32_t k) { return tile(n, k, rows.parts.front().sample); };
    }
    const CommandId last = tiles_.lower_block(block);
    group_.residence.wrote(frame_.output.item, last, values);
    if (frame_.residual) {
      group_.residence.read(frame_.residual->item, last);
    }
  }

  isa::Walk destination(std::uint32_t n, const RowPart& part) const {
    const std::uint64_t column = tiling_.first_column(n) - tiling_.first_column(frame_.first_tile);
    const SignPacking packing{group_.plan.config.columns};
    return places(part, frame_.output.address, output_,
                  group_.plan.packed(step_.output) ? packing.byte_of(column) : column);
  }

  /// The rows that are added to a part's rows of column tile `n`, which are among `values`.
  BufferRows residual(std::uint32_t n, const RowPart& part, const ValueSpan& values) const {
    const Operand& from = *frame_.residual;
    return {places(part, from.address, residual_, tiling_.first_column(n)),
            group_.residence.writers(from.item, values)};
  }

  /// A piece for each row of the part, from column `column` on.
  static isa::Walk places(const RowPart& part, std::uint64_t address, const Strides& strides,
                          std::uint64_t column) {
    const std::uint64_t base =
        address + part.sample * strides.sample + part.y * strides.y + part.x * strides.x + column;
    return isa::Walk(base, {{part.height, strides.y}, {part.width, strides.x}});
  }

  BufferRows input(std::uint32_t n, std::uint32_t k, const RowPart& part) const {
    const RowSlice slice = planned_row_ == 0
                               ? tiling_.slice(k)
                               : at_row_bytes(tiling_.slice(k), planned_row_, source_.row_bytes);
    const std::uint64_t base = source_.address + part.sample * input_.sample + part.y * input_.y +
                               part.x * input_.x + tiling_.group(n) * tiling_.group_stride +
                               slice.offset;
    BufferRows rows;
    rows.walk = isa::Walk(
        base,
        {{part.height, input_.y}, {part.width, input_.x}, {slice.segments, slice.segment_stride}});
    rows.segments = slice.segments;
    rows.after = group_.residence.writers(source_.item, values_read(part));
    return rows;
  }

  /// The input's values that the places of a part read, or more.
  ValueSpan values_read(const RowPart& part) const {
    if (!source_.whole || (convolution_ != nullptr && source_.item != frame_.inputs[0].item)) {
      return {};
    }
    if (convolution_ == nullptr) {
      const std::uint64_t row =
          frame_.output_row() + (part.sample * height_ + part.y) * width_ + part.x;
      return {row * step_.inputs, (row + part.rows()) * step_.inputs};
    }
    if (joins_places_ && samples_ == 1 && group_.samples > 1) {
      return {};
    }
    return rows_read(part);
  }

  ValueSpan rows_read(const RowPart& part) const {
    const Shape& image = frame_.graph().shape(node_.inputs[0]);
    const Window& window = convolution_->window;
    const std::int64_t height = image[0];
    const auto width = frame_.output.shape[1];
    const std::int64_t y = static_cast<std::int64_t>(frame_.part[0].first) +
                           (joins_places_ ? static_cast<std::int64_t>(part.x) / width
                                          : static_cast<std::int64_t>(part.y));
    const std::int64_t last =
        static_cast<std::int64_t>(frame_.part[0].first) +
        (joins_places_ ? static_cast<std::int64_t>(part.x + part.width - 1) / width
                       : static_cast<std::int64_t>(part.y + part.height - 1));
    const std::int64_t kernel =
        (frame_.graph().shape(node_.inputs[1])[0] - 1) * window.dilation[0] + 1;
    const auto row = static_cast<std::uint64_t>(image[1] * image[2]);
    const auto bound = [&](std::int64_t index) {
      return static_cast<std::uint64_t>(std::clamp<std::int64_t>(index, 0, height));
    };
    const std::uint64_t first =
        part.sample * elements(image) + bound(y * window.stride[0] - window.before[0]) * row;
    const std::uint64_t end = part.sample * elements(image) +
                              bound(last * window.stride[0] - window.before[0] + kernel) * row;
    return {first, std::max(end, first + 1)};  // windows within a border must follow its filling
  }

  /// Rows of the second operand as they lie, or, where it is transposed, its columns.
  BufferTile tile(std::uint32_t n, std::uint32_t k, std::uint64_t matrix) const {
    const RowSlice slice = tiling_.slice(k);
    const std::uint64_t depth = step_.inputs;
    const Operand& second = frame_.inputs[1];
    const std::uint64_t columns = columns_there();
    const std::uint64_t column =
        tiling_.first_column(n) - second.first(columns_axis(node_, second.shape));
    const std::uint64_t base = second.address + matrix * depth * columns;
    BufferTile result;
    result.after = group_.residence.writers(frame_.inputs[1].item);
    result.load.transposed = std::get<MatMul>(node_.operation).transposed;
    if (result.load.transposed) {
      result.load.buffer = {base + column * depth + slice.first, tiling_.columns(n), depth};
      result.load.depth = slice.depth;
    } else {
      result.load.buffer = {base + std::uint64_t{slice.first} * columns + column, slice.depth,
                            columns};
      result.load.depth = tiling_.columns(n);
    }
    return result;
  }

  const Frame& frame_;
  const Group& group_;
  const Step& step_;
  const Node& node_;
  const Convolution* convolution_;  ///< null for a matmul
  const Tiling& tiling_;
  TileLowering& tiles_;
  std::uint32_t block_rows_;
  Commands output_after_;
  WindowedImage source_;
  Strides input_;
  Strides output_;
  Strides residual_;  ///< of what is added to the sums
  std::uint64_t samples_ = 1;
  std::uint64_t height_ = 1;
  std::uint64_t width_ = 1;
  std::uint64_t planned_row_ = 0;  ///< bytes of an image row for which tiles were cut; 0: as it is
  bool joins_places_ = false;      ///< image rows follow each other, so that they are as one
};

}  // namespace

void lower_matrix(const Frame& frame, TileLowering& tiles, std::uint32_t block_rows) {
  MatrixStep(frame, tiles, block_rows).lower();
}

}  // namespace systol
