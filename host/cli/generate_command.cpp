#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "host/cli/commands.h"
#include "host/cli/file_options.h"
#include "host/cli/load_array.h"
#include "host/cli/named_file.h"
#include "host/cli/option_text.h"
#include "host/cli/parse_options.h"
#include "host/generate/generation.h"
#include "host/import/text_file.h"
#include "sim/base/error.h"

namespace systol {
namespace {

struct GenerateWords {
  std::string model;
  std::string weights;
  std::string config;
  std::vector<std::string> overrides;
  std::string text;
  std::string prompt = "The ";
  std::size_t tokens = 64;
  double temperature = 0;
  std::string seed = "1";
};

Tokens prompt_of(const GenerateWords& words, std::size_t vocabulary) {
  Tokens prompt;
  for (const char letter : words.prompt) {
    prompt.push_back(static_cast<unsigned char>(letter));
    if (prompt.back() >= vocabulary) {
      throw InputError(
          fmt::format("--prompt: byte {} is {}; the network's embedding has rows for 0 "
                      "to {}",
                      prompt.size() - 1, prompt.back(), vocabulary - 1));
    }
  }
  return prompt;
}

int run_generation(GenerateWords& words) {
  words.model = named_file(words.model).string();
  words.config = named_file(words.config).string();
  const ArrayConfig array = load_array(words.config, words.overrides).config;
  const Decoder decoder(words.model, words.weights);
  GenerationSettings settings;
  settings.prompt = prompt_of(words, decoder.vocabulary());
  settings.count = words.tokens;
  settings.temperature = words.temperature;
  settings.seed = std::stoull(words.seed);
  settings.calibration = read_tokens(words.text, decoder.vocabulary());
  const Generation generation = generate(decoder, array, settings);
  fmt::print("{}", to_text(generation, settings));
  return generation.passed() ? kOk : kWrongResult;
}

void add_options(CLI::App& command, GenerateWords& words) {
  command
      .add_option("MODEL", words.model,
                  "a workload that reads tokens, with the variables 'tokens' and 'cached'")
      ->type_name(kFileValue)
      ->required();
  command
      .add_option("--weights", words.weights,
                  "its values: the file that `systol train --export` wrote.\n  --weights gpt.onnx")
      ->type_name(kFileValue)
      ->required();
  command
      .add_option("-c,--config", words.config,
                  "the array that runs it.\n  -c configs/edge_16x16.yaml")
      ->type_name(kFileValue)
      ->required();
  command
      .add_option("--set", words.overrides,
                  "change one key of the array file; may be given more than once.\n"
                  "  --set array.rows=8")
      ->allow_extra_args(false);
  command
      .add_option("--text", words.text,
                  "a text, a file or a folder, from which the ranges of int8 are taken.\n"
                  "  --text /usr/share/common-licenses")
      ->type_name(kFileValue)
      ->required();
  command.add_option("--prompt", words.prompt, "what the text begins with.\n  --prompt 'You may '")
      ->capture_default_str();
  command.add_option("--tokens", words.tokens, "how many bytes follow.\n  --tokens 100")
      ->check(CLI::Range(2U, 1'000'000U))
      ->capture_default_str();
  command
      .add_option(
          "--temperature", words.temperature,
          "0: the likeliest byte each time; else each is drawn by the softmax of scores over "
          "the temperature.\n  --temperature 0.7")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command.add_option("--seed", words.seed, "of what is drawn.\n  --seed 7")
      ->check(check_whole_number)
      ->capture_default_str();
}

}  // namespace

void add_generate_command(CLI::App& app, Subcommand& action) {
  auto words = std::make_shared<GenerateWords>();
  CLI::App& command = *app.add_subcommand(
      "generate", "Continues a text with a trained network: a prompt at once, then token by token");
  add_options(command, *words);
  command.footer(
      "Examples:\n"
      "  systol generate configs/training/gpt.yaml --weights gpt.onnx -c configs/edge_16x16.yaml "
      "\\\n"
      "    --text /usr/share/common-licenses --prompt 'This program is ' --tokens 100");
  command.callback([words, &action] { action = [words] { return run_generation(*words); }; });
}

}  // namespace systol
