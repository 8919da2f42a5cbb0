// Proofs of membership and absence, as starknet_getStorageProof gives them: a list of nodes with their hashes.
#pragma once
#include "core/state/trie.hpp"

namespace asterism::core {

enum class ProofError : std::uint8_t {
  kWrongHash = 0,      // a node does not hash to what it is listed under
  kMissingNode = 1,    // the path leaves the listed nodes: nothing is proven, least of all absence
  kMalformedNode = 2,  // no honest trie has such a node
  kKeyTooLarge = 3,
};

// The nodes on the paths to all keys, each once, in the order of first visit.
std::expected<std::vector<HashedNode>, TrieError> prove_trie(unsigned height, const NodeReader& reader,
                                                             const Felt& root, std::span<const Felt> keys);

// Nodes of a proof after their hashes were checked.
class ProofNodes {
 public:
  static std::expected<ProofNodes, ProofError> check(TrieHash hash, std::span<const HashedNode> nodes);
  // The value that is proven at the key; zero: proven absent.
  std::expected<Felt, ProofError> value(unsigned height, const Felt& root, const Felt& key) const;

 private:
  NodeMap nodes_;
};

}  // namespace asterism::core
