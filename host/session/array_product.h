// A network's products on a simulated array of bf16, one after another.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "host/compile/bf16_matmul.h"
#include "host/run/output_check.h"
#include "host/session/product_observer.h"
#include "host/train/multiplier.h"
#include "sim/device.h"

namespace systol {

/// Each product is a program of its own, from memory to memory, which begins when the one before it
/// is done.
class ArrayProduct : public Multiplier {
 public:
  /// `device` is one of `config`, both outlive this; so does `observer`, which may be null and sees
  /// all products as one run. With `check` each value is compared with a computation in integers.
  ArrayProduct(const ArrayConfig& config, Device& device, std::vector<std::string> nodes,
               Observer* observer, bool check, unsigned threads);

  /// `product` is given each product that has values, once it has run; may be null.
  void show_products(ProductObserver product) { product_ = std::move(product); }
  /// To which node the products from here on belong.
  void begin_node(std::size_t node) { node_ = node; }
  /// On the values, which are rounded to bf16. Throws InputError as bf16_matmul_program does, and
  /// for more rows than a program counts.
  void multiply(const ProductSize& shape, const float* a, const float* b, float* c) override;
  /// Its time and traffic alone.
  void multiply(const ProductSize& shape);

  /// Of all products so far.
  const RunResult& result() const { return result_; }
  const CheckReport& check() const { return check_; }

 private:
  Bf16MatmulShape begin(const ProductSize& shape);
  /// What the run lets the observer see is placed after all that it has seen.
  template <class Run>
  RunResult observed(Run run);
  void add(const RunResult& part);
  isa::Program with_operands() const;
  void compare(std::span<const float> values, const std::vector<std::uint32_t>& sums,
               std::size_t columns);

  const ArrayConfig& config_;
  Device& device_;
  std::vector<std::string> nodes_;
  Observer* observer_;
  unsigned threads_;
  std::size_t node_ = 0;
  std::uint64_t products_ = 0;
  std::uint64_t commands_ = 0;
  std::optional<std::pair<Bf16MatmulShape, Bf16Matmul>> last_;
  ProductObserver product_;
  std::vector<Bf16> a_;
  std::vector<Bf16> b_;
  RunResult result_;
  CheckReport check_;
};

}  // namespace systol
