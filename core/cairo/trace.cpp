#include "core/cairo/trace.hpp"

namespace asterism::core::cairo {

TraceEntry* Trace::room(const Segments& segments, std::size_t& count) {
  if (spans_.empty() || !(spans_.back().segments == segments)) {
    if (!spans_.empty() && spans_.back().first == size_) spans_.pop_back();
    spans_.push_back({size_, segments});
  }
  if (chunks_.empty() || chunks_.back().used == chunks_.back().capacity) {
    const std::size_t capacity = chunks_.empty() ? kFirstChunk : kChunk;
    chunks_.push_back({std::make_unique_for_overwrite<TraceEntry[]>(capacity), 0, capacity});
  }
  Chunk& chunk = chunks_.back();
  count = chunk.capacity - chunk.used;
  return chunk.entries.get() + chunk.used;
}

TraceEntry Trace::first(Segments& segments) const {
  segments = spans_.front().segments;
  return chunks_.front().entries[0];
}

TraceEntry Trace::last(Segments& segments) const {
  // The last span that has an entry: a later one may only have been announced.
  segments = (spans_.back().first < size_ ? spans_.back() : spans_[spans_.size() - 2]).segments;
  const Chunk& chunk = chunks_.back().used > 0 ? chunks_.back() : chunks_[chunks_.size() - 2];
  return chunk.entries[chunk.used - 1];
}

}  // namespace asterism::core::cairo
