// Client load: signed transfers at a rate, from many accounts, to all gateways; follows the chain block by block and
// counts what became of each. Back-pressure is obeyed: a refused transaction is sent again, nothing is forgotten.
#pragma once
#include <atomic>
#include <mutex>
#include <thread>

#include "cluster/client/wallet.hpp"

namespace asterism::cluster {

struct LoadOptions {
  core::Genesis genesis;
  core::Word genesis_hash{};
  std::vector<std::string> addresses;  // clients' listeners
  std::vector<AccountKey> accounts;
  double rate = 20;              // transfers a second in all; 0: as fast as answers come
  std::size_t in_flight = 2000;  // submitted and not yet in a block
};

struct LoadReport {
  std::uint64_t sent = 0, received = 0, succeeded = 0, reverted = 0, retried = 0, refused = 0, in_flight = 0;
  std::uint64_t blocks_seen = 0;
  std::vector<std::uint32_t> latencies_ms;  // submission to ACCEPTED_ON_L2, the latest 100,000
  std::string last_error;
};
// 0 for none.
std::uint32_t percentile(std::vector<std::uint32_t> sorted_or_not, double p);

class Load {
 public:
  explicit Load(LoadOptions options);
  ~Load();  // stops
  void start();
  // No new transfers; what is in flight is followed until `bound` has passed.
  void drain(std::chrono::milliseconds bound);
  void stop();
  LoadReport report() const;

 private:
  struct Worker;  // one gateway, its share of the accounts
  struct Shared {
    mutable std::mutex mutex;
    LoadReport report;
    std::atomic<bool> stop{false}, drain{false};
  };
  LoadOptions options_;
  Shared shared_;
  std::vector<std::thread> threads_;
};

}  // namespace asterism::cluster
