#include "actors/consensus/catch_up.hpp"

#include "actors/consensus/mutant.hpp"

namespace asterism::actors::consensus {

using core::BlockNumber;
using core::ValidatorIndex;

bool CatchUp::worth_asking(ValidatorIndex peer, BlockNumber height, Millis now) const {
  const auto at = heights_.find(peer);
  if (at == heights_.end() || at->second <= height) return false;
  const auto penalty = penalised_until_.find(peer);
  if (penalty != penalised_until_.end() && penalty->second > now) return false;
  // One ahead may mean that our own commit is under way.
  return at->second.value > height.value + 1 || (behind_since_ && now - *behind_since_ >= settings_->catch_up_grace);
}

std::optional<CatchUp::Request> CatchUp::next_request(BlockNumber height, Millis now) {
  if (next(height) != nullptr) return std::nullopt;
  bool behind = false;
  for (const auto& [peer, at] : heights_) behind = behind || at > height;
  if (!behind) {
    behind_since_.reset();
  } else if (!behind_since_) {
    behind_since_ = now;
  }
  if (asked_ && now - asked_at_ < settings_->catch_up_timeout) return std::nullopt;
  // The next one after the last asked, so that a peer without an answer does not hold us up.
  const auto count = static_cast<std::uint16_t>(genesis_->validators.size());
  for (std::uint16_t i = 1; i <= count; ++i) {
    const ValidatorIndex peer(static_cast<std::uint16_t>((last_asked_.value + i) % count));
    if (!worth_asking(peer, height, now)) continue;
    asked_ = last_asked_ = peer;
    asked_at_ = now;
    return Request{peer, {.from_height = height.value, .max_blocks = settings_->catch_up_blocks}};
  }
  asked_.reset();
  return std::nullopt;
}

CatchUp::Verdict CatchUp::receive(ValidatorIndex from, const messages::CatchUpReply& reply, BlockNumber height,
                                  Millis now) {
  if (asked_ != from) return Verdict::kUnasked;
  asked_.reset();
  verified_.clear();
  giver_ = from;
  for (const auto& decided : reply.blocks) {
    if (decided.block.header.number < height) continue;
    const BlockNumber expected(height.value + verified_.size());
    if (verified_.size() >= settings_->catch_up_blocks) break;
    const bool right_height = decided.block.header.number == expected && decided.certificate.height == expected;
    const bool good =
        right_height &&
        ASTERISM_MUTATE(5, true, !core::verify_certificate(*genesis_, genesis_hash_, decided.certificate));
    if (!good) {
      penalise(from, now);
      return Verdict::kForged;
    }
    verified_.push_back(decided);
  }
  if (!verified_.empty()) return Verdict::kAccepted;
  heights_.erase(from);  // until its next status
  return Verdict::kEmpty;
}

const core::DecidedBlock* CatchUp::next(BlockNumber height) const {
  return !verified_.empty() && verified_.front().certificate.height == height ? &verified_.front() : nullptr;
}

ValidatorIndex CatchUp::refuse(Millis now) {
  verified_.clear();
  penalise(giver_, now);
  return giver_;
}

void CatchUp::advanced_to(BlockNumber height) {
  behind_since_.reset();
  while (!verified_.empty() && verified_.front().certificate.height < height) verified_.pop_front();
}

}  // namespace asterism::actors::consensus
