#include "host/generate/generation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "host/quantise/quantise.h"
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

/// A shape of the network with its samples, and how it went.
struct Part {
  Prepared prepared;
  RunReport report;
};

Prepared prepared_for(Graph graph, Samples samples, isa::PeType pe) {
  samples.calibrate_with = 1;  // all that is computed has a quantisation already
  samples.how = "tokens of the text";
  return prepare(std::move(graph), std::move(samples)).for_pes(pe);
}

/// The network that reads these tokens at once, and no more.
Prepared reading_at_once(const Decoder& decoder, const QuantGraph& like, const Tokens& tokens,
                         isa::PeType pe) {
  Graph graph = quantised_like(decoder.shaped(tokens.size(), 0), like);
  Samples samples;
  samples.values = input_of(graph, tokens);
  return prepared_for(std::move(graph), std::move(samples), pe);
}

/// The reference's scores after the last of the tokens.
Row scores_after(const Decoder& decoder, const QuantGraph& like, const Tokens& tokens,
                 isa::PeType pe) {
  const Prepared prepared = reading_at_once(decoder, like, tokens, pe);
  const TensorId output = prepared.quantised()->graph->outputs.front();
  const std::vector<std::int8_t>& scores = prepared.expected().of(output);
  return {scores.end() - static_cast<std::ptrdiff_t>(decoder.vocabulary()), scores.end()};
}

Part run_part(Prepared prepared, const ArrayConfig& array) {
  RunOptions options;
  options.scores = false;
  RunReport report = run(prepared, array, FastEngine{}, options);
  return {std::move(prepared), std::move(report)};
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
  return run_part(prepared_for(std::move(graph), std::move(samples), array.pe), array);
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
    drawn_by.push_back(scores_after(decoder, *like, tokens, array.pe));
    tokens.push_back(static_cast<std::uint32_t>(
        choose_token(dequantise(drawn_by.back(), like->of(output)), settings.temperature, random)));
  }
  generation.text = {tokens.end() - static_cast<std::ptrdiff_t>(settings.count), tokens.end()};
  tokens.pop_back();
  Part prefill = run_part(reading_at_once(decoder, *like, settings.prompt, array.pe), array);
  generation.decoding =
      run_one_by_one(decoder, *like, prefill.prepared, settings, generation.text, array).report;
  generation.prefill = std::move(prefill.report);
  generation.at_once = run_part(reading_at_once(decoder, *like, tokens, array.pe), array).report;

  std::vector<Row> rows = rows_of(generation.prefill, decoder.vocabulary());
  const std::vector<Row> decoded = rows_of(generation.decoding, decoder.vocabulary());
  rows.insert(rows.end(), decoded.begin(), decoded.end());
  generation.same_bits = rows == rows_of(generation.at_once, decoder.vocabulary()) &&
                         std::equal(drawn_by.rbegin(), drawn_by.rend(), rows.rbegin());
  return generation;
}

}  // namespace systol
