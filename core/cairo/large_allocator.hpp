// An allocator that asks for huge pages where an array is large: a small page costs the kernel more than its 128 cells.
#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace asterism::core::cairo {

template <class T>
struct LargeAllocator {
  using value_type = T;
  static constexpr std::size_t kHugePage = std::size_t{1} << 21;

  LargeAllocator() = default;
  template <class U>
  LargeAllocator(const LargeAllocator<U>&) {}

  T* allocate(std::size_t count) {
    if (count > std::size_t(-1) / 2 / sizeof(T)) throw std::bad_alloc();
    const bool large = count * sizeof(T) >= kHugePage;
    const std::size_t alignment = large ? kHugePage : std::max(alignof(T), alignof(std::max_align_t));
    const std::size_t bytes = (count * sizeof(T) + alignment - 1) / alignment * alignment;
    void* out = std::aligned_alloc(alignment, bytes);
    if (out == nullptr) throw std::bad_alloc();
    if (large) madvise(out, bytes, MADV_HUGEPAGE);
    return static_cast<T*>(out);
  }
  void deallocate(T* array, std::size_t) { std::free(array); }
  friend bool operator==(const LargeAllocator&, const LargeAllocator&) { return true; }
};

}  // namespace asterism::core::cairo
