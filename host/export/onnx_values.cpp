#include "host/export/onnx_values.h"

#include <array>
#include <utility>

#include "host/graph/reordered.h"

namespace systol::onnx_export {
namespace {

constexpr std::array<std::int64_t, 3> kImageAxes = {2, 3, 1};

/// A constant's values as they lie in the form, whose shape `shape` becomes.
template <class Value>
std::vector<Value> formed(const std::vector<Value>& values, Form form, Shape& shape) {
  if (form == Form::Rows) {
    return values;
  }
  shape.insert(shape.begin(), 3 - shape.size(), 1);
  std::vector<Value> moved = reordered(values, shape, {2, 0, 1});
  shape = in_form(form, shape);
  return moved;
}

}  // namespace

std::int64_t axis_in(Form form, std::int64_t axis) {
  return form == Form::Image ? kImageAxes[static_cast<std::size_t>(axis)] : axis + 1;
}

Shape in_form(Form form, const Shape& of_axes) {
  return form == Form::Image ? Shape{of_axes[2], of_axes[0], of_axes[1]} : of_axes;
}

Values::Values(const Graph& graph, const QuantGraph* quantised, Writer& writer)
    : quantised_(quantised),
      graph_(graph),
      connections_(graph_),
      writer_(writer),
      values_(graph_.tensors.size()) {}

std::string Values::constant(TensorId id, Form form) {
  Shape shape = graph_.shape(id);
  const std::vector<float> values = formed(connections_.constant(id)->values, form, shape);
  return writer_.floats(graph_.tensor(id).name, shape, values);
}

std::string Values::of(TensorId id, Form form) {
  Value& value = values_[index_of(id)];
  std::string& wanted = form == Form::Image ? value.image : value.rows;
  if (wanted.empty()) {
    const bool to_image = form == Form::Image;
    wanted =
        writer_.node("Transpose", {to_image ? value.rows : value.image},
                     graph_.tensor(id).name + (to_image ? ".channels_first" : ".channels_last"),
                     {{"perm", to_image ? Integers{0, 3, 1, 2} : Integers{0, 2, 3, 1}}});
  }
  return wanted;
}

std::string Values::pair(const std::string& value, const std::string& name,
                         Quantisation quantisation) {
  const std::string scale = writer_.floats(name + ".scale", {}, {quantisation.scale});
  const std::string zero = writer_.int8(name + ".zero_point", {}, {quantisation.zero_point});
  const std::string integers =
      writer_.node("QuantizeLinear", {value, scale, zero}, name + ".quantised");
  return writer_.node("DequantizeLinear", {integers, scale, zero}, name + ".dequantised");
}

void Values::define(TensorId id, std::string value, Form form, bool stored) {
  if (stored && quantised_ != nullptr) {
    value = pair(value, graph_.tensor(id).name, quantised_->of(id));
  }
  Value& defined = values_[index_of(id)];
  defined.form = form;
  (form == Form::Image ? defined.image : defined.rows) = std::move(value);
}

std::string Values::constant(TensorId id, const std::vector<std::int8_t>& levels, Form form) {
  Shape shape = graph_.shape(id);
  const std::vector<std::int8_t> values = formed(levels, form, shape);
  return this->levels(graph_.tensor(id).name, shape, values, quantised_->of(id));
}

std::string Values::levels(const std::string& name, const Shape& shape,
                           const std::vector<std::int8_t>& values, Quantisation quantisation) {
  return writer_.node("DequantizeLinear",
                      {writer_.int8(name + ".quantised", shape, values),
                       writer_.floats(name + ".scale", {}, {quantisation.scale}),
                       writer_.int8(name + ".zero_point", {}, {quantisation.zero_point})},
                      name + ".dequantised");
}

}  // namespace systol::onnx_export
