// Boundaries: where spans begin and end, and what becomes of one that is too much for everybody.
#include <algorithm>

#include "actors/prover/coordinator.hpp"
#include "core/base/check.hpp"

namespace asterism::actors {
namespace {

std::string u64_value(std::uint64_t value) {
  core::ByteWriter out;
  out.u64(value);
  return std::string(core::as_text(out.bytes()));
}

}  // namespace

void Coordinator::on(const messages::BlockCommitted& block, const Sender&, Step step) {
  if (block.height == tail_end() + 1) {
    append_block(block.height, block.transactions.size(), step);
  } else if (block.height > tail_end()) {
    summaries_asked_ = step.now.monotonic;
    step.effects.send(ToOwn{}, messages::BlockSummariesRequest{.from_height = tail_end() + 1});
  }
}

void Coordinator::on(const messages::BlockSummaries& summaries, const Sender&, Step step) {
  for (const messages::BlockSummary& block : summaries.blocks) {
    if (block.height == tail_end() + 1) append_block(block.height, block.transactions, step);
  }
  if (!summaries.blocks.empty() && summaries.latest > tail_end()) {
    summaries_asked_ = step.now.monotonic;
    step.effects.send(ToOwn{}, messages::BlockSummariesRequest{.from_height = tail_end() + 1});
  }
}

SpanRecord& Coordinator::add(SpanRecord span) {
  by_start_.emplace(span.start, span.id);
  return spans_.emplace(span.id, std::move(span)).first->second;
}

void Coordinator::append_block(std::uint64_t height, std::uint64_t transactions, Step step) {
  ASTERISM_CHECK(height == tail_end() + 1, "blocks join the tail in order");
  if (tail_transactions_.empty()) tail_since_ = step.now.monotonic;
  tail_transactions_.push_back(transactions);
  std::uint64_t total = 0;
  for (const std::uint64_t count : tail_transactions_) total += count;
  if (tail_transactions_.size() >= options_.limits.span_blocks || total >= options_.limits.span_transactions)
    close_tail(step);
}

void Coordinator::close_tail(Step step) {
  SpanRecord span;
  span.id = next_id_++;
  span.start = tail_start_;
  span.end = tail_end();
  for (const std::uint64_t count : tail_transactions_) span.transactions += count;
  ASTERISM_CHECK(span.end > span.start, "a span has at least one block");
  tail_start_ = span.end;
  tail_transactions_.clear();
  tail_since_.reset();
  storage::WriteBatch batch;
  store(span, batch);
  batch.put(std::string(kTailKey), u64_value(tail_start_));
  step.effects.persist(std::move(batch));
  step.effects.log(LogLevel::kInfo, "event=span-closed span=" + std::to_string(span.id) +
                                        " start=" + std::to_string(span.start) + " end=" + std::to_string(span.end) +
                                        " transactions=" + std::to_string(span.transactions));
  add(std::move(span));
}

void Coordinator::split(SpanRecord& span, std::string_view why, Step step) {
  const std::uint64_t middle = split_point(span.start, span.end);
  ASTERISM_CHECK(span.start < middle && middle < span.end, "halves are not empty");
  storage::WriteBatch batch;
  for (const auto& [start, end] : {std::pair{span.start, middle}, std::pair{middle, span.end}}) {
    SpanRecord half;
    half.id = next_id_++;
    half.parent = span.id;
    half.start = start;
    half.end = end;
    store(half, batch);
    add(std::move(half));
  }
  call_off(span, step);
  span.state = static_cast<std::uint8_t>(SpanState::kSplit);
  store(span, batch);
  progress_.erase(span.id);
  step.effects.persist(std::move(batch));
  step.effects.count("asterism_spans_split_total");
  step.effects.clear_alarm("span-quarantined", "span=" + std::to_string(span.id));
  step.effects.log(LogLevel::kWarn, "event=span-split span=" + std::to_string(span.id) +
                                        " middle=" + std::to_string(middle) + " why=\"" + std::string(why) + "\"");
}

void Coordinator::quarantine(SpanRecord& span, std::string reason, Step step) {
  span.state = static_cast<std::uint8_t>(SpanState::kQuarantined);
  span.reason = std::move(reason);
  progress_.erase(span.id);
  persist(span, step);
  step.effects.count("asterism_spans_quarantined_total");
  step.effects.raise_alarm(
      {"span-quarantined", "span=" + std::to_string(span.id),
       "blocks (" + std::to_string(span.start) + ", " + std::to_string(span.end) + "]: " + span.reason +
           "; safe stays at or below block " + std::to_string(span.start),
       "remove the cause (a larger worker, a fixed one), then `retry " + std::to_string(span.id) + "`"});
}

void Coordinator::too_large_for_all(SpanRecord& span, const std::string& why, Step step) {
  if (span.length() > 1)
    split(span, why, step);
  else
    quarantine(span, why, step);
}

// Records are kept until L1 has finalized them, and some more for the shell's history.
void Coordinator::prune(Step step) {
  std::vector<std::uint64_t> finalized;
  for (const auto& [id, span] : spans_) {
    if (span.end <= view_.finalized_block) finalized.push_back(id);
  }
  if (finalized.size() < 2 * options_.kept_finalized) return;
  storage::WriteBatch batch;
  for (std::size_t i = 0; i + options_.kept_finalized < finalized.size(); ++i) {
    batch.erase(span_key(finalized[i]));
    const auto [from, to] = by_start_.equal_range(spans_.at(finalized[i]).start);
    by_start_.erase(std::find_if(from, to, [&](const auto& entry) { return entry.second == finalized[i]; }));
    spans_.erase(finalized[i]);
    progress_.erase(finalized[i]);
  }
  step.effects.persist(std::move(batch), Sync::kNo);
}

}  // namespace asterism::actors
