#include "core/state/trie_proof.hpp"

namespace asterism::core {
namespace {

// Keeps the nodes of several walks in the order of first visit.
class OrderedRecorder final : public NodeReader {
 public:
  explicit OrderedRecorder(const NodeReader& source) : source_(source) {}
  std::optional<TrieNode> node(const Felt& hash) const override {
    if (const auto known = seen_.node(hash)) return known;
    auto read = source_.node(hash);
    if (read) {
      seen_.nodes.emplace(hash, *read);
      order_.push_back({hash, *read});
    }
    return read;
  }
  std::vector<HashedNode> take() { return std::move(order_); }

 private:
  const NodeReader& source_;
  mutable NodeMap seen_;
  mutable std::vector<HashedNode> order_;
};

ProofError as_proof_error(TrieError error) {
  switch (error) {
    case TrieError::kMissingNode:
      return ProofError::kMissingNode;
    case TrieError::kKeyTooLarge:
      return ProofError::kKeyTooLarge;
    case TrieError::kMalformedNode:
    case TrieError::kNotAscending:
      break;
  }
  return ProofError::kMalformedNode;
}

}  // namespace

std::expected<std::vector<HashedNode>, TrieError> prove_trie(unsigned height, const NodeReader& reader,
                                                             const Felt& root, std::span<const Felt> keys) {
  OrderedRecorder recorder(reader);
  for (const Felt& key : keys) {
    const auto value = get_from_trie(height, recorder, root, key);
    if (!value) return std::unexpected(value.error());
  }
  return recorder.take();
}

std::expected<ProofNodes, ProofError> ProofNodes::check(TrieHash hash, std::span<const HashedNode> nodes) {
  ProofNodes out;
  for (const HashedNode& entry : nodes) {
    const auto* edge = std::get_if<EdgeNode>(&entry.node);
    if (edge != nullptr &&
        (edge->length == 0 || edge->length > kStateTrieHeight || edge->path.bit_length() > edge->length)) {
      return std::unexpected(ProofError::kMalformedNode);
    }
    if (hash_node(hash, entry.node) != entry.hash) return std::unexpected(ProofError::kWrongHash);
    out.nodes_.nodes.emplace(entry.hash, entry.node);
  }
  return out;
}

std::expected<Felt, ProofError> ProofNodes::value(unsigned height, const Felt& root, const Felt& key) const {
  const auto found = get_from_trie(height, nodes_, root, key);
  if (!found) return std::unexpected(as_proof_error(found.error()));
  return *found;
}

}  // namespace asterism::core
