#include "core/cairo/cells.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace asterism::core::cairo {

namespace {
constexpr std::size_t kFirst = 8;  // cells of a new segment: most are small
constexpr std::size_t kStep = std::size_t{1}
                              << 13;  // prepared at a time in a large one: stays in the second-level cache
constexpr std::size_t kMapFrom = std::size_t{1} << 15;  // 1 MB

std::size_t target(std::size_t filled, std::size_t index) {
  const std::size_t step = std::clamp(filled, kFirst, kStep);
  return std::max(filled + step, index + 1);
}
}  // namespace

CellArray::~CellArray() {
  if (cells_ == nullptr) return;
  if (mapped_) {
    munmap(cells_, capacity_ * sizeof(Value));
  } else {
    std::free(cells_);
  }
}

void CellArray::swap(CellArray& other) noexcept {
  std::swap(cells_, other.cells_);
  std::swap(filled_, other.filled_);
  std::swap(capacity_, other.capacity_);
  std::swap(mapped_, other.mapped_);
}

std::size_t CellArray::growth(std::size_t index) const {
  return index < filled_ ? 0 : target(filled_, index) - filled_;
}

void CellArray::reserve(std::size_t count) {
  std::size_t capacity = std::max(capacity_ * 2, count);
  if (capacity < kMapFrom) {
    auto* grown = static_cast<Value*>(std::aligned_alloc(alignof(Value), capacity * sizeof(Value)));
    if (grown == nullptr) throw std::bad_alloc();
    if (filled_ > 0) std::memcpy(static_cast<void*>(grown), cells_, filled_ * sizeof(Value));
    std::free(cells_);
    cells_ = grown;
  } else {
    // Address space is cheap and untouched pages cost nothing: grow by eight so that moves are rare.
    capacity = std::max(capacity_ * 8, count);
    void* grown = nullptr;
    if (mapped_) {
      grown = mremap(cells_, capacity_ * sizeof(Value), capacity * sizeof(Value), MREMAP_MAYMOVE);
    } else {
      grown = mmap(nullptr, capacity * sizeof(Value), PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    }
    if (grown == MAP_FAILED) throw std::bad_alloc();
    madvise(grown, capacity * sizeof(Value), MADV_HUGEPAGE);
    if (!mapped_) {
      if (filled_ > 0) std::memcpy(grown, static_cast<const void*>(cells_), filled_ * sizeof(Value));
      std::free(cells_);
    }
    cells_ = static_cast<Value*>(grown);
    mapped_ = true;
  }
  capacity_ = capacity;
}

void CellArray::ensure(std::size_t index) {
  if (index < filled_) return;
  const std::size_t count = target(filled_, index);
  if (count > capacity_) reserve(count);
  std::uninitialized_fill(cells_ + filled_, cells_ + count, Value());
  filled_ = count;
}

std::size_t CellArray::used() const {
  std::size_t size = filled_;
  while (size > 0 && cells_[size - 1].is_empty()) --size;
  return size;
}

}  // namespace asterism::core::cairo
