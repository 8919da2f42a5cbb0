// The execution trace, 12 bytes a step: offsets of pc, ap and fp; the segments they lie in are kept once for each run
// of steps that share them (`Span`), because nearly every program stays in one.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

namespace asterism::core::cairo {

struct TraceEntry {
  std::uint32_t pc = 0;
  std::uint32_t ap = 0;
  std::uint32_t fp = 0;
};

class Trace {
 public:
  struct Segments {
    std::int64_t pc = 0, ap = 0, fp = 0;
    bool operator==(const Segments&) const = default;
  };
  struct Span {
    std::uint64_t first = 0;  // step
    Segments segments;
  };
  static constexpr std::size_t kFirstChunk = std::size_t{1} << 10;
  static constexpr std::size_t kChunk = std::size_t{1} << 16;

  // Declares the segments of the entries that follow and returns room for at least one: write there, then commit(n).
  TraceEntry* room(const Segments& segments, std::size_t& count);
  void commit(std::size_t count) {
    chunks_.back().used += count;
    size_ += count;
  }
  std::uint64_t size() const { return size_; }
  // A step that is repeated `count` times more: padding is an endless loop on one instruction.
  void repeat_last(std::uint64_t count) { repeated_ += count; }
  std::uint64_t total_size() const { return size_ + repeated_; }
  std::uint64_t repeated() const { return repeated_; }

  // f(entries, count, segments) for consecutive pieces, without the repetitions.
  template <class F>
  void for_each_piece(F&& f) const {
    std::uint64_t step = 0;
    std::size_t span = 0;
    for (const Chunk& chunk : chunks_) {
      std::size_t at = 0;
      while (at < chunk.used) {
        while (span + 1 < spans_.size() && spans_[span + 1].first <= step) ++span;
        std::size_t count = chunk.used - at;
        if (span + 1 < spans_.size()) count = std::min<std::uint64_t>(count, spans_[span + 1].first - step);
        f(chunk.entries.get() + at, count, spans_[span].segments);
        at += count;
        step += count;
      }
    }
  }
  TraceEntry first(Segments& segments) const;
  TraceEntry last(Segments& segments) const;

 private:
  struct Chunk {
    std::unique_ptr<TraceEntry[]> entries;
    std::size_t used = 0;
    std::size_t capacity = 0;
  };
  std::vector<Chunk> chunks_;
  std::vector<Span> spans_;
  std::uint64_t size_ = 0;
  std::uint64_t repeated_ = 0;
};

}  // namespace asterism::core::cairo
