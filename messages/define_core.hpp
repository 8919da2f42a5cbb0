// The wire form of core's structs: their fields in order, and the bounds that a decoder holds them to.
// Included by define.hpp. The order of fields is frozen: these bytes are on the wire, on disk and under signatures.
#pragma once
#include "core/chain/block.hpp"
#include "core/chain/genesis.hpp"
#include "core/chain/span.hpp"
#include "core/chain/transaction.hpp"
#include "core/chain/vote.hpp"
#include "messages/define.hpp"

ASTERISM_PACK_ENUM(asterism::core::DataAvailabilityMode, 0, asterism::core::DataAvailabilityMode::kL2)
ASTERISM_PACK_ENUM(asterism::core::L1DaMode, 0, asterism::core::L1DaMode::kBlob)
ASTERISM_PACK_ENUM(asterism::core::ExecutionStatus, 0, asterism::core::ExecutionStatus::kReverted)
ASTERISM_PACK_ENUM(asterism::core::ProofKind, 0, asterism::core::ProofKind::kStark)
ASTERISM_PACK_ENUM(asterism::core::VoteType, 0, asterism::core::VoteType::kPrecommit)
ASTERISM_PACK_ENUM(asterism::core::Role, 0, asterism::core::Role::kLedger)

ASTERISM_PACK_FIELDS(asterism::core::ResourceBounds, v.max_amount, v.max_price)
ASTERISM_PACK_FIELDS(asterism::core::ResourceBoundsSet, v.l1_gas, v.l2_gas, v.l1_data_gas)
ASTERISM_PACK_FIELDS(asterism::core::V3Fields, v.nonce, v.tip, v.bounds, v.paymaster_data, v.nonce_da_mode,
                     v.fee_da_mode, v.signature)
ASTERISM_PACK_FIELDS(asterism::core::InvokeTransaction, v.v3, v.sender, v.calldata, v.account_deployment_data,
                     v.proof_facts)
ASTERISM_PACK_FIELDS(asterism::core::DeployAccountTransaction, v.v3, v.class_hash, v.salt, v.constructor_calldata)
ASTERISM_PACK_FIELDS(asterism::core::L1HandlerTransaction, v.nonce, v.contract, v.selector, v.calldata)

ASTERISM_PACK_FIELDS(asterism::core::GasPrice, v.wei, v.fri)
ASTERISM_PACK_FIELDS(asterism::core::GasPrices, v.l1, v.l1_data, v.l2)
ASTERISM_PACK_FIELDS(asterism::core::GasVector, v.l1, v.l1_data, v.l2)
ASTERISM_PACK_FIELDS(asterism::core::BlockHeader, v.number, v.parent_hash, v.state_root, v.sequencer, v.timestamp,
                     v.transaction_count, v.event_count, v.state_diff_length, v.state_diff_commitment,
                     v.transaction_commitment, v.event_commitment, v.receipt_commitment, v.gas_prices, v.l1_da_mode,
                     v.protocol_version)
ASTERISM_PACK_FIELDS(asterism::core::Block, v.header, v.transactions)
ASTERISM_PACK_FIELDS(asterism::core::Event, v.from, v.keys, v.data)
ASTERISM_PACK_FIELDS(asterism::core::L2ToL1Message, v.from, v.to, v.payload)
ASTERISM_PACK_FIELDS(asterism::core::Receipt, v.transaction_hash, v.actual_fee, v.status, v.revert_reason, v.events,
                     v.messages, v.gas, v.l1_message_hash, v.contract_address)
ASTERISM_PACK_FIELDS(asterism::core::StateDiff, v.deployed, v.nonces, v.storage)

ASTERISM_PACK_FIELDS(asterism::core::Vote, v.height, v.round, v.type, v.value, v.validator, v.signature)
ASTERISM_PACK_FIELDS(asterism::core::ProposalHeader, v.height, v.round, v.valid_round, v.value, v.validator,
                     v.signature)
ASTERISM_PACK_FIELDS(asterism::core::CertificateSignature, v.validator, v.signature)
ASTERISM_PACK_FIELDS(asterism::core::Certificate, v.height, v.round, v.value, v.signatures)
ASTERISM_PACK_FIELDS(asterism::core::DecidedBlock, v.block, v.certificate)

ASTERISM_PACK_FIELDS(asterism::core::ChainPoint, v.number, v.hash, v.root)
ASTERISM_PACK_FIELDS(asterism::core::SpanHeader, v.start, v.end, v.message_hash, v.kind)
ASTERISM_PACK_FIELDS(asterism::core::L1ToL2Message, v.from, v.to, v.nonce, v.selector, v.payload)
ASTERISM_PACK_FIELDS(asterism::core::MessageSegment, v.to_l1, v.to_l2)
ASTERISM_PACK_FIELDS(asterism::core::AttestedSpan, v.header, v.messages, v.signatures)

namespace asterism::messages {

// A vote that travels is one of the two types; a proposal has a header of its own. Rounds are below 2^31.
template <>
struct PackCheck<core::Vote> {
  static bool valid(const core::Vote& vote) {
    return vote.type != core::VoteType::kProposal && vote.round.value < (1U << 31);
  }
};
template <>
struct PackCheck<core::ProposalHeader> {
  static bool valid(const core::ProposalHeader& header) {
    return header.round.value < (1U << 31) && header.valid_round >= -1 &&
           header.valid_round < static_cast<std::int64_t>(header.round.value);
  }
};
// Validators ascending, each at most once.
template <>
struct PackCheck<core::Certificate> {
  static bool valid(const core::Certificate& certificate) {
    const auto& signatures = certificate.signatures;
    for (std::size_t i = 1; i < signatures.size(); ++i) {
      if (signatures[i - 1].validator >= signatures[i].validator) return false;
    }
    return certificate.round.value < (1U << 31);
  }
};
template <>
struct PackCheck<core::V3Fields> {
  static bool valid(const core::V3Fields& fields) {
    return fields.paymaster_data.size() <= core::kMaxShortList && fields.signature.size() <= core::kMaxSignature;
  }
};
template <>
struct PackCheck<core::InvokeTransaction> {
  static bool valid(const core::InvokeTransaction& transaction) {
    return transaction.calldata.size() <= core::kMaxCalldata &&
           transaction.account_deployment_data.size() <= core::kMaxShortList &&
           transaction.proof_facts.size() <= core::kMaxShortList;
  }
};
template <>
struct PackCheck<core::DeployAccountTransaction> {
  static bool valid(const core::DeployAccountTransaction& transaction) {
    return transaction.constructor_calldata.size() <= core::kMaxCalldata;
  }
};
template <>
struct PackCheck<core::L1HandlerTransaction> {
  static bool valid(const core::L1HandlerTransaction& transaction) {
    return transaction.calldata.size() <= core::kMaxCalldata;
  }
};

}  // namespace asterism::messages

namespace msgpack {
MSGPACK_API_VERSION_NAMESPACE(MSGPACK_DEFAULT_API_NS) {
  namespace adaptor {

  template <>
  struct convert<asterism::core::Transaction> {
    const msgpack::object& operator()(const msgpack::object& from, asterism::core::Transaction& value) const {
      if (from.type != msgpack::type::ARRAY || from.via.array.size != 2) throw msgpack::type_error();
      std::uint8_t type = 0;
      from.via.array.ptr[0].convert(type);
      const msgpack::object& body = from.via.array.ptr[1];
      switch (type) {
        case 0:
          body.convert(value.emplace<0>());
          break;
        case 1:
          body.convert(value.emplace<1>());
          break;
        case 2:
          body.convert(value.emplace<2>());
          break;
        default:
          throw msgpack::type_error();
      }
      return from;
    }
  };
  template <>
  struct pack<asterism::core::Transaction> {
    template <class Stream>
    msgpack::packer<Stream>& operator()(msgpack::packer<Stream>& out, const asterism::core::Transaction& value) const {
      out.pack_array(2);
      out.pack(static_cast<std::uint8_t>(value.index()));
      std::visit([&](const auto& body) { out.pack(body); }, value);
      return out;
    }
  };

  }  // namespace adaptor
}  // MSGPACK_API_VERSION_NAMESPACE
}  // namespace msgpack
