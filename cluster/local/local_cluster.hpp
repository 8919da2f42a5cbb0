// The cluster of one machine that `up` runs: its folder (keys, genesis, a configuration per process), its ports, its
// processes. An existing folder is resumed as it is; its shape (replicas, workers, ports) stands in DIR/up.json.
#pragma once
#include <functional>

#include "cluster/local/supervisor.hpp"
#include "cluster/shell/deployment_folder.hpp"

namespace asterism::cluster {

struct LocalOptions {
  std::filesystem::path dir = ".asterism";
  unsigned replicas = 4, workers = 2;
  unsigned base_port = 7100;
  unsigned load_accounts = 64;
  bool restart = true;
  bool empty_blocks = true;
  std::uint64_t worker_memory = 1ull << 30;  // bytes, of a child that proves
  std::uint64_t worker_transactions = 20'000;
  std::string binary;  // of asterism
};

class LocalCluster {
 public:
  // Makes the folder, or checks that it is one and takes its shape from it. Nothing is touched while a port is in use.
  static std::expected<std::unique_ptr<LocalCluster>, std::string> prepare(LocalOptions options);
  // Names the first port of a cluster of this shape that is in use, and by which process it is needed.
  static std::expected<void, std::string> check_ports(const LocalOptions& options, bool resumed);
  // The L1, the replicas, and the workers that were admitted before.
  std::expected<void, std::string> start();
  // Workers that have no membership yet, one invitation each; false while the coordinator cannot be reached.
  bool start_new_workers();
  // A link with the key of `up`, to the first node that answers.
  std::expected<std::unique_ptr<AdminClient>, std::string> connect_admin() const;

  const LocalOptions& options() const { return options_; }
  const DeploymentFolder& folder() const { return folder_; }
  Supervisor& supervisor() { return supervisor_; }
  std::vector<std::string> client_addresses() const { return folder_.client_addresses(); }
  bool resumed() const { return resumed_; }

 private:
  LocalCluster(LocalOptions options, DeploymentFolder folder, bool resumed)
      : options_(std::move(options)), folder_(std::move(folder)), supervisor_(options_.restart), resumed_(resumed) {}
  static std::expected<void, std::string> create(const LocalOptions& options);
  std::expected<void, std::string> start_process(const std::string& name, std::vector<std::string> arguments);
  std::filesystem::path worker_folder(unsigned index) const { return options_.dir / ("w" + std::to_string(index)); }

  LocalOptions options_;
  DeploymentFolder folder_;
  Supervisor supervisor_;
  bool resumed_;
  unsigned new_workers_from_ = 0;  // workers below are started
};

}  // namespace asterism::cluster
