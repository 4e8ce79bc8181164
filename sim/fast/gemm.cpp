#include "sim/fast/gemm.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "sim/base/vectorised.h"
#include "sim/fast/distance_gemm.h"
#include "sim/fast/row_product.h"
#include "sim/fast/sign_gemm.h"

// The two functions of OpenMP that are used, as clang-tidy does not find <omp.h>.
extern "C" {
int omp_get_max_threads();
void omp_set_num_threads(int threads);
}

namespace systol {
namespace {

/// While it lives, OpenMP (in which oneDNN works) starts no threads for this one. Its threads spin
/// while they wait for each other, which makes two runs on one machine many times slower.
class OneOpenMpThread {
 public:
  OneOpenMpThread() { omp_set_num_threads(1); }
  ~OneOpenMpThread() { omp_set_num_threads(before_); }
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int before_ = omp_get_max_threads();
};

constexpr std::size_t kRowsTogether = 4;

/// A few rows of b at a time, so that sums are read and written once for all of them. Sums wrap as
/// in the RTL: a program may add to an accumulator as often as it likes.
SYSTOL_VECTORISED void add_rows(std::int32_t* __restrict c,
                                const std::array<const std::int8_t*, kRowsTogether>& b,
                                const std::array<std::int32_t, kRowsTogether>& a, std::size_t n) {
  const std::int8_t* __restrict b0 = b[0];
  const std::int8_t* __restrict b1 = b[1];
  const std::int8_t* __restrict b2 = b[2];
  const std::int8_t* __restrict b3 = b[3];
  for (std::size_t j = 0; j < n; ++j) {
    const std::int32_t more = a[0] * b0[j] + a[1] * b1[j] + a[2] * b2[j] + a[3] * b3[j];
    c[j] = static_cast<std::int32_t>(static_cast<std::uint32_t>(c[j]) +
                                     static_cast<std::uint32_t>(more));
  }
}

void plain_gemm(const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
                std::int32_t* c) {
  std::array<const std::int8_t*, kRowsTogether> rows{};
  std::array<std::int32_t, kRowsTogether> factors{};
  for (std::size_t i = 0; i < shape.m; ++i) {
    const std::int8_t* row = a + i * shape.a_stride;
    std::int32_t* sums = c + i * shape.c_stride;
    if (!shape.add) {
      std::fill_n(sums, shape.n, 0);
    }
    for (std::size_t k = 0; k < shape.k; k += kRowsTogether) {
      for (std::size_t r = 0; r < kRowsTogether; ++r) {
        const bool there = k + r < shape.k;  // else the last row, times zero
        rows[r] = b + (there ? k + r : shape.k - 1) * shape.b_stride;
        factors[r] = there ? row[k + r] : 0;
        fetch_ahead(rows[r], shape.b_stride, shape.n);
      }
      add_rows(sums, rows, factors, shape.n);
    }
  }
}

using dnnl::memory;

memory::desc matrix(std::size_t rows, std::size_t columns, std::size_t stride,
                    memory::data_type type) {
  const auto dim = [](std::size_t size) { return static_cast<memory::dim>(size); };
  return {{dim(rows), dim(columns)}, type, memory::dims{dim(stride), 1}};
}

/// Primitives are made once per shape and thread: making one costs more than a small
/// multiplication.
class OneDnn {
 public:
  void run(const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b, std::int32_t* c) {
    const OneOpenMpThread one_thread;
    const auto found = primitives_.find(shape);
    const dnnl::matmul& primitive = found != primitives_.end() ? found->second : make(shape);
    const auto place = [&](const memory::desc& desc, const void* data) {
      return memory(desc, engine_, const_cast<void*>(data));
    };
    primitive.execute(
        stream_,
        {{DNNL_ARG_SRC, place(matrix(shape.m, shape.k, shape.a_stride, memory::data_type::s8), a)},
         {DNNL_ARG_WEIGHTS,
          place(matrix(shape.k, shape.n, shape.b_stride, memory::data_type::s8), b)},
         {DNNL_ARG_DST,
          place(matrix(shape.m, shape.n, shape.c_stride, memory::data_type::s32), c)}});
    stream_.wait();
  }

 private:
  static constexpr std::size_t kMostPrimitives = 1024;

  const dnnl::matmul& make(const GemmLayout& shape) {
    const dnnl::matmul::desc desc(matrix(shape.m, shape.k, shape.a_stride, memory::data_type::s8),
                                  matrix(shape.k, shape.n, shape.b_stride, memory::data_type::s8),
                                  matrix(shape.m, shape.n, shape.c_stride, memory::data_type::s32));
    if (primitives_.size() == kMostPrimitives) {
      primitives_.clear();
    }
    const dnnl::matmul::primitive_desc primitive(desc, engine_);
    return primitives_.emplace(shape, dnnl::matmul(primitive)).first->second;
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::map<GemmLayout, dnnl::matmul> primitives_;
};

/// On this thread.
void multiply(GemmPath path, const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
              std::int32_t* c) {
  if (path == GemmPath::Distance) {
    distance_gemm(shape, a, b, c);
    return;
  }
  if (path == GemmPath::Signs) {
    sign_gemm(shape, a, b, c);
    return;
  }
  if (path == GemmPath::OneDnn && shape.m == 1 && has_row_product()) {
    row_product(shape, a, b, c);
    return;
  }
  // oneDNN takes no rows that overlap; a single row is as fast without it.
  if (path == GemmPath::Plain || shape.m == 1 || shape.a_stride < shape.k) {
    plain_gemm(shape, a, b, c);
    return;
  }
  thread_local OneDnn one_dnn;
  if (!shape.add) {
    one_dnn.run(shape, a, b, c);
    return;
  }
  // oneDNN adds to a destination in float32, which rounds large sums.
  thread_local std::vector<std::int32_t> product;
  product.resize(std::max(product.size(), shape.m * shape.n));
  GemmLayout alone = shape;
  alone.add = false;
  alone.c_stride = shape.n;
  one_dnn.run(alone, a, b, product.data());
  for (std::size_t i = 0; i < shape.m; ++i) {
    std::transform(&product[i * shape.n], &product[i * shape.n] + shape.n, c + i * shape.c_stride,
                   c + i * shape.c_stride, [](std::int32_t more, std::int32_t sum) {
                     return static_cast<std::int32_t>(static_cast<std::uint32_t>(more) +
                                                      static_cast<std::uint32_t>(sum));
                   });
  }
}

/// To wake a thread and to wait for it costs about as much as this many products.
constexpr std::size_t kFewestProducts = std::size_t{1} << 22;

std::size_t parts_of(const GemmLayout& shape, const ThreadPool* pool) {
  const std::size_t most = pool == nullptr ? 1 : pool->threads();
  return std::clamp<std::size_t>(shape.m * shape.n * shape.k / kFewestProducts, 1, most);
}

}  // namespace

GemmPath exact_gemm_path(isa::PeOperation operation) {
  if (operation == isa::PeOperation::AbsoluteDifference) {
    return GemmPath::Distance;
  }
  if (operation == isa::PeOperation::XnorPopcount) {
    return GemmPath::Signs;
  }
  switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::avx2_vnni:
    case dnnl::cpu_isa::avx512_core_vnni:
    case dnnl::cpu_isa::avx512_core_bf16:
    case dnnl::cpu_isa::avx512_core_amx:
      return GemmPath::OneDnn;
    default:
      return GemmPath::Plain;
  }
}

void gemm(GemmPath path, const GemmLayout& shape, const std::int8_t* a, const std::int8_t* b,
          std::int32_t* c, ThreadPool* pool) {
  const std::size_t parts = parts_of(shape, pool);
  if (parts == 1) {
    multiply(path, shape, a, b, c);
    return;
  }
  // The longer side is cut, as every part reads the whole of the other matrix.
  const bool by_rows = shape.m >= shape.n;
  const std::size_t whole = by_rows ? shape.m : shape.n;
  pool->run(parts, [&](std::size_t part) {
    const std::size_t first = whole * part / parts;
    GemmLayout slice = shape;
    (by_rows ? slice.m : slice.n) = whole * (part + 1) / parts - first;
    multiply(path, slice, a + (by_rows ? first * shape.a_stride : 0), b + (by_rows ? 0 : first),
             c + (by_rows ? first * shape.c_stride : first));
  });
}

}  // namespace systol
