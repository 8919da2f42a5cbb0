// Attested spans for tests: a chain of points, keys that sign, and a genesis to go with them.
#pragma once
#include "actors/l1/core_contract.hpp"
#include "actors/l1/ledger_transaction.hpp"
#include "core/chain/transaction_hash.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::actors {

inline core::Secp256k1Secret key_of(std::uint64_t number) {
  return *core::Secp256k1Secret::from_bytes(core::keccak256(core::U256(number).to_be()));
}

inline core::ChainPoint point_of(std::uint64_t number, std::uint64_t fork = 0) {
  return {core::BlockNumber(number), core::Felt(1'000'000 * fork + 10 * number + 1), core::Felt(10 * number + 2)};
}

struct Deployment {
  core::Secp256k1Secret operator_ = key_of(1), submitter = key_of(2), attester_a = key_of(3), attester_b = key_of(4);
  ContractOptions options{.l1_chain_id = 31337,
                          .core_contract = {{1}},
                          .bridge = {{2}},
                          .operator_address = operator_.address(),
                          .l2_token = core::Felt(0x57),
                          .initial_balance = 1000};
  core::Word genesis_hash = core::keccak256(core::as_bytes("genesis"));
  core::Word configuration_hash = core::keccak256(core::as_bytes("configuration"));

  messages::InitialisePayload initialise() const {
    return {.genesis_hash = genesis_hash,
            .configuration_hash = configuration_hash,
            .block0 = point_of(0),
            .attestation_threshold = 2,
            .submitter = submitter.address(),
            .bridge_token = options.bridge};
  }
  core::AttestationDomain domain() const {
    return {.genesis_hash = genesis_hash,
            .l1_chain_id = options.l1_chain_id,
            .core_contract = options.core_contract,
            .configuration_hash = configuration_hash};
  }
  core::AttestedSpan span(std::uint64_t start, std::uint64_t end, core::MessageSegment messages = {}) const {
    core::AttestedSpan out{.header = {.start = point_of(start), .end = point_of(end), .message_hash = {}, .kind = {}},
                           .messages = std::move(messages),
                           .signatures = {}};
    out.header.message_hash = core::message_segment_hash(out.messages);
    sign(out, {&attester_a, &attester_b});
    return out;
  }
  void sign(core::AttestedSpan& span, const std::vector<const core::Secp256k1Secret*>& keys) const {
    span.signatures.clear();
    for (const auto* key : keys) span.signatures.push_back(key->sign(attestation_digest(domain(), span.header)));
  }
};

}  // namespace asterism::actors
