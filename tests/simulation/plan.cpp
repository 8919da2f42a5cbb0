#include "tests/simulation/plan.hpp"

namespace asterism::simulation {
namespace {

// The attacker has less than a third of the weight in each of these; the last ones are for attackers at a third.
struct Electorate {
  std::vector<std::uint64_t> weights;
  std::uint16_t attacker;
};
const Electorate kElectorates[] = {{{1, 1, 1, 1}, 0}, {{1, 1, 1, 1}, 1}, {{1, 1, 1, 1}, 2},
                                   {{1, 1, 1, 1}, 3}, {{2, 1, 2, 2}, 1}, {{3, 4, 3, 3}, 0}};
const Electorate kAtThird[] = {{{1, 1, 1}, 2}, {{1, 2, 1, 2}, 1}, {{2, 1, 1, 2}, 0}};

}  // namespace

Plan make_plan(std::uint64_t seed) {
  Random random(seed);
  Plan plan;
  plan.seed = seed;
  plan.attacker_at_third = random.chance(100);
  const auto& electorate = plan.attacker_at_third ? kAtThird[random.below(std::size(kAtThird))]
                                                  : kElectorates[random.below(std::size(kElectorates))];
  plan.weights = electorate.weights;
  plan.attacker = electorate.attacker;
  plan.attack = static_cast<Attack>(plan.attacker_at_third ? random.between(1, 3) : random.between(0, 3));
  plan.attacks_to_the_end = !plan.attacker_at_third && random.chance(500);

  auto& network = plan.network;
  network.delay_ms = random.between(1, 60);
  network.jitter_ms = random.between(0, 100);
  const bool rough = random.chance(700);
  network.loss = static_cast<std::uint32_t>(rough ? random.between(10, 250) : random.between(5, 30));
  network.duplicate = static_cast<std::uint32_t>(random.between(5, 100));
  network.straggle = static_cast<std::uint32_t>(random.between(5, rough ? 200 : 30));
  network.partition_every_ms = random.chance(500) ? random.between(4000, 20000) : 0;
  if (plan.attack == Attack::kAmnesia) {
    network.partition_every_ms = random.between(3000, 9000);
    network.one_way = 800;
  }
  plan.crash = static_cast<std::uint32_t>(random.chance(600) ? random.between(1, 20) : 0);
  for (int i = 0; i < 3; ++i) plan.crash_points.push_back(static_cast<std::uint32_t>(random.below(400)));
  plan.faults_until_ms = random.between(20000, 80000);
  plan.heights = random.between(23, 50);

  plan.settings.empty_blocks = random.chance(800);
  plan.settings.empty_block_interval = actors::Millis(random.between(0, 600));
  return plan;
}

std::vector<std::pair<std::string, std::uint64_t>> Faults::named() const {
  return {{"messages lost", lost},
          {"messages duplicated", duplicated},
          {"messages late and out of order", delayed},
          {"partitions", partitions},
          {"messages cut off by partitions", cut_off},
          {"crashes before a persist", crashes_before_persist},
          {"crashes after a persist", crashes_after_persist},
          {"crashes at a commit", crashes_of_commit},
          {"unsynced batches lost or torn", lost_batches},
          {"equivocating messages", equivocations},
          {"votes withheld", withheld},
          {"bad proposals", bad_proposals},
          {"stale or forgetful proposals", stale_proposals},
          {"forged catch-up replies", forged_catch_ups},
          {"false statuses", lies},
          {"amnesias", amnesias},
          {"bad signatures", bad_signatures}};
}

std::uint64_t Faults::total() const {
  std::uint64_t out = 0;
  for (const auto& [name, count] : named()) out += count;
  return out;
}

void Faults::add(const Faults& o) {
  lost += o.lost, duplicated += o.duplicated, delayed += o.delayed, partitions += o.partitions, cut_off += o.cut_off;
  crashes_before_persist += o.crashes_before_persist, crashes_after_persist += o.crashes_after_persist;
  crashes_of_commit += o.crashes_of_commit, lost_batches += o.lost_batches, equivocations += o.equivocations;
  withheld += o.withheld, bad_proposals += o.bad_proposals, stale_proposals += o.stale_proposals;
  forged_catch_ups += o.forged_catch_ups, lies += o.lies, amnesias += o.amnesias, bad_signatures += o.bad_signatures;
}

}  // namespace asterism::simulation
