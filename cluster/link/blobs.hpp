// Puts the chunks of big messages together again. Memory is bounded: one blob at a time for each priority, its
// announced size judged by the cap of the message's kind before anything is kept, and the buffer grows with what
// arrives.
#pragma once
#include <expected>
#include <map>
#include <optional>

#include "cluster/link/outbound.hpp"

namespace asterism::cluster {

struct WholeBlob {
  std::uint8_t kind = 0;
  core::Bytes bytes;  // msgpack
};

class BlobReader {
 public:
  // The caller has checked that the sender may send this kind.
  std::expected<void, LinkFault> start(const messages::BlobStart& start, const messages::KindInfo& kind);
  struct Progress {
    std::optional<WholeBlob> whole;
    std::uint32_t grant = 0;  // credit to send back
  };
  std::expected<Progress, LinkFault> chunk(const messages::BlobChunk& chunk);

 private:
  struct Open {
    std::uint8_t kind = 0;
    messages::Priority priority = messages::Priority::kControl;
    std::uint64_t size = 0;
    std::uint32_t credit = kCreditChunks;
    std::uint32_t unacknowledged = 0;
    core::Bytes bytes;
  };
  std::map<std::uint32_t, Open> open_;
};

}  // namespace asterism::cluster
