// The storage of one segment: a growing array of cells in which addresses stay below `filled()` without a bound check
// per step elsewhere. Cells below filled() are readable (empty until written); growing moves the array, so pointers
// into it live until the next call of ensure(). Small arrays come from the heap, large ones from anonymous pages that
// the kernel moves instead of copying.
#pragma once
#include <cstddef>

#include "core/cairo/value.hpp"

namespace asterism::core::cairo {

class CellArray {
 public:
  CellArray() = default;
  CellArray(CellArray&& other) noexcept { swap(other); }
  CellArray& operator=(CellArray&& other) noexcept {
    swap(other);
    return *this;
  }
  ~CellArray();

  Value* data() { return cells_; }
  const Value* data() const { return cells_; }
  std::size_t filled() const { return filled_; }
  // How many cells more ensure(index) would prepare.
  std::size_t growth(std::size_t index) const;
  // Makes cells [0, index] readable, and some beyond.
  void ensure(std::size_t index);
  // One past the last cell that is not empty.
  std::size_t used() const;

 private:
  void swap(CellArray& other) noexcept;
  void reserve(std::size_t count);
  Value* cells_ = nullptr;
  std::size_t filled_ = 0;
  std::size_t capacity_ = 0;
  bool mapped_ = false;
};

}  // namespace asterism::core::cairo
