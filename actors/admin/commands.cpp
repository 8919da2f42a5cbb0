#include "actors/admin/commands.hpp"

#include <array>

namespace asterism::actors {
namespace {

using enum Answerer;

constexpr auto kCommands = std::to_array<CommandInfo>({
    {"status", "", kProcess, false, 0, 0, "the whole cluster on one page: replicas, heads, spans, workers, alarms",
     "status"},
    {"nodes", "", kAdmin, false, 0, 0, "every process that genesis and membership name: roles, key, addresses",
     "nodes"},
    {"peers", "", kProcess, false, 0, 0, "links of this process: peer, state, bytes, refusals by reason", "peers"},
    {"actors", "[node]", kProcess, false, 0, 1, "roles of a process: state, mailbox, last error, restarts",
     "actors r1"},
    {"actor restart", "NAME", kProcess, true, 1, 1, "restarts a role that keeps nothing (gateway, mempool, admin)",
     "actor restart gateway"},
    {"heads", "", kL1, false, 0, 0, "latest, unsafe and safe heads, and why safe is where it is", "heads"},
    {"block", "N|HASH", kSequencer, false, 1, 1, "a block: header, transactions, certificate", "block 12"},
    {"tx", "HASH", kSequencer, false, 1, 1, "a transaction's whole life, from received to safe", "tx 0x1f2e..."},
    {"account", "ADDR", kSequencer, false, 1, 1, "nonce, balance, class and public key of an account",
     "account 0x4a..."},
    {"mempool", "[HASH|ADDR]", kMempool, false, 0, 1, "what waits; of a transaction or an account; memory", "mempool"},
    {"consensus", "", kConsensus, false, 0, 0, "height, round, step, and whose votes were seen", "consensus"},
    {"evidence", "", kConsensus, false, 0, 0, "equivocations that this replica can prove", "evidence"},
    {"spans", "[BLOCK]", kCoordinator, false, 0, 1,
     "spans of blocks by state: what waits longest and the newest, or those of a block", "spans"},
    {"span", "ID", kCoordinator, false, 1, 1, "attempts, failures, attesters, and why it is waiting", "span 7"},
    {"span resolve", "ID --drop ATTESTER", kCoordinator, true, 3, 3,
     "discards one attester's header of a disputed span", "span resolve 7 --drop 0x52..."},
    {"split", "SPAN", kCoordinator, true, 1, 1, "splits a span in half now", "split 7"},
    {"retry", "SPAN", kCoordinator, true, 1, 1, "proves a quarantined or failed span again", "retry 7"},
    {"workers", "", kCoordinator, false, 0, 0,
     "prover workers: state, span, capacity, weight; invitations that nobody has used yet", "workers"},
    {"worker invite", "[MINUTES]", kCoordinator, true, 0, 2,
     "prints a join token: single use, valid for 60 minutes unless said", "worker invite 15"},
    {"worker drain", "W", kCoordinator, true, 1, 1, "takes nothing new, finishes, leaves", "worker drain w2"},
    {"worker resume", "W", kCoordinator, true, 1, 1,
     "takes work again after a drain; one that has left is started again", "worker resume w2"},
    {"worker trust", "W", kCoordinator, true, 1, 1, "takes a distrusted worker back", "worker trust w2"},
    {"worker remove", "W [--force]", kCoordinator, true, 1, 2, "removes it here and on L1", "worker remove w2"},
    {"settlement pause", "", kCoordinator, true, 0, 0, "submits nothing to L1 until resumed", "settlement pause"},
    {"settlement resume", "", kCoordinator, true, 0, 0, "submits again", "settlement resume"},
    {"l1", "", kL1, false, 0, 0, "the L1 as this replica sees it: head, marker, outbox", "l1"},
    {"l1 resume", "", kL1, true, 0, 0, "checks L1 again from the last finalized marker; never overrides a mismatch",
     "l1 resume"},
    {"l1 pause", "", kL1, true, 0, 0, "the operator stops settlement on L1 itself, whoever submits", "l1 pause"},
    {"l1 unpause", "", kL1, true, 0, 0, "L1 takes settlements again", "l1 unpause"},
    {"alarms", "", kProcess, false, 0, 0, "open and past alarms: code, since, what to do", "alarms"},
    {"alarm ack", "ID", kProcess, true, 1, 1, "marks an alarm as seen", "alarm ack 3"},
    {"log level", "M L", kProcess, true, 2, 2, "log level of a module (or `all`): debug, info, warn, error",
     "log level consensus debug"},
    {"config", "", kProcess, false, 0, 0, "the resolved configuration of a process", "config"},
    {"metrics", "", kProcess, false, 0, 0, "counters and gauges of a process", "metrics"},
    {"audit", "", kAdmin, false, 0, 0, "commands that changed something: who, when, what came of it", "audit"},
});

}  // namespace

std::span<const CommandInfo> all_commands() { return kCommands; }

std::optional<ParsedCommand> parse_command(const std::vector<std::string>& words) {
  const auto find = [](std::string_view name) -> const CommandInfo* {
    for (const CommandInfo& command : kCommands) {
      if (command.name == name) return &command;
    }
    return nullptr;
  };
  if (words.empty()) return std::nullopt;
  if (words.size() >= 2) {
    if (const CommandInfo* info = find(words[0] + " " + words[1]))
      return ParsedCommand{info, {words.begin() + 2, words.end()}};
  }
  if (const CommandInfo* info = find(words[0])) return ParsedCommand{info, {words.begin() + 1, words.end()}};
  return std::nullopt;
}

bool accepts(const ParsedCommand& command) {
  return command.arguments.size() >= command.info->least && command.arguments.size() <= command.info->most;
}

std::optional<core::Role> role_of(Answerer answerer) {
  switch (answerer) {
    case kGateway:
      return core::Role::kGateway;
    case kMempool:
      return core::Role::kMempool;
    case kConsensus:
      return core::Role::kConsensus;
    case kSequencer:
      return core::Role::kSequencer;
    case kCoordinator:
      return core::Role::kCoordinator;
    case kL1:
      return core::Role::kL1;
    case kAdmin:
      return core::Role::kAdmin;
    case kProcess:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace asterism::actors
