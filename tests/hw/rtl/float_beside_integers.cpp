// tpu_bf16_multiply_add beside host/reference/soft_float.h:
//   float few             every activation with each weight of a list and some sums, and lists
//   float random <count>  random cases, which are the same in every run
//   float pairs           every pair of activation and weight, with a sum of zero
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "Vfloat.h"
#include "host/reference/soft_float.h"
#include "tests/float_numbers.h"
#include "verilated.h"

namespace {

using systol::test::FloatCase;

class Circuit {
 public:
  void check(const FloatCase& of) {
    top_.counts_i = 1;
    top_.act_i = of.activation;
    top_.weight_i = of.weight;
    top_.sum_i = of.sum;
    top_.eval();
    const std::uint32_t expected =
        systol::soft_float::multiply_add(of.sum, of.activation, of.weight);
    if (top_.sum_o != expected) {
      std::fprintf(stderr, "%08x + %04x * %04x: %08x instead of %08x\n", of.sum, of.activation,
                   of.weight, top_.sum_o, expected);
      std::exit(1);
    }
  }

  /// A lane that carries nothing leaves even what is no number as it is.
  void check_mask(const FloatCase& of) {
    top_.counts_i = 0;
    top_.act_i = of.activation;
    top_.weight_i = of.weight;
    top_.sum_i = of.sum;
    top_.eval();
    if (top_.sum_o != of.sum) {
      std::fprintf(stderr, "%08x changes although nothing counts\n", of.sum);
      std::exit(1);
    }
  }

 private:
  VerilatedContext context_;
  Vfloat top_{&context_};
};

std::uint16_t half(std::uint64_t bits) { return static_cast<std::uint16_t>(bits); }

void check_few(Circuit& circuit) {
  for (std::uint16_t a : systol::test::kHalves) {
    for (std::uint16_t b : systol::test::kHalves) {
      for (std::uint32_t sum : systol::test::kSingles) {
        circuit.check({a, b, sum});
        circuit.check_mask({a, b, sum});
      }
    }
  }
  for (std::uint32_t activation = 0; activation < 0x10000; ++activation) {
    for (std::size_t i = 0; i < systol::test::kHalves.size(); ++i) {
      circuit.check({half(activation), systol::test::kHalves[i], 0});
      circuit.check({half(activation), systol::test::kHalves[i], systol::test::kSingles[i]});
    }
  }
}

void check_random(Circuit& circuit, std::uint64_t count) {
  std::mt19937_64 random(1);
  for (std::uint64_t i = 0; i < count; ++i) {
    circuit.check(systol::test::random_float_case(random));
  }
}

void check_pairs(Circuit& circuit) {
  for (std::uint64_t pair = 0; pair >> 32 == 0; ++pair) {
    circuit.check({half(pair), half(pair >> 16), 0});
  }
}

}  // namespace

int main(int count, char** arguments) {
  const auto circuit = std::make_unique<Circuit>();
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "few") == 0) {
      check_few(*circuit);
    } else if (std::strcmp(arguments[i], "pairs") == 0) {
      check_pairs(*circuit);
    } else if (std::strcmp(arguments[i], "random") == 0 && ++i < count) {
      check_random(*circuit, std::strtoull(arguments[i], nullptr, 10));
    } else {
      std::fprintf(stderr, "no such cases: %s\n", arguments[i]);
      return 2;
    }
  }
  return 0;
}
