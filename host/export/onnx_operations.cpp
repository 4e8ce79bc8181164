#include "host/export/onnx_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "host/graph/infer.h"
#include "sim/base/error.h"

namespace systol::onnx_export {
namespace {

Integers with_batch(Shape sample, std::int64_t batch) {
  sample.insert(sample.begin(), batch);
  return sample;
}

bool any_but(const Integers& values, std::int64_t usual) {
  return std::ranges::any_of(values, [&](std::int64_t value) { return value != usual; });
}

}  // namespace

std::vector<Attribute> window_attributes(const Window& window) {
  return {{"strides", Integers(window.stride.begin(), window.stride.end())},
          {"pads", Integers{window.before[0], window.before[1], window.after[0], window.after[1]}}};
}

void check_node(const Graph& graph, const Node& node, bool quantised) {
  const auto fail = [&](const char* problem) {
    throw InputError(fmt::format("{}: {}", place_of(graph, node), problem));
  };
  const auto* pool = std::get_if<Pool>(&node.operation);
  if (pool != nullptr && pool->kind != PoolKind::Maximum &&
      (pool->window.dilation[0] > 1 || pool->window.dilation[1] > 1)) {
    fail("ONNX's operator set 17 has no average pool with dilation");
  }
  if (quantised && similarity_of(node.operation) == Similarity::L1) {
    fail("a quantised layer with the similarity l1 has no form in ONNX");
  }
}

void Operations::write(std::size_t number) {
  node_ = &values_.graph().nodes[number];
  check_node(values_.graph(), *node_, quantised_ != nullptr);
  integers_ = quantised_ == nullptr ? nullptr : &quantised_->nodes[number];
  std::visit(*this, node_->operation);
}

void Operations::fail(const std::string& problem) const {
  throw InputError(fmt::format("{}: {}", place_of(values_.graph(), *node_), problem));
}

bool Operations::stored() const {
  if (quantised_ == nullptr) {
    return false;
  }
  if (const Node* reader = values_.connections().only_reader(node_->output)) {
    const auto place = static_cast<std::size_t>(reader - values_.graph().nodes.data());
    if (std::holds_alternative<Map>(reader->operation) &&
        std::holds_alternative<QuantView>(quantised_->nodes[place])) {
      return false;  // the reader is this node's clamp
    }
  }
  if (std::holds_alternative<Map>(node_->operation)) {
    return true;
  }
  const auto* pool = std::get_if<QuantPool>(integers_);
  const bool moves = std::holds_alternative<QuantMove>(*integers_) &&
                     !std::holds_alternative<Concat>(node_->operation);
  return !moves && !std::holds_alternative<QuantView>(*integers_) &&
         (pool == nullptr || !pool->rescales.empty());
}

std::string Operations::add(const std::string& op, const std::vector<std::string>& inputs,
                            const std::vector<Attribute>& attributes, const std::string& part) {
  return writer().node(op, inputs, part.empty() ? node_->name : node_->name + "." + part,
                       attributes);
}

std::string Operations::list(const std::string& part, const Integers& values) {
  return writer().integers(node_->name + "." + part, {static_cast<std::int64_t>(values.size())},
                           values);
}

std::string Operations::number(const std::string& part, float value) {
  return writer().floats(node_->name + "." + part, {}, {value});
}

void Operations::operator()(const Softmax&) {
  define(add("Softmax", {values_.of(input(), Form::Rows)}, {{"axis", std::int64_t{-1}}}),
         Form::Rows);
}

void Operations::operator()(const Pool& pool) {
  std::vector<Attribute> attributes = window_attributes(pool.window);
  attributes.push_back({"kernel_shape", Integers(pool.extent.begin(), pool.extent.end())});
  const bool largest = pool.kind == PoolKind::Maximum;
  const Integers dilations(pool.window.dilation.begin(), pool.window.dilation.end());
  if (largest) {
    attributes.push_back({"dilations", dilations});
  } else {
    attributes.push_back({"count_include_pad", std::int64_t{pool.count_borders ? 1 : 0}});
  }
  define(add(largest ? "MaxPool" : "AveragePool", {values_.of(input(), Form::Image)}, attributes),
         Form::Image);
}

void Operations::operator()(const Mean&) {
  define(add("ReduceMean", {values_.of(input(), Form::Rows)}, {{"axes", Integers{-1}}}),
         Form::Rows);
}

void Operations::operator()(const Normalise& normalise) {
  const Form form = normalise.spatial ? Form::Image : Form::Rows;
  const std::int64_t count = shape(input()).back();
  const auto constant = [&](const std::string& part, float value) {
    return writer().floats(node_->name + "." + part, {count},
                           std::vector<float>(static_cast<std::size_t>(count), value));
  };
  std::vector<Attribute> attributes{{"epsilon", normalise.epsilon}};
  if (!normalise.spatial) {
    attributes.push_back({"axis", std::int64_t{-1}});
  }
  define(
      add(normalise.spatial ? "InstanceNormalization" : "LayerNormalization",
          {values_.of(input(), form), constant("ones", 1.0F), constant("zeros", 0.0F)}, attributes),
      form);
}

void Operations::operator()(const Concat& concat) {
  const auto is_image = [this](TensorId id) {
    return values_.connections().constant(id) == nullptr && values_.form(id) == Form::Image;
  };
  const Form form = std::ranges::all_of(node_->inputs, is_image) ? Form::Image : Form::Rows;
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < node_->inputs.size(); ++i) {
    if (values_.connections().constant(input(i)) == nullptr) {
      parts.push_back(values_.of(input(i), form));
      continue;
    }
    const std::string values =
        integers_ == nullptr
            ? values_.constant(input(i), form)
            : values_.constant(input(i), std::get<QuantMove>(*integers_).constants[i], form);
    parts.push_back(add("Unsqueeze", {values, list("batch", {0})}, {}, fmt::format("part{}", i)));
  }
  define(add("Concat", parts, {{"axis", axis_in(form, concat.axis)}}), form);
}

/// Values between others: each with those behind it along an axis of its own.
std::string Operations::spread(std::string x, const Integers& between, const std::string& value) {
  if (!any_but(between, 0)) {
    return x;
  }
  Shape sizes = shape(input());
  const auto rank = static_cast<std::int64_t>(sizes.size());
  for (std::int64_t axis = 0; axis < rank; ++axis) {
    const auto at = static_cast<std::size_t>(axis);
    if (between[at] == 0) {
      continue;
    }
    Integers ends(2 * (sizes.size() + 2), 0);
    ends[sizes.size() + 2 + at + 2] = between[at];
    x = add("Unsqueeze", {x, list("axis", {axis + 2})}, {}, "apart");
    x = add("Pad", {x, list("ends", ends), value}, {}, "spread");
    const std::int64_t whole = sizes[at] * (between[at] + 1);
    sizes[at] = whole;
    x = add("Reshape", {x, list("shape", with_batch(sizes, 0))}, {}, "joined");
    x = part_along(x, axis + 1, 0, whole - between[at], 1, whole);
    sizes[at] = whole - between[at];
  }
  return x;
}

void Operations::operator()(const Pad& pad) {
  const Form form = any_but(pad.between, 0) ? Form::Rows : this->form();
  float padding = pad.value;
  if (integers_ != nullptr) {
    const Quantisation quantisation = quantised_->of(node_->output);
    padding = quantisation.scale *
              static_cast<float>(std::get<QuantMove>(*integers_).padding - quantisation.zero_point);
  }
  const std::string value = number("value", padding);
  std::string x = spread(values_.of(input(), form), pad.between, value);
  if (any_but(pad.before, 0) || any_but(pad.after, 0)) {
    Integers ends = with_batch(in_form(form, pad.before), 0);
    const Integers after = with_batch(in_form(form, pad.after), 0);
    ends.insert(ends.end(), after.begin(), after.end());
    x = add("Pad", {x, list("ends", ends), value});
  }
  define(x, form);
}

std::string Operations::part_along(const std::string& x, std::int64_t axis, std::int64_t start,
                                   std::int64_t size, std::int64_t step, std::int64_t extent) {
  if (step == 0) {
    const std::string indices = list("indices", Integers(static_cast<std::size_t>(size), start));
    return add("Gather", {x, indices}, {{"axis", axis}});
  }
  std::int64_t end = start + (size - 1) * step + (step > 0 ? 1 : -1);
  if (end < 0) {
    end = -extent - 1;  // before the first: a negative end counts from the last
  }
  return add("Slice", {x, list("starts", {start}), list("ends", {end}), list("axes", {axis}),
                       list("steps", {step})});
}

void Operations::operator()(const Slice& slice) {
  std::string x = value();
  const Shape& from = shape(input());
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (slice.sizes[i] != from[i] || slice.steps[i] != 1) {
      x = part_along(x, axis_in(form(), static_cast<std::int64_t>(i)), slice.starts[i],
                     slice.sizes[i], slice.steps[i], from[i]);
    }
  }
  define(x, form());
}

void Operations::operator()(const Transpose& transpose) {
  Integers permutation = transpose.permutation;
  for (std::int64_t& axis : permutation) {
    ++axis;
  }
  define(
      add("Transpose", {values_.of(input(), Form::Rows)}, {{"perm", with_batch(permutation, 0)}}),
      Form::Rows);
}

/// Along one axis after another, each value by way of an axis of its own.
std::string Operations::repeated(std::string x, const Integers& factors) {
  Shape sizes = shape(input());
  for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
    if (factors[axis] == 1) {
      continue;
    }
    Integers wide(sizes.size() + 2, 1);
    wide[axis + 2] = factors[axis];
    x = add("Unsqueeze", {x, list("axis", {static_cast<std::int64_t>(axis) + 2})}, {}, "apart");
    x = add("Expand", {x, list("extents", wide)});
    sizes[axis] *= factors[axis];
    x = add("Reshape", {x, list("shape", with_batch(sizes, 0))}, {}, "joined");
  }
  return x;
}

void Operations::operator()(const Repeat& repeat) {
  if (repeat.factors.size() != 3) {
    define(repeated(value(), repeat.factors), Form::Rows);
    return;
  }
  const Integers factors = with_batch(in_form(Form::Image, repeat.factors), 1);
  const std::string scales =
      writer().floats(node_->name + ".scales", {static_cast<std::int64_t>(factors.size())},
                      std::vector<float>(factors.begin(), factors.end()));
  define(add("Resize", {values_.of(input(), Form::Image), "", scales},
             {{"mode", std::string("nearest")},
              {"coordinate_transformation_mode", std::string("asymmetric")},
              {"nearest_mode", std::string("floor")}}),
         Form::Image);
}

void Operations::operator()(const Reshape& reshape) {
  define(add("Reshape",
             {values_.of(input(), Form::Rows), list("shape", with_batch(reshape.shape, 0))}),
         Form::Rows);
}

std::string Operations::operand(std::size_t index, Form form) {
  const TensorId id = input(index);
  if (values_.connections().constant(id) != nullptr) {
    return integers_ == nullptr
               ? values_.constant(id, form)
               : values_.constant(id, std::get<QuantBinary>(*integers_).constant, form);
  }
  const std::string x = values_.of(id, form);
  const std::size_t rank = shape(node_->output).size();
  if (shape(id).size() == rank) {
    return x;
  }
  Shape wide = shape(id);  // the batch stays the first axis
  wide.insert(wide.begin(), rank - wide.size(), 1);
  return add("Reshape", {x, list("shape", with_batch(wide, 0))}, {}, fmt::format("wide{}", index));
}

void Operations::operator()(const Binary& binary) {
  const auto lies_as_image = [this](TensorId id) {
    return values_.connections().constant(id) != nullptr ? shape(id).size() <= 3
                                                         : values_.form(id) == Form::Image;
  };
  const bool image =
      shape(node_->output).size() == 3 && std::ranges::all_of(node_->inputs, lies_as_image);
  const Form form = image ? Form::Image : Form::Rows;
  static constexpr std::array<const char*, 5> kOperators = {"Add", "Sub", "Mul", "Max", "Min"};
  const std::string a = operand(0, form);
  const std::string b = operand(1, form);
  define(add(kOperators[static_cast<std::size_t>(binary.function)], {a, b}), form);
}

}  // namespace systol::onnx_export
