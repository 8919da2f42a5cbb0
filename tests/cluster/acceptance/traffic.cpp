#include "tests/cluster/acceptance/traffic.hpp"

#include <map>
#include <set>

#include "cluster/client/wallet.hpp"
#include "core/chain/transaction_hash.hpp"

namespace asterism::acceptance {
namespace {

using Clock = std::chrono::steady_clock;
constexpr cluster::Millis kAnswer{3000};

}  // namespace

struct Traffic::Runner {
  struct Account {
    cluster::Wallet wallet;
    std::optional<std::uint64_t> nonce;
    std::optional<core::Transaction> in_flight;
    std::string hash;
    bool submitted = false;
    Clock::time_point since;
  };

  Traffic& traffic;
  unsigned gateway;
  std::vector<Account> accounts;
  std::unique_ptr<cluster::NodeClient> client;

  // One step for each account; false when the link is gone.
  bool round() {
    for (Account& account : accounts) {
      if (traffic.stopped_) return true;
      if (!step(account)) return false;
    }
    return true;
  }

  bool step(Account& account) {
    if (!account.nonce) {
      const auto answer = client->query("account", {account.wallet.key().address.to_hex()}, kAnswer);
      if (!answer) return false;
      if (!answer->contains("nonce")) return true;
      account.nonce = std::stoull((*answer)["nonce"].get<std::string>());
    }
    if (!account.in_flight) {
      const core::Genesis& genesis = traffic.cluster_.folder().genesis;
      account.in_flight = account.wallet.transfer(accounts[0].wallet.key().address, 7, *account.nonce);
      account.hash = core::transaction_hash(*account.in_flight, genesis.chain_id).to_hex();
      account.submitted = false;
      account.since = Clock::now();
    }
    if (!account.submitted) {
      const auto reply = client->submit(*account.in_flight, kAnswer);
      if (!reply) return false;
      using enum messages::SubmitCode;
      const auto code = static_cast<messages::SubmitCode>(reply->code);
      account.submitted = code == kReceived || code == kDuplicate || code == kOldNonce;
      return true;
    }
    return look(account);
  }

  bool look(Account& account) {
    const auto receipt = client->query("receipt", {account.hash}, kAnswer);
    if (!receipt) return false;
    if (receipt->value("finality_status", "").starts_with("ACCEPTED_ON_")) {
      const std::lock_guard lock(traffic.mutex_);
      traffic.promised_.push_back({account.hash, receipt->value("block_hash", "")});
      account.in_flight.reset();
      ++*account.nonce;
    } else if (Clock::now() - account.since > std::chrono::seconds(5)) {
      account.submitted = false;  // it may have been lost with a pool: the same again is a duplicate at worst
      account.since = Clock::now();
    }
    return true;
  }

  void run() {
    while (!traffic.stopped_) {
      if (!client) {
        auto made =
            cluster::NodeClient::connect(traffic.cluster_.client_address(gateway), traffic.cluster_.folder().view());
        if (made) client = std::move(*made);
      }
      if (client && !round()) {
        client.reset();
        for (Account& account : accounts) account.submitted = false;
      }
      wait_until(Millis(client ? 30 : 100), [&] { return traffic.stopped_.load(); }, Millis(10));
    }
  }
};

Traffic::Traffic(const Cluster& cluster, std::vector<unsigned> gateways) : cluster_(cluster) {
  const auto keys = cluster::load_accounts_of(cluster.dir());
  for (std::size_t g = 0; g < gateways.size(); ++g) {
    auto runner = std::make_shared<Runner>(*this, gateways[g]);
    for (std::size_t k = g; k < keys.size(); k += gateways.size())
      runner->accounts.push_back({cluster::Wallet(cluster.folder().genesis, keys[k]), {}, {}, "", false, {}});
    threads_.emplace_back([runner] { runner->run(); });
  }
}

void Traffic::stop() {
  stopped_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::size_t Traffic::accepted() const {
  const std::lock_guard lock(mutex_);
  return promised_.size();
}

bool Traffic::wait_for(std::size_t more, Millis bound) const {
  const std::size_t goal = accepted() + more;
  return wait_until(bound, [&] { return accepted() >= goal; });
}

namespace {

using Clients = std::vector<std::unique_ptr<cluster::NodeClient>>;

std::string compare_receipts(const Cluster& cluster, const Clients& clients, const std::string& hash,
                             const std::string& block) {
  std::string first;
  for (unsigned i = 0; i < clients.size(); ++i) {
    auto receipt = clients[i]->query("receipt", {hash});
    if (!receipt || receipt->contains("error")) return cluster.replica(i) + " has lost transaction " + hash;
    if (receipt->value("block_hash", "") != block)
      return hash + " was promised in block " + block + "; " + cluster.replica(i) + " says " + receipt->dump();
    // How far L1 has come may differ between replicas at one instant.
    receipt->erase("finality_status");
    receipt->erase("safe");
    if (i == 0) first = receipt->dump();
    if (receipt->dump() != first) return "receipts differ: " + first + " and " + receipt->dump();
  }
  return "";
}

}  // namespace

std::string Traffic::check(const Cluster& cluster, std::size_t from, std::size_t to) const {
  Clients clients;
  for (unsigned i = 0; i < cluster.replicas(); ++i) {
    auto client = cluster::NodeClient::connect(cluster.client_address(i), cluster.folder().view());
    if (!client) return client.error();
    clients.push_back(std::move(*client));
  }
  std::map<std::string, std::vector<std::string>> promised;  // by block
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = from; i < to; ++i) promised[promised_[i].block].push_back(promised_[i].transaction);
  }
  for (const auto& [block, transactions] : promised) {
    for (unsigned i = 0; i < clients.size(); ++i) {
      const auto answer = clients[i]->query("block", {block});
      if (!answer || answer->contains("error")) return cluster.replica(i) + " has lost block " + block;
      std::set<std::string> there;
      for (const Json& transaction : (*answer)["transactions"]) there.insert(transaction.value("transaction_hash", ""));
      for (const std::string& hash : transactions) {
        if (!there.contains(hash))
          return cluster.replica(i) + ": block " + block + " lacks " + hash + ", promised in it";
      }
    }
    if (auto differs = compare_receipts(cluster, clients, transactions.front(), block); !differs.empty())
      return differs;
  }
  return "";
}

}  // namespace asterism::acceptance
