// Catching up: which peer to ask for decided blocks, and what of its answer may be believed. A block is handed on only
// with a commit certificate that verifies against genesis; whether its body is the one under the certified hash is what
// the own sequencer says of it (CheckBlock), and a giver whose block fails is not asked again for a while.
// Bounds: one request at a time, blocks only of the height asked for and the next ones, at most
// settings.catch_up_blocks.
#pragma once
#include <deque>
#include <map>

#include "actors/consensus/settings.hpp"
#include "core/chain/genesis.hpp"
#include "messages/consensus.hpp"

namespace asterism::actors::consensus {

class CatchUp {
 public:
  enum class Verdict : std::uint8_t { kAccepted, kUnasked, kEmpty, kForged };
  struct Request {
    core::ValidatorIndex peer;
    messages::CatchUpRequest message;
  };

  CatchUp(const core::Genesis& genesis, const core::Word& genesis_hash, const ConsensusSettings& settings)
      : genesis_(&genesis), genesis_hash_(genesis_hash), settings_(&settings) {}

  // The peer decides `height` now, so it has all before.
  void peer_is_at(core::ValidatorIndex peer, core::BlockNumber height) { heights_[peer] = height; }
  // What to ask now, if anything; `height` is the one being decided here.
  std::optional<Request> next_request(core::BlockNumber height, Millis now);
  Verdict receive(core::ValidatorIndex from, const messages::CatchUpReply& reply, core::BlockNumber height, Millis now);
  // The verified block of `height`, if it is here.
  const core::DecidedBlock* next(core::BlockNumber height) const;
  // Of the last block whose certificate was verified and that is not committed yet.
  std::optional<core::BlockNumber> last() const {
    return verified_.empty() ? std::nullopt : std::optional(verified_.back().certificate.height);
  }
  // The own sequencer refused the block of `height`: its giver is penalised, and what else it gave is dropped.
  core::ValidatorIndex refuse(Millis now);
  void advanced_to(core::BlockNumber height);

 private:
  bool worth_asking(core::ValidatorIndex peer, core::BlockNumber height, Millis now) const;
  void penalise(core::ValidatorIndex peer, Millis now) { penalised_until_[peer] = now + settings_->penalty; }

  const core::Genesis* genesis_;
  core::Word genesis_hash_{};
  const ConsensusSettings* settings_;
  std::map<core::ValidatorIndex, core::BlockNumber> heights_;
  std::map<core::ValidatorIndex, Millis> penalised_until_;
  std::optional<core::ValidatorIndex> asked_;
  core::ValidatorIndex last_asked_;
  Millis asked_at_{};
  std::optional<Millis> behind_since_;
  core::ValidatorIndex giver_;
  std::deque<core::DecidedBlock> verified_;
};

}  // namespace asterism::actors::consensus
