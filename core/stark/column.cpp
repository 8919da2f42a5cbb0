#include "core/stark/column.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <new>
#include <utility>

namespace asterism::core::stark {
namespace {

constexpr std::size_t kOwnPages = std::size_t{1} << 20;
constexpr std::align_val_t kAlignment{64};

// The blocks that were freed last, for the next that want their size: columns and factors of one length come and go,
// and a page that the kernel has to map and clear costs some seven multiplications for each felt on it.
class FreeBlocks {
 public:
  void* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(blocks_, bytes, &Block::bytes);
    return found == blocks_.end() ? nullptr : std::exchange(*found, Block{}).data;
  }
  void put(void* data, std::size_t bytes) noexcept {
    const std::lock_guard lock(mutex_);
    unmap(blocks_.back());
    std::ranges::rotate(blocks_, blocks_.end() - 1);
    blocks_.front() = {data, bytes};
  }
  void clear() noexcept {
    const std::lock_guard lock(mutex_);
    for (Block& block : blocks_) unmap(block);
  }

 private:
  struct Block {
    void* data = nullptr;
    std::size_t bytes = 0;
  };
  static void unmap(Block& block) noexcept {
    if (block.data != nullptr) munmap(block.data, block.bytes);
    block = {};
  }

  std::mutex mutex_;
  std::array<Block, 3> blocks_;  // the last freed first
};

FreeBlocks& free_blocks() {
  static FreeBlocks blocks;
  return blocks;
}

}  // namespace

void* allocate_pages(std::size_t bytes) {
  if (bytes < kOwnPages) return ::operator new(bytes, kAlignment);
  if (void* data = free_blocks().take(bytes)) return data;
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
  return data;
}

void free_pages(void* data, std::size_t bytes) noexcept {
  if (bytes < kOwnPages) {
    ::operator delete(data, kAlignment);
  } else {
    free_blocks().put(data, bytes);
  }
}

void release_pages() noexcept { free_blocks().clear(); }

}  // namespace asterism::core::stark
