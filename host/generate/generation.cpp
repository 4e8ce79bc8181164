#include "host/generate/generation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "host/quantise/quantise.h"
#include "host/reference/integer_network.h"
#include "host/session/run.h"
#include "host/train/token_choice.h"
#include "sim/base/error.h"

namespace systol {
namespace {

using Row = std::vector<std::int8_t>;

/// Pieces of the text that calibrate.
constexpr std::size_t kPieces = 16;

void check(const Decoder& decoder, const GenerationSettings& settings) {
  const std::size_t most = decoder.most_tokens();
  if (settings.prompt.empty() || settings.count < 2) {
    throw InputError("generation needs a prompt of at least one token, and two tokens after it");
  }
  if (settings.prompt.size() + settings.count > most) {
    throw InputError(fmt::format(
        "a prompt of {} tokens and {} after it are {}; the network reads at "
        "most {}",
        settings.prompt.size(), settings.count, settings.prompt.size() + settings.count, most));
  }
  if (settings.calibration.size() < most) {
    throw InputError(
        fmt::format("the text that calibrates has {} tokens; at least the {} that the "
                    "network reads are needed",
                    settings.calibration.size(), most));
  }
}

std::shared_ptr<const QuantGraph> calibrated(const Decoder& decoder, const Tokens& text,
                                             isa::PeType pe) {
  const std::size_t length = decoder.most_tokens();
  Graph graph = decoder.shaped(length, 0);
  Samples samples;
  const std::size_t pieces = std::min(kPieces, text.size() / length);
  for (std::size_t i = 0; i < pieces; ++i) {
    const std::size_t first = (text.size() - length) / pieces * i;
    const std::vector<float> values = input_of(graph, std::span(text).subspan(first, length));
    samples.calibration.insert(samples.calibration.end(), values.begin(), values.end());
  }
  samples.values = {samples.calibration.begin(), samples.calibration.begin() + graph.input_size()};
  return prepare(std::move(graph), std::move(samples)).for_pes(pe).quantised();
}

/// The scores after the last token, of a network that reads more tokens at once.
Row scores_after(const QuantGraph& network, Tokens tokens, std::size_t length) {
  const std::size_t last = tokens.size() - 1;
  tokens.resize(length);
  const std::vector<std::int8_t> input = quantise_inputs(network, input_of(*network.graph, tokens));
  const IntegerResult result = run_integer(network, input, 1);
  const std::vector<std::int8_t>& scores = result.of(network.graph->outputs.front());
  const auto width = static_cast<std::ptrdiff_t>(scores.size() / length);
  const auto first = scores.begin() + static_cast<std::ptrdiff_t>(last) * width;
  return {first, first + width};
}

/// A shape of the network with its samples, and how it went.
struct Part {
  Prepared prepared;
  RunReport report;
};

Part run_part(Graph graph, Samples samples, const ArrayConfig& array) {
  samples.calibrate_with = 1;  // all that is computed has a quantisation already
  samples.how = "tokens of the text";
  const Prepared prepared = prepare(std::move(graph), std::move(samples)).for_pes(array.pe);
  RunOptions options;
  options.scores = false;
  RunReport report = run(prepared, array, FastEngine{}, options);
  return {prepared, std::move(report)};
}

Part run_at_once(const Decoder& decoder, const QuantGraph& like, const Tokens& tokens,
                 const ArrayConfig& array) {
  Graph graph = quantised_like(decoder.shaped(tokens.size(), 0), like);
  Samples samples;
  samples.values = input_of(graph, tokens);
  return run_part(std::move(graph), std::move(samples), array);
}

/// What `before` computed of a tensor of this name, in the network's units.
std::vector<float> computed(const Prepared& before, const std::string& name) {
  const Graph& graph = *before.quantised()->graph;
  const auto found = std::ranges::find(graph.tensors, name, &Tensor::name);
  const auto id = static_cast<TensorId>(found - graph.tensors.begin());
  return dequantise(before.expected().of(id), before.quantised()->of(id));
}

Part run_one_by_one(const Decoder& decoder, const QuantGraph& like, const Prepared& prefill,
                    const GenerationSettings& settings, const Tokens& text,
                    const ArrayConfig& array) {
  Graph graph = quantised_like(decoder.shaped(1, settings.prompt.size()), like);
  for (State& state : graph.states) {
    state.initial = computed(prefill, graph.tensor(state.next).name);
  }
  Samples samples;
  samples.count = text.size() - 1;
  for (std::size_t i = 0; i < samples.count; ++i) {
    const std::vector<float> values = input_of(graph, std::span(text).subspan(i, 1), i);
    samples.values.insert(samples.values.end(), values.begin(), values.end());
  }
  return run_part(std::move(graph), std::move(samples), array);
}

/// The outputs of a run as scores of one token after another.
std::vector<Row> rows_of(const RunReport& report, std::size_t width) {
  const std::vector<std::int8_t>& scores = report.outputs.front().quantised;
  std::vector<Row> rows;
  for (auto at = scores.begin(); at < scores.end(); at += static_cast<std::ptrdiff_t>(width)) {
    rows.emplace_back(at, at + static_cast<std::ptrdiff_t>(width));
  }
  return rows;
}

}  // namespace

Generation generate(const Decoder& decoder, const ArrayConfig& array,
                    const GenerationSettings& settings) {
  check(decoder, settings);
  const std::shared_ptr<const QuantGraph> like =
      calibrated(decoder, settings.calibration, array.pe);
  Generation generation;
  SplitMix64 random(settings.seed);
  Tokens tokens = settings.prompt;
  std::vector<Row> drawn_by;
  const TensorId output = like->graph->outputs.front();
  for (std::size_t i = 0; i < settings.count; ++i) {
    drawn_by.push_back(scores_after(*like, tokens, decoder.most_tokens()));
    tokens.push_back(static_cast<std::uint32_t>(
        choose_token(dequantise(drawn_by.back(), like->of(output)), settings.temperature, random)));
  }
  generation.text = {tokens.end() - static_cast<std::ptrdiff_t>(settings.count), tokens.end()};
  tokens.pop_back();
  Part prefill = run_at_once(decoder, *like, settings.prompt, array);
  generation.decoding =
      run_one_by_one(decoder, *like, prefill.prepared, settings, generation.text, array).report;
  generation.prefill = std::move(prefill.report);
  generation.at_once = run_at_once(decoder, *like, tokens, array).report;

  std::vector<Row> rows = rows_of(generation.prefill, decoder.vocabulary());
  const std::vector<Row> decoded = rows_of(generation.decoding, decoder.vocabulary());
  rows.insert(rows.end(), decoded.begin(), decoded.end());
  generation.same_bits = rows == rows_of(generation.at_once, decoder.vocabulary()) &&
                         std::equal(drawn_by.rbegin(), drawn_by.rend(), rows.rbegin());
  return generation;
}

}  // namespace systol
