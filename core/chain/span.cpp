#include "core/chain/span.hpp"

#include "core/chain/transaction_hash.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::core {
namespace {

Word word_of(std::uint64_t value) { return U256(value).to_be(); }

void add_payload(std::vector<Word>& out, const std::vector<Felt>& payload) {
  out.push_back(word_of(payload.size()));
  for (const Felt& value : payload) out.push_back(value.to_be());
}

}  // namespace

// As the program output has them: each segment begins with its own length in words.
std::vector<Word> message_segment_words(const MessageSegment& messages) {
  std::vector<Word> out{Word{}};
  for (const L2ToL1Message& message : messages.to_l1) {
    out.push_back(message.from.to_be());
    out.push_back(message.to.to_be());
    add_payload(out, message.payload);
  }
  out.front() = word_of(out.size() - 1);
  const std::size_t second = out.size();
  out.push_back(Word{});
  for (const L1ToL2Message& message : messages.to_l2) {
    out.push_back(as_word(message.from));
    out.push_back(message.to.to_be());
    out.push_back(message.nonce.to_be());
    out.push_back(message.selector.to_be());
    add_payload(out, message.payload);
  }
  out[second] = word_of(out.size() - second - 1);
  return out;
}

Word message_segment_hash(const MessageSegment& messages) {
  Keccak256 hasher;
  for (const Word& word : message_segment_words(messages)) hasher.update(word);
  return hasher.finish();
}

Word attestation_digest(const AttestationDomain& domain, const SpanHeader& header) {
  Keccak256 hasher;
  hasher.update(keccak256(as_bytes("asterism/attest/1")));
  hasher.update(domain.genesis_hash).update(word_of(domain.l1_chain_id)).update(as_word(domain.core_contract));
  hasher.update(domain.configuration_hash);
  for (const ChainPoint* point : {&header.start, &header.end}) {
    hasher.update(word_of(point->number.value)).update(point->hash.to_be()).update(point->root.to_be());
  }
  hasher.update(header.message_hash).update(word_of(static_cast<std::uint64_t>(header.kind)));
  return hasher.finish();
}

}  // namespace asterism::core
