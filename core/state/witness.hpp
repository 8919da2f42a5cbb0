// Witnesses: what it takes to run the transition without the database (protocol.md, "Spans and proofs").
//
// A replica makes the witness of each block when it commits it: the block, the trie nodes that the execution and the
// root's computation read (siblings of deletions included), and the leaves of the contracts that it touched. A span's
// witness joins those of its blocks: nodes that a block of the span itself made are left out, the others stand once;
// the ten headers that end at the start block give the block hashes that execution reads.
//
// Trust: none. A worker hashes every node and leaf itself; what is not there counts as missing, never as absent. The
// result of execute_span depends on the start header's root, the transactions and genesis only.
#pragma once
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "core/chain/genesis.hpp"
#include "core/chain/span.hpp"
#include "core/state/transition_block.hpp"

namespace asterism::core {

struct WitnessNode {
  std::uint64_t made_in = 0;  // block that made it
  TrieNode node;
};
struct WitnessLeaf {
  std::uint64_t made_in = 0;
  ContractLeaf leaf;
};
struct BlockWitness {
  Block block;
  Felt contracts_root;  // before the block
  std::vector<WitnessNode> nodes;
  std::vector<WitnessLeaf> leaves;
};

struct SpanWitness {
  std::vector<BlockHeader> ancestors;  // ascending, at most ten, the last is the start block
  Felt contracts_root;                 // after the start block
  std::vector<TrieNode> nodes;
  std::vector<ContractLeaf> leaves;
  std::vector<Block> blocks;
};

enum class WitnessError : std::uint8_t {
  kTooLarge = 1,   // more bytes than any witness may have
  kMalformed = 2,  // not the encoding of a witness
  kNoBlocks = 3,
  kAncestors = 4,  // headers before the span do not form a chain that ends at its start
  kStartRoot = 5,  // the contracts root does not belong to the start block's state root
  kMissing = 6,    // a node or leaf that execution needs is not there
  kBlock = 7,      // a block does not execute to its header
};
struct WitnessFault {
  WitnessError error;
  std::string text;
};
std::string_view to_string(WitnessError error);

inline constexpr std::size_t kMaxWitnessBytes = 64U << 20;

Bytes encode_block_witness(const BlockWitness& witness);
std::expected<BlockWitness, WitnessFault> decode_block_witness(ByteView bytes);
Bytes encode_span_witness(const SpanWitness& witness);
std::expected<SpanWitness, WitnessFault> decode_span_witness(ByteView bytes);

// `blocks`: consecutive, ascending, at least one. `ancestors` as in SpanWitness.
SpanWitness merge_witnesses(std::vector<BlockHeader> ancestors, std::vector<BlockWitness> blocks);

struct SpanResult {
  SpanHeader header;
  MessageSegment messages;
};
std::expected<SpanResult, WitnessFault> execute_span(ByteView witness, const Genesis& genesis);
std::expected<SpanResult, WitnessFault> execute_span(const SpanWitness& witness, const Genesis& genesis);

// Bytes of memory that execute_span takes for a witness of that many encoded bytes, at most; the process's own not
// counted.
std::uint64_t estimated_memory(std::uint64_t witness_bytes);

}  // namespace asterism::core
