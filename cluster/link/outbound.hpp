// What waits to go out on one link: bounded, five priorities, big messages cut into chunks under the receiver's credit.
// Routers push from any thread; the link's broker takes. Votes always go first; below them the higher class goes first,
// except that a class whose turn has not come for kPatience is served once, so that none but votes starves another for
// more than a second. A class that is full refuses (the caller counts it, and answers a client with kTryAgain).
// Order is kept among messages up to one chunk of a class, and among its larger ones; the two overtake each other.
#pragma once
#include <array>
#include <deque>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>

#include "actors/machine.hpp"
#include "cluster/link/frames.hpp"
#include "messages/table.hpp"

namespace asterism::cluster {

using actors::Millis;

inline constexpr std::size_t kPriorities = 5;  // messages::Priority
inline constexpr Millis kPatience{400};
inline constexpr std::uint32_t kCreditChunks = 16;  // what a receiver grants with the start
inline constexpr std::uint32_t kCreditStep = 4;     // granted again after so many chunks
inline constexpr std::array<std::size_t, kPriorities> kQueueBytes{2 << 20, 96 << 20, 16 << 20, 16 << 20, 192 << 20};

// One encoded message, shared by all links that carry it.
using messages::kChunkBytes;

struct Packet {
  messages::Priority priority = messages::Priority::kControl;
  std::shared_ptr<const core::Bytes> body;  // u8 kind ‖ msgpack
};

enum class QueueError : std::uint8_t { kFull, kDown };

// What the session seals next: a whole message as it is, or a part of a big one.
struct Outgoing {
  std::shared_ptr<const core::Bytes> whole;
  messages::MessagePtr part;  // BlobStart or BlobChunk
};

class Outbound {
 public:
  std::expected<void, QueueError> push(Packet packet);
  std::optional<Outgoing> next(Millis now);
  // False: no such blob is under way (it has just ended), which is no fault.
  bool credit(std::uint32_t blob, std::uint32_t chunks);
  // Refuses from now on; what waits is dropped and its number returned.
  std::size_t close();
  std::size_t bytes() const;
  std::size_t depth() const;

 private:
  struct Blob {
    std::uint32_t id = 0;
    std::shared_ptr<const core::Bytes> body;
    std::size_t offset = 1;  // the kind byte travels in the start
    std::uint32_t credit = kCreditChunks;
  };
  struct Class {
    std::deque<std::shared_ptr<const core::Bytes>> small, big;
    std::optional<Blob> blob;
    bool blob_turn = false;
    std::size_t bytes = 0;
    std::optional<Millis> waiting_since;
    bool blob_ready() const { return blob ? blob->credit > 0 : !big.empty(); }
    bool ready() const { return !small.empty() || blob_ready(); }
  };
  std::optional<std::size_t> choose(Millis now);
  Outgoing take(Class& from);
  Outgoing take_part(Class& from);

  mutable std::mutex mutex_;
  std::array<Class, kPriorities> classes_;
  std::uint32_t next_blob_ = 1;
  bool closed_ = false;
};

}  // namespace asterism::cluster
