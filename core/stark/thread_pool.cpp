#include "core/stark/thread_pool.hpp"

#include <algorithm>

namespace asterism::core::stark {

ThreadPool::ThreadPool(unsigned threads, const std::atomic<bool>* cancel) : cancel_(cancel) {
  for (unsigned i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  start_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::take_parts(const std::function<void(std::size_t)>& job, std::size_t parts) {
  for (std::size_t part = next_++; part < parts; part = next_++) {
    if (!cancelled()) job(part);
  }
}

void ThreadPool::run(std::size_t parts, const std::function<void(std::size_t)>& job) {
  if (workers_.empty() || parts <= 1) {
    for (std::size_t part = 0; part < parts && !cancelled(); ++part) job(part);
    if (cancelled()) throw Cancelled{};
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    parts_ = parts;
    next_ = 0;
    busy_ = workers_.size();
    ++round_;
  }
  start_.notify_all();
  take_parts(job, parts);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return busy_ == 0; });
  if (cancelled()) throw Cancelled{};
}

void ThreadPool::ranges(std::size_t count, std::size_t grain,
                        const std::function<void(std::size_t, std::size_t)>& job) {
  const std::size_t grains = (count + grain - 1) / grain;
  const std::size_t parts = std::min<std::size_t>(grains, 4 * std::size_t{size()});
  run(parts, [&](std::size_t part) {
    const std::size_t begin = grains * part / parts * grain;
    const std::size_t end = std::min(count, grains * (part + 1) / parts * grain);
    if (begin < end) job(begin, end);
  });
}

void ThreadPool::work() {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    start_.wait(lock, [&] { return stop_ || round_ != seen; });
    if (stop_) return;
    seen = round_;
    const auto* job = job_;
    const std::size_t parts = parts_;
    lock.unlock();
    take_parts(*job, parts);
    lock.lock();
    if (--busy_ == 0) done_.notify_one();
  }
}

}  // namespace asterism::core::stark
