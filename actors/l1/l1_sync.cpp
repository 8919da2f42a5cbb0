#include "actors/l1/l1_sync.hpp"

#include <algorithm>

#include "core/chain/transaction_hash.hpp"

namespace asterism::actors {
namespace {

using core::ChainPoint;
using messages::LedgerBlock;

constexpr std::string_view kBaseKey = "l/base";
constexpr std::string_view kSafeKey = "l/safe";
constexpr std::string_view kBlockPrefix = "l/b/";
constexpr std::string_view kOfferedPrefix = "l/o/";
constexpr std::uint32_t kBlocksPerRequest = 128;
constexpr std::size_t kPointsPerRequest = 64;
constexpr std::size_t kMessagesOffered = 256;
constexpr std::size_t kLostTold = 1024;  // the first of them: settlement stops there anyway
constexpr std::size_t kFoldPerStep = 1024;
const Millis kAnswerWithin{3'000};
const Millis kPointsEvery{500};
const Millis kNonceEvery{1'000};

std::string number_key(std::string_view prefix, std::uint64_t number) {
  core::ByteWriter out;
  out.text(prefix).u64(number);
  return std::string(core::as_text(out.bytes()));
}

std::string describe(const ChainPoint& point) {
  return "block=" + std::to_string(point.number.value) + " hash=" + point.hash.to_hex() +
         " root=" + point.root.to_hex();
}

std::uint64_t number_in(std::string_view key, std::string_view prefix) {
  std::uint64_t out = 0;
  for (const char c : key.substr(prefix.size())) out = (out << 8) | static_cast<std::uint8_t>(c);
  return out;
}

}  // namespace

bool L1Sync::load(const Now& now) {
  heard_at_ = now.monotonic;
  std::optional<L1State> base;
  if (const auto text = store_.get(kBaseKey)) {
    auto decoded = messages::decode_text<L1State>(*text);
    if (!decoded) return false;
    base = std::move(*decoded);
  }
  bool good = true;
  std::vector<LedgerBlock> blocks;
  store_.scan(kBlockPrefix, "", [&](std::string_view, std::string_view value) {
    auto block = messages::decode_text<LedgerBlock>(value);
    good = good && block.has_value();
    if (good) blocks.push_back(std::move(*block));
    return good;
  });
  store_.scan(kOfferedPrefix, "", [&](std::string_view key, std::string_view value) {
    const auto hash = messages::decode_text<core::Word>(value);
    good = good && hash.has_value();
    if (good) offered_.emplace(number_in(key, kOfferedPrefix), *hash);
    return good;
  });
  if (const auto text = store_.get(kSafeKey)) {
    const auto decoded = messages::decode_text<L1Update>(*text);
    if (!decoded) return false;
    safe_ = *decoded;
    own_.emplace(safe_.point.number.value, safe_.point);  // it was compared before it was written
  }
  if (!good) return false;
  if (base) l1_finalized_ = base->number;
  view_.load(std::move(base), std::move(blocks));
  return true;
}

void L1Sync::poll(const Now& now, Effects& effects) {
  if (!waiting_ || now.monotonic - asked_at_ >= kAnswerWithin) {
    waiting_ = true;
    asked_at_ = now.monotonic;
    asked_from_ = view_.next_request();
    effects.send(ToLedger{}, messages::LedgerBlocksRequest{
                                 .request = ++request_, .from = asked_from_, .max_blocks = kBlocksPerRequest});
  }
  if (!unreachable_ && now.monotonic - heard_at_ >= options_.unreachable_after) {
    unreachable_ = true;
    effects.raise_alarm({.code = "l1_unreachable",
                         .subject = "l1",
                         .text = "L1 does not answer",
                         .advice = "Start the ledger again, or check its address; nothing is lost meanwhile."});
  }
  ask_points(now, effects);
  publish(now, now.monotonic - published_at_ >= options_.repeat, effects);
}

void L1Sync::on(const messages::LedgerBlocksReply& reply, const Now& now, Effects& effects) {
  if (!waiting_ || reply.request != request_) return;
  waiting_ = false;
  heard_ = true;
  heard_at_ = now.monotonic;
  if (unreachable_) effects.clear_alarm("l1_unreachable", "l1");
  unreachable_ = false;
  l1_head_ = reply.head;
  const auto merge = view_.merge(asked_from_, reply.head, reply.blocks);
  // What is finalized there is so here only once this view is known to be on that chain.
  if (merge.linked) l1_finalized_ = std::max(l1_finalized_, std::min(reply.finalized, view_.tip()));
  foreign_ = merge.outcome == L1View::Outcome::kForeign;
  if (merge.outcome == L1View::Outcome::kReplaced) {
    effects.log(LogLevel::kWarn, "event=l1_reorganised removed=" + std::to_string(merge.removed.size()) +
                                     " tip=" + std::to_string(view_.tip()));
  }
  storage::WriteBatch batch;
  keep(merge, batch);
  settle(now, std::move(batch), effects);
  const bool more =
      merge.outcome == L1View::Outcome::kStepBack || (!merge.appended.empty() && view_.tip() < reply.head);
  if (more) poll(now, effects);
}

void L1Sync::keep(const L1View::Merge& merge, storage::WriteBatch& batch) const {
  for (const std::uint64_t number : merge.removed) batch.erase(number_key(kBlockPrefix, number));
  if (merge.appended.empty()) return;
  const auto& blocks = view_.blocks();
  for (std::size_t i = blocks.size() - merge.appended.size(); i < blocks.size(); ++i) {
    batch.put(number_key(kBlockPrefix, blocks[i].number), messages::encode_text(blocks[i]));
  }
}

void L1Sync::on(const messages::ChainPoints& points, const Now& now, Effects& effects) {
  latest_ = std::max(latest_, points.latest);
  next_l1_nonce_ = std::max(next_l1_nonce_, points.next_l1_nonce);
  points_heard_ = true;
  for (const ChainPoint& point : points.points) own_.insert_or_assign(point.number.value, point);
  settle(now, {}, effects);
}

void L1Sync::on(const messages::BlockCommitted& committed, const Now& now, Effects& effects) {
  latest_ = std::max(latest_, committed.height);
  settle(now, {}, effects);
}

void L1Sync::resume(const Now& now, Effects& effects) {
  own_.clear();
  points_asked_at_ = Millis(-1'000'000);
  ask_points(now, effects);
}

std::optional<ChainPoint> L1Sync::own_point(std::uint64_t number) const {
  const auto found = own_.find(number);
  return found == own_.end() ? std::nullopt : std::optional(found->second);
}

L1Sync::Verdict L1Sync::judge(const ChainPoint& on_l1) const {
  const auto own = own_point(on_l1.number.value);
  if (!own) return Verdict::kUnknown;
  return *own == on_l1 ? Verdict::kSame : Verdict::kDifferent;
}

void L1Sync::settle(const Now& now, storage::WriteBatch batch, Effects& effects) {
  judge_all(effects);
  const L1Update before = safe_;
  move_safe(batch);
  fold(batch);
  offer(batch, effects);
  // Only what was said to others must not be forgotten; L1 blocks can be asked for again.
  const bool moved = before.point != safe_.point;
  if (!batch.empty()) effects.persist(std::move(batch), moved ? Sync::kYes : Sync::kNo);
  ask_points(now, effects);
  publish(now, false, effects);
}

void L1Sync::freeze(const std::string& code, const std::string& text, Effects& effects) {
  const auto [at, fresh] = frozen_by_.insert_or_assign(code, text);
  if (!fresh) return;
  effects.raise_alarm({.code = code,
                       .subject = "l1",
                       .text = text,
                       .advice =
                           "Settlement and `safe` stand still, reads go on. Compare both chains; it ends by itself "
                           "when they agree, or check again with `l1 resume`."});
}

void L1Sync::thaw(const std::string& code, Effects& effects) {
  if (frozen_by_.erase(code) != 0) effects.clear_alarm(code, "l1");
}

void L1Sync::judge_all(Effects& effects) {
  const L1State& state = view_.state();
  if (foreign_) {
    freeze("l1_reorg_below_finalized", "L1 no longer has a block that it had called finalized", effects);
  } else {
    thaw("l1_reorg_below_finalized", effects);
  }
  if (state.initialised && state.genesis_hash != options_.genesis_hash) {
    freeze("l1_wrong_genesis", "the core contract was initialised for another genesis", effects);
  } else {
    thaw("l1_wrong_genesis", effects);
  }
  for (const L1Update& update : view_.updates()) {
    if (judge(update.point) != Verdict::kDifferent) continue;
    return freeze(
        "l1_state_mismatch",
        "L1 says " + describe(update.point) + ", this replica has " + describe(*own_point(update.point.number.value)),
        effects);
  }
  thaw("l1_state_mismatch", effects);
}

void L1Sync::move_safe(storage::WriteBatch& batch) {
  if (frozen()) return;
  L1Update safe = view_.base() && view_.base()->initialised ? view_.base()->core : L1Update{};
  for (const L1Update& update : view_.updates()) {
    const bool deep = options_.safe_when_finalized ? update.block <= l1_finalized_
                                                   : update.block + options_.head_depth <= view_.tip();
    if (!deep || judge(update.point) != Verdict::kSame) break;
    safe = update;
  }
  if (safe == safe_) return;
  // What was compared before stays safe, though after a restart the updates before it wait to be compared again.
  const auto& updates = view_.updates();
  const bool still_there =
      std::any_of(updates.begin(), updates.end(), [&](const L1Update& update) { return update == safe_; });
  if (safe.point.number < safe_.point.number && still_there) return;
  safe_ = safe;
  if (safe_ == L1Update{}) return batch.erase(std::string(kSafeKey));  // the initialisation itself was taken back
  batch.put(std::string(kSafeKey), messages::encode_text(safe_));
}

// Finalized blocks go into the base once every update in them was compared; a mismatch keeps them out.
void L1Sync::fold(storage::WriteBatch& batch) {
  std::size_t folded = 0;
  while (!frozen() && !view_.blocks().empty() && view_.blocks().front().number <= l1_finalized_ &&
         folded < kFoldPerStep) {
    const std::uint64_t number = view_.blocks().front().number;
    const auto& updates = view_.updates();
    const bool judged = std::all_of(updates.begin(), updates.end(), [&](const L1Update& update) {
      return update.block != number || judge(update.point) == Verdict::kSame;
    });
    if (!judged) break;
    const LedgerBlock block = view_.fold_oldest();
    batch.erase(number_key(kBlockPrefix, number));
    for (const auto& event : block.events) {
      if (event.kind == static_cast<std::uint8_t>(messages::LedgerEventKind::kTransaction)) {
        finalized_transactions_.push_back(event.hash);
      }
    }
    ++folded;
  }
  if (folded == 0) return;
  for (const L1Message& message : view_.prune_messages(points_heard_ ? next_l1_nonce_ : 0)) {
    const auto offered = offered_.find(message.nonce());
    if (offered == offered_.end() || offered->second != message.hash) continue;
    batch.erase(number_key(kOfferedPrefix, offered->first));
    offered_.erase(offered);
  }
  const std::uint64_t settled = view_.base()->core.point.number.value;
  std::erase_if(own_, [&](const auto& entry) { return entry.first < settled; });
  batch.put(std::string(kBaseKey), messages::encode_text(*view_.base()));
}

// Which offered messages L1 still has; a consumed one that it lost stops handlers and settlement.
void L1Sync::offer(storage::WriteBatch& batch, Effects& effects) {
  const L1State& state = view_.state();
  std::vector<core::Word> lost;
  for (auto entry = offered_.begin(); entry != offered_.end();) {
    const bool present = std::any_of(state.messages.begin(), state.messages.end(),
                                     [&](const L1Message& message) { return message.hash == entry->second; });
    const bool consumed = entry->first < next_l1_nonce_;
    if (!present && consumed) lost.push_back(entry->second);
    if (!present && !consumed && points_heard_) {
      batch.erase(number_key(kOfferedPrefix, entry->first));
      entry = offered_.erase(entry);
    } else {
      ++entry;
    }
  }
  for (const auto& message : messages().messages) {
    const std::uint64_t nonce = message.nonce.to_u64().value_or(0);
    if (offered_.contains(nonce)) continue;
    const auto found = std::find_if(state.messages.begin(), state.messages.end(),
                                    [&](const L1Message& known) { return known.message == message; });
    offered_.emplace(nonce, found->hash);
    batch.put(number_key(kOfferedPrefix, nonce), messages::encode_text(found->hash));
  }
  if (!lost.empty() && !blocked()) {
    effects.raise_alarm({.code = "l1_message_lost",
                         .subject = "l1",
                         .text = "a reorganisation of L1 removed a message that a block has consumed",
                         .advice =
                             "No further handlers, and nothing settles from the span that consumed it on, until the "
                             "same message is back on L1; send it again there."});
  }
  if (lost.empty() && blocked()) effects.clear_alarm("l1_message_lost", "l1");
  lost_ = std::move(lost);
}

bool L1Sync::consumes_lost(const core::MessageSegment& messages) const {
  return blocked() && std::any_of(messages.to_l2.begin(), messages.to_l2.end(), [&](const auto& message) {
           return std::find(lost_.begin(), lost_.end(), core::l1_to_l2_message_hash(message)) != lost_.end();
         });
}

void L1Sync::ask_points(const Now& now, Effects& effects) {
  std::vector<std::uint64_t> wanted;
  for (const L1Update& update : view_.updates()) {
    const std::uint64_t number = update.point.number.value;
    if (!own_.contains(number) && wanted.size() < kPointsPerRequest) wanted.push_back(number);
  }
  if (!own_.contains(0) && !view_.state().initialised && wanted.empty()) wanted.push_back(0);
  // With nothing to compare it still asks now and then: a BlockCommitted may have been lost with a link.
  if (now.monotonic - points_asked_at_ < (wanted.empty() ? kNonceEvery : kPointsEvery)) return;
  points_asked_at_ = now.monotonic;
  effects.send(ToOwn{}, messages::ChainPointsRequest{.heights = std::move(wanted)});
}

std::uint64_t L1Sync::finalized_block() const {
  std::uint64_t out = view_.base() ? view_.base()->core.point.number.value : 0;
  for (const L1Update& update : view_.updates()) {
    if (update.block > l1_finalized_ || judge(update.point) != Verdict::kSame) break;
    out = update.point.number.value;
  }
  return out;
}

messages::Heads L1Sync::heads() const {
  const L1Update& core = view_.state().core;
  return {.latest = latest_,
          .unsafe = latest_,
          .safe = safe(),
          .settled = core.point.number.value,
          .l1_head = view_.tip(),
          .settled_in = core.block,
          .finalized = finalized_block(),
          .frozen = frozen()};
}

messages::SettlementView L1Sync::settlement() const {
  const L1State& state = view_.state();
  return {
      .known = current(),
      .initialised = state.initialised,
      .paused = state.paused,
      .core = state.core.point,
      .finalized_block = finalized_block(),
      .frozen = frozen(),
      .attesters = state.attesters,
      .threshold = state.threshold,
      .lost_messages = {lost_.begin(), lost_.begin() + static_cast<std::ptrdiff_t>(std::min(lost_.size(), kLostTold))}};
}

messages::L1Messages L1Sync::messages() const {
  messages::L1Messages out{.messages = {}, .blocked = blocked() || frozen()};
  for (const L1Message& message : view_.state().messages) {
    const bool deep = message.block + options_.message_depth <= view_.tip();
    if (!deep || out.messages.size() >= kMessagesOffered) break;
    if (!message.consumed && message.nonce() >= next_l1_nonce_) out.messages.push_back(message.message);
  }
  return out;
}

void L1Sync::publish(const Now& now, bool repeat, Effects& effects) {
  if (!heard_ && !repeat) return;
  const auto changed = [&](std::optional<std::string>& sent, auto message) {
    std::string text = messages::encode_text(message);
    if (!repeat && sent == text) return;
    sent = std::move(text);
    effects.send(ToOwn{}, std::move(message));
  };
  changed(sent_heads_, heads());
  changed(sent_settlement_, settlement());
  changed(sent_messages_, messages());
  if (repeat) published_at_ = now.monotonic;
}

std::vector<core::Word> L1Sync::take_finalized() {
  std::vector<core::Word> out;
  std::swap(out, finalized_transactions_);
  return out;
}

}  // namespace asterism::actors
