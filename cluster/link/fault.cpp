#include "cluster/link/fault.hpp"

#include <array>

namespace asterism::cluster {

std::string_view to_string(LinkError error) {
  static constexpr std::array<std::string_view, kLinkErrors> kNames{"closed",
                                                                    "cut",
                                                                    "wrong_version",
                                                                    "wrong_genesis",
                                                                    "wrong_listener",
                                                                    "wrong_key",
                                                                    "unknown_key",
                                                                    "bad_signature",
                                                                    "bad_share",
                                                                    "malformed",
                                                                    "tampered",
                                                                    "oversized",
                                                                    "kind_not_allowed",
                                                                    "kind_too_large",
                                                                    "undecodable",
                                                                    "blob_violation",
                                                                    "handshake_timeout",
                                                                    "idle",
                                                                    "stalled",
                                                                    "superseded",
                                                                    "rate_limited",
                                                                    "too_many_links",
                                                                    "dial_failed",
                                                                    "shutdown"};
  return kNames[static_cast<std::size_t>(error)];
}

}  // namespace asterism::cluster
