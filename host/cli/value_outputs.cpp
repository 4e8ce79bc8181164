#include "host/cli/value_outputs.h"

#include <fmt/format.h>

#include <span>

#include "host/cli/option_text.h"
#include "host/export/network_onnx.h"
#include "host/export/predictions.h"
#include "host/export/tensors.h"
#include "host/graph/classes.h"
#include "host/import/class_names.h"
#include "sim/base/error.h"
#include "sim/base/output_file.h"

namespace systol {
namespace {

OutputFormat named_format(const std::string& path, const Graph& graph) {
  try {
    return output_format(path, graph);
  } catch (const InputError& error) {
    throw InputError(fmt::format("--outputs {}", error.what()));
  }
}

void check_predictions(const std::string& path, const Graph& graph) {
  if (!path.ends_with(".csv")) {
    throw InputError(fmt::format("--predictions {}: allowed: a name that ends in .csv", path));
  }
  check_classes(graph);
}

}  // namespace

void add_value_options(CLI::App& command, ValueOptions& options) {
  command
      .add_option(
          "--outputs", options.outputs,
          "write the network's outputs, in its own units, as a table (.csv), as a float32 "
          "array [samples, outputs] (.npy), or, of images, side by side as a picture (.png), 0 "
          "black and 1 white.\n  --outputs outputs.csv")
      ->type_name(kFileValue);
  command
      .add_option(
          "--predictions", options.predictions,
          "write a table (.csv) with each sample's class, that of the largest output (of a single "
          "one: 1 above one half, else 0), and its score; with --labels also whether it is "
          "right.\n  --predictions predictions.csv")
      ->type_name(kFileValue);
  command
      .add_option("--class-names", options.class_names,
                  "the outputs' names, one a line, for --predictions and the header of --outputs "
                  "FILE.csv.\n  --class-names names.txt")
      ->type_name(kFileValue);
  command
      .add_option("--save-tensors", options.tensors,
                  "write every tensor that flows, in int8 as the machine computed it, to a new "
                  "folder: .npy files "
                  "and tensors.json with their scales. The cycles stay the same. Of a .tpu "
                  "program: the bytes that "
                  "its memories hold at the end.\n  --save-tensors tensors")
      ->type_name(kFolderValue);
  command
      .add_option("--save-products", options.products,
                  "with PEs of bf16: write each product, with its operands, as a program to a new "
                  "folder, in the order in which they run.\n  --save-products products")
      ->type_name(kFolderValue);
  command
      .add_option("--export-quantised", options.quantised,
                  "write the quantised network as ONNX, with a QuantizeLinear and a "
                  "DequantizeLinear around what the machine stores; read again, it computes the "
                  "same bits.\n  --export-quantised int8.onnx")
      ->type_name(kFileValue);
}

ValueOutputs::ValueOutputs(const ValueOptions& options, const Graph& graph) : options_(options) {
  if (!options.outputs.empty()) {
    format_ = named_format(options.outputs, graph);
  }
  if (!options.predictions.empty()) {
    check_predictions(options.predictions, graph);
  }
  if (!options.quantised.empty() && !options.quantised.ends_with(".onnx")) {
    throw InputError(fmt::format("--export-quantised {}: allowed: a name that ends in .onnx",
                                 options.quantised));
  }
  if (!options.quantised.empty()) {
    check_quantised_onnx(graph);
  }
  if (!options.class_names.empty()) {
    if (options.predictions.empty() && format_ != OutputFormat::Csv) {
      throw InputError("--class-names needs --predictions FILE or --outputs FILE.csv");
    }
    const std::uint32_t outputs = graph.output_size();
    names_ = read_class_names(options.class_names,
                              options.predictions.empty() ? outputs : class_count(outputs));
  }
}

void ValueOutputs::write(const RunReport& report, const Prepared& prepared) const {
  if (format_) {
    // "no" and "yes" are the classes of a single output, and not its name
    const bool of_outputs = names_.size() == report.outputs.front().columns;
    const std::span<const std::string> names = names_;
    write_outputs(report, of_outputs ? names : names.first(0), *format_, options_.outputs);
  }
  if (!options_.predictions.empty()) {
    write_file(options_.predictions, predictions_csv(report, names_, prepared.samples().labels));
  }
  if (!options_.tensors.empty()) {
    write_tensors(report, options_.tensors);
  }
  if (!options_.quantised.empty()) {
    write_file(options_.quantised, quantised_onnx(*prepared.quantised()));
  }
}

}  // namespace systol
