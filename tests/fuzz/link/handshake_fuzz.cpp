// Bytes of a stranger at a session of either side, in pieces of any size. Nothing but a fault may come of it: without
// the other side's key no input opens a link.
#include <cstdlib>

#include "tests/cluster/link/pair.hpp"

using namespace asterism;
using namespace asterism::cluster;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const LinkIdentity left = test::identity(1), right = test::identity(2);
  static test::OpenAdmission admission;
  const bool initiator = (data[0] & 1) != 0;
  SessionOptions options{
      {initiator ? Side::kInitiator : Side::kResponder, ListenerKind::kPeers, std::nullopt, test::ephemeral(5)}, {}};
  Session session(initiator ? left : right, admission, options, Millis(0));
  const std::size_t piece = 1 + data[1];
  core::Bytes out;
  Millis now{0};
  for (std::size_t at = 2; at < size && !session.fault(); at += piece) {
    session.feed({data + at, std::min(piece, size - at)}, now += Millis(1));
    session.tick(now);
    session.produce(out, 1 << 20, now);
  }
  if (session.established()) std::abort();
  return 0;
}
