// Spans of blocks, what an attester signs for one, and what settles on L1 (protocol.md, "Spans and proofs").
#pragma once
#include "core/chain/genesis.hpp"

namespace asterism::core {

// A point of the chain: the state after block `number`.
struct ChainPoint {
  BlockNumber number;
  Felt hash, root;
  bool operator==(const ChainPoint&) const = default;
};

// Blocks (start, end]. The message segment is what the L1 consumes and registers.
struct SpanHeader {
  ChainPoint start, end;
  Word message_hash{};
  ProofKind kind = ProofKind::kAttestation;
  bool operator==(const SpanHeader&) const = default;
};

struct L1ToL2Message {
  EthAddress from{};
  Felt to;
  Felt nonce;
  Felt selector;
  std::vector<Felt> payload;
  bool operator==(const L1ToL2Message&) const = default;
};

struct MessageSegment {
  std::vector<L2ToL1Message> to_l1;
  std::vector<L1ToL2Message> to_l2;
  bool operator==(const MessageSegment&) const = default;
};

struct AttestedSpan {
  SpanHeader header;
  MessageSegment messages;
  std::vector<EthSignature> signatures;
  bool operator==(const AttestedSpan&) const = default;
};

// Where an attestation counts: the domain that binds it to one deployment.
struct AttestationDomain {
  Word genesis_hash{};
  std::uint64_t l1_chain_id = 0;
  EthAddress core_contract{};
  Word configuration_hash{};
};

std::vector<Word> message_segment_words(const MessageSegment& messages);
Word message_segment_hash(const MessageSegment& messages);
Word attestation_digest(const AttestationDomain& domain, const SpanHeader& header);

}  // namespace asterism::core
