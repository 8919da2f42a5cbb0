#include "config/bindings.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace asterism::config {

namespace {

constexpr std::uint64_t kDay = 24ULL * 3600 * 1000;  // milliseconds
constexpr std::uint64_t kTiB = 1ULL << 40;

void add_process(std::vector<Binding>& out, Config& c) {
  out.push_back({"", "name", TextBinding{&c.name, Form::kText}, true, "name of this process, unique in its validator"});
  out.push_back({"", "roles", ListBinding{&c.roles, Form::kText, true}, true, "what runs here"});
  out.push_back({"", "data_dir", TextBinding{&c.data_dir, Form::kPath}, true, "folder of the database"});
  out.push_back({"", "genesis", TextBinding{&c.genesis, Form::kPath}, true, "the deployment's genesis.json"});
  out.push_back({"", "validator", TextBinding{&c.validator, Form::kText}, false,
                 "name of the validator in genesis; empty: found by the link key"});
  out.push_back({"", "certificates", ListBinding{&c.certificates, Form::kPath}, false,
                 "files of `keygen --certify`: processes that genesis does not know, this one among them"});
  out.push_back({"listen", "peers", TextBinding{&c.listen.peers, Form::kAddress}, false,
                 "replicas, workers, admins and siblings; empty: none"});
  out.push_back({"listen", "clients", TextBinding{&c.listen.clients, Form::kAddress}, false, "clients; empty: none"});
  out.push_back({"listen", "metrics", TextBinding{&c.listen.metrics, Form::kAddress}, false,
                 "/metrics and /health; empty: none"});
  out.push_back({"keys", "link", TextBinding{&c.keys.link, Form::kPath}, true, "file of the link key"});
  out.push_back({"keys", "consensus", TextBinding{&c.keys.consensus, Form::kPath}, false, "role consensus"});
  out.push_back({"keys", "attester", TextBinding{&c.keys.attester, Form::kPath}, false, "role worker"});
  out.push_back({"keys", "submitter", TextBinding{&c.keys.submitter, Form::kPath}, false,
                 "role l1 of the coordinator's validator"});
  out.push_back({"keys", "operator", TextBinding{&c.keys.operator_, Form::kPath}, false, "registers attesters on L1"});
  out.push_back({"keys", "admin", TextBinding{&c.keys.admin, Form::kPath}, false, "a shell's key"});
}

void add_block_production(std::vector<Binding>& out, Config& c) {
  out.push_back({"blocks", "deadline_ms", NumberBinding{&c.blocks.deadline_ms, 1, kDay}, false,
                 "a block closes so long after the first pending transaction"});
  out.push_back({"blocks", "empty_interval_ms", NumberBinding{&c.blocks.empty_interval_ms, 1, kDay}, false,
                 "idle time before an empty block"});
  out.push_back({"blocks", "empty", FlagBinding{&c.blocks.empty}, false, "make empty blocks when idle"});
  const auto timeout = [&](std::string_view key, std::uint64_t& value, std::string_view help) {
    out.push_back({"consensus", key, NumberBinding{&value, 1, kDay}, false, help});
  };
  timeout("propose_ms", c.consensus.propose_ms, "propose time-out of round 0");
  timeout("propose_step_ms", c.consensus.propose_step_ms, "more each round");
  timeout("prevote_ms", c.consensus.prevote_ms, "prevote time-out of round 0");
  timeout("prevote_step_ms", c.consensus.prevote_step_ms, "more each round");
  timeout("precommit_ms", c.consensus.precommit_ms, "precommit time-out of round 0");
  timeout("precommit_step_ms", c.consensus.precommit_step_ms, "more each round");
}

void add_intake(std::vector<Binding>& out, Config& c) {
  const auto number = [&](std::string_view section, std::string_view key, std::uint64_t& value, std::uint64_t least,
                          std::uint64_t most, std::string_view help) {
    out.push_back({section, key, NumberBinding{&value, least, most}, false, help});
  };
  number("mempool", "max_transactions", c.mempool.max_transactions, 1, 100'000'000, "transactions in the pool");
  number("mempool", "max_bytes", c.mempool.max_bytes, 1 << 20, kTiB, "bytes of the pool");
  number("mempool", "max_nonce_gap", c.mempool.max_nonce_gap, 0, 100'000, "how far a nonce may be ahead");
  number("mempool", "max_per_account", c.mempool.max_per_account, 1, 1'000'000, "transactions of one account");
  number("mempool", "ttl_s", c.mempool.ttl_s, 1, 7 * 24 * 3600, "seconds until a transaction expires");
  number("gateway", "max_in_flight", c.gateway.max_in_flight, 1, 10'000'000, "requests being answered");
  number("gateway", "timeout_ms", c.gateway.timeout_ms, 10, kDay, "until a request is answered kTryAgain");
  number("gateway", "rate_per_address", c.gateway.rate_per_address, 0, 10'000'000,
         "requests a second at the clients' listener; 0: no limit");
  number("gateway", "rate_total", c.gateway.rate_total, 0, 100'000'000, "requests a second of all; 0: no limit");
  out.push_back({"gateway", "limit_loopback", FlagBinding{&c.gateway.limit_loopback}, false,
                 "these limits hold for clients on this machine too"});
}

void add_proving(std::vector<Binding>& out, Config& c) {
  const auto number = [&](std::string_view section, std::string_view key, std::uint64_t& value, std::uint64_t least,
                          std::uint64_t most, std::string_view help) {
    out.push_back({section, key, NumberBinding{&value, least, most}, false, help});
  };
  number("worker", "max_transactions", c.worker.max_transactions, 1, 100'000'000, "largest span it accepts");
  number("worker", "max_witness_bytes", c.worker.max_witness_bytes, 1024, kTiB, "largest witness it accepts");
  number("worker", "memory_limit_bytes", c.worker.memory_limit_bytes, 1 << 20, kTiB,
         "hard limit of the child that proves");
  number("worker", "proof_timeout_s", c.worker.proof_timeout_s, 1, 7 * 24 * 3600, "seconds until the child is stopped");
  out.push_back({"worker", "join_token", TextBinding{&c.worker.join_token, Form::kText}, false,
                 "TOKEN or @FILE of the first join; empty: it is admitted already"});
  number("coordinator", "lease_ms", c.coordinator.lease_ms, 100, kDay, "a worker silent for so long has lost its span");
  number("coordinator", "heartbeat_ms", c.coordinator.heartbeat_ms, 10, kDay, "how often a worker says it lives");
  number("coordinator", "backoff_first_ms", c.coordinator.backoff_first_ms, 1, kDay,
         "after the first transient failure");
  number("coordinator", "backoff_most_ms", c.coordinator.backoff_most_ms, 1, kDay, "at most");
  number("coordinator", "max_strikes", c.coordinator.max_strikes, 1, 1000,
         "failures of a one-block span until quarantine");
  number("coordinator", "max_witnesses", c.coordinator.max_witnesses, 1, 10'000, "witnesses in memory at once");
  number("l1", "poll_ms", c.l1.poll_ms, 10, kDay, "how often L1 is asked for blocks");
  out.push_back({"l1", "head", TextBinding{&c.l1.head, Form::kHeadMode}, false,
                 "what makes a block safe: \"depth\" (genesis head_depth) or \"finalized\""});
  number("ledger", "block_ms", c.ledger.block_ms, 10, kDay, "block time of the embedded L1");
  number("ledger", "finalized_depth", c.ledger.finalized_depth, 1, 1'000'000, "blocks behind its head that are final");
  out.push_back({"ledger", "allow_reorg", FlagBinding{&c.ledger.allow_reorg}, false,
                 "drills: admins may reorganise the embedded L1"});
}

void add_operation(std::vector<Binding>& out, Config& c) {
  out.push_back({"storage", "history_blocks", NumberBinding{&c.storage.history_blocks, 1, 1ULL << 40}, false,
                 "blocks whose state can be read back"});
  out.push_back({"storage", "cache_bytes", NumberBinding{&c.storage.cache_bytes, 1 << 20, kTiB}, false, "read cache"});
  out.push_back({"log", "level", TextBinding{&c.log.level, Form::kLogLevel}, false, "debug, info, warn or error"});
  out.push_back({"log", "file", TextBinding{&c.log.file, Form::kPath}, false, "empty: stderr"});
}

std::string wrong_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return "is not host:port";
  const auto digits = text.substr(colon + 1);
  unsigned port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port > 65535)
    return "has no port from 0 to 65535";
  return "";
}

}  // namespace

std::vector<std::string_view> role_names() {
  return {"gateway", "mempool", "consensus", "sequencer", "coordinator", "l1", "admin", "worker", "ledger"};
}

std::vector<Binding> bindings(Config& config) {
  std::vector<Binding> out;
  add_process(out, config);
  add_block_production(out, config);
  add_intake(out, config);
  add_proving(out, config);
  add_operation(out, config);
  return out;
}

std::vector<Binding> bindings(Sibling& sibling) {
  return {{"siblings", "name", TextBinding{&sibling.name, Form::kText}, true, "as in its own configuration"},
          {"siblings", "key", TextBinding{&sibling.key, Form::kHexKey}, true, "its link key"},
          {"siblings", "roles", ListBinding{&sibling.roles, Form::kText, true}, true, "what runs there"},
          {"siblings", "addresses", ListBinding{&sibling.addresses, Form::kAddress}, true, "of its peers' listener"}};
}

std::vector<Binding> bindings(Peer& peer) {
  return {{"peers", "name", TextBinding{&peer.name, Form::kText}, true, "of a process in genesis"},
          {"peers", "addresses", ListBinding{&peer.addresses, Form::kAddress}, true, "in place of those in genesis"}};
}

std::string wrong_form(Form form, std::string_view text) {
  switch (form) {
    case Form::kText:
      return text.size() > 4096 ? "is longer than 4096 bytes" : "";
    case Form::kPath:
      return text.find('\0') != std::string_view::npos ? "is no path" : "";
    case Form::kAddress:
      return text.empty() ? "" : wrong_address(text);
    case Form::kLogLevel: {
      constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};
      return std::ranges::find(kLevels, text) == kLevels.end() ? "is none of debug, info, warn, error" : "";
    }
    case Form::kHeadMode:
      return text == "depth" || text == "finalized" ? "" : "is neither depth nor finalized";
    case Form::kHexKey: {
      if (text.starts_with("0x")) text.remove_prefix(2);
      const bool digits = text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
      return digits && text.size() == 64 ? "" : "is not a key of 64 hex digits";
    }
  }
  return "";
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t best_distance = std::min<std::size_t>(4, word.size() / 2 + 1);
  for (const auto candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j < row.size(); ++j) {
        const std::size_t above = row[j];
        row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (word[i - 1] == candidate[j - 1] ? 0U : 1U)});
        diagonal = above;
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace asterism::config
