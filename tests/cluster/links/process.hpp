// One process's links without a node: system, membership, router, and inboxes that a test can wait on.
#pragma once
#include <gtest/gtest.h>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <condition_variable>
#include <deque>

#include "cluster/links.hpp"
#include "messages/codec.hpp"
#include "tests/cluster/deployment.hpp"

namespace asterism::cluster::test {

inline constexpr std::chrono::seconds kPatient{20};

class WaitingInbox : public Mailbox {
 public:
  void deliver(actors::Inbound inbound) override {
    const std::lock_guard lock(mutex_);
    arrived_.push_back(std::move(inbound));
    changed_.notify_all();
  }
  void link_changed(const actors::Sender&, bool) override {}
  std::size_t depth() const override { return 0; }
  // The next message; null when none comes.
  messages::MessagePtr next(std::chrono::milliseconds patience = kPatient) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return !arrived_.empty(); })) return nullptr;
    auto out = std::move(arrived_.front());
    arrived_.pop_front();
    last_ = out.from;
    return out.message;
  }
  actors::Sender last_sender() const { return last_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<actors::Inbound> arrived_;
  actors::Sender last_;
};

class SystemConfig : public caf::actor_system_config {
 public:
  SystemConfig() {
    load<caf::io::middleman>();
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("middleman.enable-automatic-connections", false);
  }
};

// Polls a condition that other threads make true.
template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds patience = kPatient) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::mutex mutex;
  std::condition_variable never;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::unique_lock lock(mutex);
    never.wait_for(lock, std::chrono::milliseconds(2));
  }
  return true;
}

struct Process {
  Process(const core::Genesis& genesis, std::uint8_t number, LinkSettings settings, std::uint8_t hash = 3)
      : identity{deployment_hash(hash), secret(number)},
        members(genesis, deployment_hash(hash), link_key(number), role_set(kReplicaRoles)),
        links(system, {identity, members, router, metrics, [](actors::LogLevel, const std::string&) {}}, settings) {
    for (const core::Role role :
         {core::Role::kConsensus, core::Role::kSequencer, core::Role::kMempool, core::Role::kGateway,
          core::Role::kAdmin, core::Role::kCoordinator, core::Role::kWorker, core::Role::kL1}) {
      router.attach(role, inbox[role] = std::make_shared<WaitingInbox>());
    }
  }
  void start() {
    const auto started = links.start();
    ASSERT_TRUE(started) << started.error();
  }
  double faults(LinkError error) { return metrics.value("asterism_link_faults_total", to_string(error)); }
  bool linked(std::uint8_t number) { return router.linked(link_key(number)); }
  std::string address() { return "127.0.0.1:" + std::to_string(links.peers_port()); }
  std::string clients_address() { return "127.0.0.1:" + std::to_string(links.clients_port()); }

  SystemConfig config;
  caf::actor_system system{config};
  LinkIdentity identity;
  Membership members;
  Metrics metrics;
  Router router{members, metrics};
  std::map<core::Role, std::shared_ptr<WaitingInbox>> inbox;
  Links links;
};

inline LinkSettings settings() {
  LinkSettings out;
  out.peers_listen = "127.0.0.1:0";
  out.clients_listen = "127.0.0.1:0";
  out.backoff_first = Millis(20);
  out.backoff_last = Millis(200);
  out.courtesy = Millis(200);
  return out;
}

}  // namespace asterism::cluster::test
