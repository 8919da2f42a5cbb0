// What people ask: `consensus` and `evidence` of the shell.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "actors/consensus/consensus.hpp"

namespace asterism::actors::consensus {

using core::ValidatorIndex;
using core::VoteType;
using Json = nlohmann::ordered_json;

namespace {

std::string text(const core::ValueId& value) {
  return value == core::kNil ? std::string("nil") : "0x" + core::to_hex(value);
}

std::string vote_of(const VoteKeeper& votes, core::Round round, VoteType type, ValidatorIndex validator) {
  for (const auto& vote : votes.votes(round, type)) {
    if (vote.validator == validator) return text(vote.value);
  }
  return "-";
}

}  // namespace

std::uint32_t DecisionTimes::percentile(std::size_t p) const {
  if (times_.empty()) return 0;
  std::vector<std::uint32_t> sorted(times_.begin(), times_.end());
  std::ranges::sort(sorted);
  return sorted[(sorted.size() - 1) * p / 100];
}

core::BlockNumber Consensus::certified() const {
  if (const auto caught_up = catch_up_.last()) return *caught_up;
  return core::BlockNumber(height().value - (height_->decided_round() ? 0 : 1));
}

std::string Consensus::inquire(const Inquiry& inquiry, const Now&, Effects&) {
  if (inquiry.what == "evidence") return evidence_.json(context_.genesis);
  if (inquiry.what != "consensus") return R"({"error": "consensus knows: consensus, evidence"})";
  const auto& core = height_->core();
  Json out;
  out["height"] = height().value;
  out["round"] = core.round().value;
  out["step"] = to_string(core.step());
  out["proposer"] = context_.genesis.validators[core.proposer(core.round()).value].name;
  out["voting"] = !height_->silent();
  out["locked_round"] = core.locked_round();
  out["locked_value"] = core.locked_round() == kNoRound ? "-" : text(core.locked_value());
  out["valid_round"] = core.valid_round();
  out["valid_value"] = core.valid_round() == kNoRound ? "-" : text(core.valid_value());
  out["certified"] = certified().value;
  out["waiting_for_commit"] = committing_ != nullptr;
  out["decision_ms_p50"] = decisions_.percentile(50);
  out["decision_ms_p99"] = decisions_.percentile(99);
  auto& validators = out["validators"] = Json::array();
  for (std::size_t i = 0; i < electorate_.validators.size(); ++i) {
    const ValidatorIndex index(static_cast<std::uint16_t>(i));
    const bool own = index == electorate_.self;
    Json row;
    row["validator"] = context_.genesis.validators[i].name;
    row["weight"] = electorate_.validators.weight(index);
    row["height"] = own ? height().value : peers_[i].status.height;
    row["round"] = own ? core.round().value : peers_[i].status.round;
    row["step"] = to_string(own ? core.step() : static_cast<Step>(std::min<std::uint8_t>(peers_[i].status.step, 4)));
    row["prevote"] = vote_of(core.votes(), core.round(), VoteType::kPrevote, index);
    row["precommit"] = vote_of(core.votes(), core.round(), VoteType::kPrecommit, index);
    validators.push_back(std::move(row));
  }
  return out.dump();
}

}  // namespace asterism::actors::consensus
