#include "actors/admin/admin.hpp"
#include "actors/consensus/vote_log.hpp"
#include "actors/prover/span_record.hpp"
#include "messages/codec.hpp"
#include "tests/actors/l1/attested.hpp"
#include "tests/fuzz/seeds/seeds.hpp"
#include "tests/storage/state/store_chain.hpp"

namespace asterism::fuzz {
namespace {

using core::Bytes;
using core::ByteWriter;
using messages::encode_value;

core::Transaction transfer(const core::Felt& chain) {
  return core::test::invoke(core::test::TestAccount(1), 0, {core::test::transfer_call(core::Felt(9), 5)}, chain);
}

core::Block block() {
  core::Block out;
  out.header.number = core::BlockNumber(7);
  out.transactions = {transfer(core::Felt(1)), core::DeployAccountTransaction{}, core::L1HandlerTransaction{}};
  return out;
}

// Each kind as it is made, those with depth filled; alone, and one after the other over a link.
void add_messages(Seeds& seeds) {
  std::vector<messages::Message> all;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (all.emplace_back(std::in_place_index<I>), ...);
  }(std::make_index_sequence<std::variant_size_v<messages::Message>>{});
  core::Certificate certificate{core::BlockNumber(7), core::Round(2), {}, {}};
  for (std::uint16_t i = 0; i < 3; ++i) certificate.signatures.push_back({core::ValidatorIndex(i), {}});
  all.emplace_back(messages::CatchUpReply{{{block(), certificate}}});
  all.emplace_back(messages::SubmitTransaction{1, transfer(core::Felt(1))});
  all.emplace_back(messages::SettleSpans{{actors::Deployment().span(0, 3)}});
  ByteWriter session;
  session.u8(0);
  for (const auto& message : all) {
    const Bytes bytes = messages::encode_with_kind(message);
    seeds.add("fuzz_messages", bytes);
    // The session's target counts little-endian.
    session.u8(static_cast<std::uint8_t>(bytes.size())).u8(static_cast<std::uint8_t>(bytes.size() >> 8)).raw(bytes);
    seeds.add("fuzz_link_session", ByteWriter()
                                       .u8(0)
                                       .u8(static_cast<std::uint8_t>(bytes.size()))
                                       .u8(static_cast<std::uint8_t>(bytes.size() >> 8))
                                       .raw(bytes)
                                       .bytes());
  }
  seeds.add("fuzz_link_session", session.bytes());
}

// In the order of the checks of fuzz_values and fuzz_stored_records.
void add_values(Seeds& seeds) {
  const actors::Deployment d;
  const std::vector<Bytes> values{encode_value(d.initialise()),
                                  encode_value(messages::RegisterAttesterPayload{}),
                                  encode_value(messages::UpdateStatePayload{{d.span(0, 3)}}),
                                  encode_value(messages::DepositPayload{}),
                                  encode_value(messages::WithdrawPayload{}),
                                  encode_value(messages::PausePayload{}),
                                  encode_value(messages::AdminCommand{"retry", {"7"}}),
                                  encode_value(transfer(core::Felt(1))),
                                  encode_value(core::DecidedBlock{block(), {}}),
                                  encode_value(core::StateDiff{}),
                                  encode_value(core::Receipt{})};
  for (std::size_t i = 0; i < values.size(); ++i) {
    seeds.add("fuzz_values", chosen(static_cast<std::uint8_t>(i), values[i]));
  }
  actors::SpanRecord span;
  span.assignments.resize(1);
  span.attestations.resize(1);
  span.failures.resize(1);
  const std::string alarm = R"({"role":"l1","code":"frozen","text":"why","advice":"what","since":5,"cleared":0})";
  const std::vector<Bytes> records{Bytes(alarm.begin(), alarm.end()),    encode_value(span),
                                   encode_value(actors::WorkerRecord{}), encode_value(actors::InviteRecord{}),
                                   encode_value(actors::AuditRecord{}),  encode_value(actors::Journal(1)),
                                   encode_value(storage::BlockInfo{})};
  for (std::size_t i = 0; i < records.size(); ++i) {
    seeds.add("fuzz_stored_records", chosen(static_cast<std::uint8_t>(i), records[i]));
  }
}

void add_ledger(Seeds& seeds) {
  const actors::Deployment d;
  const auto submission = [](std::uint8_t sender, messages::LedgerAction action, const auto& payload) {
    return ByteWriter().u8(sender).u8(static_cast<std::uint8_t>(action)).raw(counted(encode_value(payload))).take();
  };
  using messages::LedgerAction;
  ByteWriter contract;
  contract.u8(0)
      .raw(submission(1, LedgerAction::kUpdateState, messages::UpdateStatePayload{{d.span(0, 3), d.span(3, 4)}}))
      .raw(submission(2, LedgerAction::kDeposit, messages::DepositPayload{core::Felt(9), 10, 1}))
      .raw(submission(2, LedgerAction::kWithdraw, messages::WithdrawPayload{{{7}}, 5}))
      .raw(submission(0, LedgerAction::kPause, messages::PausePayload{true}));
  seeds.add("fuzz_core_contract", contract.bytes());

  const auto signed_by = [](std::uint8_t signer, std::uint8_t nonce, LedgerAction action, const auto& payload) {
    return ByteWriter()
        .u8(signer)
        .u8(static_cast<std::uint8_t>(action))
        .u8(nonce)
        .raw(counted(encode_value(payload)))
        .take();
  };
  ByteWriter ledger;
  ledger.raw(signed_by(0, 0, LedgerAction::kInitialise, d.initialise()))
      .raw(signed_by(0, 1, LedgerAction::kRegisterAttester,
                     messages::RegisterAttesterPayload{d.attester_a.address(), 2, false}))
      .u8(0xf0)
      .raw(signed_by(1, 0, LedgerAction::kUpdateState, messages::UpdateStatePayload{{d.span(0, 3)}}))
      .raw(signed_by(2, 0, LedgerAction::kDeposit, messages::DepositPayload{core::Felt(9), 10, 1}))
      .u8(0xf0)
      .u8(0xe0)
      .u8(1);
  seeds.add("fuzz_ledger", ledger.bytes());
}

void add_vote_log(Seeds& seeds) {
  using namespace actors::consensus;
  const auto whole = std::make_shared<const core::Block>(block());
  core::Vote vote{core::BlockNumber(7), core::Round(0), core::VoteType::kPrevote, {}, core::ValidatorIndex(1), {}};
  const core::ProposalHeader header{core::BlockNumber(7), core::Round(0), -1, {}, core::ValidatorIndex(0), {}};
  storage::WriteBatch batch;
  VoteLog log(core::BlockNumber(7), 0);
  for (const Record& record :
       {Record(StartedRecord{}), Record(BuiltRecord{core::Round(0), {}, whole}), Record(OwnProposalRecord{header}),
        Record(ProposalRecord{header, whole}), Record(VerdictRecord{{}, true, true}), Record(VoteRecord{vote, false}),
        Record(OwnVoteRecord{vote}), Record(TimeoutRecord{Step::kPrevote, core::Round(0)})}) {
    log.append(record, batch);
  }
  constexpr std::size_t kChecksum = 8;
  ByteWriter all;
  for (const auto& operation : batch.operations()) {
    all.u8(0).raw(counted(core::as_bytes(*operation.value).subspan(kChecksum)));
  }
  seeds.add("fuzz_vote_log", all.bytes());
}

void add_witnesses(Seeds& seeds) {
  std::vector<core::test::TestAccount> accounts;
  for (std::uint64_t i = 1; i < 4; ++i) accounts.emplace_back(i);
  const core::Genesis genesis = core::test::make_genesis(accounts, core::test::strk(10));
  core::test::MemoryChain maps(genesis);
  storage::test::StoreChain store(genesis);
  for (std::uint64_t nonce = 0; nonce < 3; ++nonce) {
    const core::Transaction sent =
        core::test::invoke(accounts[0], nonce, {core::test::transfer_call(accounts[1].address, 5)}, genesis.chain_id);
    auto [built, executed] = maps.build({sent});
    if (!store.commit(built)) return;
    maps.apply(executed);
    seeds.add("fuzz_block_witness",
              core::encode_block_witness(*storage::BlockStore(store.kv).witness(core::BlockNumber(nonce + 1))));
    seeds.add("fuzz_span_witness", core::encode_span_witness(store.span(nonce, nonce + 1)));
    seeds.add("fuzz_transition", chosen(0xff, counted(encode_value(sent))));
  }
  seeds.add("fuzz_span_witness", core::encode_span_witness(store.span(0, 3)));
  // Account 0 transfers 7 of its tokens to account 1 and approves; account 1 withdraws.
  seeds.add("fuzz_transition",
            Bytes{0, 2, 0, 3, 3, 1, 3, 7, 3, 0, 2, 3, 3, 2, 3, 9, 3, 0, 1, 1, 3, 3, 3, 3, 5, 3, 1, 3, 0});
}

}  // namespace

// msgpack, witnesses, the vote log
void add_all(Seeds& seeds) {
  add_texts(seeds);
  add_messages(seeds);
  add_values(seeds);
  add_ledger(seeds);
  add_vote_log(seeds);
  add_witnesses(seeds);
  messages::Join join;
  join.name = "w7";
  seeds.add("fuzz_join",
            ByteWriter().u8(0).raw(counted(encode_value(join))).u8(1).raw(counted(encode_value(join))).bytes());
  for (const auto& command : actors::all_commands()) {
    seeds.add("fuzz_admin_command",
              chosen(1, counted(encode_value(messages::AdminCommand{std::string(command.name), {"7"}}))));
  }
  for (std::uint8_t word = 0; word < 9; ++word) {
    seeds.add("fuzz_query", Bytes{0, word, 1, 3, '0', 'x', '1', 0, word, 1, 6, 'l', 'a', 't', 'e', 's', 't'});
  }
}

}  // namespace asterism::fuzz
