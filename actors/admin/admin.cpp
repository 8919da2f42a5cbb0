#include "actors/admin/admin.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "config/config.hpp"
#include "core/base/check.hpp"
#include "core/base/utf8.hpp"
#include "core/crypto/ed25519.hpp"
#include "messages/codec.hpp"

namespace asterism::actors {
namespace {

using Json = nlohmann::ordered_json;

constexpr TimerId kSweep = 1;
// In RemoteInquiry: no role, but the process (links, actors, alarms, log levels).
constexpr std::uint8_t kProcessItself = 255;
constexpr std::uint64_t kMostAhead = 60;  // seconds a command may be valid

std::string error(std::string text) { return Json{{"error", std::move(text)}}.dump(); }

std::string audit_key(std::uint64_t sequence) {
  core::ByteWriter key;
  key.text("a/").u64(sequence);
  return std::string(core::as_text(key.bytes()));
}

}  // namespace

core::Bytes admin_signing_bytes(const core::Word& genesis_hash, const messages::SignedCommand& command) {
  core::ByteWriter out;
  out.text("asterism/admin/1").raw(genesis_hash).raw(command.target.bytes).raw(command.nonce).u64(command.expiry);
  out.raw(core::blake2b_256(command.command));
  return out.take();
}

Admin::Admin(const storage::KeyValue& store, AdminOptions options) : store_(store), options_(std::move(options)) {
  store_.scan("a/", "", [&](std::string_view key, std::string_view value) {
    auto record = messages::decode_text<AuditRecord>(value);
    ASTERISM_CHECK(record, "an audit entry in the database does not decode");
    std::uint64_t sequence = 0;
    for (const char c : key.substr(2)) sequence = sequence << 8 | static_cast<std::uint8_t>(c);
    next_audit_ = sequence + 1;
    seen_[record->nonce] = {record->expiry, sequence};
    entries_.emplace(sequence, std::move(*record));
    if (entries_.size() > options_.kept_audit) entries_.erase(entries_.begin());
    return true;
  });
}

void Admin::start(const Now&, Effects& effects) { effects.start_timer(kSweep, Millis(1000)); }

void Admin::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  if (const auto* command = std::get_if<messages::SignedCommand>(inbound.message.get()))
    on_command(*command, inbound.from, now, effects);
  if (const auto* reply = std::get_if<messages::CommandReply>(inbound.message.get())) on_reply(*reply, effects);
  if (const auto* answer = std::get_if<messages::RemoteInquiryReply>(inbound.message.get()))
    on_answer(*answer, effects);
}

void Admin::on_command(const messages::SignedCommand& command, const Sender& from, const Now& now, Effects& effects) {
  if (command.target != options_.own_process) {
    forwarded_[command.nonce] = {
        .asker = from, .number = command.request, .nonce = command.nonce, .audit = 0, .since = now.monotonic};
    effects.send(ToProcess{command.target}, command);
    return;
  }
  const auto answer = [&](std::string json) {
    effects.reply(from,
                  messages::CommandReply{.request = command.request, .nonce = command.nonce, .json = std::move(json)});
  };
  if (const std::string fault = refuse(command, now); !fault.empty()) return answer(error(fault));
  const auto known = seen_.find(command.nonce);
  if (known != seen_.end()) {
    const auto entry = entries_.find(known->second.audit);
    const bool finished = entry != entries_.end() && !entry->second.result.empty();
    return answer(finished ? entry->second.result : error("this command was received already and has not finished"));
  }
  const auto decoded = messages::decode_value<messages::AdminCommand>(command.command, 64 * 1024);
  if (!decoded) return answer(error("the command does not decode"));
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= decoded->what.size();) {
    const std::size_t space = std::min(decoded->what.find(' ', at), decoded->what.size());
    words.push_back(decoded->what.substr(at, space - at));
    at = space + 1;
  }
  words.insert(words.end(), decoded->arguments.begin(), decoded->arguments.end());
  if (!std::ranges::all_of(words, core::is_utf8)) return answer(error("the command is not text"));
  const auto parsed = parse_command(words);
  if (!parsed) return answer(error("there is no command `" + decoded->what + "`"));
  execute(command, *parsed, from, now, effects);
}

std::string Admin::refuse(const messages::SignedCommand& command, const Now& now) const {
  if (std::ranges::find(options_.admins, command.admin) == options_.admins.end())
    return "this admin key is not in genesis";
  const std::uint64_t seconds = now.unix_ms / 1000;
  if (command.expiry < seconds) return "the command has expired: compare the clocks of both machines";
  if (command.expiry > seconds + kMostAhead)
    return "the command expires more than 60 s ahead: compare the clocks of both machines";
  if (!core::ed25519_verify(command.admin.bytes, admin_signing_bytes(options_.genesis_hash, command),
                            command.signature))
    return "the signature is wrong";
  return {};
}

void Admin::execute(const messages::SignedCommand& command, const ParsedCommand& parsed, const Sender& from,
                    const Now& now, Effects& effects) {
  Waiting waiting{.asker = from, .number = command.request, .nonce = command.nonce, .audit = 0, .since = now.monotonic};
  if (parsed.info->changes) {
    waiting.audit = next_audit_++;
    const AuditRecord entry{.unix_ms = now.unix_ms,
                            .admin = command.admin,
                            .nonce = command.nonce,
                            .expiry = command.expiry,
                            .what = std::string(parsed.info->name),
                            .arguments = parsed.arguments,
                            .result = {}};
    storage::WriteBatch batch;
    batch.put(audit_key(waiting.audit), messages::encode_text(entry));
    effects.persist(std::move(batch));
    entries_[waiting.audit] = entry;
    seen_[command.nonce] = {command.expiry, waiting.audit};
    effects.log(LogLevel::kInfo,
                "event=admin-command admin=" + command.admin.hex().substr(0, 16) + " what=\"" + entry.what + "\"");
  }
  const std::uint64_t request = next_request_++;
  waiting_[request] = waiting;
  if (parsed.info->answerer == Answerer::kAdmin) {
    const std::string result = parsed.info->name == "nodes" ? nodes() : audit();
    return on_answer({.request = request, .json = result}, effects);
  }
  const std::string what = parsed.info->name == "span resolve" ? "resolve" : std::string(parsed.info->name);
  const auto role = role_of(parsed.info->answerer);
  effects.send(ToOwn{}, messages::RemoteInquiry{.request = request,
                                                .role = role ? static_cast<std::uint8_t>(*role) : kProcessItself,
                                                .what = what,
                                                .arguments = parsed.arguments});
}

void Admin::on_answer(const messages::RemoteInquiryReply& answer, Effects& effects) {
  const auto it = waiting_.find(answer.request);
  if (it == waiting_.end()) return;
  const Waiting waiting = it->second;
  waiting_.erase(it);
  if (const auto entry = entries_.find(waiting.audit); entry != entries_.end()) {
    entry->second.result = answer.json;
    storage::WriteBatch batch;
    batch.put(audit_key(waiting.audit), messages::encode_text(entry->second));
    effects.persist(std::move(batch), Sync::kNo);
  }
  effects.reply(waiting.asker,
                messages::CommandReply{.request = waiting.number, .nonce = waiting.nonce, .json = answer.json});
}

void Admin::on_reply(const messages::CommandReply& reply, Effects& effects) {
  const auto it = forwarded_.find(reply.nonce);
  if (it == forwarded_.end()) return;
  effects.reply(it->second.asker,
                messages::CommandReply{.request = it->second.number, .nonce = reply.nonce, .json = reply.json});
  forwarded_.erase(it);
}

void Admin::expire(TimerId, const Now& now, Effects& effects) {
  effects.start_timer(kSweep, Millis(1000));
  const auto late = [&](const auto& entry) { return now.monotonic - entry.second.since >= options_.answer_timeout; };
  std::vector<std::uint64_t> unanswered;
  for (const auto& entry : waiting_) {
    if (late(entry)) unanswered.push_back(entry.first);
  }
  for (const std::uint64_t request : unanswered)
    on_answer({.request = request, .json = error("no answer in time: the role is busy or down (see `actors`)")},
              effects);
  std::vector<Nonce> lost;
  for (const auto& entry : forwarded_) {
    if (late(entry)) lost.push_back(entry.first);
  }
  for (const Nonce& nonce : lost)
    on_reply({.request = 0, .nonce = nonce, .json = error("the target process does not answer (see `peers`)")},
             effects);
  std::erase_if(seen_, [&](const auto& entry) { return entry.second.expiry + kMostAhead < now.unix_ms / 1000; });
  if (entries_.size() <= options_.kept_audit) return;
  storage::WriteBatch batch;
  while (entries_.size() > options_.kept_audit) {
    batch.erase(audit_key(entries_.begin()->first));
    entries_.erase(entries_.begin());
  }
  effects.persist(std::move(batch), Sync::kNo);
}

std::string Admin::nodes() const {
  Json out = Json::array();
  for (const ProcessEntry& process : options_.directory()) {
    Json roles = Json::array();
    for (const core::Role role : process.roles) roles.push_back(config::role_names()[static_cast<std::size_t>(role)]);
    Json one{{"node", process.name},
             {"key", process.key.hex()},
             {"roles", std::move(roles)},
             {"addresses", process.addresses},
             {"certificate", process.certificate == 0 ? "genesis" : "serial " + std::to_string(process.certificate)},
             {"here", process.key == options_.own_process}};
    one["validator"] = process.validator ? Json(process.validator->value) : Json(nullptr);
    out.push_back(std::move(one));
  }
  return Json{{"nodes", std::move(out)}}.dump();
}

std::string Admin::audit() const {
  Json out = Json::array();
  for (auto it = entries_.rbegin(); it != entries_.rend() && out.size() < 200; ++it) {
    const AuditRecord& entry = it->second;
    std::string arguments;
    for (const std::string& argument : entry.arguments) arguments += (arguments.empty() ? "" : " ") + argument;
    out.push_back({{"entry", it->first},
                   {"unix_ms", entry.unix_ms},
                   {"admin", entry.admin.hex().substr(0, 16)},
                   {"command", entry.what},
                   {"arguments", arguments},
                   {"result", core::utf8_prefix(entry.result, 120)}});
  }
  return Json{{"audit", std::move(out)}}.dump();
}

std::string Admin::inquire(const Inquiry& inquiry, const Now&, Effects&) {
  if (inquiry.what == "nodes") return nodes();
  if (inquiry.what == "audit") return audit();
  return error("the admin role does not know `" + inquiry.what + "`");
}

}  // namespace asterism::actors
