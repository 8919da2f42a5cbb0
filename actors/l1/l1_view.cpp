#include "actors/l1/l1_view.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace asterism::actors {

using messages::LedgerBlock;
using messages::LedgerEvent;
using messages::LedgerEventKind;

void L1State::apply(const LedgerBlock& block) {
  number = block.number;
  hash = block.hash;
  for (const LedgerEvent& event : block.events) {
    switch (static_cast<LedgerEventKind>(event.kind)) {
      case LedgerEventKind::kInitialised:
        initialised = true;
        genesis_hash = event.hash;
        threshold = static_cast<std::uint64_t>(event.amount);
        core = {.point = event.point, .block = block.number};
        break;
      case LedgerEventKind::kStateUpdate:
        core = {.point = event.point, .block = block.number};
        break;
      case LedgerEventKind::kPaused:
        paused = event.amount != 0;
        break;
      case LedgerEventKind::kAttester:
        std::erase_if(attesters, [&](const auto& known) { return known.attester == event.address; });
        if (event.amount != 0) {
          attesters.push_back({.attester = event.address, .weight = static_cast<std::uint64_t>(event.amount)});
        }
        break;
      case LedgerEventKind::kMessageToL2:
        messages.push_back({.message = event.message, .hash = event.hash, .block = block.number, .consumed = false});
        break;
      case LedgerEventKind::kMessageConsumed:
        for (L1Message& message : messages) message.consumed = message.consumed || message.hash == event.hash;
        break;
      case LedgerEventKind::kMessageToL1:
      case LedgerEventKind::kTransaction:
        break;
    }
  }
}

std::uint64_t L1State::weight(const core::EthAddress& attester) const {
  const auto found =
      std::find_if(attesters.begin(), attesters.end(), [&](const auto& known) { return known.attester == attester; });
  return found == attesters.end() ? 0 : found->weight;
}

std::optional<core::Word> L1View::hash_at(std::uint64_t number) const {
  if (base_ && number == base_->number) return base_->hash;
  if (blocks_.empty() || number < blocks_.front().number || number > blocks_.back().number) return std::nullopt;
  return blocks_[number - blocks_.front().number].hash;
}

std::uint64_t L1View::next_request() const {
  const std::uint64_t lowest = base_ ? base_->number : 0;
  const std::uint64_t tip = this->tip();
  return tip - std::min(back_, tip - lowest);
}

L1View::Merge L1View::merge(std::uint64_t from, std::uint64_t head, const std::vector<LedgerBlock>& blocks) {
  Merge out;
  const std::uint64_t lowest = base_ ? base_->number : 0;
  const bool fresh = empty();
  std::optional<std::uint64_t> anchor;
  std::size_t next = 0;  // in `blocks`, the first one above the anchor
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].number != from + i) return out;  // not what was asked for
    const auto own = hash_at(blocks[i].number);
    if (own && *own == blocks[i].hash) {
      anchor = blocks[i].number;
      next = i + 1;
    }
  }
  if (!anchor && !fresh) {
    // A chain that begins with another block 0 can only be taken over while nothing of it is finalized here.
    const bool restart = !base_ && from == 0 && !blocks.empty();
    if (!restart) {
      if (from <= lowest && base_) {
        out.outcome = Outcome::kForeign;
        return out;
      }
      back_ = back_ == 0 ? 1 : back_ * 2;
      out.outcome = Outcome::kStepBack;
      return out;
    }
  }
  const bool ends_here = next == blocks.size() && (anchor && *anchor == head);
  while (!blocks_.empty() && (next < blocks.size() || ends_here || back_ > 0) &&
         (!anchor || blocks_.back().number > *anchor)) {
    out.removed.push_back(blocks_.back().number);
    blocks_.pop_back();
  }
  for (std::size_t i = next; i < blocks.size(); ++i) {
    const bool first = empty() && i == 0;
    if (!first && blocks[i].parent_hash != *hash_at(tip())) break;
    blocks_.push_back(blocks[i]);
    out.appended.push_back(blocks[i].number);
  }
  if (!out.removed.empty()) {
    refold();
    out.outcome = Outcome::kReplaced;
  } else if (!out.appended.empty()) {
    for (std::size_t i = blocks_.size() - out.appended.size(); i < blocks_.size(); ++i) {
      state_.apply(blocks_[i]);
      take_updates(blocks_[i]);
    }
    out.outcome = Outcome::kExtended;
  }
  back_ = 0;
  out.linked = true;
  return out;
}

void L1View::load(std::optional<L1State> base, std::vector<LedgerBlock> blocks) {
  base_ = std::move(base);
  blocks_.assign(std::make_move_iterator(blocks.begin()), std::make_move_iterator(blocks.end()));
  refold();
}

void L1View::refold() {
  state_ = base_.value_or(L1State{});
  updates_.clear();
  for (const LedgerBlock& block : blocks_) {
    state_.apply(block);
    take_updates(block);
  }
}

void L1View::take_updates(const LedgerBlock& block) {
  for (const LedgerEvent& event : block.events) {
    const auto kind = static_cast<LedgerEventKind>(event.kind);
    if (kind == LedgerEventKind::kStateUpdate || kind == LedgerEventKind::kInitialised) {
      updates_.push_back({.point = event.point, .block = block.number});
    }
  }
}

LedgerBlock L1View::fold_oldest() {
  ASTERISM_CHECK(!blocks_.empty(), "there is a block to fold");
  LedgerBlock block = std::move(blocks_.front());
  blocks_.pop_front();
  if (!base_) base_.emplace();
  base_->apply(block);
  std::erase_if(updates_, [&](const L1Update& update) { return update.block == block.number; });
  return block;
}

std::vector<L1Message> L1View::prune_messages(std::uint64_t next_nonce) {
  std::vector<L1Message> out;
  if (!base_) return out;
  for (const L1Message& message : base_->messages) {
    if (message.consumed || message.nonce() < next_nonce) out.push_back(message);
  }
  if (out.empty()) return out;
  std::erase_if(base_->messages,
                [&](const L1Message& message) { return message.consumed || message.nonce() < next_nonce; });
  refold();
  return out;
}

std::optional<Inclusion> L1View::find_transaction(const core::Word& hash) const {
  for (const LedgerBlock& block : blocks_) {
    for (const LedgerEvent& event : block.events) {
      if (event.kind == static_cast<std::uint8_t>(LedgerEventKind::kTransaction) && event.hash == hash) {
        return Inclusion{.block = block.number, .failed = event.failed, .text = event.text};
      }
    }
  }
  return std::nullopt;
}

}  // namespace asterism::actors
