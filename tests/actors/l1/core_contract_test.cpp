// The core contract and the bridge: what they accept, and every refusal by name.
#include <gtest/gtest.h>

#include "tests/actors/l1/attested.hpp"

namespace asterism::actors {
namespace {

using core::EthAddress;
using messages::LedgerAction;

class CoreContractTest : public ::testing::Test {
 protected:
  // The refusal, and nothing written then; or nullopt.
  template <class Payload>
  std::optional<Refusal> run(const core::Secp256k1Secret& sender, LedgerAction action, const Payload& payload) {
    return run_bytes(sender, static_cast<std::uint8_t>(action), messages::encode_value(payload));
  }
  std::optional<Refusal> run_bytes(const core::Secp256k1Secret& sender, std::uint8_t action, const core::Bytes& bytes) {
    const std::size_t mark = state_.mark();
    auto outcome = contract_.execute(sender.address(), action, bytes);
    if (outcome) {
      events_ = std::move(*outcome);
      return std::nullopt;
    }
    state_.roll_back(mark);
    return outcome.error();
  }
  std::optional<Refusal> update(std::vector<core::AttestedSpan> spans) {
    return run(d_.submitter, LedgerAction::kUpdateState, messages::UpdateStatePayload{.spans = std::move(spans)});
  }
  std::optional<Refusal> weigh(const EthAddress& attester, std::uint64_t weight, bool force = false) {
    return run(d_.operator_, LedgerAction::kRegisterAttester,
               messages::RegisterAttesterPayload{.attester = attester, .weight = weight, .force = force});
  }
  std::optional<Refusal> deposit(core::Uint128 amount, core::Uint128 fee = 1, core::Felt recipient = core::Felt(9)) {
    return run(user_, LedgerAction::kDeposit,
               messages::DepositPayload{.recipient = recipient, .amount = amount, .fee = fee});
  }
  void deploy() {
    ASSERT_EQ(run(d_.operator_, LedgerAction::kInitialise, d_.initialise()), std::nullopt);
    ASSERT_EQ(weigh(d_.attester_a.address(), 1), std::nullopt);
    ASSERT_EQ(weigh(d_.attester_b.address(), 1), std::nullopt);
  }

  Deployment d_;
  LedgerState state_;
  CoreContract contract_{d_.options, state_};
  core::Secp256k1Secret user_ = key_of(50);
  std::vector<messages::LedgerEvent> events_;
};

TEST_F(CoreContractTest, InitialisesOnceByTheOperator) {
  EXPECT_EQ(update({d_.span(0, 1)}), Refusal::kNotInitialised);
  EXPECT_EQ(weigh(user_.address(), 1), Refusal::kNotInitialised);
  EXPECT_EQ(deposit(1), Refusal::kNotInitialised);
  EXPECT_EQ(run(user_, LedgerAction::kInitialise, d_.initialise()), Refusal::kNotOperator);
  auto zero = d_.initialise();
  zero.attestation_threshold = 0;
  EXPECT_EQ(run(d_.operator_, LedgerAction::kInitialise, zero), Refusal::kBadThreshold);
  EXPECT_EQ(run(d_.operator_, LedgerAction::kInitialise, d_.initialise()), std::nullopt);
  EXPECT_EQ(run(d_.operator_, LedgerAction::kInitialise, d_.initialise()), Refusal::kAlreadyInitialised);
  EXPECT_EQ(contract_.head(), point_of(0));
}

TEST_F(CoreContractTest, PayloadsAreDecodedStrictly) {
  deploy();
  EXPECT_EQ(run_bytes(d_.operator_, 6, {}), Refusal::kUnknownAction);
  EXPECT_EQ(run_bytes(d_.operator_, 5, {}), Refusal::kBadPayload);
  auto bytes = messages::encode_value(messages::PausePayload{.paused = true});
  bytes.push_back(0);
  EXPECT_EQ(run_bytes(d_.operator_, 5, bytes), Refusal::kBadPayload);
}

TEST_F(CoreContractTest, SettlesConsecutiveSpansInOneUpdate) {
  deploy();
  EXPECT_EQ(update({d_.span(0, 3), d_.span(3, 4)}), std::nullopt);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].point, point_of(4));
  EXPECT_EQ(contract_.head(), point_of(4));
}

TEST_F(CoreContractTest, AllOrNone) {
  deploy();
  auto bad = d_.span(3, 4);
  bad.signatures.pop_back();
  EXPECT_EQ(update({d_.span(0, 3), bad}), Refusal::kTooLittleWeight);
  EXPECT_EQ(contract_.head(), point_of(0));
}

TEST_F(CoreContractTest, RefusesByNameWhatIsWrongWithASpan) {
  deploy();
  EXPECT_EQ(run(user_, LedgerAction::kUpdateState, messages::UpdateStatePayload{.spans = {d_.span(0, 1)}}),
            Refusal::kNotSubmitter);
  EXPECT_EQ(update({}), Refusal::kNoSpans);
  EXPECT_EQ(update({d_.span(1, 2)}), Refusal::kWrongStart);
  EXPECT_EQ(update({d_.span(0, 1), d_.span(0, 2)}), Refusal::kWrongStart);
  for (const int field : {0, 1}) {
    auto span = d_.span(0, 1);
    (field == 0 ? span.header.start.hash : span.header.start.root) += core::Felt::one();
    d_.sign(span, {&d_.attester_a, &d_.attester_b});
    EXPECT_EQ(update({span}), Refusal::kWrongStart);
  }
  EXPECT_EQ(update({d_.span(0, 0)}), Refusal::kEndNotGreater);
  EXPECT_EQ(update({d_.span(0, 2), d_.span(2, 1)}), Refusal::kEndNotGreater);
  auto stark = d_.span(0, 1);
  stark.header.kind = core::ProofKind::kStark;
  d_.sign(stark, {&d_.attester_a, &d_.attester_b});
  EXPECT_EQ(update({stark}), Refusal::kWrongProofKind);
  auto other = d_.span(0, 1);
  other.messages.to_l1.push_back({.from = core::Felt(1), .to = core::Felt(2), .payload = {}});
  EXPECT_EQ(update({other}), Refusal::kWrongMessageHash);
}

TEST_F(CoreContractTest, RefusesByNameWhatIsWrongWithSignatures) {
  deploy();
  auto span = d_.span(0, 1);
  d_.sign(span, {&d_.attester_a});
  EXPECT_EQ(update({span}), Refusal::kTooLittleWeight);
  d_.sign(span, {&d_.attester_a, &d_.attester_a});
  EXPECT_EQ(update({span}), Refusal::kDoubledSignature);
  d_.sign(span, {&d_.attester_a, &user_});
  EXPECT_EQ(update({span}), Refusal::kUnregisteredAttester);
  span = d_.span(0, 1);
  span.signatures[1][40] ^= 1;  // altered: recovers to nobody, or not at all
  const auto altered = update({span});
  EXPECT_TRUE(altered == Refusal::kUnregisteredAttester || altered == Refusal::kMalformedSignature);
  span = d_.span(0, 1);
  span.signatures[1][64] = 26;
  EXPECT_EQ(update({span}), Refusal::kMalformedSignature);
  span = d_.span(0, 1);
  span.header.end.root += core::Felt::one();  // what was signed is another header
  EXPECT_EQ(update({span}), Refusal::kUnregisteredAttester);
}

TEST_F(CoreContractTest, RefusesAnotherConfigurationOrDomain) {
  deploy();
  for (int field = 0; field < 4; ++field) {
    core::AttestationDomain domain = d_.domain();
    if (field == 0) domain.configuration_hash[0] ^= 1;
    if (field == 1) domain.genesis_hash[0] ^= 1;
    if (field == 2) domain.l1_chain_id += 1;
    if (field == 3) domain.core_contract.bytes[5] ^= 1;
    auto span = d_.span(0, 1);
    const core::Word digest = attestation_digest(domain, span.header);
    span.signatures = {d_.attester_a.sign(digest), d_.attester_b.sign(digest)};
    EXPECT_EQ(update({span}), Refusal::kUnregisteredAttester) << field;
  }
}

TEST_F(CoreContractTest, PausedByTheOperator) {
  deploy();
  const messages::PausePayload pause{.paused = true};
  EXPECT_EQ(run(user_, LedgerAction::kPause, pause), Refusal::kNotOperator);
  EXPECT_EQ(run(d_.operator_, LedgerAction::kPause, pause), std::nullopt);
  EXPECT_EQ(update({d_.span(0, 1)}), Refusal::kPaused);
  EXPECT_EQ(run(d_.operator_, LedgerAction::kPause, messages::PausePayload{.paused = false}), std::nullopt);
  EXPECT_EQ(update({d_.span(0, 1)}), std::nullopt);
}

TEST_F(CoreContractTest, AttestersAreRegisteredAndRemovedWithCare) {
  deploy();
  EXPECT_EQ(run(user_, LedgerAction::kRegisterAttester, messages::RegisterAttesterPayload{.attester = user_.address()}),
            Refusal::kNotOperator);
  EXPECT_EQ(weigh({}, 1), Refusal::kBadRecipient);
  EXPECT_EQ(weigh(d_.attester_a.address(), 0), Refusal::kWeightBelowThreshold);
  EXPECT_EQ(weigh(d_.attester_a.address(), 0, true), std::nullopt);
  EXPECT_EQ(update({d_.span(0, 1)}), Refusal::kUnregisteredAttester);
  EXPECT_EQ(weigh(d_.attester_a.address(), 1), std::nullopt);
  EXPECT_EQ(update({d_.span(0, 1)}), std::nullopt);
}

TEST_F(CoreContractTest, DepositsLockAndSendAMessageThatCountsOnce) {
  deploy();
  EXPECT_EQ(deposit(0), Refusal::kBadAmount);
  EXPECT_EQ(deposit(5, 0), Refusal::kBadAmount);
  EXPECT_EQ(deposit(5, core::Uint128{1'000'000'000} * 1'000'000'000 + 1), Refusal::kBadAmount);
  EXPECT_EQ(deposit(1001), Refusal::kInsufficientBalance);
  EXPECT_EQ(deposit(5, 1, core::Felt()), Refusal::kBadRecipient);
  EXPECT_EQ(deposit(400, 7), std::nullopt);
  ASSERT_EQ(events_.size(), 1U);
  const auto first = events_[0].message;
  EXPECT_EQ(first.nonce, core::Felt(0));
  EXPECT_EQ(first.selector, core::selector("handle_deposit"));
  EXPECT_EQ(first.payload, (std::vector<core::Felt>{core::Felt(9), core::Felt(400), core::Felt()}));
  EXPECT_EQ(contract_.message_to_l2(events_[0].hash), core::Uint128{8});
  EXPECT_EQ(contract_.balance(user_.address()), core::Uint128{600});
  EXPECT_EQ(contract_.bridge_balance(), core::Uint128{400});
  EXPECT_EQ(deposit(400), std::nullopt);
  EXPECT_EQ(events_[0].message.nonce, core::Felt(1));

  auto unknown = first;
  unknown.payload[1] = core::Felt(500);
  EXPECT_EQ(update({d_.span(0, 1, {.to_l1 = {}, .to_l2 = {unknown}})}), Refusal::kUnknownMessage);
  EXPECT_EQ(update({d_.span(0, 1, {.to_l1 = {}, .to_l2 = {first, first}})}), Refusal::kUnknownMessage);
  EXPECT_EQ(update({d_.span(0, 1, {.to_l1 = {}, .to_l2 = {first}})}), std::nullopt);
  EXPECT_EQ(update({d_.span(1, 2, {.to_l1 = {}, .to_l2 = {first}})}), Refusal::kUnknownMessage);
}

TEST_F(CoreContractTest, WithdrawalsReleaseWhatASettlementRegistered) {
  deploy();
  ASSERT_EQ(deposit(400), std::nullopt);
  const EthAddress recipient = key_of(60).address();
  const auto withdraw = [&](core::Uint128 amount) {
    return run(user_, LedgerAction::kWithdraw, messages::WithdrawPayload{.recipient = recipient, .amount = amount});
  };
  EXPECT_EQ(withdraw(100), Refusal::kUnknownWithdrawal);
  const core::L2ToL1Message message{.from = d_.options.l2_token,
                                    .to = core::as_felt(d_.options.bridge),
                                    .payload = {core::Felt(), core::as_felt(recipient), core::Felt(100), core::Felt()}};
  ASSERT_EQ(update({d_.span(0, 1, {.to_l1 = {message, message}, .to_l2 = {}})}), std::nullopt);
  EXPECT_EQ(withdraw(99), Refusal::kUnknownWithdrawal);
  EXPECT_EQ(withdraw(0), Refusal::kBadAmount);
  EXPECT_EQ(run(user_, LedgerAction::kWithdraw, messages::WithdrawPayload{.recipient = {}, .amount = 100}),
            Refusal::kBadRecipient);
  EXPECT_EQ(withdraw(100), std::nullopt);
  EXPECT_EQ(withdraw(100), std::nullopt);
  EXPECT_EQ(withdraw(100), Refusal::kUnknownWithdrawal);
  EXPECT_EQ(contract_.balance(recipient), core::Uint128{1200});
  EXPECT_EQ(contract_.bridge_balance(), core::Uint128{200});
}

TEST_F(CoreContractTest, EveryRefusalHasAText) {
  std::set<std::string_view> texts;
  for (std::uint8_t i = 1; i <= 23; ++i) EXPECT_TRUE(texts.insert(to_string(static_cast<Refusal>(i))).second);
  EXPECT_FALSE(texts.contains("unknown"));
}

}  // namespace
}  // namespace asterism::actors
