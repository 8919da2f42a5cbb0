#include "cluster/shell/shell_session.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "cluster/shell/join_token.hpp"

namespace asterism::cluster {
namespace {

Json pick(const Json& from, std::initializer_list<const char*> keys) {
  Json out = Json::object();
  for (const char* key : keys) {
    if (from.contains(key)) out[key] = from[key];
  }
  return out;
}

const actors::CommandInfo& command_named(std::string_view name) {
  return *std::ranges::find(actors::all_commands(), name, &actors::CommandInfo::name);
}

// `worker` alone is half of several commands: those are named.
std::string unknown_command(const std::string& word) {
  std::string halves;
  for (const actors::CommandInfo& info : actors::all_commands()) {
    if (!word.empty() && info.name.starts_with(word + " "))
      halves += (halves.empty() ? "" : ", ") + std::string(info.name);
  }
  if (!halves.empty()) return "`" + word + "` is one of: " + halves;
  return "there is no command `" + word + "`; `help` lists them";
}

}  // namespace

std::vector<std::string> split_words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, open = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
      open = true;
    } else if (!quoted && (c == ' ' || c == '\t')) {
      if (open || !word.empty()) words.push_back(std::exchange(word, {}));
      open = false;
    } else {
      word += c;
    }
  }
  if (open || !word.empty()) words.push_back(word);
  return words;
}

std::expected<std::string, std::string> ShellSession::help(const std::string& command) {
  std::string out;
  for (const actors::CommandInfo& info : actors::all_commands()) {
    if (!command.empty() && info.name != command && !info.name.starts_with(command + " ")) continue;
    std::string usage = std::string(info.name) + (info.arguments.empty() ? "" : " " + std::string(info.arguments));
    usage.resize(std::max<std::size_t>(usage.size() + 2, 34), ' ');
    out += "  " + usage + std::string(info.help) + "\n";
    if (!command.empty()) out += "      for example: " + std::string(info.example) + "\n";
  }
  if (out.empty()) return std::unexpected("there is no command `" + command + "`; `help` lists them\n");
  if (command.empty())
    out += "  @NODE COMMAND                     asks that node (see `nodes`)\n  help COMMAND, quit\n";
  return out;
}

Json ShellSession::run(const std::string& line) {
  std::vector<std::string> words = split_words(line);
  const NodeInfo* node = nullptr;
  if (!words.empty() && words[0].starts_with('@')) {
    node = client_.node(words[0].substr(1));
    if (!node) return error_answer("there is no node `" + words[0].substr(1) + "`; `nodes` lists them");
    words.erase(words.begin());
  }
  const auto parsed = actors::parse_command(words);
  if (words.empty()) return error_answer("which command? `help` lists them");
  if (!parsed) return error_answer(unknown_command(words[0]));
  const bool short_invite = parsed->info->name == "worker invite" && parsed->arguments.size() > 1;
  if (!accepts(*parsed) || short_invite)
    return error_answer("usage: " + std::string(parsed->info->name) + " " + std::string(parsed->info->arguments) +
                 "   for example: " + std::string(parsed->info->example));
  if (parsed->info->name == "status") return status();
  if (parsed->info->name == "heads") return heads(node);
  if (parsed->info->name == "tx" && !node) return transaction(parsed->arguments[0]);
  if (parsed->info->name == "worker invite") return invite(parsed->arguments);
  if (parsed->info->name == "actors" && !parsed->arguments.empty()) {
    node = client_.node(parsed->arguments[0]);
    if (!node) return error_answer("there is no node `" + parsed->arguments[0] + "`; `nodes` lists them");
    return client_.ask(node->key, "actors", {});
  }
  return ask_at(node, *parsed);
}

Json ShellSession::ask_at(const NodeInfo* node, const actors::ParsedCommand& command) {
  if (node) return client_.ask(node->key, std::string(command.info->name), command.arguments);
  return client_.ask(*command.info, command.arguments);
}

std::vector<const NodeInfo*> ShellSession::replicas(std::string_view role) const {
  std::vector<const NodeInfo*> out;
  std::set<std::uint16_t> seen;
  for (const NodeInfo& info : client_.nodes()) {
    if (info.validator && std::ranges::find(info.roles, role) != info.roles.end() &&
        seen.insert(*info.validator).second)
      out.push_back(&info);
  }
  return out;
}

Json ShellSession::status() {
  Json out = Json::object();
  Json& rows = out["replicas"] = Json::array();
  for (const NodeInfo* replica : replicas("consensus")) {
    Json row{{"replica", replica->name}};
    const Json consensus = client_.ask(replica->key, "consensus", {}, Millis(3000));
    if (consensus.contains("error"))
      row["state"] = consensus["error"];
    else
      row.update(Json{{"state", "up"},
                      {"height", consensus.value("height", 0)},
                      {"round", consensus.value("round", 0)},
                      {"step", consensus.value("step", "")}});
    rows.push_back(std::move(row));
  }
  out["heads"] = heads(nullptr);
  const Json spans = client_.ask(command_named("spans"), {});
  out["spans"] = spans.contains("by_state") ? spans["by_state"] : spans;
  const Json workers = client_.ask(command_named("workers"), {});
  if (workers.contains("workers")) {
    Json& list = out["workers"] = Json::array();
    for (const Json& worker : workers["workers"])
      list.push_back(pick(worker, {"worker", "state", "span", "weight", "proven", "failed"}));
  }
  out["alarms"] = open_alarms();
  return out;
}

// Of every process: each role raises its own where it runs.
Json ShellSession::open_alarms() {
  Json out = Json::array();
  for (const NodeInfo& node : client_.nodes()) {
    if (std::ranges::find(node.roles, "admin") == node.roles.end()) continue;
    const Json alarms = client_.ask(node.key, "alarms", {}, Millis(3000));
    if (!alarms.contains("alarms")) continue;
    for (const Json& alarm : alarms["alarms"]) {
      if (alarm.value("state", "") != "open") continue;
      Json row{{"node", node.name}};
      row.update(pick(alarm, {"id", "code", "subject", "text", "advice"}));
      out.push_back(std::move(row));
    }
  }
  return out;
}

Json ShellSession::heads(const NodeInfo* node) {
  const auto ask = [&](std::string_view what) {
    return node ? client_.ask(node->key, std::string(what), {}) : client_.ask(command_named(what), {});
  };
  Json out = ask("heads");
  if (out.contains("error")) return out;
  // A certificate may be here before its block is executed; a process without consensus knows of none.
  const Json consensus = ask("consensus");
  out["latest"] = std::max(out.value("latest", std::uint64_t{0}), consensus.value("certified", std::uint64_t{0}));
  out["why"] = why_safe(out);
  return out;
}

// What lies between `safe` and `latest`: depth on L1 first, then the span that settlement waits for.
std::string ShellSession::why_safe(const Json& heads) {
  const auto number = [&](const char* name) { return heads.value(name, std::uint64_t{0}); };
  if (heads.value("frozen", false)) return "L1 and this chain disagree: see `alarms`";
  std::string out;
  if (number("safe") < number("settled"))
    out = "block " + std::to_string(number("settled")) + " is settled in L1 block " +
          std::to_string(number("settled_in")) + ", not deep enough yet";
  if (number("settled") >= number("unsafe")) return out.empty() ? "everything is safe" : out;
  const auto with = [&](const std::string& text) { return out.empty() ? text : out + "; " + text; };
  const Json spans = client_.ask(command_named("spans"), {std::to_string(number("settled") + 1)});
  if (!spans.contains("spans")) return with(spans.value("error", "the coordinator does not answer"));
  const Json* next = nullptr;
  for (const Json& span : spans["spans"]) {
    if (span.value("state", "") != "SPLIT") next = &span;
  }
  if (next == nullptr) return with("block " + std::to_string(number("settled") + 1) + " is in no closed span yet");
  const std::string id = std::to_string(next->value("span", std::uint64_t{0}));
  const Json span = client_.ask(command_named("span"), {id});
  return with("span " + id + " " + next->value("blocks", "") + " is " + next->value("state", "") + ": " +
              span.value("why", ""));
}

Json ShellSession::transaction(const std::string& hash) {
  Json out = client_.ask(command_named("tx"), {hash});
  if (out.contains("error")) {
    const Json pooled = client_.ask(command_named("mempool"), {hash});
    return pooled.contains("status") && pooled["status"] != "UNKNOWN" ? pooled : out;
  }
  if (!out.contains("block_number") || !out["block_number"].is_number()) return out;
  const std::uint64_t block = out["block_number"].get<std::uint64_t>();
  const Json spans = client_.ask(command_named("spans"), {std::to_string(block)});
  if (spans.contains("spans")) {
    for (const Json& span : spans["spans"]) {
      if (span.value("state", "") != "SPLIT")
        out["proven_by"] = pick(span, {"span", "blocks", "state", "kind", "attested", "needed", "settled"});
    }
  }
  const Json heads = client_.ask(command_named("heads"), {});
  if (!heads.contains("error")) {
    out["settled"] = heads.value("settled", std::uint64_t{0}) >= block;
    out["safe"] = heads.value("safe", std::uint64_t{0}) >= block;
  }
  return out;
}

// The seed stays in the token; the coordinator learns its public half only.
Json ShellSession::invite(const std::vector<std::string>& arguments) {
  std::uint64_t minutes = 60;
  if (!arguments.empty()) {
    const std::string& text = arguments[0];
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), minutes);
    if (fault != std::errc{} || end != text.data() + text.size() || minutes == 0 || minutes > 7 * 24 * 60)
      return error_answer("worker invite [MINUTES]: a number from 1 to 10080");
  }
  JoinToken token{.addresses = {},
                  .coordinator = {},
                  .genesis_hash = genesis_hash_,
                  .seed = {},
                  .expiry = unix_seconds() + 60 * minutes};
  randombytes_buf(token.seed.data(), token.seed.size());
  const core::Ed25519Secret key = core::Ed25519Secret::from_seed(token.seed);
  Json answer =
      client_.ask(command_named("worker invite"), {core::to_hex(key.public_bytes()), std::to_string(token.expiry)});
  if (answer.contains("error")) return answer;
  const auto coordinator = core::array_from_hex<32>(answer.value("coordinator", ""));
  token.addresses = answer.value("addresses", std::vector<std::string>{});
  if (!coordinator || token.addresses.empty()) return error_answer("the coordinator does not say where it listens");
  token.coordinator.bytes = *coordinator;
  const std::string text = encode_token(token);
  return Json{{"token", text}, {"expires_in_minutes", minutes}, {"run", "asterism worker --dir DIR --join " + text}};
}

}  // namespace asterism::cluster
