#include <algorithm>
#include <utility>

#include "host/compile/network_areas.h"
#include "host/compile/network_moves.h"
#include "host/compile/network_step.h"
#include "host/compile/windowed_image.h"

namespace systol {
namespace {

/// The steps that the vector unit takes but for those that move values.
class VectorStep : public NetworkStep {
 public:
  using NetworkStep::NetworkStep;

  void lower() {
    switch (step_.kind) {
      case StepKind::Softmax:
        return softmax();
      case StepKind::Depthwise:
        return depthwise(std::get<Convolution>(node_.operation));
      case StepKind::Table:
        return lower(Map{});
      case StepKind::Vector:
      case StepKind::Matrix:
      case StepKind::Product:
        break;
    }
    std::visit([this](const auto& operation) { lower(operation); }, node_.operation);
  }

 private:
  template <class Moved>
  void lower(const Moved& operation) {
    lower_move(*this, operation);
  }

  /// Only its table.
  void lower(const Map&) {
    Box box = over_output();
    add_operand(box, &BoxAxis::a, input(0).strides);
    box.a = input(0).address;
    box.b_bytes = 0;
    run(command(isa::LaneOperation::Copy), box, {0});
  }

  void lower(const Binary& binary) {
    constexpr std::array kOperations = {isa::LaneOperation::Add, isa::LaneOperation::Add,
                                        isa::LaneOperation::Multiply, isa::LaneOperation::Maximum,
                                        isa::LaneOperation::Minimum};
    isa::Vector vector = command(kOperations[static_cast<std::size_t>(binary.function)]);
    vector.a_zero_point = quantisation_of(0).zero_point;
    vector.b_zero_point = quantisation_of(1).zero_point;
    if (const auto* quantised = frame_.quantised<QuantBinary>()) {
      vector.a_multiplier = quantised->a_multiplier;
      vector.b_multiplier = quantised->b_multiplier;
      requantise(vector, quantised->rescale,
                 {quantised->zero_point, quantised->minimum, quantised->maximum});
    }
    Box box = over_output();
    const Operand a = operand(0);
    const Operand b = operand(1);
    box.a = a.address;
    box.b = b.address;
    add_operand(box, &BoxAxis::a, a.strides);
    add_operand(box, &BoxAxis::b, b.strides);
    run(vector, box, flowing());
  }

  void depthwise(const Convolution& convolution) {
    const Shape& weights = graph().shape(node_.inputs[1]);
    isa::Vector vector = command(isa::LaneOperation::Multiply);
    if (const auto* quantised = frame_.quantised<QuantConvolution>()) {
      requantise(
          vector, {},
          {quantised->matmul.zero_point, quantised->matmul.minimum, quantised->matmul.maximum});
    }
    vector.channels = true;
    const Span& part = frame_.part[2];
    vector.planes =
        parameters() + parameter_places().planes + isa::kChannelPlanes * std::uint64_t{part.first};
    const WindowedImage image = windowed_image(frame_, convolution.window);
    const auto height = static_cast<std::uint64_t>(weights[0]);
    const auto width = static_cast<std::uint64_t>(weights[1]);
    const std::uint64_t channels = step_.outputs;
    const std::uint64_t row = image.row_bytes;
    const std::uint64_t pixel = input(0).stride(2);
    const auto steps = [](std::uint64_t bytes, std::int64_t count) {
      return bytes * static_cast<std::uint64_t>(count);
    };
    const Window& window = convolution.window;
    vector.a_window = isa::Walk(
        0, {{height, steps(row, window.dilation[0])}, {width, steps(pixel, window.dilation[1])}});
    vector.b_window = isa::Walk(0, {{height, width * channels}, {width, channels}});
    Box box = over_output();
    box.keep_columns = true;
    box.a = image.address;
    box.b = parameters() + parameter_places().values + part.first;
    add_operand(box, &BoxAxis::a,
                {static_cast<std::int64_t>(image.sample_bytes),
                 static_cast<std::int64_t>(steps(row, window.stride[0])),
                 static_cast<std::int64_t>(steps(pixel, window.stride[1])), 1});
    add_operand(box, &BoxAxis::b, {0, 0, 0, 1});
    const bool copied = image.item != input(0).item;
    run_on(vector, box, {{image.item, copied ? ValueSpan{} : read_of(0).values}});
  }

  /// Places along an axis whose windows have the same part inside the image.
  struct Places {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint64_t from = 0;    ///< in the image, of the first one
    std::uint64_t extent = 0;  ///< of the part
  };

  static std::vector<Places> places_along(const Pool& pool, std::size_t axis, std::int64_t image,
                                          const Span& places) {
    const auto first = static_cast<std::int64_t>(places.first);
    const auto end = static_cast<std::int64_t>(places.end);
    std::vector<Places> result;
    const std::int64_t dilation = pool.window.dilation[axis];
    for (std::int64_t i = first; i < end; ++i) {
      const std::int64_t start = i * pool.window.stride[axis] - pool.window.before[axis];
      std::int64_t skipped = 0;
      while (start + skipped * dilation < 0) {
        ++skipped;
      }
      std::int64_t extent = pool.extent[axis] - skipped;
      while (start + (skipped + extent - 1) * dilation >= image) {
        --extent;
      }
      const bool inside = skipped == 0 && extent == pool.extent[axis];
      if (inside && !result.empty() && result.back().extent == static_cast<std::uint64_t>(extent)) {
        ++result.back().count;
      } else {
        result.push_back({static_cast<std::uint64_t>(i - first), 1,
                          static_cast<std::uint64_t>(start + skipped * dilation),
                          static_cast<std::uint64_t>(extent)});
      }
    }
    return result;
  }

  void lower(const Pool& pool) {
    const Shape& image = graph().shape(node_.inputs[0]);
    for (const Places& y : places_along(pool, 0, image[0], frame_.part[0])) {
      for (const Places& x : places_along(pool, 1, image[1], frame_.part[1])) {
        pool_places(pool, y, x);
      }
    }
  }

  void pool_places(const Pool& pool, const Places& y, const Places& x) {
    isa::Vector vector = command(isa::LaneOperation::Copy);
    vector.a_zero_point = quantisation_of(0).zero_point;
    const std::uint64_t all = static_cast<std::uint64_t>(pool.extent[0] * pool.extent[1]);
    if (pool.kind == PoolKind::Maximum) {
      vector.join = isa::WindowJoin::Maximum;
      vector.zero_point = vector.a_zero_point;
    } else if (const auto* quantised = frame_.quantised<QuantPool>()) {
      const std::uint64_t values = pool.count_borders ? all : y.extent * x.extent;
      requantise(vector, quantised->rescales[values - 1], {quantised->zero_point, -128, 127});
    }
    const Operand& in = input(0);
    const std::uint64_t row = in.stride(1);
    const std::uint64_t pixel = in.stride(2);
    vector.a_window =
        isa::Walk(0, {{y.extent, row * static_cast<std::uint64_t>(pool.window.dilation[0])},
                      {x.extent, pixel * static_cast<std::uint64_t>(pool.window.dilation[1])}});
    Box box = over_output();
    box.destination += y.first * static_cast<std::uint64_t>(box.axes[1].destination) +
                       x.first * static_cast<std::uint64_t>(box.axes[2].destination);
    box.axes[1].extent = y.count;
    box.axes[2].extent = x.count;
    box.a = in.address + (y.from - in.first(0)) * row + (x.from - in.first(1)) * pixel;
    box.b_bytes = 0;
    add_operand(box, &BoxAxis::a,
                {in.strides[0], in.strides[1] * pool.window.stride[0],
                 in.strides[2] * pool.window.stride[1], 1});
    run(vector, box, {0});
  }

  void lower(const Mean&) {
    isa::Vector vector = command(isa::LaneOperation::Copy);
    vector.a_zero_point = quantisation_of(0).zero_point;
    if (const auto* quantised = frame_.quantised<QuantPool>()) {
      requantise(vector, quantised->rescales.back(), {quantised->zero_point, -128, 127});
    }
    const Operand& in = input(0);
    const auto values = static_cast<std::uint64_t>(in.shape.back());
    vector.a_window = isa::Walk(0, values, 1);
    Box box = over_output();
    box.a = in.address;
    box.b_bytes = 0;
    add_operand(box, &BoxAxis::a, in.strides);
    run(vector, box, {0});
  }

  /// A part of one row.
  void softmax_part(isa::SoftmaxPass pass) {
    const Span& columns = frame_.part.back();
    isa::SoftmaxPart part;
    part.pass = pass;
    part.source = input(0).address;
    part.destination = part.writes() ? frame_.output.address : 0;
    part.table = part.reads_table() ? parameters() + parameter_places().table : 0;
    part.columns = isa::narrow(columns.count());
    part.first = columns.first == 0;
    part.last = columns.end == step_.outputs;
    const std::vector<Read> reads = {read_of(0)};
    const CommandId id = group_.schedule.append(part, frame_.origin(), after(reads));
    if (part.writes()) {
      note_output(id, reads);
    } else {
      note_reads(id, reads);
    }
  }

  void softmax() {
    if (frame_.pass) {
      softmax_part(*frame_.pass);
      return;
    }
    isa::Softmax softmax;
    const std::uint64_t rows = frame_.rows() * group_.samples;
    softmax.source = {input(0).address, rows, step_.outputs};
    softmax.destination = {frame_.output.address, rows, step_.outputs};
    softmax.table = parameters() + parameter_places().table;
    softmax.columns = step_.outputs;
    const std::vector<Read> reads = {read_of(0)};
    note_output(group_.schedule.append(softmax, frame_.origin(), after(reads)), reads);
  }

  /// A few rows at a time: to int16 values of mean 0, then to the output's scale.
  void lower(const Normalise& normalise) {
    const std::size_t from = input(0).item;
    const std::size_t wide = group_.area(*group_.plan.step_areas[frame_.index].wide);
    const std::uint64_t chunk = wide_rows(graph(), step_);
    const std::uint64_t all = normalise.spatial ? step_.outputs : frame_.rows();
    const std::uint64_t values = normalise.spatial ? step_.rows : step_.outputs;
    const std::uint64_t row_stride = normalise.spatial ? 1 : values;
    const std::uint64_t value_stride = normalise.spatial ? step_.outputs : 1;
    for (std::uint64_t sample = 0; sample < group_.samples; ++sample) {
      for (std::uint64_t row = 0; row < all; row += chunk) {
        const std::uint64_t count = std::min(chunk, all - row);
        const std::uint64_t offset = sample * input(0).stride(0) + row * row_stride;
        isa::Normalise first;
        first.source = {input(0).address + offset, count, row_stride};
        first.destination = {group_.residence.address(wide), count, 2 * values};
        first.columns = isa::narrow(values);
        first.source_stride = value_stride;
        if (const auto* quantised = frame_.quantised<QuantNormalise>()) {
          first.epsilon = quantised->epsilon;
        }
        Commands before = group_.residence.writers(from, read_of(0).values);
        append_all(before, group_.residence.users(wide));
        const CommandId id = group_.schedule.append(first, frame_.origin(), before);
        group_.residence.read(from, id);
        group_.residence.wrote(wide, id);
        rescale_rows(wide, count, values, row_stride, value_stride, frame_.output.address + offset);
      }
    }
  }

  void rescale_rows(std::size_t wide, std::uint64_t rows, std::uint64_t values,
                    std::uint64_t row_stride, std::uint64_t value_stride,
                    std::uint64_t destination) {
    isa::Vector vector = command(isa::LaneOperation::Copy);
    vector.wide_a = true;
    if (const auto* quantised = frame_.quantised<QuantNormalise>()) {
      requantise(vector, quantised->rescale, {quantised->zero_point, -128, 127});
    }
    Box box;
    box.a = group_.residence.address(wide);
    box.destination = destination;
    box.a_bytes = 2;
    box.b_bytes = 0;
    box.axes = {
        {values, 2, 0, static_cast<std::int64_t>(value_stride)},
        {rows, static_cast<std::int64_t>(2 * values), 0, static_cast<std::int64_t>(row_stride)}};
    if (row_stride != 1) {
      std::swap(box.axes[0], box.axes[1]);
    }
    run_on(vector, box, {{wide, {}}});
  }

  // These run elsewhere.
  void lower(const MatMul&) {}
  void lower(const Convolution&) {}
  void lower(const Softmax&) {}
  void lower(const Reshape&) {}
};

}  // namespace

void lower_on_vector_unit(const Frame& frame) { VectorStep(frame).lower(); }

}  // namespace systol
