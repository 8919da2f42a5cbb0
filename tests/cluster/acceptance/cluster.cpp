#include "tests/cluster/acceptance/cluster.hpp"

#include <signal.h>

#include <algorithm>
#include <cstdio>

#include "cluster/shell/shell_session.hpp"

namespace asterism::acceptance {
namespace {

constexpr unsigned kPortsOfProcess = 10, kSparePorts = 40;
constexpr std::string_view kLoopback = "127.0.0.1";

// "127.0.0.1:port" becomes "address:port".
void move_to(std::string& endpoint, const std::string& address) {
  if (endpoint.starts_with(kLoopback)) endpoint.replace(0, kLoopback.size(), address);
}

}  // namespace

Cluster::Cluster(ClusterOptions options)
    : options_(std::move(options)),
      base_port_(free_ports((options_.replicas + options_.workers + 1) * kPortsOfProcess + kSparePorts)) {
  cluster::LocalOptions local;
  local.dir = dir();
  local.replicas = options_.replicas;
  local.workers = options_.workers;
  local.base_port = base_port_;
  local.load_accounts = options_.accounts;
  local.binary = binary();
  const auto made = cluster::LocalCluster::prepare(local);
  if (!made) {
    std::fprintf(stderr, "cannot make a cluster: %s\n", made.error().c_str());
    std::abort();
  }
  shape();
}

std::string Cluster::address_of(const std::string& process) const {
  return options_.address ? options_.address(process) : std::string(kLoopback);
}

void Cluster::place(core::Genesis& genesis, const std::vector<std::string>& names) const {
  for (core::GenesisValidator& validator : genesis.validators) {
    for (core::GenesisProcess& process : validator.processes) {
      for (std::string& endpoint : process.addresses) move_to(endpoint, address_of(process.name));
    }
  }
  move_to(genesis.ledger_address, address_of("l1"));
  for (const std::string& name : names) {
    config::Config config = *config::load(dir() / name / "config.toml");
    for (std::string* endpoint : {&config.listen.peers, &config.listen.clients, &config.listen.metrics})
      move_to(*endpoint, address_of(name));
    static_cast<void>(cluster::write_file(dir() / name / "config.toml", config::render(config)));
  }
}

void Cluster::shape() {
  std::vector<std::string> names{"l1"};
  for (unsigned i = 0; i < options_.replicas; ++i) names.push_back(replica(i));
  core::Genesis genesis = cluster::DeploymentFolder::open(dir())->genesis;
  genesis.limits.span_seconds = 1;
  if (options_.genesis) options_.genesis(genesis);
  place(genesis, names);
  static_cast<void>(cluster::write_file(dir() / "genesis.json", core::encode_genesis(genesis)));
  folder_ = *cluster::DeploymentFolder::open(dir());
  for (const std::string& name : names) {
    const auto file = dir() / name / "config.toml";
    config::Config config = *config::load(file);
    config.ledger.block_ms = 200;
    config.l1.poll_ms = 100;
    config.blocks.empty_interval_ms = 400;
    config.consensus.propose_ms = 1500;
    config.coordinator.lease_ms = 3000;
    config.coordinator.heartbeat_ms = 500;
    if (options_.configure) options_.configure(name, config);
    static_cast<void>(cluster::write_file(file, config::render(config)));
    commands_[name] = {binary(), "node", "--config", file.string()};
  }
}

bool Cluster::start() {
  start_process("l1");
  for (unsigned i = 0; i < options_.replicas; ++i) start_process(replica(i));
  if (!wait_until(Millis(30'000), [&] { return height(0) > 0; })) return false;
  for (unsigned i = 0; i < options_.workers; ++i) {
    const std::string name = "w" + std::to_string(i);
    if (!wait_until(Millis(15'000), [&] { return add_worker(name, options_.worker_arguments); }, Millis(300)))
      return false;
  }
  return true;
}

void Cluster::start_process(const std::string& name, const Environment& environment) {
  std::vector<std::string> command = options_.prefix ? options_.prefix(name) : std::vector<std::string>{};
  std::ranges::copy(commands_.at(name), std::back_inserter(command));
  processes_[name] = Process({command, dir() / name / "log", environment, {}});
}

void Cluster::stop_all() {
  for (auto& [name, process] : processes_) {
    process.signal(SIGCONT);
    process.end();
  }
}

bool Cluster::add_worker(const std::string& name, std::vector<std::string> arguments) {
  const Json invitation = shell("worker invite");
  if (!invitation.contains("token")) return false;
  const auto token = dir() / name / "token";
  if (!cluster::write_file(token, invitation["token"].get<std::string>(), 0600)) return false;
  std::vector<std::string>& command = commands_[name];
  command = {binary(), "worker", "--dir", (dir() / name).string(), "--name", name, "--join", "@" + token.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  start_process(name);
  return wait_until(Millis(15'000), [&] {
    const Json known = row("workers", "workers", "worker", name);
    return known.is_object() && known.value("state", "") != "away";
  });
}

std::string Cluster::client_address(unsigned replica) const {
  return address_of(this->replica(replica)) + ":" + std::to_string(base_port_ + kPortsOfProcess * (replica + 1) + 1);
}
std::string Cluster::peers_address(unsigned replica) const {
  return address_of(this->replica(replica)) + ":" + std::to_string(base_port_ + kPortsOfProcess * (replica + 1));
}

Json Cluster::shell(const std::string& line, int replica) const {
  const auto admin = folder_->connect_admin(replica < 0 ? "" : peers_address(static_cast<unsigned>(replica)));
  if (!admin) return Json{{"error", admin.error()}};
  return cluster::ShellSession(**admin, folder_->genesis_hash).run(line);
}

Json Cluster::query(unsigned replica, const std::string& what, const std::vector<std::string>& arguments) const {
  const auto client = cluster::NodeClient::connect(client_address(replica), folder_->view());
  if (!client) return Json{{"error", client.error()}};
  const auto answer = (*client)->query(what, arguments, cluster::Millis(3000));
  return answer ? *answer : Json{{"error", answer.error()}};
}

std::uint64_t Cluster::height(unsigned replica) const {
  return query(replica, "block", {"latest"}).value("block_number", std::uint64_t{0});
}

std::uint64_t Cluster::highest() const {
  std::uint64_t out = 0;
  for (unsigned i = 0; i < options_.replicas; ++i) out = std::max(out, height(i));
  return out;
}

std::uint64_t Cluster::head(const std::string& which) const { return shell("heads").value(which, std::uint64_t{0}); }

Json Cluster::row(const std::string& command, const std::string& table, const std::string& key,
                  const Json& value) const {
  const Json answer = shell(command);
  if (!answer.contains(table)) return nullptr;
  for (const Json& one : answer[table]) {
    if (one.contains(key) && one[key] == value) return one;
  }
  return nullptr;
}

std::string compare_chains(const Cluster& cluster, std::uint64_t from, Millis bound) {
  const std::uint64_t target = cluster.highest();
  std::vector<std::unique_ptr<cluster::NodeClient>> clients;
  for (unsigned i = 0; i < cluster.replicas(); ++i) {
    if (!wait_until(bound, [&] { return cluster.height(i) >= target; }))
      return cluster.replica(i) + " is at " + std::to_string(cluster.height(i)) + " of " + std::to_string(target);
    auto client = cluster::NodeClient::connect(cluster.client_address(i), cluster.folder().view());
    if (!client) return client.error();
    clients.push_back(std::move(*client));
  }
  for (std::uint64_t height = from; height <= target; ++height) {
    std::string first;
    for (unsigned i = 0; i < clients.size(); ++i) {
      const auto block = clients[i]->query("block", {std::to_string(height)});
      if (!block || block->contains("error"))
        return cluster.replica(i) + " does not give block " + std::to_string(height);
      const std::string said = block->value("block_hash", "") + " " + block->value("new_root", "") + " " +
                               block->value("receipt_commitment", "") + " " + (*block)["transactions"].dump();
      if (i == 0) first = said;
      if (said != first)
        return "block " + std::to_string(height) + ": r0 has " + first + ", " + cluster.replica(i) + " has " + said;
    }
  }
  return "";
}

}  // namespace asterism::acceptance
