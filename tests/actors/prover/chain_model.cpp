#include "tests/actors/prover/chain_model.hpp"

#include "core/chain/transaction_hash.hpp"
#include "core/crypto/secp256k1.hpp"

namespace asterism::actors::test {

ChainModel::ChainModel() : validator_(core::Ed25519Secret::from_seed(word_of(7))) {
  core::GenesisValidator validator;
  validator.consensus_key.bytes = validator_.public_bytes();
  genesis_.validators.push_back(validator);
}

core::MessageSegment ChainModel::segment_of(std::uint64_t start, std::uint64_t end) const {
  core::MessageSegment out;
  for (auto at = messages_of.upper_bound(start); at != messages_of.end() && at->first <= end; ++at)
    out.to_l2.push_back(at->second);
  return out;
}

core::SpanHeader ChainModel::header(std::uint64_t start, std::uint64_t end) const {
  const auto segment = segment_of(start, end);
  return {.start = point(start),
          .end = point(end),
          .message_hash = segment.to_l2.empty() ? core::Word{} : core::message_segment_hash(segment),
          .kind = core::ProofKind::kAttestation};
}

messages::BlockCommitted ChainModel::committed(std::uint64_t height) const {
  messages::BlockCommitted out{.height = height,
                               .hash = {},
                               .root = {},
                               .timestamp = 0,
                               .witness_bytes = blocks_[height].bytes,
                               .transactions = {},
                               .accounts = {}};
  out.transactions.resize(blocks_[height].transactions);
  return out;
}

messages::BlockSummaries ChainModel::summaries(std::uint64_t from) const {
  messages::BlockSummaries out{.latest = height(), .blocks = {}};
  for (std::uint64_t h = from; h <= height() && out.blocks.size() < 256; ++h)
    out.blocks.push_back({h, blocks_[h].transactions, blocks_[h].bytes});
  return out;
}

messages::WitnessReply ChainModel::witness(std::uint64_t start, std::uint64_t end) const {
  const bool known = end <= height();
  messages::WitnessReply out{.start = start,
                             .end = end,
                             .outcome = static_cast<std::uint8_t>(known ? messages::WitnessOutcome::kFound
                                                                        : messages::WitnessOutcome::kNotYet),
                             .header = header(start, end),
                             .messages = segment_of(start, end),
                             .transactions = 0,
                             .witness = {},
                             .certificate = {}};
  std::uint64_t bytes = 0;
  for (std::uint64_t h = start + 1; h <= std::min(end, height()); ++h) {
    out.transactions += blocks_[h].transactions;
    bytes += blocks_[h].bytes;
  }
  if (bytes > witness_limit) out.outcome = static_cast<std::uint8_t>(messages::WitnessOutcome::kTooLarge);
  out.witness.assign(bytes, 0);
  out.certificate.height = core::BlockNumber(end);
  out.certificate.value = point(end).hash.to_be();
  const core::Vote vote{.height = out.certificate.height,
                        .round = {},
                        .type = core::VoteType::kPrecommit,
                        .value = out.certificate.value,
                        .validator = {},
                        .signature = {}};
  out.certificate.signatures.push_back(
      {core::ValidatorIndex(0), validator_.sign(core::vote_signing_bytes(genesis_hash_, vote))});
  return out;
}

messages::SettlementView ChainModel::view(std::uint64_t threshold) const {
  messages::SettlementView out{.known = true,
                               .initialised = true,
                               .paused = false,
                               .core = l1_,
                               .finalized_block = finalized,
                               .frozen = false,
                               .attesters = {},
                               .threshold = threshold,
                               .lost_messages = lost_messages};
  for (const auto& [attester, weight] : attesters_) out.attesters.push_back({attester, weight});
  return out;
}

bool ChainModel::settle(const messages::SettleSpans& settle, const CoordinatorOptions& options) {
  core::ChainPoint at = l1_;
  for (const core::AttestedSpan& span : settle.spans) {
    if (span.header.start != at || span.header.end.number <= at.number) return false;
    std::set<core::EthAddress> signers;
    std::uint64_t weight = 0;
    for (const core::EthSignature& signature : span.signatures) {
      const auto signer = core::recover_address(core::attestation_digest(options.domain, span.header), signature);
      if (signer && signers.insert(*signer).second) weight += attesters_[*signer];
    }
    if (weight < options.threshold) return false;
    at = span.header.end;
  }
  l1_ = at;
  ++settlements;
  return true;
}

}  // namespace asterism::actors::test
