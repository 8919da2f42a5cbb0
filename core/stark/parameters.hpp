// What prover and verifier agree on beforehand, in the terms of Stone's parameter file.
#pragma once
#include <vector>

#include "core/stark/failure.hpp"
#include "core/stark/hashes.hpp"

namespace asterism::core::stark {

struct FriParameters {
  std::vector<unsigned> step_list;  // log2 of each layer's reduction; the first may be 0
  std::uint64_t last_layer_degree_bound = 1;
  unsigned n_queries = 1;
  unsigned proof_of_work_bits = 0;
};

struct Parameters {
  unsigned log_n_cosets = 2;  // log2 of the blow-up
  FriParameters fri;
  HashKind channel_hash = HashKind::keccak256;  // keccak256, blake256 or poseidon3
  HashKind commitment_hash = HashKind::keccak256_masked160_msb;
  HashKind friendly_hash = HashKind::keccak256_masked160_msb;  // of the top n_friendly_layers of each tree
  std::uint64_t n_friendly_layers = 0;
  bool friendly_channel_updates = false;   // the out-of-domain values are one message
  HashKind pow_hash = HashKind::blake256;  // with the poseidon3 channel; others use the channel's own
  HashKind page_hash = HashKind::keccak256;
  bool short_seed = false;  // without its first word: Stone v1 and v2, and StarkWare's contracts on Ethereum
  bool evm = false;         // what those contracts take; implies short_seed

  HashKind seed_hash() const { return friendly_channel_updates ? friendly_hash : channel_hash; }
  HashKind proof_of_work_hash() const { return channel_hash == HashKind::poseidon3 ? pow_hash : channel_hash; }
  HashKind layer_hash(unsigned depth) const { return depth < n_friendly_layers ? friendly_hash : commitment_hash; }
};

// Consistent, and fit for a trace of 2^log_trace_length rows.
Expected<void> validate(const Parameters& parameters, unsigned log_trace_length);

// For a trace of 2^log_trace_length rows: blow-up 8, 98 bits of security; what the contracts on Ethereum take as well.
Parameters default_parameters(unsigned log_trace_length);

// Conjectured bits of security of the queries and the proof of work: n_queries * log2(blow-up) + bits.
unsigned security_bits(const Parameters& parameters);
constexpr unsigned kLeastSecurityBits = 96;

}  // namespace asterism::core::stark
