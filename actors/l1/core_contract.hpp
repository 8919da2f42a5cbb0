// The contracts of the embedded L1: the core contract of protocol.md and ethereum-l1.md, and the bridge.
//
// It checks everything itself: domain and configuration (they are in the digest that attesters sign, built here from
// what it was initialised with), the first start equal to its head (number, hash, root), each next start equal to the
// end before, end greater, every signature by a distinct registered attester, weight, the message segment's hash, and
// each consumed L1 message present. A submission is applied as a whole or not at all.
// Messages: to L2 keyed by their keccak hash with a global nonce, entry = fee + 1, zeroed when consumed; to L1 counted
// by hash, taken one by one. Cancellation is refused in version 1 by not existing.
#pragma once
#include <expected>

#include "actors/l1/ledger_state.hpp"
#include "core/chain/span.hpp"
#include "messages/settlement.hpp"

namespace asterism::actors {

// Frozen: stands in transaction events as text by to_string.
enum class Refusal : std::uint8_t {
  kUnknownAction = 1,
  kBadPayload = 2,
  kNotOperator = 3,
  kNotSubmitter = 4,
  kAlreadyInitialised = 5,
  kNotInitialised = 6,
  kPaused = 7,
  kNoSpans = 8,
  kWrongStart = 9,
  kEndNotGreater = 10,
  kWrongProofKind = 11,
  kWrongMessageHash = 12,
  kMalformedSignature = 13,
  kUnregisteredAttester =
      14,  // an altered signature, or one for another domain or configuration, recovers to nobody known
  kDoubledSignature = 15,
  kTooLittleWeight = 16,
  kUnknownMessage = 17,
  kWeightBelowThreshold = 18,  // removing this attester needs `force`
  kBadAmount = 19,             // of a deposit or its fee, or of a withdrawal: zero, or out of range
  kInsufficientBalance = 20,
  kBadRecipient = 21,
  kUnknownWithdrawal = 22,
  kBadThreshold = 23,
};
std::string_view to_string(Refusal refusal);

struct ContractOptions {
  std::uint64_t l1_chain_id = 0;
  core::EthAddress core_contract{}, bridge{}, operator_address{};
  core::Felt l2_token;                // the fee token on L2
  core::Uint128 initial_balance = 0;  // of every account on this development chain
};

class CoreContract {
 public:
  CoreContract(const ContractOptions& options, LedgerState& state) : options_(options), state_(state) {}

  // Applies or refuses; a refusal may leave writes that the caller rolls back.
  std::expected<std::vector<messages::LedgerEvent>, Refusal> execute(const core::EthAddress& sender,
                                                                     std::uint8_t action, core::ByteView payload);

  bool initialised() const;
  bool paused() const;
  std::uint64_t threshold() const;
  core::ChainPoint head() const;
  std::vector<messages::AttesterWeight> attesters() const;
  core::Uint128 balance(const core::EthAddress& account) const;
  core::Uint128 bridge_balance() const;
  std::uint64_t next_message_nonce() const;
  // Entries: fee + 1 of a message to L2, or 0; how often a message to L1 may be taken.
  core::Uint128 message_to_l2(const core::Word& hash) const;
  std::uint64_t messages_to_l1(const core::Word& hash) const;

 private:
  using Events = std::vector<messages::LedgerEvent>;
  using Outcome = std::expected<void, Refusal>;
  Outcome on(const core::EthAddress& sender, const messages::InitialisePayload& payload);
  Outcome on(const core::EthAddress& sender, const messages::RegisterAttesterPayload& payload);
  Outcome on(const core::EthAddress& sender, const messages::UpdateStatePayload& payload);
  Outcome on(const core::EthAddress& sender, const messages::DepositPayload& payload);
  Outcome on(const core::EthAddress& sender, const messages::WithdrawPayload& payload);
  Outcome on(const core::EthAddress& sender, const messages::PausePayload& payload);
  template <class Payload>
  Outcome decoded(const core::EthAddress& sender, core::ByteView payload);
  Outcome settle(const core::AttestedSpan& span, const core::ChainPoint& head);
  Outcome check_signatures(const core::AttestedSpan& span) const;
  Outcome exchange_messages(const core::MessageSegment& messages);
  std::uint64_t weight_of(const core::EthAddress& attester) const;

  const ContractOptions& options_;
  LedgerState& state_;
  Events events_;
};

}  // namespace asterism::actors
