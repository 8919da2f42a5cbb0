#include "actors/sequencer/sequencer.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/chain/block_hash.hpp"
#include "core/chain/transaction_hash.hpp"

namespace asterism::actors::sequencer {

using core::BlockNumber;
using core::Felt;

namespace {

constexpr std::size_t kMostCandidates = 8;
constexpr std::uint64_t kBlockHashDistance = 10;

// A part of a message, which lives as long as the message does.
std::shared_ptr<const core::Block> part_of(const messages::MessagePtr& whole, const core::Block& block) {
  return {whole, &block};
}

}  // namespace

Sequencer::Sequencer(SequencerContext context)
    : context_(std::move(context)),
      rules_(context_.genesis),
      state_(context_.store, context_.settings.state),
      blocks_(context_.store) {}

void Sequencer::start(const Now&, Effects& effects) {
  const core::ExecutedBlock genesis = core::genesis_block(context_.genesis);
  const auto stored = blocks_.info(BlockNumber(0));
  if (!stored) {
    core::DecidedBlock decided;
    decided.block.header = genesis.header;
    storage::WriteBatch batch;
    state_.commit(genesis, batch);
    storage::BlockStore::commit({decided, genesis, {}}, batch);
    effects.persist(std::move(batch));
    last_hashes_.emplace_back(BlockNumber(0), genesis.hash);
    announce(genesis, 0, effects);
    return;
  }
  const auto latest = blocks_.latest();
  if (stored->hash != genesis.hash || !latest || !state_.head() || state_.head()->number != *latest) {
    halted_ = true;
    effects.halt(stored->hash != genesis.hash ? "the database belongs to another genesis"
                                              : "blocks and state of the database differ");
    return;
  }
  const std::uint64_t head = latest->value;
  for (std::uint64_t n = head - std::min(head, kBlockHashDistance - 1); n <= head; ++n) {
    const auto info = blocks_.info(BlockNumber(n));
    ASTERISM_CHECK(info.has_value(), "heights are dense");
    last_hashes_.emplace_back(BlockNumber(n), info->hash);
    if (n != head) continue;
    core::ExecutedBlock last;
    last.header = info->header;
    last.hash = info->hash;
    last.receipts = blocks_.receipts(BlockNumber(n));
    announce(last, info->witness_bytes, effects);
  }
  if (const auto first = blocks_.first_witness()) first_witness_ = first->value;
}

void Sequencer::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  if (halted_) return;
  const messages::Message& message = *inbound.message;
  if (const auto* build = std::get_if<messages::BuildBlock>(&message)) return on(*build, now, effects);
  if (const auto* check = std::get_if<messages::CheckBlock>(&message)) return on(*check, inbound.message, effects);
  if (const auto* commit = std::get_if<messages::CommitBlock>(&message)) return on(*commit, inbound.message, effects);
  if (const auto* taken = std::get_if<messages::TransactionsTaken>(&message)) return on(*taken, now, effects);
  if (const auto* l1 = std::get_if<messages::L1Messages>(&message)) return on(*l1, effects);
  if (const auto* heads = std::get_if<messages::Heads>(&message)) {
    heads_ = *heads;
  } else if (const auto* read = std::get_if<messages::AccountRead>(&message)) {
    on(*read, inbound.from, effects);
  } else if (const auto* witness = std::get_if<messages::WitnessRequest>(&message)) {
    on(*witness, inbound.from, effects);
  } else if (const auto* catch_up = std::get_if<messages::CatchUpRequest>(&message)) {
    on(*catch_up, inbound.from, effects);
  } else if (const auto* points = std::get_if<messages::ChainPointsRequest>(&message)) {
    on(*points, inbound.from, effects);
  } else if (const auto* summaries = std::get_if<messages::BlockSummariesRequest>(&message)) {
    on(*summaries, inbound.from, effects);
  } else if (const auto* query = std::get_if<messages::StateQuery>(&message)) {
    effects.reply(inbound.from, messages::StateQueryReply{query->request, answer(query->what, query->arguments)});
  }
}

std::string Sequencer::inquire(const Inquiry& inquiry, const Now&, Effects&) {
  return answer(inquiry.what == "tx" ? "transaction" : inquiry.what, inquiry.arguments);
}

core::ParentBlock Sequencer::parent() const {
  const storage::StateHead& at = head();
  return {at.number, at.hash, at.timestamp, at.roots};
}

Felt Sequencer::tenth_before(BlockNumber number) const {
  if (number.value < kBlockHashDistance) return Felt();
  for (const auto& [known, hash] : last_hashes_) {
    if (known.value == number.value - kBlockHashDistance) return hash;
  }
  ASTERISM_CHECK(false, "the last ten hashes are known");
  return Felt();
}

core::SignatureKnownGood Sequencer::known_good() const {
  if (!context_.signatures) return {};
  return [cache = context_.signatures](const Felt& hash, const Felt& key, std::span<const Felt> signature) {
    return cache->contains(hash, key, signature);
  };
}

std::expected<Sequencer::CandidatePtr, std::string> Sequencer::execute(std::shared_ptr<const core::Block> block) {
  // A block hash covers the transactions only by what they execute to: a known hash with another body is another block.
  const core::Word hash = core::block_hash(block->header).to_be();
  if (const auto known = candidates_.find(hash); known != candidates_.end() && *known->second->block == *block) {
    return known->second;
  }
  auto candidate = std::make_shared<Candidate>();
  candidate->reads = std::make_unique<storage::StateRecorder>(state_);
  auto executed = core::execute_block(
      {*candidate->reads, *candidate->reads, rules_, parent(), tenth_before(head().number.next()), known_good()},
      *block);
  if (!executed) {
    ASTERISM_CHECK(executed.error().fault != core::BlockFault::kMissingState, executed.error().text);
    return std::unexpected(std::string(to_string(executed.error().fault)) + ": " + executed.error().text);
  }
  candidate->block = std::move(block);
  candidate->executed = std::move(*executed);
  if (candidates_.size() >= kMostCandidates) candidates_.erase(candidates_.begin());
  candidates_.insert_or_assign(hash, candidate);
  return candidate;
}

// Only for a proposal that is judged for the first time: what depends on this replica's clock and view of L1.
std::string Sequencer::judge(const messages::CheckBlock& check) const {
  const std::uint64_t newest = check.unix_ms / 1000 + context_.settings.clock_drift_seconds;
  if (check.block.header.timestamp > newest) {
    return "timestamp is " + std::to_string(check.block.header.timestamp - newest) + " s too far ahead";
  }
  for (const core::Transaction& transaction : check.block.transactions) {
    const auto* handler = std::get_if<core::L1HandlerTransaction>(&transaction);
    if (handler == nullptr) continue;
    if (l1_.blocked) return "L1 messages are blocked by a reorganisation of L1";
    const auto message = core::consumed_message(*handler);
    const auto found = std::find(l1_.messages.begin(), l1_.messages.end(), message);
    if (found == l1_.messages.end()) return "an L1 message is not deep enough on L1 as seen here";
  }
  return {};
}

void Sequencer::on(const messages::CheckBlock& check, const messages::MessagePtr& whole, Effects& effects) {
  messages::BlockChecked out;
  out.height = check.block.header.number.value;
  out.hash = check.hash;
  out.judge_freshness = check.judge_freshness;
  if (check.judge_freshness) out.reason = judge(check);
  if (out.reason.empty() && core::block_hash(check.block.header).to_be() != check.hash) {
    out.reason = "the header has another hash";
  }
  if (out.reason.empty() && check.block.header.number <= head().number) {
    const auto info = blocks_.info(check.block.header.number);
    if (!info || info->hash.to_be() != check.hash) out.reason = "another block is committed at that height";
  } else if (out.reason.empty()) {
    const auto executed = execute(part_of(whole, check.block));
    if (!executed) out.reason = executed.error();
  }
  out.valid = out.reason.empty();
  effects.count(out.valid ? "asterism_blocks_valid_total" : "asterism_blocks_invalid_total");
  effects.send(ToOwn{}, std::move(out));
}

void Sequencer::on(const messages::CommitBlock& commit_block, const messages::MessagePtr& whole, Effects& effects) {
  const core::DecidedBlock& decided = commit_block.decided;
  const BlockNumber number = decided.block.header.number;
  if (number <= head().number) {
    // Asked again after a restart: it is durable already.
    const auto info = blocks_.info(head().number);
    ASTERISM_CHECK(info.has_value(), "the head is stored");
    core::ExecutedBlock last;
    last.header = info->header;
    last.hash = info->hash;
    last.receipts = blocks_.receipts(head().number);
    return announce(last, info->witness_bytes, effects);
  }
  const auto candidate = execute(part_of(whole, decided.block));
  if (!candidate || (*candidate)->executed.hash.to_be() != decided.certificate.value) {
    halted_ = true;
    return effects.halt("block=" + std::to_string(number.value) + " is decided but not valid here: " +
                        (candidate ? std::string("its hash is not the certificate's") : candidate.error()));
  }
  commit(decided, **candidate, effects);
}

void Sequencer::commit(const core::DecidedBlock& decided, const Candidate& candidate, Effects& effects) {
  const core::ExecutedBlock& executed = candidate.executed;
  const core::Bytes witness =
      core::encode_block_witness(candidate.reads->witness(executed, *candidate.block, head().roots));
  storage::WriteBatch batch;
  storage::BlockStore::commit({decided, executed, witness}, batch);
  state_.commit(executed, batch);
  prune_witnesses(batch);
  effects.persist(std::move(batch));
  last_hashes_.emplace_back(executed.header.number, executed.hash);
  if (last_hashes_.size() > kBlockHashDistance) last_hashes_.pop_front();
  announce(executed, witness.size(), effects);
  effects.count("asterism_transactions_committed_total", static_cast<double>(executed.receipts.size()));
  effects.gauge("asterism_height", static_cast<double>(executed.header.number.value));
  if (building_) effects.cancel_timer(kCollectTimer);
  building_.reset();
  own_.reset();
  candidates_.clear();
}

void Sequencer::announce(const core::ExecutedBlock& executed, std::uint64_t witness_bytes, Effects& effects) const {
  messages::BlockCommitted out;
  out.height = executed.header.number.value;
  out.hash = executed.hash.to_be();
  out.root = executed.header.state_root;
  out.timestamp = executed.header.timestamp;
  out.witness_bytes = witness_bytes;
  out.transactions.reserve(executed.receipts.size());
  for (const core::Receipt& receipt : executed.receipts) out.transactions.push_back(receipt.transaction_hash.to_be());
  for (const auto& [address, nonce] : executed.difference.nonces) out.accounts.push_back({address, nonce});
  effects.send(ToOwn{}, std::move(out));
}

void Sequencer::prune_witnesses(storage::WriteBatch& batch) {
  constexpr int kMostAtOnce = 16;
  if (heads_.frozen) return;
  for (int i = 0; i < kMostAtOnce && first_witness_ <= heads_.finalized; ++i) {
    storage::BlockStore::erase_witness(BlockNumber(first_witness_++), batch);
  }
}

}  // namespace asterism::actors::sequencer
