// A step of the vector unit: its operands, its output and what all its commands have in common.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "host/compile/network.h"

namespace systol {

class NetworkStep {
 public:
  NetworkStep(const Group& group, std::size_t step);

  const Graph& graph() const { return *group_.plan.graph; }
  const Node& node() const { return node_; }
  /// The node's integers; null for time and traffic only.
  template <class Quantised>
  const Quantised* quantised() const {
    return group_.plan.quantised == nullptr
               ? nullptr
               : std::get_if<Quantised>(&group_.plan.quantised->nodes[step_.node]);
  }

  /// Copies values as they are, through the functions' table where there is one.
  isa::Vector command(isa::LaneOperation operation) const;
  static void requantise(isa::Vector& vector, const Rescale& rescale, const Bounds& bounds);
  Quantisation quantisation_of(std::size_t input) const;
  Quantisation output_quantisation() const;

  /// The node's input, which flows, in its own shape; its first axis counts samples.
  View input_view(std::size_t input) const;
  std::size_t input_item(std::size_t input) const;
  /// All values of the output; its first axis counts samples. Operands are still to be added.
  Box over_output() const;
  static void add_operand(Box& box, std::int64_t BoxAxis::*stride, const View& view);

  /// Appends the commands; `inputs` are the node's that they read.
  void run(const isa::Vector& vector, const Box& box, const std::vector<std::size_t>& inputs);

 protected:
  /// Nothing of the output is written yet.
  void begin_output();
  /// The places of the node's inputs that are no constants.
  std::vector<std::size_t> flowing() const;
  /// An input as a binary operation reads it: repeated where the output has more of it.
  View operand(std::size_t input) const;
  std::uint64_t parameters() const;
  Parameters parameter_places() const { return parameters_of(graph(), step_); }

  struct Image {
    std::size_t item = 0;
    std::uint64_t address = 0;  ///< of the first place's first value
    Layout layout;
  };
  /// The input with the borders that its window needs.
  Image image_with_borders(const Window& window) const;

  /// What a command must follow that writes the output and reads these items.
  Commands after(const std::vector<std::size_t>& items) const;
  void note_output(CommandId id, const std::vector<std::size_t>& items);
  void run_on_item(const isa::Vector& vector, const Box& box, std::size_t item);
  static void append_all(Commands& to, const Commands& more) {
    to.insert(to.end(), more.begin(), more.end());
  }

  const Group& group_;
  std::size_t index_;
  const Step& step_;
  const Node& node_;

 private:
  void run_after(const isa::Vector& vector, const Box& box, const std::vector<std::size_t>& items);

  std::size_t output_item_;
  Commands output_after_;
};

}  // namespace systol
