// The transcript as both sides start it.
#pragma once
#include "core/stark/air/layout.hpp"
#include "core/stark/public_input.hpp"
#include "core/stark/transcript.hpp"

namespace asterism::core::stark {

inline constexpr std::string_view kStatementName = "cpu air";

inline Expected<std::unique_ptr<Transcript>> start_transcript(const Layout& layout, const PublicInput& input,
                                                              const Parameters& parameters) {
  const auto seed = public_input_seed(input, layout.segment_names(), parameters);
  if (!seed) return std::unexpected(seed.error());
  const Word digest = hash_bytes(parameters.seed_hash(), *seed);
  return parameters.channel_hash == HashKind::poseidon3 ? make_felt_transcript(digest)
                                                        : make_hash_transcript(parameters.channel_hash, digest);
}

}  // namespace asterism::core::stark
