// A step of the vector unit: its operands, its output and what all its commands have in common.
#pragma once

#include <cstdint>
#include <vector>

#include "host/compile/frame.h"

namespace systol {

class NetworkStep {
 public:
  explicit NetworkStep(const Frame& frame);

  const Graph& graph() const { return frame_.graph(); }
  const Node& node() const { return node_; }
  const Frame& frame() const { return frame_; }

  /// Copies values as they are, through the functions' table where there is one.
  isa::Vector command(isa::LaneOperation operation) const;
  static void requantise(isa::Vector& vector, const Rescale& rescale, const Bounds& bounds);
  Quantisation quantisation_of(std::size_t input) const;

  const Operand& input(std::size_t i) const { return frame_.inputs[i]; }
  /// Whether it lies in the buffer as an operand, not among the step's parameters.
  bool flows(std::size_t i) const { return !frame_.inputs[i].strides.empty(); }
  /// An input, constants too, with the output's axes: repeated where the output has more of it.
  Operand operand(std::size_t input) const;
  /// All values of the output; its first axis counts samples. Operands are still to be added.
  Box over_output() const;
  static void add_operand(Box& box, std::int64_t BoxAxis::*stride,
                          const std::vector<std::int64_t>& strides);

  /// Appends the commands; `inputs` are the node's that they read.
  void run(const isa::Vector& vector, const Box& box, const std::vector<std::size_t>& inputs);

 protected:
  /// The places of the node's inputs that are not among the step's parameters.
  std::vector<std::size_t> flowing() const;
  /// Where the step's block of parameters would begin if all of it were in the buffer.
  std::uint64_t parameters() const;
  Parameters parameter_places() const { return parameters_of(graph(), step_); }

  /// What is read of an item.
  struct Read {
    std::size_t item = 0;
    ValueSpan values;
  };
  Read read_of(std::size_t input) const;
  /// What a command must follow that writes the output and reads these.
  Commands after(const std::vector<Read>& reads) const;
  void note_reads(CommandId id, const std::vector<Read>& reads);
  void note_output(CommandId id, const std::vector<Read>& reads);
  void run_on(const isa::Vector& vector, const Box& box, const std::vector<Read>& reads);
  static void append_all(Commands& to, const Commands& more) {
    to.insert(to.end(), more.begin(), more.end());
  }

  const Frame& frame_;
  const Group& group_;
  const Step& step_;
  const Node& node_;

 private:
  Commands output_after_;
};

}  // namespace systol
