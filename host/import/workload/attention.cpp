// Attention of several heads (Vaswani et al., 2017), as the matmuls and functions it consists of.
#include <fmt/format.h>

#include <cmath>

#include "host/import/given_rows.h"
#include "host/import/limits.h"
#include "host/import/workload/kinds.h"
#include "host/import/workload/layer.h"

namespace systol {
namespace {

/// What is added to the score of a token that comes later: exp(-32) of the largest is less than
/// one unit of a softmax in 16 bits, and int8 still tells scores apart.
constexpr float kMasked = -32.0F;
/// The mask is a matrix of as many rows and columns.
constexpr std::int64_t kMaxCausal = 4096;
constexpr std::int64_t kMaxCached = 1 << 20;

struct AttentionSizes {
  std::int64_t length;    ///< of the sequence
  std::int64_t heads;     ///< of queries
  std::int64_t kv_heads;  ///< of keys and values: each serves heads / kv_heads of the queries'
  std::int64_t size;      ///< of a head
  std::int64_t cached;    ///< earlier tokens, whose keys and values are states
  double rotary;          ///< the base of the rotary angles; 0 for none
  bool causal;
  bool bias;
  bool joined;  ///< sums and roundings are those without a cache, in their order
};

AttentionSizes read_sizes(const Layer& layer) {
  const Shape sequence = layer.sequence();
  AttentionSizes sizes{};
  sizes.length = sequence[0];
  sizes.heads = layer.map().required("heads").integer(1, kMaxWindow);
  if (!layer.map().optional("head_size") && sequence[1] % sizes.heads != 0) {
    layer.fail(fmt::format("{} heads do not divide rows of {} values; give a head_size",
                           sizes.heads, sequence[1]));
  }
  sizes.size = layer.integer("head_size", 1, kMaxWindow, sequence[1] / sizes.heads);
  sizes.kv_heads = layer.integer("kv_heads", 1, kMaxWindow, sizes.heads);
  if (sizes.heads % sizes.kv_heads != 0) {
    layer.fail(fmt::format("{} heads of keys and values do not divide {} of queries",
                           sizes.kv_heads, sizes.heads));
  }
  sizes.cached = layer.integer("cached", 0, kMaxCached, 0);
  sizes.causal = layer.flag("causal", false);
  if (sizes.causal && sizes.length > kMaxCausal) {
    layer.fail(fmt::format("causal attention of {} tokens; at most {} are supported", sizes.length,
                           kMaxCausal));
  }
  sizes.bias = layer.flag("bias", true);
  sizes.joined = layer.flag("joined", false);
  if (sizes.joined && (sizes.kv_heads != sizes.heads || (sizes.cached > 0 && sizes.length > 1))) {
    layer.fail(
        "joined attention has as many heads of keys and values as of queries, and reads one "
        "token where some are cached");
  }
  if (const auto rotary = layer.map().optional("rotary")) {
    sizes.rotary = rotary->number(1.0, 1e9);
    if (sizes.size % 2 != 0 || sizes.length > kMaxCausal) {
      rotary->fail(fmt::format("rotary angles need heads of an even size and at most {} tokens",
                               kMaxCausal));
    }
  }
  return sizes;
}

/// [length][length]: 0 for the tokens up to the row's, kMasked for the later ones.
std::vector<float> causal_mask(std::int64_t length) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(length * length));
  for (std::int64_t row = 0; row < length; ++row) {
    for (std::int64_t column = 0; column < length; ++column) {
      values.push_back(column <= row ? 0.0F : kMasked);
    }
  }
  return values;
}

class Attention {
 public:
  explicit Attention(Layer& layer) : layer_(layer), sizes_(read_sizes(layer)) {}

  TensorId build() {
    const std::int64_t rows = sizes_.heads / sizes_.kv_heads * sizes_.length;
    TensorId query = layer_.dense("query", layer_.input(), sizes_.heads * sizes_.size, sizes_.bias);
    const double scale = 1.0 / std::sqrt(static_cast<double>(sizes_.size));
    query = layer_.add("query.scaled", Map(Function::Linear, static_cast<float>(scale)), {query});
    query = rotated("query", split("query", query, sizes_.heads));
    query = layer_.reshape("query.grouped", query, {sizes_.kv_heads, rows, sizes_.size});
    const TensorId key = rotated("key", projected("key"));
    const TensorId value = projected("value");
    TensorId merged = sizes_.joined ? attend_joined(query, key, value) : attend(query, key, value);
    merged = layer_.reshape("context.heads", merged, {sizes_.heads, sizes_.length, sizes_.size});
    merged = layer_.add("context.tokens", Transpose{{1, 0, 2}}, {merged});
    merged = layer_.reshape("context.rows", merged, {sizes_.length, sizes_.heads * sizes_.size});
    return layer_.dense("", merged, layer_.shape()[1], sizes_.bias);
  }

 private:
  /// [length][heads * size] as [heads][length][size].
  TensorId split(const std::string& name, TensorId rows, std::int64_t heads) {
    const TensorId parts =
        layer_.reshape(name + ".split", rows, {sizes_.length, heads, sizes_.size});
    return layer_.add(name + ".heads", Transpose{{1, 0, 2}}, {parts});
  }

  TensorId projected(const std::string& name) {
    const TensorId rows =
        layer_.dense(name, layer_.input(), sizes_.kv_heads * sizes_.size, sizes_.bias);
    return split(name, rows, sizes_.kv_heads);
  }

  /// x cos + (the other half of x) sin (Su et al., 2021).
  TensorId rotated(const std::string& name, TensorId x) {
    if (sizes_.rotary == 0.0) {
      return x;
    }
    const Shape shape = layer_.shape(x);
    const std::int64_t half = sizes_.size / 2;
    const Shape half_shape = {shape[0], shape[1], half};
    const TensorId low = layer_.slice(name + ".low", x, {0, 0, 0}, half_shape);
    const TensorId high = layer_.slice(name + ".high", x, {0, 0, half}, half_shape);
    const TensorId swapped = layer_.add(name + ".swapped", Concat{2}, {high, low});
    const Binary multiply{BinaryFunction::Multiply};
    const TensorId cosine = layer_.add(name + ".cosine", multiply, {x, angles(false)});
    const TensorId sine = layer_.add(name + ".sine", multiply, {swapped, angles(true)});
    return layer_.add(name + ".rotated", Binary{BinaryFunction::Add}, {cosine, sine});
  }

  /// Of the tokens' own positions: a constant where every sample begins anew, and an input that the
  /// host fills where samples are steps, or attention is joined.
  TensorId angles(bool sine) {
    std::string name = fmt::format("rotary.{}.{}", sine ? "sine" : "cosine", sizes_.rotary);
    name += sizes_.joined ? "" : fmt::format(".{}", sizes_.cached);
    const Shape shape{sizes_.length, sizes_.size};
    RotaryInput rotary{{}, sizes_.rotary, sizes_.cached, sine};
    return sizes_.cached > 0 || sizes_.joined
               ? layer_.rotary_input(name, shape, rotary)
               : layer_.shared_constant(name, shape, [&] {
                   return rotary_values(rotary, 0, sizes_.length, sizes_.size);
                 });
  }

  /// What is cached, and then what is new.
  TensorId joined(const std::string& name, TensorId fresh) {
    if (sizes_.cached == 0) {
      return fresh;
    }
    const TensorId cache = layer_.add_state(name, {sizes_.kv_heads, sizes_.cached, sizes_.size});
    layer_.set_next(cache, fresh, 1);
    return layer_.add(name + ".all", Concat{1}, {cache, fresh});
  }

  /// The same commands and roundings whether tokens are cached or new.
  TensorId attend_joined(TensorId query, TensorId key, TensorId value) {
    const TensorId keys = joined("keys", key);
    const TensorId values = joined("values", value);
    TensorId scores = layer_.add("scores", MatMul{true}, {query, keys});
    if (sizes_.causal) {  // of one token it adds 0, and rounds as that of several
      scores = layer_.add("scores.masked", Binary{BinaryFunction::Add}, {scores, mask()});
    }
    return layer_.add("context", MatMul{}, {layer_.add("softmax", Softmax{}, {scores}), values});
  }

  /// softmax(query key^T) value, of all heads. Without copying what is cached: the scores of the
  /// cached tokens and of the sequence's are computed apart, and so are the two sums of values.
  TensorId attend(TensorId query, TensorId key, TensorId value) {
    TensorId scores = masked(layer_.add("scores", MatMul{true}, {query, key}));
    if (sizes_.cached == 0) {
      return layer_.add("context", MatMul{}, {layer_.add("softmax", Softmax{}, {scores}), value});
    }
    const Shape cache = {sizes_.kv_heads, sizes_.cached, sizes_.size};
    const TensorId keys = layer_.add_state("keys", cache);
    const TensorId values = layer_.add_state("values", cache);
    layer_.set_next(keys, key, 1);
    layer_.set_next(values, value, 1);
    const TensorId cached = layer_.add("scores.cached", MatMul{true}, {query, keys});
    scores = layer_.add("scores.all", Concat{2}, {cached, scores});
    const TensorId weights = layer_.add("softmax", Softmax{}, {scores});
    const Shape all = layer_.shape(weights);
    const TensorId old_part =
        layer_.slice("softmax.cached", weights, {0, 0, 0}, {all[0], all[1], sizes_.cached});
    const TensorId new_part = layer_.slice("softmax.new", weights, {0, 0, sizes_.cached},
                                           {all[0], all[1], sizes_.length});
    return layer_.add("context", Binary{BinaryFunction::Add},
                      {layer_.add("context.cached", MatMul{}, {old_part, values}),
                       layer_.add("context.new", MatMul{}, {new_part, value})});
  }

  TensorId mask() {
    return layer_.shared_constant("causal_mask", {sizes_.length, sizes_.length},
                                  [&] { return causal_mask(sizes_.length); });
  }

  TensorId masked(TensorId scores) {
    if (!sizes_.causal || sizes_.length == 1) {
      return scores;
    }
    const Shape grouped = layer_.shape(scores);
    const TensorId by_head =
        layer_.reshape("scores.heads", scores, {sizes_.heads, sizes_.length, sizes_.length});
    const TensorId sum =
        layer_.add("scores.masked", Binary{BinaryFunction::Add}, {by_head, mask()});
    return layer_.reshape("scores.grouped", sum, grouped);
  }

  Layer& layer_;
  AttentionSizes sizes_;
};

}  // namespace

void read_attention(WorkloadNetwork& network, const YamlNode& node) {
  Layer layer(network, node, "attention",
              {"heads", "head_size", "kv_heads", "causal", "cached", "joined", "rotary", "bias"});
  layer.finish(Attention(layer).build());
}

}  // namespace systol
