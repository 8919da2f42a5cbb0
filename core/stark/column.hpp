// A column of the trace or of its extension: a vector whose memory comes in pages of its own and goes back when freed.
// Not from the heap: columns come and go in many sizes, and what fragments would leave of it is a third of the peak.
// Huge pages were measured: they save 8% of the user time and cost more than that in the kernel when memory is short.
#pragma once
#include <cstddef>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core::stark {

// Aligned to 64 bytes; from a mebibyte on in pages of their own.
void* allocate_pages(std::size_t bytes);
void free_pages(void* data, std::size_t bytes) noexcept;
// What was freed is kept for others as long as that does not raise the peak; this gives it back.
void release_pages() noexcept;

template <class T>
struct PageAllocator {
  using value_type = T;
  PageAllocator() = default;
  template <class U>
  PageAllocator(const PageAllocator<U>&) {}  // NOLINT: allocators convert
  T* allocate(std::size_t count) { return static_cast<T*>(allocate_pages(count * sizeof(T))); }
  void deallocate(T* data, std::size_t count) noexcept { free_pages(data, count * sizeof(T)); }
  bool operator==(const PageAllocator&) const { return true; }
};

using Column = std::vector<Felt, PageAllocator<Felt>>;

}  // namespace asterism::core::stark
