// Large pages for memory that is written from end to end.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace systol {

/// Asks the system for pages of 2 MiB. It may decline, and nothing else changes. A page's first
/// touch often takes longer than all that is done with it, whatever its size.
inline void ask_for_large_pages(void* memory, std::size_t bytes) {
  constexpr std::size_t kPage = std::size_t{1} << 21U;
  const std::size_t before = (kPage - reinterpret_cast<std::uintptr_t>(memory) % kPage) % kPage;
  if (bytes >= before + kPage) {
    ::madvise(static_cast<std::byte*>(memory) + before, (bytes - before) / kPage * kPage,
              MADV_HUGEPAGE);
  }
}

}  // namespace systol
