#include "core/stark/column.hpp"

#include <sys/mman.h>

#include <new>

namespace asterism::core::stark {
namespace {

constexpr std::size_t kOwnPages = std::size_t{1} << 20;
constexpr std::align_val_t kAlignment{64};

}  // namespace

void* allocate_pages(std::size_t bytes) {
  if (bytes < kOwnPages) return ::operator new(bytes, kAlignment);
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
  return data;
}

void free_pages(void* data, std::size_t bytes) noexcept {
  if (bytes < kOwnPages) {
    ::operator delete(data, kAlignment);
  } else {
    munmap(data, bytes);
  }
}

}  // namespace asterism::core::stark
