// Uninitialised memory on a 64-byte boundary, for vector registers and whole cache lines.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <memory>

#include "core/base/check.hpp"

namespace asterism::core {

class AlignedBuffer {
 public:
  explicit AlignedBuffer(std::size_t size) : data_(std::aligned_alloc(64, (size + 63) / 64 * 64)) {
    ASTERISM_CHECK(data_ != nullptr, "out of memory");
  }
  template <class T>
  T* as() {
    return static_cast<T*>(data_.get());
  }

 private:
  struct Free {
    void operator()(void* data) const { std::free(data); }
  };
  std::unique_ptr<void, Free> data_;
};

}  // namespace asterism::core
