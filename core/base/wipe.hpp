// Erases secrets: the compiler may not drop these writes.
#pragma once
#include <cstddef>
#include <type_traits>

namespace asterism::core {

inline void wipe_bytes(void* data, std::size_t size) {
  auto* bytes = static_cast<unsigned char*>(data);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = 0;
  __asm__ __volatile__("" : : "r"(data) : "memory");
}

template <class T>
  requires std::is_trivially_copyable_v<T>
void wipe(T& value) {
  wipe_bytes(&value, sizeof(T));
}

}  // namespace asterism::core
