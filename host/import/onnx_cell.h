// One direction of a recurrent network, unrolled. For the ONNX importer only: this header brings in
// protobuf.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/import/onnx_lowering.h"

namespace systol::onnx_import {

enum class CellKind : std::uint8_t { Rnn, Gru, Lstm };
/// Gates of a cell: the parts of its weights.
constexpr std::int64_t gates_of(CellKind kind) {
  return kind == CellKind::Lstm ? 4 : kind == CellKind::Gru ? 3 : 1;
}

/// Of G gates, in ONNX's order: i, o, f, c of an LSTM, z, r, h of a GRU.
struct CellWeights {
  Weights input;            ///< [G * H, I]
  Weights recurrent;        ///< [G * H, H]
  std::vector<float> bias;  ///< of the input's part [G * H], then of the recurrent part [G * H]
};

/// A state [1][H]: a tensor, or the same values for all samples; zeros where it is neither.
struct CellState {
  std::optional<TensorId> tensor;
  std::vector<float> values;
};

struct Cell {
  CellKind kind = CellKind::Rnn;
  std::int64_t hidden = 0;
  bool backward = false;     ///< from the last step to the first
  bool reset_after = false;  ///< a GRU's reset gate comes after the recurrent product
  std::vector<Map> functions;
  std::string prefix;  ///< of the names of what is added
  CellWeights weights;
  CellState initial_hidden;
  CellState initial_cell;
};

/// What one direction computes: tensors [1][H].
struct CellRun {
  std::vector<TensorId> hidden;  ///< of each step, in the order of the sequence
  TensorId last{};               ///< the state after the last step that ran
  TensorId cell{};               ///< an LSTM's cell state then
};

/// Adds all steps over `sequence`, [S][I], to the graph. The products of the inputs are one matmul;
/// each step multiplies the state by the recurrent weights.
CellRun unroll(Lowering& lowering, const Cell& cell, TensorId sequence);

}  // namespace systol::onnx_import
