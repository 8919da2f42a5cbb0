// A cluster of real processes in a folder of its own, as `asterism up` would make it (the same functions compose it),
// but each process is in the test's hand: started, killed, stopped and restarted one by one. Blocks of the L1 and spans
// are shortened by configuration and genesis so that a scenario takes seconds.
#pragma once
#include <nlohmann/json.hpp>

#include "cluster/client/node_client.hpp"
#include "cluster/local/local_cluster.hpp"
#include "config/config.hpp"
#include "tests/cluster/acceptance/process.hpp"

namespace asterism::acceptance {

using cluster::Json;

struct ClusterOptions {
  unsigned replicas = 4, workers = 2;
  unsigned accounts = 32;  // funded for client traffic
  std::function<void(core::Genesis&)> genesis;
  std::function<void(const std::string& process, config::Config&)> configure;
  std::vector<std::string> worker_arguments;  // of the workers of the beginning
  // Machines of their own for processes: the address of each, and what goes before its command line.
  std::function<std::string(const std::string& process)> address;
  std::function<std::vector<std::string>(const std::string& process)> prefix;
};

class Cluster {
 public:
  // Makes the folder; starts nothing.
  explicit Cluster(ClusterOptions options = {});
  ~Cluster() { stop_all(); }

  // The L1, the replicas, the workers; true once a block was decided and all workers are known.
  bool start();
  void start_process(const std::string& name, const Environment& environment = {});
  void stop_all();
  Process& process(const std::string& name) { return processes_.at(name); }
  void kill(const std::string& name) { process(name).end(); }
  bool running(const std::string& name) { return process(name).running(); }

  // `worker invite` in the shell, then `asterism worker --join` with these further arguments.
  bool add_worker(const std::string& name, std::vector<std::string> arguments = {});

  const cluster::DeploymentFolder& folder() const { return *folder_; }
  const std::filesystem::path& dir() const { return temporary_.path(); }
  std::string replica(unsigned index) const { return "r" + std::to_string(index); }
  unsigned replicas() const { return options_.replicas; }
  std::string client_address(unsigned replica) const;
  std::string peers_address(unsigned replica) const;
  std::string log_of(const std::string& name) const { return read_text(dir() / name / "log"); }

  // A line of the shell; at a replica when named. {"error": ...} when nobody answers.
  Json shell(const std::string& line, int replica = -1) const;
  // A client's question to one replica.
  Json query(unsigned replica, const std::string& what, const std::vector<std::string>& arguments) const;

  // 0 when it does not answer.
  std::uint64_t height(unsigned replica) const;
  std::uint64_t highest() const;
  std::uint64_t safe() const { return head("safe"); }
  std::uint64_t settled() const { return head("settled"); }
  std::uint64_t head(const std::string& which) const;
  Json row(const std::string& command, const std::string& table, const std::string& key, const Json& value) const;

 private:
  void shape();
  void place(core::Genesis& genesis, const std::vector<std::string>& names) const;
  std::string address_of(const std::string& process) const;
  ClusterOptions options_;
  TemporaryFolder temporary_;
  unsigned base_port_;
  std::optional<cluster::DeploymentFolder> folder_;
  std::map<std::string, std::vector<std::string>> commands_;
  std::map<std::string, Process> processes_;
};

// Hash, root, receipts of every block from `from` up to the highest of any replica are the same on all of them; waits
// until all are there. Empty, or what differs.
std::string compare_chains(const Cluster& cluster, std::uint64_t from = 1, Millis bound = Millis(60'000));

}  // namespace asterism::acceptance
