#include "tests/simulation/simulation.hpp"

#include <algorithm>
#include <cstdio>

namespace asterism::simulation {

using actors::Effects;
using actors::PeerKind;
using core::ValidatorIndex;
using messages::MessagePtr;

namespace {

constexpr std::uint64_t kEpochMs = 1'700'000'000'000;
constexpr std::uint64_t kStraggle = 2000;

const std::vector<core::Ed25519Secret>& secrets() {
  static const auto made = [] {
    std::vector<core::Ed25519Secret> out;
    for (std::uint8_t i = 0; i < 8; ++i) {
      core::Word seed{};
      seed[31] = i;
      out.push_back(core::Ed25519Secret::from_seed(seed));
    }
    return out;
  }();
  return made;
}

core::Genesis make_genesis(const Plan& plan) {
  core::Genesis genesis;
  for (std::size_t i = 0; i < plan.weights.size(); ++i) {
    core::GenesisValidator validator;
    validator.name = "v" + std::to_string(i);
    validator.weight = plan.weights[i];
    validator.consensus_key.bytes = secrets()[i].public_bytes();
    genesis.validators.push_back(std::move(validator));
  }
  return genesis;
}

}  // namespace

Simulation::Simulation(const Plan& plan)
    : plan_(plan),
      random_(plan.seed ^ 0x51),
      genesis_(make_genesis(plan)),
      genesis_hash_(core::blake2b_256(core::as_bytes("simulation"))),
      invariants_(genesis_, genesis_hash_, memory_),
      side_(plan.weights.size(), 0) {
  for (std::uint16_t i = 0; i < plan.weights.size(); ++i) {
    auto& node = nodes_.emplace_back();
    node.signatures = std::make_unique<MemorisedSignatures>(secrets()[i], memory_);
    node.store = std::make_unique<storage::MemoryStore>();
    node.sequencer = std::make_unique<SequencerModel>(i);
    node.skew_ms = static_cast<std::int64_t>(random_.below(6000)) - 3000;
  }
  if (plan.attack != Attack::kNone) {
    attacker_ = std::make_unique<Attacker>(plan_, genesis_, genesis_hash_, *nodes_[plan.attacker].signatures, faults_);
    schedule({.kind = Kind::kStrike, .message = {}}, 100);
  }
  if (plan.network.partition_every_ms != 0) {
    schedule({.kind = Kind::kPartition, .message = {}}, plan.network.partition_every_ms);
  }
  if (!plan.settings.empty_blocks) schedule({.kind = Kind::kWork, .message = {}}, 10);
}

actors::Now Simulation::now_at(const Node& node) const {
  return {.monotonic = actors::Millis(now_),
          .unix_ms = static_cast<std::uint64_t>(static_cast<std::int64_t>(kEpochMs + now_) + node.skew_ms)};
}

void Simulation::schedule(Event event, std::uint64_t after) {
  event.at = now_ + after;
  event.order = order_++;
  events_.push(std::move(event));
}

std::pair<std::uint64_t, std::uint64_t> Simulation::tips() const {
  std::uint64_t lowest = ~std::uint64_t{0}, highest = 0;
  for (std::uint16_t i = 0; i < nodes_.size(); ++i) {
    if (!honest(i)) continue;
    lowest = std::min(lowest, nodes_[i].sequencer->tip());
    highest = std::max(highest, nodes_[i].sequencer->tip());
  }
  return {lowest, highest};
}

Report Simulation::run() {
  for (std::uint16_t i = 0; i < nodes_.size(); ++i) boot(i);
  while (!invariants_.violation()) {
    const auto event = events_.top();
    events_.pop();
    now_ = event.at;
    const auto [lowest, highest] = tips();
    if (faulty_ && (now_ > plan_.faults_until_ms || lowest + 3 >= plan_.heights)) end_faults();
    if (!faulty_ && lowest >= target_) break;
    if (!faulty_ && now_ > deadline_) {
      stalled_ = true;
      invariants_.fail("no progress: stuck at height " + std::to_string(lowest + 1));
    }
    handle(event);
  }
  if (trace_) dump();
  return {.violation = invariants_.violation(),
          .stalled = stalled_,
          .faults = faults_,
          .heights = tips().first,
          .heights_in_faults = heights_in_faults_,
          .steps = steps_,
          .virtual_ms = now_,
          .highest_round = highest_round_};
}

void Simulation::dump() {
  std::printf("%llu ms: attack %d by v%u, third=%d\n", static_cast<unsigned long long>(now_),
              static_cast<int>(plan_.attack), plan_.attacker, plan_.attacker_at_third ? 1 : 0);
  for (std::uint16_t i = 0; i < nodes_.size(); ++i) {
    Effects none;
    const auto& machine = nodes_[i].machine;
    std::printf("v%u tip %llu %s\n", i, static_cast<unsigned long long>(nodes_[i].sequencer->tip()),
                machine == nullptr ? "down" : machine->inquire({"consensus", {}}, now_at(nodes_[i]), none).c_str());
  }
}

void Simulation::end_faults() {
  faulty_ = false;
  heights_in_faults_ = tips().second;
  heal();
  target_ = std::max(plan_.heights, tips().second + 3);
  deadline_ = now_ + plan_.liveness_ms;
}

void Simulation::handle(const Event& event) {
  auto& node = nodes_[event.node];
  const bool same_life = node.machine != nullptr && node.incarnation == event.incarnation;
  switch (event.kind) {
    case Kind::kDeliver:
      deliver(event.node, PeerKind::kValidator, event.from, event.message);
      break;
    case Kind::kTimer: {
      const auto timer = node.timers.find(event.timer);
      if (!same_life || timer == node.timers.end() || timer->second != event.generation) break;
      node.timers.erase(timer);
      Effects effects;
      node.machine->expire(event.timer, now_at(node), effects);
      perform(event.node, effects);
      break;
    }
    case Kind::kSequencer:
      if (same_life) run_sequencer(event.node, event.message);
      break;
    case Kind::kRestart:
      boot(event.node);
      break;
    case Kind::kPartition:
      partition();
      break;
    case Kind::kHeal:
      std::ranges::fill(side_, 0);
      break;
    case Kind::kStrike:
      strike();
      break;
    case Kind::kWork: {
      const auto lucky = static_cast<std::uint16_t>(random_.below(nodes_.size()));
      nodes_[lucky].has_work = true;
      deliver(lucky, PeerKind::kSelf, lucky, messages::make_message(messages::WorkPending{true}));
      schedule({.kind = Kind::kWork, .message = {}}, random_.between(100, 1500));
      break;
    }
  }
}

void Simulation::boot(std::uint16_t index) {
  auto& node = nodes_[index];
  if (node.machine != nullptr) return;
  node.machine = std::make_unique<actors::consensus::Consensus>(
      actors::consensus::ConsensusContext{.genesis = genesis_,
                                          .genesis_hash = genesis_hash_,
                                          .self = ValidatorIndex(index),
                                          .signatures = *node.signatures,
                                          .store = *node.store,
                                          .committed = core::BlockNumber(node.sequencer->tip()),
                                          .settings = plan_.settings});
  Effects effects;
  node.machine->start(now_at(node), effects);
  perform(index, effects);
}

void Simulation::crash(std::uint16_t index) {
  auto& node = nodes_[index];
  const auto unsynced = node.store->unsynced();
  const auto survivors = random_.below(unsynced + 1);
  faults_.lost_batches += unsynced - survivors;
  node.store->crash(survivors);
  if (!honest(index) && attacking() && random_.chance(500)) {
    ++faults_.amnesias;
    node.store = std::make_unique<storage::MemoryStore>();
  }
  node.machine.reset();
  node.timers.clear();
  node.busy_until = 0;
  ++node.incarnation;
  schedule({.kind = Kind::kRestart, .node = index, .message = {}}, random_.between(50, 3000));
}

void Simulation::deliver(std::uint16_t to, PeerKind kind, std::uint16_t from, const MessagePtr& message) {
  auto& node = nodes_[to];
  if (node.machine == nullptr) return;
  if (const auto* request = std::get_if<messages::CatchUpRequest>(message.get())) {
    const bool forged = !honest(to) && attacking();
    const auto reply = forged ? attacker_->forge(*request, *node.sequencer) : node.sequencer->serve(*request);
    return carry(to, from, messages::make_message(reply));
  }
  const auto seen = honest(to) ? message : attacker_->hide_own_votes(message);
  if (seen == nullptr) return;
  Effects effects;
  node.machine->receive({.from = {.kind = kind, .process = {}, .validator = ValidatorIndex(from)}, .message = seen},
                        now_at(node), effects);
  perform(to, effects);
}

void Simulation::perform(std::uint16_t index, Effects& effects) {
  auto& node = nodes_[index];
  ++steps_;
  const auto life = node.incarnation;
  if (honest(index)) highest_round_ = std::max(highest_round_, node.machine->current().core().round().value);
  for (const auto& effect : effects.take()) {
    if (const auto* send = std::get_if<actors::Send>(&effect)) {
      route(index, *send);
    } else if (const auto* persisted = std::get_if<actors::Persist>(&effect)) {
      if (!persist(index, *persisted)) return;
    } else if (const auto* start = std::get_if<actors::StartTimer>(&effect)) {
      const auto generation = order_;
      node.timers[start->id] = generation;
      schedule({.kind = Kind::kTimer,
                .node = index,
                .incarnation = life,
                .timer = start->id,
                .generation = generation,
                .message = {}},
               static_cast<std::uint64_t>(start->after.count()));
    } else if (const auto* cancel = std::get_if<actors::CancelTimer>(&effect)) {
      node.timers.erase(cancel->id);
    } else if (const auto* halt = std::get_if<actors::Halt>(&effect)) {
      if (honest(index)) invariants_.fail("validator " + std::to_string(index) + " halted: " + halt->reason);
      return crash(index);
    }
  }
}

bool Simulation::persist(std::uint16_t index, const actors::Persist& effect) {
  auto& node = nodes_[index];
  const auto count = node.persists++;
  const auto planned = [&](std::uint32_t after) {
    const auto point = count * 2 + after;
    return std::ranges::find(plan_.crash_points, point) != plan_.crash_points.end() || random_.chance(plan_.crash);
  };
  if (faulty_ && planned(0)) {
    ++faults_.crashes_before_persist;
    crash(index);
    return false;
  }
  (void)node.store->write(effect.batch, effect.sync == actors::Sync::kYes);
  if (faulty_ && planned(1)) {
    ++faults_.crashes_after_persist;
    crash(index);
    return false;
  }
  return true;
}

void Simulation::route(std::uint16_t index, const actors::Send& send) {
  if (std::holds_alternative<actors::ToOwn>(send.to)) return ask_sequencer(index, send.message);
  if (honest(index)) {
    invariants_.sent(ValidatorIndex(index), *send.message, *nodes_[index].store, nodes_[index].sequencer->tip());
  }
  if (attacker_ != nullptr) attacker_->observe(send.message);
  const auto* one = std::get_if<actors::ToValidator>(&send.to);
  for (std::uint16_t to = 0; to < nodes_.size(); ++to) {
    if (to != index && (one == nullptr || one->index.value == to)) transmit(index, to, send.message);
  }
}

void Simulation::transmit(std::uint16_t from, std::uint16_t to, const MessagePtr& message) {
  if (!honest(from) && plan_.attacker_at_third && !faulty_) return carry(from, to, attacker_->support(message));
  if (honest(from) || !attacking()) return carry(from, to, message);
  for (const auto& other : attacker_->replace(ValidatorIndex(to), message, *nodes_[from].sequencer)) {
    carry(from, to, other);
  }
}

bool Simulation::dropped(std::uint16_t from, const messages::Message& message) const {
  return std::ranges::any_of(plan_.droppers, [&](const Dropper& dropper) {
    if (dropper.validator != from) return false;
    const bool vote =
        std::holds_alternative<messages::VoteMessage>(message) || std::holds_alternative<messages::VoteSet>(message);
    return (dropper.votes && vote) || (dropper.proposals && std::holds_alternative<messages::Proposal>(message));
  });
}

void Simulation::carry(std::uint16_t from, std::uint16_t to, const MessagePtr& message) {
  const auto& network = plan_.network;
  if (side_[from] != side_[to] || (unheard_ == from && to != plan_.attacker) || (faulty_ && dropped(from, *message))) {
    ++faults_.cut_off;
    return;
  }
  if (faulty_ && random_.chance(network.loss)) {
    ++faults_.lost;
    return;
  }
  int copies = 1;
  if (faulty_ && random_.chance(network.duplicate)) {
    ++faults_.duplicated;
    copies = 2;
  }
  for (; copies > 0; --copies) {
    auto delay = network.delay_ms + random_.below(network.jitter_ms + 1);
    if (faulty_ && random_.chance(network.straggle)) {
      ++faults_.delayed;
      delay += random_.below(kStraggle);
    }
    schedule({.kind = Kind::kDeliver, .node = to, .from = from, .message = message}, delay);
  }
}

void Simulation::ask_sequencer(std::uint16_t index, const MessagePtr& message) {
  auto& node = nodes_[index];
  Event event{.kind = Kind::kSequencer, .node = index, .incarnation = node.incarnation, .message = message};
  if (const auto* build = std::get_if<messages::BuildBlock>(message.get())) {
    return schedule(std::move(event), random_.between(1, 20) + random_.below(build->wait_ms + 1));
  }
  node.busy_until = std::max(node.busy_until, now_) + random_.between(1, 20);  // one after the other
  schedule(std::move(event), node.busy_until - now_);
}

void Simulation::run_sequencer(std::uint16_t index, const MessagePtr& message) {
  auto& node = nodes_[index];
  if (const auto* build = std::get_if<messages::BuildBlock>(message.get())) {
    if (build->height != node.sequencer->tip() + 1) return;
    messages::BlockBuilt built{.height = build->height, .round = build->round, .hash = {}, .block = {}};
    built.block = node.sequencer->build(build->unix_ms, random_.next() >> 32);
    built.hash = model_hash(built.block.header);
    deliver(index, PeerKind::kSelf, index, messages::make_message(std::move(built)));
  } else if (const auto* check = std::get_if<messages::CheckBlock>(message.get())) {
    messages::BlockChecked checked{.height = check->block.header.number.value,
                                   .hash = check->hash,
                                   .judge_freshness = check->judge_freshness,
                                   .valid = node.sequencer->check(*check),
                                   .reason = "model"};
    deliver(index, PeerKind::kSelf, index, messages::make_message(std::move(checked)));
  } else if (const auto* decided = std::get_if<messages::CommitBlock>(message.get())) {
    commit(index, decided->decided);
  }
}

void Simulation::commit(std::uint16_t index, const core::DecidedBlock& decided) {
  auto& node = nodes_[index];
  const bool crashes = faulty_ && random_.chance(plan_.crash);
  const bool before = random_.chance(500);
  if (crashes) ++faults_.crashes_of_commit;
  if (crashes && before) return crash(index);
  const bool next = decided.block.header.number.value == node.sequencer->tip() + 1;
  if (next) {
    if (honest(index)) invariants_.committed(ValidatorIndex(index), decided);
    if (!node.sequencer->check({decided.certificate.value, decided.block, false, 0}) && honest(index)) {
      invariants_.fail("a block that the rules refuse was committed");
    }
    const bool first = node.sequencer->tip() == tips().second;
    node.sequencer->commit(decided);
    const core::BlockNumber started(node.sequencer->tip() + 1);
    if (faulty_ && first && attacker_ != nullptr && attacker_->wants_silence(started)) {
      ++faults_.partitions;
      unheard_ = attacker_->victim(started).value;
      schedule({.kind = Kind::kHeal, .message = {}}, 7000);
    }
    storage::WriteBatch marker;
    marker.put("m/tip", std::to_string(node.sequencer->tip()));
    (void)node.store->write(marker, true);
  }
  if (trace_)
    std::printf("%8llu v%u commits %llu\n", (unsigned long long)now_, index, (unsigned long long)node.sequencer->tip());
  if (crashes) return crash(index);
  messages::BlockCommitted committed;
  committed.height = node.sequencer->tip();
  committed.hash = node.sequencer->tip_hash();
  if (std::exchange(node.has_work, false)) {
    deliver(index, PeerKind::kSelf, index, messages::make_message(messages::WorkPending{false}));
  }
  deliver(index, PeerKind::kSelf, index, messages::make_message(std::move(committed)));
}

std::pair<core::BlockNumber, core::Round> Simulation::front() const {
  std::pair<core::BlockNumber, core::Round> out;
  for (std::uint16_t i = 0; i < nodes_.size(); ++i) {
    if (!honest(i) || nodes_[i].machine == nullptr) continue;
    const auto& core = nodes_[i].machine->current().core();
    out = std::max(out, std::pair(core.height(), core.round()));
  }
  return out;
}

std::pair<core::BlockNumber, core::Round> Simulation::rear() const {
  auto out = front();
  for (std::uint16_t i = 0; i < nodes_.size(); ++i) {
    if (!honest(i) || nodes_[i].machine == nullptr) continue;
    const auto& core = nodes_[i].machine->current().core();
    if (core.height() < out.first) out = {core.height(), core.round()};
    if (core.height() == out.first) out.second = std::max(out.second, core.round());
  }
  return out;
}

void Simulation::strike() {
  schedule({.kind = Kind::kStrike, .message = {}}, random_.between(50, 300));
  if (!attacking()) return;
  const auto strike_at = [&](std::pair<core::BlockNumber, core::Round> place) {
    for (const auto& one : attacker_->strike(place.first, place.second, *nodes_[plan_.attacker].sequencer)) {
      attacker_->observe(one.message);
      carry(plan_.attacker, one.to.value, one.message);
    }
  };
  strike_at(front());
  if (rear().first != front().first) strike_at(rear());
}

void Simulation::partition() {
  schedule({.kind = Kind::kPartition, .message = {}}, plan_.network.partition_every_ms);
  if (!faulty_) return;
  ++faults_.partitions;
  if (attacker_ != nullptr && random_.chance(plan_.network.one_way)) {
    unheard_ = attacker_->victim(front().first).value;
  } else {
    for (auto& side : side_) side = static_cast<std::uint8_t>(random_.below(2));
  }
  schedule({.kind = Kind::kHeal, .message = {}}, random_.between(500, 8000));
}

void Simulation::heal() {
  std::ranges::fill(side_, 0);
  unheard_.reset();
}

}  // namespace asterism::simulation
