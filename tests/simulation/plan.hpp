// What one seed stands for: the validators, the network, the faults and the attacker of a run.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "actors/consensus/settings.hpp"

namespace asterism::simulation {

// Deterministic everywhere (SplitMix64); the standard distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 0x1234567) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }
  bool chance(std::uint32_t permille) { return below(1000) < permille; }

 private:
  std::uint64_t state_;
};

struct NetworkPlan {
  std::uint64_t delay_ms = 10, jitter_ms = 10;
  std::uint32_t loss = 0, duplicate = 0, straggle = 0;  // per thousand; a straggler comes up to 2 s late
  std::uint64_t partition_every_ms = 0;                 // 0: none
  std::uint32_t one_way = 0;                            // per thousand partitions: the victim hears but is not heard
};

enum class Attack : std::uint8_t {
  kNone,        // nobody is byzantine
  kEquivocate,  // votes and proposals differ by receiver
  kSplit,       // in some rounds supports the leading value at one victim only, and says nil or nothing to the others
  kAmnesia,     // split, and proposes anew or from old polkas, whatever it has voted for; the victim is often not heard
};

// A validator whose messages of a kind reach nobody while the faults last.
struct Dropper {
  std::uint16_t validator = 0;
  bool votes = false, proposals = false;
};

struct Plan {
  std::uint64_t seed = 0;
  std::vector<std::uint64_t> weights;
  std::uint16_t attacker = 0;
  Attack attack = Attack::kNone;
  // The attacker has a third of the weight exactly: agreement must hold, and progress only once it behaves.
  bool attacker_at_third = false;
  bool attacks_to_the_end = true;
  NetworkPlan network;
  std::vector<Dropper> droppers;
  std::uint32_t crash = 0;                  // per thousand, before or after a persist
  std::vector<std::uint32_t> crash_points;  // and surely at these persists of a node, (count * 2 + after)
  std::uint64_t faults_until_ms = 60000;
  std::uint64_t heights = 20;
  std::uint64_t liveness_ms = 240000;  // time after the faults in which everybody must get there
  actors::consensus::ConsensusSettings settings;
};

Plan make_plan(std::uint64_t seed);

// Of a run, by name; what has not occurred is not listed.
struct Faults {
  std::uint64_t lost = 0, duplicated = 0, delayed = 0, partitions = 0, cut_off = 0;
  std::uint64_t crashes_before_persist = 0, crashes_after_persist = 0, crashes_of_commit = 0, lost_batches = 0;
  std::uint64_t equivocations = 0, withheld = 0, bad_proposals = 0, stale_proposals = 0, forged_catch_ups = 0;
  std::uint64_t lies = 0, amnesias = 0, bad_signatures = 0;

  std::vector<std::pair<std::string, std::uint64_t>> named() const;
  std::uint64_t total() const;
  void add(const Faults& other);
};

}  // namespace asterism::simulation
