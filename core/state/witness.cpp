#include "core/state/witness.hpp"

#include <unordered_set>

#include "core/base/check.hpp"
#include "core/state/witness_codec.hpp"

namespace asterism::core {

namespace {

constexpr std::uint32_t kBlockMagic = 0x41574231;  // "AWB1"
constexpr std::uint32_t kSpanMagic = 0x41575331;   // "AWS1"
constexpr std::size_t kLeastHeader = 362;
constexpr std::size_t kLeafBytes = 96;

template <class Archive, class Witness>
void each_field(Archive& archive, Witness& w, std::type_identity<BlockWitness>) {
  witness_codec::block(archive, w.block);
  archive.felt(w.contracts_root);
  witness_codec::list(archive, w.nodes, 8 + witness_codec::kLeastNode, [&](auto& node) {
    archive.number(node.made_in);
    witness_codec::node(archive, node.node);
  });
  witness_codec::list(archive, w.leaves, 8 + kLeafBytes, [&](auto& leaf) {
    archive.number(leaf.made_in);
    witness_codec::leaf(archive, leaf.leaf);
  });
}

template <class Archive, class Witness>
void each_field(Archive& archive, Witness& w, std::type_identity<SpanWitness>) {
  witness_codec::list(archive, w.ancestors, kLeastHeader, [&](auto& h) { witness_codec::header(archive, h); });
  archive.felt(w.contracts_root);
  witness_codec::list(archive, w.nodes, witness_codec::kLeastNode,
                      [&](auto& node) { witness_codec::node(archive, node); });
  witness_codec::list(archive, w.leaves, kLeafBytes, [&](auto& leaf) { witness_codec::leaf(archive, leaf); });
  witness_codec::list(archive, w.blocks, kLeastHeader, [&](auto& block) { witness_codec::block(archive, block); });
}

template <class Witness>
Bytes encode(const Witness& witness, std::uint32_t magic) {
  constexpr std::size_t kPerNode = 80;
  WitnessWriter out;
  out.reserve(kPerNode * (witness.nodes.size() + witness.leaves.size()));
  out.number(magic);
  each_field(out, witness, std::type_identity<Witness>());
  return out.take();
}

template <class Witness>
std::expected<Witness, WitnessFault> decode(ByteView bytes, std::uint32_t magic) {
  if (bytes.size() > kMaxWitnessBytes) {
    return std::unexpected(WitnessFault{WitnessError::kTooLarge, std::to_string(bytes.size()) + " bytes"});
  }
  WitnessReader in(bytes);
  std::uint32_t found = 0;
  in.number(found);
  Witness out;
  if (found == magic) each_field(in, out, std::type_identity<Witness>());
  if (found != magic || !in.finished()) {
    return std::unexpected(WitnessFault{WitnessError::kMalformed, std::to_string(in.left()) + " bytes before the end"});
  }
  return out;
}

std::size_t mix(std::size_t a, std::size_t b) { return a * 0x9e3779b97f4a7c15ULL + b; }

struct ContentHash {
  std::size_t operator()(const TrieNode& node) const noexcept {
    const std::hash<Felt> hash;
    if (const auto* binary = std::get_if<BinaryNode>(&node)) return mix(hash(binary->left), hash(binary->right));
    const auto& edge = std::get<EdgeNode>(node);
    return mix(hash(edge.child), edge.path.limb[0]) + edge.length;
  }
  std::size_t operator()(const ContractLeaf& leaf) const noexcept {
    const std::hash<Felt> hash;
    return mix(mix(hash(leaf.class_hash), hash(leaf.storage_root)), hash(leaf.nonce));
  }
};

}  // namespace

std::string_view to_string(WitnessError error) {
  switch (error) {
    case WitnessError::kTooLarge:
      return "witness too large";
    case WitnessError::kMalformed:
      return "malformed witness";
    case WitnessError::kNoBlocks:
      return "no blocks";
    case WitnessError::kAncestors:
      return "ancestors form no chain to the start block";
    case WitnessError::kStartRoot:
      return "start root does not match";
    case WitnessError::kMissing:
      return "state is missing from the witness";
    case WitnessError::kBlock:
      return "a block does not execute to its header";
  }
  return "unknown";
}

Bytes encode_block_witness(const BlockWitness& witness) { return encode(witness, kBlockMagic); }
std::expected<BlockWitness, WitnessFault> decode_block_witness(ByteView bytes) {
  return decode<BlockWitness>(bytes, kBlockMagic);
}
Bytes encode_span_witness(const SpanWitness& witness) { return encode(witness, kSpanMagic); }
std::expected<SpanWitness, WitnessFault> decode_span_witness(ByteView bytes) {
  return decode<SpanWitness>(bytes, kSpanMagic);
}

SpanWitness merge_witnesses(std::vector<BlockHeader> ancestors, std::vector<BlockWitness> blocks) {
  ASTERISM_CHECK(!ancestors.empty() && !blocks.empty(), "a span has a start and an end");
  const std::uint64_t start = ancestors.back().number.value;
  SpanWitness out;
  out.ancestors = std::move(ancestors);
  out.contracts_root = blocks.front().contracts_root;
  std::unordered_set<TrieNode, ContentHash> nodes;
  std::unordered_set<ContractLeaf, ContentHash> leaves;
  for (BlockWitness& block : blocks) {
    for (const WitnessNode& node : block.nodes) {
      // What a block of the span made, the worker makes too.
      if (node.made_in <= start && nodes.insert(node.node).second) out.nodes.push_back(node.node);
    }
    for (const WitnessLeaf& leaf : block.leaves) {
      if (leaf.made_in <= start && leaves.insert(leaf.leaf).second) out.leaves.push_back(leaf.leaf);
    }
    out.blocks.push_back(std::move(block.block));
  }
  return out;
}

std::uint64_t estimated_memory(std::uint64_t witness_bytes) {
  // An upper estimate by the sizes of the structures, not a measurement: decoded nodes and their map take about five
  // times their encoding, execution about as much again for transactions; tables of the hash functions are the fixed
  // part.
  constexpr std::uint64_t kFixed = 16U << 20;
  constexpr std::uint64_t kPerByte = 12;
  return kFixed + kPerByte * witness_bytes;
}

}  // namespace asterism::core
