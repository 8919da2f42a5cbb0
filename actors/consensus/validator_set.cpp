#include "actors/consensus/validator_set.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/check.hpp"

namespace asterism::actors::consensus {
namespace {

// A cycle longer than this is shortened by scaling the weights; everybody keeps a turn.
constexpr std::uint64_t kMaxCycle = 4096;

std::vector<std::uint64_t> turns(const std::vector<std::uint64_t>& weights, std::uint64_t total) {
  std::uint64_t divisor = 0;
  for (const auto weight : weights) divisor = std::gcd(divisor, weight);
  std::vector<std::uint64_t> out;
  for (const auto weight : weights) {
    std::uint64_t turn = weight / divisor;
    if (total / divisor > kMaxCycle) {
      turn = static_cast<std::uint64_t>(static_cast<core::Uint128>(weight) * kMaxCycle / total);
    }
    out.push_back(std::max<std::uint64_t>(turn, 1));
  }
  return out;
}

// Smooth weighted round-robin: each step everybody gains its turns, the richest (lowest index first) goes and pays a
// whole cycle. Over a cycle everybody goes exactly as often as it has turns.
std::vector<std::uint16_t> smooth_cycle(const std::vector<std::uint64_t>& turns) {
  const auto length = std::accumulate(turns.begin(), turns.end(), std::uint64_t{0});
  std::vector<std::int64_t> credit(turns.size(), 0);
  std::vector<std::uint16_t> cycle;
  for (std::uint64_t step = 0; step < length; ++step) {
    for (std::size_t i = 0; i < turns.size(); ++i) credit[i] += static_cast<std::int64_t>(turns[i]);
    const auto richest = std::max_element(credit.begin(), credit.end());
    *richest -= static_cast<std::int64_t>(length);
    cycle.push_back(static_cast<std::uint16_t>(richest - credit.begin()));
  }
  return cycle;
}

}  // namespace

ValidatorSet::ValidatorSet(const core::Genesis& genesis) {
  for (const auto& validator : genesis.validators) {
    weights_.push_back(validator.weight);
    keys_.push_back(validator.consensus_key);
    total_ += validator.weight;
  }
  ASTERISM_CHECK(total_ > 0, "genesis has no voting weight");
  schedule_ = smooth_cycle(turns(weights_, total_));
}

core::ValidatorIndex ValidatorSet::proposer(core::BlockNumber height, core::Round round) const {
  return core::ValidatorIndex(schedule_[(height.value + round.value) % schedule_.size()]);
}

}  // namespace asterism::actors::consensus
