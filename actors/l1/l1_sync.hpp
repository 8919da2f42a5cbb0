// Follows L1 for one replica: compares what L1 says with the replica's own chain and keeps the heads (protocol.md,
// "Heads").
//
// Invariants: a block is judged by parent hashes, never by notices; `safe` only ever names a block whose hash on L1,
// at least head_depth deep, equals the replica's own, and never falls below what is finalized; while frozen nothing is
// folded into the base. The freeze is a function of what L1 and the replica say: it ends when they agree again.
// Keys: "l/base" the finalized state, "l/b/"<number> L1 blocks after it, "l/safe" the marker, "l/o/"<nonce> messages
// that were offered to the sequencer and are not finalized on L1 yet.
#pragma once
#include <map>

#include "actors/l1/l1_view.hpp"
#include "actors/machine.hpp"

namespace asterism::actors {

struct L1SyncOptions {
  core::Word genesis_hash{};
  std::uint64_t head_depth = 3, message_depth = 2;
  bool safe_when_finalized = false;  // instead of head_depth
  Millis unreachable_after{10'000};
  Millis repeat{2'000};  // what others hold is sent again this often, so that a restarted role has it
};

class L1Sync {
 public:
  L1Sync(const storage::KeyValue& store, L1SyncOptions options) : store_(store), options_(std::move(options)) {}

  // False: what is stored does not decode.
  bool load(const Now& now);
  void poll(const Now& now, Effects& effects);
  void on(const messages::LedgerBlocksReply& reply, const Now& now, Effects& effects);
  void on(const messages::ChainPoints& points, const Now& now, Effects& effects);
  void on(const messages::BlockCommitted& committed, const Now& now, Effects& effects);
  // `l1 resume`: every hash above the base is asked for and compared anew. Never overrides a mismatch.
  void resume(const Now& now, Effects& effects);

  bool known() const { return heard_; }
  // The view reaches the ledger's head, as far as the last answer says.
  bool current() const { return heard_ && !view_.empty() && view_.tip() >= l1_head_; }
  bool frozen() const { return !frozen_by_.empty(); }
  // A consumed message is gone from L1: no handlers, and no settlement of what consumes it, until it is back.
  bool blocked() const { return !lost_.empty(); }
  bool consumes_lost(const core::MessageSegment& messages) const;
  const L1View& view() const { return view_; }
  std::uint64_t latest() const { return latest_; }
  std::uint64_t safe() const { return safe_.point.number.value; }
  std::uint64_t l1_finalized() const { return l1_finalized_; }
  std::optional<core::ChainPoint> own_point(std::uint64_t number) const;
  messages::Heads heads() const;
  messages::SettlementView settlement() const;
  messages::L1Messages messages() const;
  const std::map<std::string, std::string>& frozen_by() const { return frozen_by_; }
  // Hashes of L1 transactions that became final since the last call.
  std::vector<core::Word> take_finalized();

 private:
  enum class Verdict : std::uint8_t { kUnknown, kSame, kDifferent };
  Verdict judge(const core::ChainPoint& on_l1) const;
  void keep(const L1View::Merge& merge, storage::WriteBatch& batch) const;
  // After any news: freeze, safe, base, offered messages, and what others must hear.
  void settle(const Now& now, storage::WriteBatch batch, Effects& effects);
  void judge_all(Effects& effects);
  void freeze(const std::string& code, const std::string& text, Effects& effects);
  void thaw(const std::string& code, Effects& effects);
  void move_safe(storage::WriteBatch& batch);
  void fold(storage::WriteBatch& batch);
  void offer(storage::WriteBatch& batch, Effects& effects);
  void ask_points(const Now& now, Effects& effects);
  void publish(const Now& now, bool repeat, Effects& effects);
  std::uint64_t finalized_block() const;

  const storage::KeyValue& store_;
  L1SyncOptions options_;
  L1View view_;
  bool heard_ = false;
  std::uint64_t l1_head_ = 0, l1_finalized_ = 0;
  std::uint64_t request_ = 0, asked_from_ = 0;
  bool waiting_ = false;
  Millis asked_at_{}, heard_at_{}, points_asked_at_{-1'000'000}, published_at_{-1'000'000};

  std::uint64_t latest_ = 0, next_l1_nonce_ = 0;
  bool points_heard_ = false;                      // next_l1_nonce_ is known since start
  std::map<std::uint64_t, core::ChainPoint> own_;  // of heights that L1 names
  L1Update safe_;
  bool foreign_ = false, unreachable_ = false;
  std::vector<core::Word> lost_;
  std::map<std::string, std::string> frozen_by_;  // alarm code -> why
  std::map<std::uint64_t, core::Word> offered_;
  std::vector<core::Word> finalized_transactions_;
  std::optional<std::string> sent_heads_, sent_settlement_, sent_messages_;  // encoded, to send changes only
};

}  // namespace asterism::actors
