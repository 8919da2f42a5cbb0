// Times of consensus. Only liveness depends on them; validators need not agree on them.
#pragma once
#include <cstdint>

#include "actors/machine.hpp"

namespace asterism::actors::consensus {

struct ConsensusSettings {
  // Time-outs of round r: base + r * step.
  Millis propose{3000}, propose_step{500};
  Millis prevote{300}, prevote_step{100};
  Millis precommit{300}, precommit_step{500};

  // Off: a height starts when there is work, here or at another validator.
  bool empty_blocks = true;
  // How long the first proposer of a height waits for transactions; its propose time-out is prolonged by it.
  Millis empty_block_interval{1000};

  Millis tick{200};         // how often the times below are looked at
  Millis rebroadcast{600};  // without progress, doubled each time up to rebroadcast_max
  Millis rebroadcast_max{5000};
  Millis heartbeat{1000};
  Millis ask_again{10000};     // a question to the own sequencer that was not answered
  Millis catch_up_grace{400};  // one height behind is normal for a moment
  Millis catch_up_timeout{2000};
  Millis penalty{60000};  // a peer that sent a forged block is not asked for so long
  std::uint32_t catch_up_blocks = 16;
};

}  // namespace asterism::actors::consensus
