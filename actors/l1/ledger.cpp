#include "actors/l1/ledger.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "actors/l1/ledger_transaction.hpp"
#include "core/base/check.hpp"
#include "core/hash/keccak.hpp"

namespace asterism::actors {
namespace {

using core::EthAddress;
using core::Word;
using nlohmann::json;

constexpr TimerId kMineTimer = 1;
constexpr std::uint32_t kMaxBlocksInReply = 256;
constexpr std::size_t kMaxReplyBytes = 4U << 20;
constexpr std::size_t kRecent = 512;
constexpr std::string_view kHeadKey = "L/m/head";
const std::string kStatePrefix = "L/s/";

struct Marker {
  std::uint64_t head = 0, reorganisations = 0;
  MSGPACK_DEFINE(head, reorganisations)
};

std::string block_key(std::uint64_t number) {
  core::ByteWriter out;
  out.text("L/b/").u64(number);
  return std::string(core::as_text(out.bytes()));
}

std::string nonce_key(const EthAddress& account) { return "nonce/" + account.hex(); }
std::string transaction_key(const Word& hash) { return "transaction/" + core::to_hex(hash); }

Word hash_of(const messages::LedgerBlock& block, std::uint64_t salt) {
  core::ByteWriter out;
  out.text("asterism/ledger-block/1").raw(block.parent_hash).u64(block.number).u64(block.timestamp).u64(salt);
  return core::keccak256(out.raw(core::keccak256(messages::encode_value(block.events))).bytes());
}

}  // namespace

struct Ledger::Record {
  messages::LedgerBlock block;
  std::vector<messages::LedgerTransaction> transactions;
  Journal undo;
  MSGPACK_DEFINE(block, transactions, undo)
};

LedgerOptions ledger_options(const core::Genesis& genesis) {
  // STRK's address on Starknet is the fee token's here (protocol.md).
  static constexpr core::Felt kFeeToken =
      core::Felt::literal("0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6ab07201858f4287c938d");
  LedgerOptions out;
  out.contract = {.l1_chain_id = genesis.l1_chain_id,
                  .core_contract = genesis.core_contract,
                  .bridge = genesis.bridge,
                  .operator_address = genesis.operator_address,
                  .l2_token = kFeeToken,
                  .initial_balance = core::Uint128{1'000'000'000'000'000'000} * 1'000'000};
  return out;
}

Ledger::Ledger(const storage::KeyValue& store, LedgerOptions options)
    : store_(store), options_(std::move(options)), contract_(options_.contract, state_) {}

void Ledger::start(const Now& now, Effects& effects) {
  store_.scan(kStatePrefix, "", [&](std::string_view key, std::string_view value) {
    state_.load(std::string(key.substr(kStatePrefix.size())), std::string(value));
    return true;
  });
  if (const auto text = store_.get(kHeadKey)) {
    const auto marker = messages::decode_text<Marker>(*text);
    if (!marker || !record(marker->head)) return effects.halt("the ledger's database is damaged: its head is missing");
    head_ = marker->head;
    reorganisations_ = marker->reorganisations;
  } else {
    storage::WriteBatch batch;
    mine(now, {}, batch);
    effects.persist(std::move(batch));
  }
  effects.log(LogLevel::kInfo, "event=ledger_started head=" + std::to_string(head_));
  effects.start_timer(kMineTimer, options_.block_time);
}

void Ledger::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  const messages::Message& message = *inbound.message;
  if (const auto* submit = std::get_if<messages::LedgerSubmit>(&message)) return on(*submit, inbound.from, effects);
  if (const auto* blocks = std::get_if<messages::LedgerBlocksRequest>(&message))
    return on(*blocks, inbound.from, effects);
  if (const auto* state = std::get_if<messages::LedgerStateRequest>(&message)) return on(*state, inbound.from, effects);
  if (const auto* reorg = std::get_if<messages::LedgerReorg>(&message)) return on(*reorg, inbound.from, now, effects);
}

void Ledger::expire(TimerId timer, const Now& now, Effects& effects) {
  if (timer != kMineTimer) return;
  storage::WriteBatch batch;
  mine(now, take_ready(), batch);
  effects.persist(std::move(batch));
  effects.start_timer(kMineTimer, options_.block_time);
}

void Ledger::on(const messages::LedgerSubmit& submit, const Sender& from, Effects& effects) {
  const Word hash = ledger_transaction_hash(options_.contract.l1_chain_id, submit.transaction);
  const std::string why = admit(submit.transaction, hash);
  effects.reply(
      from, messages::LedgerSubmitReply{.request = submit.request, .accepted = why.empty(), .hash = hash, .text = why});
}

std::string Ledger::admit(const messages::LedgerTransaction& transaction, const Word& hash) {
  if (transaction.payload.size() > kMaxLedgerPayload) return "the payload is too large";
  const auto sender = ledger_sender(options_.contract.l1_chain_id, transaction);
  if (!sender || sender->is_zero()) return "the signature is malformed";
  const std::uint64_t next = nonce_of(*sender);
  if (transaction.nonce < next) {
    return state_.raw(transaction_key(hash)) != nullptr ? "" : "another transaction has used this nonce";
  }
  if (transaction.nonce - next > options_.max_nonce_gap) return "the nonce is too far ahead";
  auto& own = queue_[*sender];
  const auto known = own.find(transaction.nonce);
  if (known != own.end()) return known->second.hash == hash ? "" : "another transaction with this nonce waits";
  if (queued_ >= options_.max_queue) return "the queue is full: try again";
  own.emplace(transaction.nonce, Queued{transaction, hash});
  ++queued_;
  return "";
}

void Ledger::on(const messages::LedgerBlocksRequest& request, const Sender& from, Effects& effects) {
  messages::LedgerBlocksReply reply{.request = request.request, .head = head_, .finalized = finalized(), .blocks = {}};
  const std::uint32_t limit = std::min(request.max_blocks, kMaxBlocksInReply);
  std::size_t bytes = 0;
  for (std::uint64_t number = request.from; number <= head_ && reply.blocks.size() < limit; ++number) {
    auto found = record(number);
    if (!found) break;
    bytes += 256;
    for (const auto& event : found->block.events) bytes += 256 + 33 * event.message.payload.size() + event.text.size();
    if (bytes > kMaxReplyBytes && !reply.blocks.empty()) break;
    reply.blocks.push_back(std::move(found->block));
  }
  effects.reply(from, std::move(reply));
}

void Ledger::on(const messages::LedgerStateRequest& request, const Sender& from, Effects& effects) {
  effects.reply(from, messages::LedgerStateReply{.request = request.request,
                                                 .head = head_,
                                                 .finalized = finalized(),
                                                 .initialised = contract_.initialised(),
                                                 .paused = contract_.paused(),
                                                 .core = contract_.head(),
                                                 .attesters = contract_.attesters(),
                                                 .threshold = contract_.threshold(),
                                                 .account_nonce = nonce_of(request.account),
                                                 .account_balance = contract_.balance(request.account),
                                                 .bridge_balance = contract_.bridge_balance(),
                                                 .next_message_nonce = contract_.next_message_nonce()});
}

void Ledger::on(const messages::LedgerReorg& request, const Sender& from, const Now& now, Effects& effects) {
  const std::string why = options_.may_reorganise ? reorganise(request.depth, request.drop, now, effects)
                                                  : "this L1 takes no reorganisations (ledger.allow_reorg)";
  effects.reply(from, messages::LedgerReorgReply{.request = request.request, .done = why.empty(), .text = why});
}

// Ready: the next nonce of each sender and those that follow without a gap; senders in the order of their addresses.
std::vector<Ledger::Queued> Ledger::take_ready() {
  std::vector<Queued> out;
  for (auto sender = queue_.begin(); sender != queue_.end();) {
    auto& [address, own] = *sender;
    std::uint64_t next = nonce_of(address);
    while (!own.empty() && own.begin()->first < next) {
      own.erase(own.begin());
      --queued_;
    }
    while (!own.empty() && own.begin()->first == next && out.size() < options_.max_per_block) {
      out.push_back(std::move(own.begin()->second));
      own.erase(own.begin());
      --queued_;
      ++next;
    }
    sender = own.empty() ? queue_.erase(sender) : std::next(sender);
  }
  return out;
}

void Ledger::mine(const Now& now, std::vector<Queued> transactions, storage::WriteBatch& batch) {
  Record fresh;
  const auto parent = record(head_);
  fresh.block.number = parent ? head_ + 1 : 0;
  fresh.block.timestamp = now.unix_ms / 1000;
  if (parent) {
    fresh.block.parent_hash = parent->block.hash;
    fresh.block.timestamp = std::max(fresh.block.timestamp, parent->block.timestamp);
  }
  for (const Queued& queued : transactions) execute(queued, fresh);
  fresh.block.hash = hash_of(fresh.block, reorganisations_);
  fresh.undo = state_.take_journal();
  head_ = fresh.block.number;
  remember(fresh);
  batch.put(block_key(head_), recent_.at(head_));
  persist_keys(fresh.undo, batch);
  batch.put(std::string(kHeadKey), messages::encode_text(Marker{head_, reorganisations_}));
}

void Ledger::execute(const Queued& queued, Record& record) {
  const auto sender = ledger_sender(options_.contract.l1_chain_id, queued.transaction);
  ASTERISM_CHECK(sender.has_value() && nonce_of(*sender) == queued.transaction.nonce,
                 "only ready transactions are mined");
  state_.put(nonce_key(*sender), queued.transaction.nonce + 1);
  state_.put(transaction_key(queued.hash), record.block.number);
  const std::size_t mark = state_.mark();
  auto events = contract_.execute(*sender, queued.transaction.action, queued.transaction.payload);
  messages::LedgerEvent done;
  done.kind = static_cast<std::uint8_t>(messages::LedgerEventKind::kTransaction);
  done.hash = queued.hash;
  done.address = *sender;
  if (events) {
    for (auto& event : *events) record.block.events.push_back(std::move(event));
  } else {
    state_.roll_back(mark);
    done.failed = true;
    done.text = to_string(events.error());
  }
  record.block.events.push_back(std::move(done));
  record.transactions.push_back(queued.transaction);
}

// Takes back `depth` blocks and puts as many new ones in their place, so that the head never falls; all in one batch.
std::string Ledger::reorganise(std::uint64_t depth, bool drop, const Now& now, Effects& effects) {
  if (depth == 0 || depth > head_ - finalized() || depth > head_) {
    return "the depth must be between 1 and " + std::to_string(head_ - finalized()) + ": older blocks are finalized";
  }
  storage::WriteBatch batch;
  std::vector<messages::LedgerTransaction> removed;
  for (std::uint64_t i = 0; i < depth; ++i, --head_) {
    const auto old = record(head_);
    ASTERISM_CHECK(old.has_value(), "a block above the finalized one is stored");
    state_.undo(old->undo);
    persist_keys(old->undo, batch);
    removed.insert(removed.end(), old->transactions.begin(), old->transactions.end());
    recent_.erase(old->block.number);
  }
  ++reorganisations_;
  for (std::uint64_t i = 0; i < depth; ++i) mine(now, {}, batch);
  effects.persist(std::move(batch));
  if (!drop) {
    for (const auto& transaction : removed) {
      admit(transaction, ledger_transaction_hash(options_.contract.l1_chain_id, transaction));
    }
  }
  effects.log(LogLevel::kWarn, "event=ledger_reorganised depth=" + std::to_string(depth) +
                                   " transactions=" + std::to_string(removed.size()) + (drop ? " dropped" : " queued"));
  return "";
}

void Ledger::persist_keys(const Journal& journal, storage::WriteBatch& batch) const {
  for (const JournalEntry& entry : journal) {
    const std::string* value = state_.raw(entry.key);
    if (value != nullptr) {
      batch.put(kStatePrefix + entry.key, *value);
    } else {
      batch.erase(kStatePrefix + entry.key);
    }
  }
}

std::optional<Ledger::Record> Ledger::record(std::uint64_t number) const {
  const auto known = recent_.find(number);
  const auto text = known != recent_.end() ? std::optional(known->second) : store_.get(block_key(number));
  if (!text) return std::nullopt;
  auto out = messages::decode_text<Record>(*text);
  return out ? std::optional(std::move(*out)) : std::nullopt;
}

void Ledger::remember(const Record& record) {
  recent_.insert_or_assign(record.block.number, messages::encode_text(record));
  while (recent_.size() > kRecent) recent_.erase(recent_.begin());
}

std::uint64_t Ledger::nonce_of(const EthAddress& account) const {
  return state_.get<std::uint64_t>(nonce_key(account)).value_or(0);
}

std::string Ledger::inquire(const Inquiry& inquiry, const Now& now, Effects& effects) {
  if (inquiry.what == "reorg") {
    std::uint64_t depth = 0;
    const std::string text = inquiry.arguments.empty() ? "" : inquiry.arguments[0];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), depth);
    if (error != std::errc() || end != text.data() + text.size()) return json{{"error", "reorg K [drop]"}}.dump();
    const bool drop = inquiry.arguments.size() > 1 && inquiry.arguments[1] == "drop";
    const std::string why = reorganise(depth, drop, now, effects);
    return why.empty() ? json{{"done", true}, {"head", head_}}.dump() : json{{"error", why}}.dump();
  }
  if (inquiry.what != "l1" && inquiry.what != "status") return json{{"error", "the ledger does not know this"}}.dump();
  const core::ChainPoint core = contract_.head();
  json attesters = json::array();
  for (const auto& [attester, weight] : contract_.attesters()) {
    attesters.push_back({{"attester", "0x" + attester.hex()}, {"weight", weight}});
  }
  return json{{"l1", "embedded ledger"},
              {"head", head_},
              {"finalized", finalized()},
              {"initialised", contract_.initialised()},
              {"paused", contract_.paused()},
              {"settled_block", core.number.value},
              {"settled_hash", core.hash.to_hex()},
              {"threshold", contract_.threshold()},
              {"attesters", attesters},
              {"queued", queued_},
              {"reorganisations", reorganisations_},
              {"next_message_nonce", contract_.next_message_nonce()}}
      .dump();
}

}  // namespace asterism::actors
