// A fixed number of threads that the caller chooses; a job is cut into parts, and parts are taken in order.
//
// run() returns when every part is done; the calling thread works too. Parts must not call run() themselves.
#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace asterism::core::stark {

class ThreadPool {
 public:
  // Once `cancel` is set, parts that were not begun are left out and run() throws Cancelled.
  struct Cancelled {};
  explicit ThreadPool(unsigned threads, const std::atomic<bool>* cancel = nullptr);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  unsigned size() const { return static_cast<unsigned>(workers_.size()) + 1; }
  void run(std::size_t parts, const std::function<void(std::size_t)>& job);
  // Cuts [0, count) into ranges whose bounds are multiples of `grain`, and calls job(begin, end) for each.
  void ranges(std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& job);

 private:
  void work();
  void take_parts(const std::function<void(std::size_t)>& job, std::size_t parts);
  bool cancelled() const { return cancel_ != nullptr && cancel_->load(std::memory_order_relaxed); }

  const std::atomic<bool>* cancel_;
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable start_, done_;
  const std::function<void(std::size_t)>* job_ = nullptr;
  std::size_t parts_ = 0;
  std::atomic<std::size_t> next_{0};
  std::size_t busy_ = 0;
  std::uint64_t round_ = 0;
  bool stop_ = false;
};

}  // namespace asterism::core::stark
