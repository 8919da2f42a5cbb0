#include "cluster/local/observer.hpp"

#include <algorithm>

#include "cluster/shell/shell_session.hpp"

namespace asterism::cluster {
namespace {

constexpr Millis kBound{1500};

const actors::CommandInfo& command_named(std::string_view name) {
  return *std::ranges::find(actors::all_commands(), name, &actors::CommandInfo::name);
}

}  // namespace

bool Observer::connect() {
  if (admin_) return true;
  auto made = cluster_.connect_admin();
  if (!made) return false;
  admin_ = std::move(*made);
  return true;
}

const ClusterView& Observer::look() {
  if (!connect()) {
    view_.reachable = false;
    return view_;
  }
  view_.reachable = true;
  look_at_replicas();
  look_at_proving();
  // A link that broke answers nothing from now on: a new one, at a node that lives, is made the next time.
  if (!view_.reachable) admin_.reset();
  return view_;
}

void Observer::look_at_replicas() {
  view_.replicas.clear();
  view_.alarms.clear();
  std::set<std::uint16_t> seen;
  for (const NodeInfo& node : admin_->nodes()) {
    if (!node.validator || std::ranges::find(node.roles, "consensus") == node.roles.end() ||
        !seen.insert(*node.validator).second)
      continue;
    ReplicaView replica{.name = node.name, .step = {}, .state = {}};
    const Json answer = admin_->ask(node.key, "consensus", {}, kBound);
    if (answer.contains("error")) {
      replica.state = answer["error"].get<std::string>();
      if (node.key == admin_->connected_to()) view_.reachable = false;
    } else {
      replica.height = answer.value("height", std::uint64_t{0});
      replica.round = answer.value("round", std::uint64_t{0});
      replica.step = answer.value("step", "");
      if (answer.contains("decision_ms_p50") && view_.replicas.empty())
        view_.decision_ms_p50 = answer["decision_ms_p50"].get<std::uint32_t>();
      const Json peers = admin_->ask(node.key, "peers", {}, kBound);
      if (peers.contains("peers")) {
        replica.peers = static_cast<std::uint64_t>(std::ranges::count_if(peers["peers"], [](const Json& peer) {
          return peer.value("state", "") == "up" && peer.value("kind", "") == "validator";
        }));
      }
      look_at_alarms(node.key);
    }
    view_.replicas.push_back(std::move(replica));
  }
}

void Observer::look_at_alarms(const core::LinkKey& process) {
  const Json alarms = admin_->ask(process, "alarms", {}, kBound);
  if (!alarms.contains("alarms")) return;
  for (const Json& one : alarms["alarms"]) {
    if (one.value("state", "") == "open") view_.alarms.insert(one.value("code", "") + " " + one.value("subject", ""));
  }
}

void Observer::look_at_proving() {
  const Json heads = ShellSession(*admin_, cluster_.folder().genesis_hash).run("heads");
  if (!heads.contains("error")) {
    view_.latest = heads.value("latest", view_.latest);
    view_.unsafe = heads.value("unsafe", view_.unsafe);
    view_.safe = heads.value("safe", view_.safe);
    view_.settled = heads.value("settled", view_.settled);
    view_.l1_head = heads.value("l1_head", view_.l1_head);
    view_.why_safe = heads.value("why", "");
  }
  const Json spans = admin_->ask(command_named("spans"), {});
  if (spans.contains("by_state")) view_.spans = spans["by_state"].get<std::map<std::string, std::uint64_t>>();
  const Json workers = admin_->ask(command_named("workers"), {});
  if (workers.contains("workers")) {
    view_.workers.clear();
    for (const Json& one : workers["workers"]) {
      view_.workers.push_back({.name = one.value("worker", ""),
                               .state = one.value("state", ""),
                               .span = one.value("span", std::uint64_t{0}),
                               .proven = one.value("proven", std::uint64_t{0}),
                               .failed = one.value("failed", std::uint64_t{0})});
    }
  }
}

bool Observer::same_block_everywhere(std::uint64_t height) {
  if (!connect()) return false;
  std::set<std::string> seen;
  std::size_t answers = 0;
  std::set<std::uint16_t> validators;
  for (const NodeInfo& node : admin_->nodes()) {
    if (!node.validator || std::ranges::find(node.roles, "sequencer") == node.roles.end() ||
        !validators.insert(*node.validator).second)
      continue;
    const Json block = admin_->ask(node.key, "block", {std::to_string(height)}, kBound);
    if (block.contains("error")) return false;
    ++answers;
    seen.insert(block.value("block_hash", "") + block.value("new_root", "") + block.value("receipt_commitment", ""));
  }
  return answers > 0 && seen.size() == 1;
}

}  // namespace asterism::cluster
