#include <algorithm>

#include "host/compile/bordered_copy.h"
#include "host/compile/network.h"
#include "host/compile/row_blocks.h"
#include "host/compile/tile_lowering.h"

namespace systol {
namespace {

/// Where a convolution's places begin in its input, or a matmul's rows.
struct Source {
  std::size_t item = 0;
  std::uint64_t address = 0;       ///< of the first place's first value, of sample 0
  std::uint64_t sample_bytes = 0;  ///< from a sample to the next
  std::uint64_t y_bytes = 0;       ///< from a place to the one below it
  std::uint64_t x_bytes = 0;       ///< and to the one beside it
};

class MatrixStep {
 public:
  MatrixStep(const Group& group, std::size_t step, TileLowering& tiles, std::uint32_t block_rows)
      : group_(group),
        index_(step),
        step_(group.plan.steps[step]),
        node_(group.plan.graph->nodes[step_.node]),
        tiling_(group.plan.constants[step].tiling),
        tiles_(tiles),
        block_rows_(block_rows),
        output_(group.layout(step_.output)),
        output_item_(group.item(step_.output)) {}

  void lower() {
    tiles_.begin_matmul(static_cast<std::uint32_t>(index_), group_.plan.constants[index_],
                        group_.plan.bounds[index_]);
    group_.residence.begin(output_item_);
    output_after_ = group_.residence.users(output_item_);
    fill_borders(group_, index_, output_item_, output_,
                 group_.quantisation(step_.output).zero_point);
    find_source();
    const std::vector<RowBlock> blocks = blocks_of_rows();
    for (std::uint32_t n = 0; n < tiling_.column_tiles(); ++n) {
      tiles_.begin_column_tile(n);
      for (const RowBlock& block : blocks) {
        lower_block(n, block);
      }
    }
  }

 private:
  bool stationary_weights() const {
    return group_.plan.config.dataflow == Dataflow::WeightStationary;
  }
  bool product() const { return step_.kind == StepKind::Product; }

  /// Of a product, how many matrices a sample has.
  std::uint64_t matrices() const {
    const Shape& second = group_.plan.graph->shape(node_.inputs[1]);
    return elements(second) / static_cast<std::uint64_t>(second[second.size() - 1]) /
           static_cast<std::uint64_t>(second[second.size() - 2]);
  }

  /// Rows that one walk reaches are one image row where they can be.
  std::vector<RowBlock> blocks_of_rows() {
    samples_ = group_.samples;
    height_ = 1;
    width_ = step_.rows;
    if (product()) {
      samples_ *= matrices();
      width_ /= matrices();
      source_.sample_bytes /= matrices();
      output_bytes_ = {output_.bytes() / matrices(), 0, output_.channels};
      return row_blocks(samples_, 1, width_, block_rows_, true);
    }
    output_bytes_ = {output_.bytes(), output_.row_bytes(), output_.channels};
    if (const auto* convolution = std::get_if<Convolution>(&node_.operation)) {
      height_ = output_.rows;
      width_ = output_.columns;
      const Shape& weights = group_.plan.graph->shape(node_.inputs[1]);
      joins_places_ = weights[0] == 1 && weights[1] == 1 &&
                      convolution->window.stride == std::array<std::int64_t, 2>{1, 1} &&
                      !input_.bordered() && !output_.bordered();
    }
    if (joins_places_) {
      width_ *= height_;
      height_ = 1;
    }
    joins_samples_ =
        height_ == 1 && source_.sample_bytes == width_ * source_.x_bytes && !output_.bordered();
    if (joins_samples_) {
      width_ *= samples_;
      samples_ = 1;
    }
    return row_blocks(samples_, height_, width_, block_rows_, !stationary_weights());
  }

  void find_source() {
    source_.item = group_.item(step_.input());
    const Layout& layout = group_.layout(step_.input());
    const auto* convolution = std::get_if<Convolution>(&node_.operation);
    if (convolution == nullptr) {
      source_.address = group_.residence.address(source_.item) + layout.first();
      source_.sample_bytes = layout.bytes();
      source_.x_bytes = step_.inputs;
      return;
    }
    const BorderedImage image = bordered_image(group_, index_, convolution->window);
    const auto stride = [&](std::size_t axis) {
      return static_cast<std::uint64_t>(convolution->window.stride[axis]);
    };
    input_ = image.layout;
    source_ = {image.item, image.address, input_.bytes(), stride(0) * input_.row_bytes(),
               stride(1) * input_.channels};
  }

  void lower_block(std::uint32_t n, const RowBlock& rows) {
    TileLowering::Block block;
    block.row = group_.origin(index_, rows.first).row;
    block.rows = isa::narrow(rows.rows());
    for (const RowPart& part : rows.parts) {
      block.parts.push_back({isa::narrow(part.rows()), {destination(n, part), output_after_}});
    }
    block.input = [&](std::uint32_t k, std::size_t part) { return input(n, k, rows.parts[part]); };
    block.used = [&](isa::Unit unit, CommandId id) {
      const bool second = product() && unit == isa::Unit::Weights;
      group_.residence.read(second ? second_item() : source_.item, id);
    };
    if (product()) {
      block.tile = [&](std::uint32_t k) { return tile(n, k, rows.parts.front().sample); };
    }
    const CommandId id = tiles_.lower_block(block);
    group_.residence.wrote(
        output_item_, id, {rows.first * step_.outputs, (rows.first + rows.rows()) * step_.outputs});
  }

  std::size_t second_item() const { return group_.item(step_.sources.back()); }

  isa::Walk destination(std::uint32_t n, const RowPart& part) const {
    const std::uint64_t base = group_.residence.address(output_item_) + output_.first() +
                               part.sample * output_bytes_[0] + part.y * output_bytes_[1] +
                               part.x * output_bytes_[2] + tiling_.first_column(n);
    return isa::Walk(base, {{part.height, output_bytes_[1]}, {part.width, output_bytes_[2]}});
  }

  BufferRows input(std::uint32_t n, std::uint32_t k, const RowPart& part) const {
    const RowSlice slice = tiling_.slice(k);
    const std::uint64_t base = source_.address + part.sample * source_.sample_bytes +
                               part.y * source_.y_bytes + part.x * source_.x_bytes +
                               tiling_.group(n) * tiling_.group_stride + slice.offset;
    BufferRows rows;
    rows.walk = isa::Walk(base, {{part.height, source_.y_bytes},
                                 {part.width, source_.x_bytes},
                                 {slice.segments, slice.segment_stride}});
    rows.segments = slice.segments;
    rows.after = group_.residence.writers(source_.item, values_read(part));
    return rows;
  }

  /// The input's values that the places of a part read, or more.
  ValueSpan values_read(const RowPart& part) const {
    const auto* convolution = std::get_if<Convolution>(&node_.operation);
    if (convolution == nullptr || joins_places_) {
      const std::uint64_t row = (part.sample * height_ + part.y) * width_ + part.x;
      const std::uint64_t values = convolution == nullptr ? step_.inputs : input_.channels;
      return {row * values, (row + part.rows()) * values};
    }
    const Window& window = convolution->window;
    const auto height = static_cast<std::int64_t>(input_.rows);
    const std::int64_t first =
        static_cast<std::int64_t>(part.y) * window.stride[0] - window.before[0];
    const std::int64_t spread =
        (group_.plan.graph->shape(node_.inputs[1])[0] - 1) * window.dilation[0] + 1;
    const std::int64_t last =
        first + static_cast<std::int64_t>(part.height - 1) * window.stride[0] + spread;
    const std::uint64_t row = input_.columns * input_.channels;
    const std::uint64_t sample = part.sample * input_.values();
    return {sample + static_cast<std::uint64_t>(std::clamp<std::int64_t>(first, 0, height)) * row,
            sample + static_cast<std::uint64_t>(std::clamp<std::int64_t>(last, 0, height)) * row};
  }

  /// Rows of the second operand as they lie, or, where it is transposed, its columns.
  BufferTile tile(std::uint32_t n, std::uint32_t k, std::uint64_t matrix) const {
    const RowSlice slice = tiling_.slice(k);
    const std::uint64_t depth = step_.inputs;
    const std::uint64_t base =
        group_.residence.address(second_item()) + matrix * depth * step_.outputs;
    BufferTile result;
    result.after = group_.residence.writers(second_item());
    result.load.transposed = std::get<MatMul>(node_.operation).transposed;
    if (result.load.transposed) {
      result.load.buffer = {base + tiling_.first_column(n) * depth + slice.first,
                            tiling_.columns(n), depth};
      result.load.depth = slice.depth;
    } else {
      result.load.buffer = {
          base + std::uint64_t{slice.first} * step_.outputs + tiling_.first_column(n), slice.depth,
          step_.outputs};
      result.load.depth = tiling_.columns(n);
    }
    return result;
  }

  const Group& group_;
  std::size_t index_;
  const Step& step_;
  const Node& node_;
  const Tiling& tiling_;
  TileLowering& tiles_;
  std::uint32_t block_rows_;
  const Layout& output_;
  std::size_t output_item_;
  Commands output_after_;
  Source source_;
  Layout input_;
  std::array<std::uint64_t, 3> output_bytes_{};  ///< from a sample, image row, pixel to the next
  std::uint64_t samples_ = 1;
  std::uint64_t height_ = 1;
  std::uint64_t width_ = 1;
  bool joins_places_ = false;
  bool joins_samples_ = false;
};

}  // namespace

void lower_matrix(const Group& group, std::size_t step, TileLowering& tiles,
                  std::uint32_t block_rows) {
  MatrixStep(group, step, tiles, block_rows).lower();
}

}  // namespace systol
