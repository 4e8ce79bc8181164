// How a value of an ONNX graph lies in a tensor of ours. For the ONNX importer only.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "host/graph/graph.h"

namespace systol::onnx_import {

/// Axes of an ONNX value, from the outermost to the innermost one in memory.
using Order = std::vector<std::size_t>;

/// The values of a row that was made of several axes which lay in another order.
struct RowLayout {
  Shape extents;  ///< of the axes, in ONNX's order
  Order order;    ///< of the axes, as they lie
};

/// A value that depends on the sample. A model is imported for one sample: the axis of the batch
/// has an extent of 1, and our tensor does not have it. The tensor holds the values in `order`; its
/// own shape may group them differently (a reshape, where nothing moves, is made when it is
/// needed).
struct Activation {
  TensorId tensor{};
  Shape shape;                       ///< as ONNX has it
  std::optional<std::size_t> batch;  ///< its axis; nothing where a reshape merged it with others
  Order order;                       ///< all axes but the batch
  std::optional<RowLayout> row;      ///< where the last axis is a row that is not in ONNX's order
};

/// The extents of the axes in an order.
Shape extents(const Shape& shape, const Order& order);

/// All axes of `rank` but the batch, in ONNX's order.
Order row_major(std::size_t rank, std::optional<std::size_t> batch);
inline Order row_major(const Activation& value) {
  return row_major(value.shape.size(), value.batch);
}

/// Whether values in one order lie as in the other: the axes of more than one value are in the same
/// order.
bool lie_alike(const Shape& shape, const Order& a, const Order& b);

/// For each axis of `wanted`, its place in `order`.
std::vector<std::int64_t> permutation(const Order& order, const Order& wanted);

/// Takes axes of extent 1, in ascending order, out of a value.
void drop_unit_axes(const std::vector<std::size_t>& axes, Activation& value);

/// Puts axes of extent 1, in ascending order of their places in the result, into a value.
void insert_unit_axes(const std::vector<std::size_t>& axes, Activation& value);

/// Image axes, channels last: of [N, C, H, W] and of [N, C, L].
Order channels_last(std::size_t rank);

}  // namespace systol::onnx_import
