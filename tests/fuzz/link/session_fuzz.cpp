// What a peer that holds good keys may send: plaintexts of frames, sealed as the protocol says. First byte of each
// record: how many of the following 16-bit-counted bytes are one plaintext. The receiving session may fault, never
// misbehave, and what it delivers must encode to what came in.
#include <cstdlib>

#include "tests/cluster/link/pair.hpp"

using namespace asterism;
using namespace asterism::cluster;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  test::Pair pair;
  if (size > 0 && (data[0] & 1) != 0) {
    pair.right_admission.kind = actors::PeerKind::kJoiner;
    pair.right_admission.senders = messages::kFromJoiner;
  }
  pair.connect();
  if (!pair.b->up()) std::abort();
  for (std::size_t at = 1; at + 2 < size;) {
    const std::size_t length = std::min<std::size_t>(data[at] | data[at + 1] << 8, size - at - 2);
    at += 2;
    if (length > 0) {
      auto body = std::make_shared<const core::Bytes>(data + at, data + at + length);
      if (!pair.a->outbound()->push({messages::Priority::kVotes, std::move(body)})) break;
    }
    at += length;
    pair.settle();
  }
  for (const auto& message : pair.at_b) {
    if (messages::encode_with_kind(*message).empty()) std::abort();
  }
  return 0;
}
