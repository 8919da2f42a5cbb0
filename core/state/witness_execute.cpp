#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "core/chain/block_hash.hpp"
#include "core/hash/pedersen.hpp"
#include "core/state/witness.hpp"

namespace asterism::core {

namespace {

std::unexpected<WitnessFault> fault(WitnessError error, std::string text = {}) {
  return std::unexpected(WitnessFault{error, std::move(text)});
}

// The state that a witness holds, and what the span's blocks add to it. Nodes and leaves are known by hashes computed
// here, so that nothing in the witness can stand for something else.
class WitnessState final : public StateView, public StateSource {
 public:
  explicit WitnessState(const SpanWitness& witness) : start_root_(witness.contracts_root) {
    add_nodes(witness.nodes);
    add_leaves(witness.leaves);
  }

  Felt nonce(const Felt& address) const override { return leaf(address).nonce; }
  Felt class_hash(const Felt& address) const override { return leaf(address).class_hash; }
  Felt storage(const Felt& address, const Felt& key) const override {
    const Felt root = leaf(address).storage_root;
    return root.is_zero() ? Felt() : read(root, key);
  }
  bool missing() const override { return missing_; }

  std::optional<TrieNode> node(const TrieOwner&, const Felt& hash) const override { return nodes_.node(hash); }
  std::optional<ContractLeaf> contract(const Felt& address) const override {
    const auto known = contracts_.find(address);
    if (known != contracts_.end()) return known->second;
    // Not changed since the start: its leaf is that under the start's root.
    const auto hash = get_from_trie(kStateTrieHeight, nodes_, start_root_, address);
    if (!hash) return std::nullopt;
    ContractLeaf out;
    if (!hash->is_zero()) {
      const auto found = leaves_.find(*hash);
      if (found == leaves_.end()) return std::nullopt;
      out = found->second;
    }
    contracts_.emplace(address, out);
    return out;
  }

  void apply(const StateChange& change) {
    for (const TrieDelta& trie : change.tries) {
      for (const HashedNode& added : trie.added) nodes_.nodes.emplace(added.hash, added.node);
    }
    for (const auto& [address, after] : change.contracts) contracts_[address] = after;
  }

 private:
  ContractLeaf leaf(const Felt& address) const {
    const auto found = contract(address);
    missing_ = missing_ || !found;
    return found.value_or(ContractLeaf{});
  }
  Felt read(const Felt& root, const Felt& key) const {
    const auto value = get_from_trie(kStateTrieHeight, nodes_, root, key);
    missing_ = missing_ || !value;
    return value.value_or(Felt());
  }

  void add_nodes(const std::vector<TrieNode>& nodes) {
    std::vector<std::pair<Felt, Felt>> in;
    in.reserve(nodes.size());
    for (const TrieNode& node : nodes) {
      if (const auto* binary = std::get_if<BinaryNode>(&node)) {
        in.emplace_back(binary->left, binary->right);
      } else {
        const auto& edge = std::get<EdgeNode>(node);
        in.emplace_back(edge.child, Felt::reduce(edge.path));
      }
    }
    std::vector<Felt> hashes(in.size());
    pedersen_batch(in, hashes);
    nodes_.nodes.reserve(2 * nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (const auto* edge = std::get_if<EdgeNode>(&nodes[i])) hashes[i] += Felt(edge->length);
      nodes_.nodes.emplace(hashes[i], nodes[i]);
    }
  }

  void add_leaves(const std::vector<ContractLeaf>& leaves) {
    std::vector<std::pair<Felt, Felt>> in;
    in.reserve(leaves.size());
    for (const ContractLeaf& leaf : leaves) in.emplace_back(leaf.class_hash, leaf.storage_root);
    std::vector<Felt> hashes(in.size());
    pedersen_batch(in, hashes);
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = {hashes[i], leaves[i].nonce};
    pedersen_batch(in, hashes);
    for (std::size_t i = 0; i < in.size(); ++i) in[i] = {hashes[i], Felt()};
    pedersen_batch(in, hashes);
    for (std::size_t i = 0; i < leaves.size(); ++i) leaves_.emplace(hashes[i], leaves[i]);
  }

  Felt start_root_;
  NodeMap nodes_;
  std::unordered_map<Felt, ContractLeaf> leaves_;             // by hash
  mutable std::unordered_map<Felt, ContractLeaf> contracts_;  // by address, as they are now
  mutable bool missing_ = false;
};

constexpr std::size_t kAncestors = 10;

// Hashes of the ancestors, ascending, or why they are no chain.
std::expected<std::vector<Felt>, WitnessFault> hash_ancestors(const std::vector<BlockHeader>& ancestors) {
  if (ancestors.empty()) return fault(WitnessError::kAncestors, "none");
  const std::uint64_t start = ancestors.back().number.value;
  if (ancestors.size() != std::min<std::uint64_t>(kAncestors, start + 1)) {
    return fault(WitnessError::kAncestors, std::to_string(ancestors.size()) + " headers");
  }
  std::vector<Felt> hashes;
  for (std::size_t i = 0; i < ancestors.size(); ++i) {
    const BlockHeader& header = ancestors[i];
    if (header.number.value != start - (ancestors.size() - 1 - i)) {
      return fault(WitnessError::kAncestors, "numbers are not consecutive");
    }
    if (i > 0 && header.parent_hash != hashes.back()) {
      return fault(WitnessError::kAncestors, "block " + std::to_string(header.number.value));
    }
    hashes.push_back(block_hash(header));
  }
  return hashes;
}

void append(MessageSegment& all, MessageSegment&& more) {
  all.to_l1.insert(all.to_l1.end(), std::make_move_iterator(more.to_l1.begin()),
                   std::make_move_iterator(more.to_l1.end()));
  all.to_l2.insert(all.to_l2.end(), std::make_move_iterator(more.to_l2.begin()),
                   std::make_move_iterator(more.to_l2.end()));
}

}  // namespace

std::expected<SpanResult, WitnessFault> execute_span(const SpanWitness& witness, const Genesis& genesis) {
  if (witness.blocks.empty()) return fault(WitnessError::kNoBlocks);
  auto hashes = hash_ancestors(witness.ancestors);
  if (!hashes) return std::unexpected(hashes.error());
  const BlockHeader& start = witness.ancestors.back();
  if (global_root(witness.contracts_root, Felt()) != start.state_root) return fault(WitnessError::kStartRoot);

  const ChainRules rules(genesis);
  WitnessState state(witness);
  SpanResult out;
  out.header.start = {start.number, hashes->back(), start.state_root};
  ParentBlock parent{start.number, hashes->back(), start.timestamp, {witness.contracts_root, Felt()}};
  const std::uint64_t first = witness.ancestors.front().number.value;
  for (const Block& block : witness.blocks) {
    const std::uint64_t number = parent.number.value + 1;
    const Felt tenth = number < kAncestors ? Felt() : (*hashes)[number - kAncestors - first];
    auto done = execute_block({state, state, rules, parent, tenth, {}}, block);
    if (!done) {
      const bool missing = done.error().fault == BlockFault::kMissingState;
      return fault(missing ? WitnessError::kMissing : WitnessError::kBlock,
                   "block " + std::to_string(number) + ": " + std::string(to_string(done.error().fault)) + ": " +
                       done.error().text);
    }
    state.apply(done->change);
    hashes->push_back(done->hash);
    parent = {done->header.number, done->hash, done->header.timestamp, done->change.roots};
    out.header.end = {done->header.number, done->hash, done->header.state_root};
    append(out.messages, std::move(done->messages));
  }
  out.header.message_hash = message_segment_hash(out.messages);
  out.header.kind = ProofKind::kAttestation;
  return out;
}

std::expected<SpanResult, WitnessFault> execute_span(ByteView witness, const Genesis& genesis) {
  const auto decoded = decode_span_witness(witness);
  if (!decoded) return std::unexpected(decoded.error());
  return execute_span(*decoded, genesis);
}

}  // namespace asterism::core
