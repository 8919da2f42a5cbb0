// Why a link was refused or ended. Each reason is counted and shown by `peers`; the names are stable (metrics, shell).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace asterism::cluster {

enum class LinkError : std::uint8_t {
  kClosed,  // the other side said goodbye with the final tag
  kCut,     // ended without it
  kWrongVersion,
  kWrongGenesis,
  kWrongListener,  // a client at the peers' listener, or the other way round
  kWrongKey,       // the responder is not the one that was dialed
  kUnknownKey,
  kBadSignature,
  kBadShare,   // a Diffie-Hellman share of low order
  kMalformed,  // a handshake message of the wrong shape
  kTampered,   // a frame that does not open: altered, replayed, reordered
  kOversized,  // a length above the cap
  kKindNotAllowed,
  kKindTooLarge,
  kUndecodable,
  kBlobViolation,  // chunks without start, beyond credit or size
  kHandshakeTimeout,
  kIdle,        // nothing heard for too long
  kStalled,     // one frame took too long to arrive
  kSuperseded,  // a newer link of the same key
  kRateLimited,
  kTooManyLinks,
  kDialFailed,
  kShutdown,  // this side ends
};
inline constexpr std::size_t kLinkErrors = static_cast<std::size_t>(LinkError::kShutdown) + 1;
std::string_view to_string(LinkError error);

struct LinkFault {
  LinkError error = LinkError::kCut;
  std::string text;
};

}  // namespace asterism::cluster
