#include "cluster/link/outbound.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace asterism::cluster {

std::expected<void, QueueError> Outbound::push(Packet packet) {
  const std::lock_guard lock(mutex_);
  if (closed_) return std::unexpected(QueueError::kDown);
  ASTERISM_CHECK(packet.body && !packet.body->empty(), "packet");
  const auto index = static_cast<std::size_t>(packet.priority);
  Class& to = classes_[index];
  const std::size_t size = packet.body->size();
  // A single message above the bound still passes an empty queue: the cap of its kind has judged it.
  if (to.bytes > 0 && to.bytes + size > kQueueBytes[index]) return std::unexpected(QueueError::kFull);
  to.bytes += size;
  (size > kChunkBytes ? to.big : to.small).push_back(std::move(packet.body));
  return {};
}

std::optional<std::size_t> Outbound::choose(Millis now) {
  std::optional<std::size_t> first, longest;
  for (std::size_t i = 0; i < kPriorities; ++i) {
    Class& each = classes_[i];
    if (!each.ready()) {
      each.waiting_since.reset();
      continue;
    }
    if (!each.waiting_since) each.waiting_since = now;
    if (!first) first = i;
    const bool impatient = now - *each.waiting_since >= kPatience;
    if (impatient && (!longest || *each.waiting_since < *classes_[*longest].waiting_since)) longest = i;
  }
  if (first == 0 || !longest) return first;
  return longest;
}

std::optional<Outgoing> Outbound::next(Millis now) {
  const std::lock_guard lock(mutex_);
  const auto chosen = choose(now);
  if (!chosen) return std::nullopt;
  Class& from = classes_[*chosen];
  from.waiting_since.reset();
  return take(from);
}

Outgoing Outbound::take(Class& from) {
  const bool part = from.blob_ready() && (from.small.empty() || from.blob_turn);
  from.blob_turn = !part;
  if (part) return take_part(from);
  Outgoing out{std::move(from.small.front()), nullptr};
  from.small.pop_front();
  from.bytes -= out.whole->size();
  return out;
}

Outgoing Outbound::take_part(Class& from) {
  if (!from.blob) {
    from.blob = Blob{next_blob_++, std::move(from.big.front()), 1, kCreditChunks};
    from.big.pop_front();
    const core::Bytes& body = *from.blob->body;
    return {nullptr, messages::make_message(messages::BlobStart{from.blob->id, body[0], body.size() - 1})};
  }
  Blob& blob = *from.blob;
  const std::size_t size = std::min(kChunkBytes, blob.body->size() - blob.offset);
  const auto begin = blob.body->begin() + static_cast<std::ptrdiff_t>(blob.offset);
  messages::BlobChunk chunk{blob.id, core::Bytes(begin, begin + static_cast<std::ptrdiff_t>(size))};
  blob.offset += size;
  --blob.credit;
  if (blob.offset == blob.body->size()) {
    from.bytes -= blob.body->size();
    from.blob.reset();
  }
  return {nullptr, messages::make_message(std::move(chunk))};
}

bool Outbound::credit(std::uint32_t id, std::uint32_t chunks) {
  const std::lock_guard lock(mutex_);
  for (Class& each : classes_) {
    if (!each.blob || each.blob->id != id) continue;
    each.blob->credit = std::min(each.blob->credit + std::min(chunks, kCreditChunks), kCreditChunks);
    return true;
  }
  return false;
}

std::size_t Outbound::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  std::size_t dropped = 0;
  for (Class& each : classes_) {
    dropped += each.small.size() + each.big.size() + (each.blob ? 1 : 0);
    each = Class{};
  }
  return dropped;
}

std::size_t Outbound::bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t out = 0;
  for (const Class& each : classes_) out += each.bytes;
  return out;
}

std::size_t Outbound::depth() const {
  const std::lock_guard lock(mutex_);
  std::size_t out = 0;
  for (const Class& each : classes_) out += each.small.size() + each.big.size() + (each.blob ? 1 : 0);
  return out;
}

}  // namespace asterism::cluster
