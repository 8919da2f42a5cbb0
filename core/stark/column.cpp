#include "core/stark/column.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <new>
#include <utility>

namespace asterism::core::stark {
namespace {

constexpr std::size_t kOwnPages = std::size_t{1} << 20;
constexpr std::size_t kPage = 4096;
constexpr std::align_val_t kAlignment{64};

// Ranges that were freed, for those who come next: a page that the kernel has to map and clear costs some seven
// multiplications for each felt on it. What is in use and what is kept here together are never more than what was once
// in use.
class FreeRanges {
 public:
  // Nullptr when no range is long enough; then the caller maps one, for which there is room.
  void* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    used_ += bytes;
    most_used_ = std::max(most_used_, used_);
    auto best = ranges_.end();
    for (auto it = ranges_.begin(); it != ranges_.end(); ++it) {
      if (it->second >= bytes && (best == ranges_.end() || it->second < best->second)) best = it;
    }
    if (best == ranges_.end()) {
      give_back(most_used_ - used_);
      return nullptr;
    }
    const auto [data, size] = *best;
    ranges_.erase(best);
    if (size > bytes) ranges_.emplace(data + bytes, size - bytes);
    kept_ -= bytes;
    return data;
  }
  void put(std::byte* data, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    used_ -= bytes;
    kept_ += bytes;
    auto next = ranges_.lower_bound(data);
    if (next != ranges_.end() && next->first == data + bytes) {
      bytes += next->second;
      next = ranges_.erase(next);
    }
    if (next != ranges_.begin()) {
      const auto before = std::prev(next);
      if (before->first + before->second == data) {
        before->second += bytes;
        return;
      }
    }
    ranges_.emplace(data, bytes);
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    give_back(0);
    most_used_ = used_;
  }
  // For a range that could not be mapped.
  void forget(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    used_ -= bytes;
  }

 private:
  // Keeps no more than `most`; the ends of the longest ranges go.
  void give_back(std::size_t most) {
    while (kept_ > most) {
      const auto longest = std::ranges::max_element(ranges_, {}, [](const auto& range) { return range.second; });
      const std::size_t bytes = std::min(longest->second, kept_ - most);
      longest->second -= bytes;
      munmap(longest->first + longest->second, bytes);
      if (longest->second == 0) ranges_.erase(longest);
      kept_ -= bytes;
    }
  }

  std::mutex mutex_;
  std::map<std::byte*, std::size_t> ranges_;  // no two touch
  std::size_t used_ = 0;
  std::size_t most_used_ = 0;
  std::size_t kept_ = 0;
};

FreeRanges& free_ranges() {
  static FreeRanges ranges;
  return ranges;
}

std::size_t whole_pages(std::size_t bytes) { return (bytes + kPage - 1) / kPage * kPage; }

}  // namespace

void* allocate_pages(std::size_t bytes) {
  if (bytes < kOwnPages) return ::operator new(bytes, kAlignment);
  bytes = whole_pages(bytes);
  if (void* data = free_ranges().take(bytes)) return data;
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (data == MAP_FAILED) {
    free_ranges().forget(bytes);
    throw std::bad_alloc();
  }
  return data;
}

void free_pages(void* data, std::size_t bytes) noexcept {
  if (bytes < kOwnPages) {
    ::operator delete(data, kAlignment);
  } else {
    free_ranges().put(static_cast<std::byte*>(data), whole_pages(bytes));
  }
}

void release_pages() noexcept { free_ranges().clear(); }

}  // namespace asterism::core::stark
