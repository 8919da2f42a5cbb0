#include "cluster/client/load.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "cluster/client/node_client.hpp"
#include "core/chain/transaction_hash.hpp"

namespace asterism::cluster {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKeptLatencies = 100'000;
constexpr Millis kRetryAfter{200};
constexpr Millis kForget{30'000};  // not in a block by then: the nonce is asked again
constexpr core::Uint128 kAmount = 1'000;

}  // namespace

std::uint32_t percentile(std::vector<std::uint32_t> values, double p) {
  if (values.empty()) return 0;
  const auto rank = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

// One gateway and its share of the accounts; the first one also follows the chain, for all.
struct Load::Worker {
  struct Account {
    Wallet wallet;
    std::optional<std::uint64_t> nonce;
  };
  struct Flight {
    std::size_t account = 0;
    core::Transaction transaction;
    Clock::time_point sent;
  };

  const LoadOptions& options;
  Shared& shared;
  std::size_t index, count;
  std::unique_ptr<NodeClient> client;
  std::vector<Account> accounts;
  std::deque<std::size_t> idle;
  std::unordered_map<core::Felt, Flight> flights;                  // by hash, until seen in a block
  std::unordered_map<std::uint64_t, core::Felt> submissions;       // request -> hash
  std::unordered_map<std::uint64_t, std::size_t> nonce_questions;  // request -> account
  std::deque<std::pair<Clock::time_point, core::Felt>> again;      // refused for now
  std::optional<std::uint64_t> block_question;
  std::uint64_t next_block = 0;
  Clock::time_point next_look{}, next_sweep{};
  double tokens = 0;
  Clock::time_point refilled = Clock::now();
  std::uint64_t cursor = 0;

  Worker(const LoadOptions& o, Shared& s, std::size_t i, std::size_t n) : options(o), shared(s), index(i), count(n) {
    for (std::size_t k = i; k < o.accounts.size(); k += n) {
      idle.push_back(accounts.size());
      accounts.push_back({Wallet(o.genesis, o.accounts[k]), std::nullopt});
    }
  }

  void run() {
    while (!shared.stop) {
      if (!client && !connect()) continue;
      refill();
      const bool busy = send_some();
      if (!follow() || !take_answers(busy ? Millis(0) : Millis(5))) lose_link();
      sweep();
    }
  }

  // Waits on the condition that matters: the stop flag, while the gateway is away.
  bool connect() {
    auto made = NodeClient::connect(options.addresses[index], {options.genesis, options.genesis_hash});
    if (made) {
      client = std::move(*made);
      return true;
    }
    note(made.error());
    const auto until = Clock::now() + Millis(300);
    while (!shared.stop && Clock::now() < until)
      std::this_thread::sleep_until(std::min(until, Clock::now() + Millis(50)));
    return false;
  }

  // What was on its way may have arrived or not: everything in flight is sent again, and is a duplicate if it did.
  void lose_link() {
    client.reset();
    submissions.clear();
    for (const auto& [request, account] : nonce_questions) idle.push_back(account);
    nonce_questions.clear();
    block_question.reset();
    again.clear();
    for (const auto& [hash, flight] : flights) again.push_back({Clock::now(), hash});
  }

  void note(const std::string& error) {
    const std::lock_guard lock(shared.mutex);
    shared.report.last_error = options.addresses[index] + ": " + error;
  }

  void refill() {
    const auto now = Clock::now();
    const double share = options.rate / static_cast<double>(count);
    tokens = std::min(tokens + share * std::chrono::duration<double>(now - refilled).count(), std::max(1.0, share / 4));
    refilled = now;
  }

  bool send_some() {
    if (!client) return false;
    bool any = false;
    while (!again.empty() && again.front().first <= Clock::now()) {
      const auto flight = flights.find(again.front().second);
      again.pop_front();
      if (flight != flights.end() && !submit(flight->first, flight->second)) return any;
      any = true;
    }
    const std::size_t bound = std::max<std::size_t>(1, options.in_flight / count);
    for (int burst = 0; burst < 64 && !shared.drain && !idle.empty() && flights.size() < bound; ++burst) {
      if (options.rate > 0 && tokens < 1) break;
      const std::size_t at = idle.front();
      idle.pop_front();
      any = true;
      if (!accounts[at].nonce) {
        const auto asked = client->ask("account", {accounts[at].wallet.key().address.to_hex()});
        if (!asked) return lose_link(), any;
        nonce_questions[*asked] = at;
        continue;
      }
      tokens -= 1;
      if (!launch(at)) return any;
    }
    return any;
  }

  bool launch(std::size_t at) {
    Account& account = accounts[at];
    const core::Felt to = options.accounts[(cursor++ * 7919 + index) % options.accounts.size()].address;
    Flight flight{at, account.wallet.transfer(to, kAmount, *account.nonce), Clock::now()};
    const core::Felt hash = core::transaction_hash(flight.transaction, options.genesis.chain_id);
    const auto [it, fresh] = flights.emplace(hash, std::move(flight));
    {
      const std::lock_guard lock(shared.mutex);
      ++shared.report.sent;
    }
    return submit(hash, it->second);
  }

  bool submit(const core::Felt& hash, const Flight& flight) {
    const auto request = client->send(flight.transaction);
    if (!request) return lose_link(), false;
    submissions[*request] = hash;
    return true;
  }

  bool take_answers(Millis wait) {
    while (client) {
      const auto message = client->poll(wait);
      if (!message) return note(message.error()), false;
      if (!*message) return true;
      if (const auto* reply = std::get_if<messages::SubmitReply>(message->get())) submitted(*reply);
      if (const auto* reply = std::get_if<messages::QueryReply>(message->get())) answered(*reply);
      wait = Millis(0);
    }
    return true;
  }

  void submitted(const messages::SubmitReply& reply) {
    const auto it = submissions.find(reply.request);
    if (it == submissions.end()) return;
    const core::Felt hash = it->second;
    submissions.erase(it);
    const auto flight = flights.find(hash);
    if (flight == flights.end()) return;
    using enum messages::SubmitCode;
    const auto code = static_cast<messages::SubmitCode>(reply.code);
    const std::lock_guard lock(shared.mutex);
    if (code == kReceived || code == kDuplicate) {
      ++shared.report.received;
    } else if (code == kTryAgain || code == kPoolFull || code == kUnavailable) {
      ++shared.report.retried;
      again.push_back({Clock::now() + kRetryAfter, hash});
    } else {
      ++shared.report.refused;
      shared.report.last_error = std::string(to_string(code)) + ": " + reply.text;
      release(flight, false);
    }
  }

  void release(std::unordered_map<core::Felt, Flight>::iterator flight, bool used_nonce) {
    Account& account = accounts[flight->second.account];
    if (used_nonce)
      ++*account.nonce;
    else
      account.nonce.reset();
    idle.push_back(flight->second.account);
    flights.erase(flight);
  }

  void answered(const messages::QueryReply& reply) {
    const auto json = nlohmann::ordered_json::parse(reply.json, nullptr, false);
    if (const auto it = nonce_questions.find(reply.request); it != nonce_questions.end()) {
      const std::size_t at = it->second;
      nonce_questions.erase(it);
      if (json.is_object() && json.contains("nonce"))
        accounts[at].nonce = std::strtoull(json["nonce"].get<std::string>().c_str(), nullptr, 10);
      idle.push_back(at);
    } else if (block_question == reply.request) {
      block_question.reset();
      if (json.is_object() && json.contains("transactions"))
        seen(json);
      else
        next_look = Clock::now() + Millis(20);
    }
  }

  bool follow() {
    if (!client || block_question || Clock::now() < next_look) return true;
    const auto asked = client->ask("block", {next_block == 0 ? "latest" : std::to_string(next_block)});
    if (!asked) return false;
    block_question = *asked;
    return true;
  }

  void seen(const nlohmann::ordered_json& block) {
    const std::uint64_t number = block.value("block_number", std::uint64_t{0});
    next_block = number + 1;
    const auto now = Clock::now();
    const std::lock_guard lock(shared.mutex);
    LoadReport& report = shared.report;
    if (index == 0) ++report.blocks_seen;
    for (const auto& one : block["transactions"]) {
      const auto hash = core::Felt::from_hex(one.value("transaction_hash", ""));
      const auto flight = hash ? flights.find(*hash) : flights.end();
      if (flight == flights.end()) continue;
      ++(one.value("execution_status", "") == "SUCCEEDED" ? report.succeeded : report.reverted);
      if (report.latencies_ms.size() >= kKeptLatencies)
        report.latencies_ms.erase(report.latencies_ms.begin(), report.latencies_ms.begin() + kKeptLatencies / 2);
      report.latencies_ms.push_back(
          static_cast<std::uint32_t>(std::chrono::duration_cast<Millis>(now - flight->second.sent).count()));
      release(flight, true);
    }
  }

  void sweep() {
    const auto now = Clock::now();
    if (now < next_sweep) return;
    next_sweep = now + Millis(1000);
    std::vector<core::Felt> old;
    for (const auto& [hash, flight] : flights) {
      if (now - flight.sent > kForget) old.push_back(hash);
    }
    for (const core::Felt& hash : old) release(flights.find(hash), false);
    const std::lock_guard lock(shared.mutex);
    if (index == 0) shared.report.in_flight = flights.size() * count;
  }
};

Load::Load(LoadOptions options) : options_(std::move(options)) {}

Load::~Load() { stop(); }

void Load::start() {
  for (std::size_t i = 0; i < options_.addresses.size(); ++i) {
    threads_.emplace_back([this, i] { Worker(options_, shared_, i, options_.addresses.size()).run(); });
  }
}

void Load::drain(std::chrono::milliseconds bound) {
  shared_.drain = true;
  const auto until = Clock::now() + bound;
  const auto done = [&] {
    const LoadReport now = report();
    return now.succeeded + now.reverted + now.refused >= now.sent;
  };
  while (!done() && Clock::now() < until) std::this_thread::sleep_for(Millis(50));
}

void Load::stop() {
  shared_.stop = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

LoadReport Load::report() const {
  const std::lock_guard lock(shared_.mutex);
  return shared_.report;
}

}  // namespace asterism::cluster
