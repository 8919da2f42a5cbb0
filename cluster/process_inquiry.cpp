#include "cluster/process_inquiry.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

namespace asterism::cluster {

using json = nlohmann::ordered_json;

namespace {

constexpr std::size_t kMaxAsked = 256;

std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }
std::string error(const std::string& text) { return text_of({{"error", text}}); }

std::string_view kind_name(actors::PeerKind kind) {
  static constexpr std::array<std::string_view, 8> kNames{"self",   "sibling", "validator", "worker",
                                                          "ledger", "admin",   "client",    "joiner"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string peers(const ProcessView& view) {
  json links = json::array(), refused = json::array(), reasons = json::array();
  for (const auto& [key, link] : view.links.links()) {
    links.push_back({{"peer", link.name},
                     {"kind", kind_name(link.kind)},
                     {"state", link.state},
                     {"address", link.address},
                     {"since_ms", link.since_ms},
                     {"round_trip_ms", link.round_trip_ms},
                     {"bytes_in", link.bytes_in},
                     {"bytes_out", link.bytes_out},
                     {"queued_bytes", link.queued_bytes},
                     {"attempts", link.attempts},
                     {"last_fault", link.last_fault},
                     {"key", key.second.hex()}});
  }
  for (const auto& each : view.links.refusals()) {
    refused.push_back({{"at_ms", each.at_ms}, {"address", each.address}, {"reason", each.reason}, {"text", each.text}});
  }
  for (std::size_t i = 0; i < kLinkErrors; ++i) {
    const auto reason = to_string(static_cast<LinkError>(i));
    const double count = view.metrics.value("asterism_link_faults_total", reason);
    if (count > 0) reasons.push_back({{"reason", reason}, {"count", static_cast<std::uint64_t>(count)}});
  }
  return text_of({{"peers", links}, {"refusals", reasons}, {"latest_refusals", refused}});
}

std::string roles(const ProcessView& view) {
  json out = json::array();
  for (const RoleStatus& role : view.roles()) {
    out.push_back({{"role", role_name(role.role)},
                   {"state", role.state},
                   {"mailbox", role.mailbox},
                   {"handled", role.handled},
                   {"restarts", role.restarts},
                   {"last_error", role.last_error}});
  }
  return text_of({{"actors", out}});
}

std::string alarms(const ProcessView& view) {
  json out = json::array();
  for (const Alarm& alarm : view.alarms.all()) {
    out.push_back({{"id", alarm.id},
                   {"state", alarm.open() ? "open" : "past"},
                   {"code", alarm.code},
                   {"subject", alarm.subject},
                   {"role", alarm.role},
                   {"since_ms", alarm.since_ms},
                   {"cleared_ms", alarm.cleared_ms},
                   {"acknowledged", alarm.acknowledged},
                   {"text", alarm.text},
                   {"advice", alarm.advice}});
  }
  return text_of({{"alarms", out}});
}

std::string acknowledge(const ProcessView& view, const std::string& text) {
  std::uint64_t id = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (fault != std::errc{} || end != text.data() + text.size()) return error("ID is a number: see `alarms`");
  if (!view.alarms.acknowledge(id)) return error("no alarm " + text);
  return text_of({{"acknowledged", id}});
}

std::string restart(const ProcessView& view, const std::string& name) {
  const auto role = role_from_name(name);
  if (!role) return error("no role is called " + name);
  if (!restarts_alone(*role)) return error(name + " holds state that others build on: restart its process instead");
  if (!view.restart(*role, "asked for in the shell")) return error(name + " does not run in this process");
  return text_of({{"restarted", name}});
}

std::string set_level(const ProcessView& view, const std::string& module, const std::string& name) {
  const auto level = log_level_from(name);
  if (!level) return error("a level is debug, info, warn or error, not `" + name + "`");
  if (module != "all" && module != "links" && module != "node" && !role_from_name(module))
    return error("no module is called `" + module + "`: all, node, links or the name of a role (see `actors`)");
  view.log.set_level(module, *level);
  return text_of({{"module", module}, {"level", name}});
}

}  // namespace

std::string answer_process_inquiry(const ProcessView& view, const std::string& what,
                                   const std::vector<std::string>& arguments) {
  if (what == "peers") return peers(view);
  if (what == "actors") return roles(view);
  if (what == "alarms") return alarms(view);
  if (what == "metrics") return text_of({{"metrics", view.metrics.text()}});
  if (what == "config") return text_of({{"config", view.config_text}});
  if (what == "alarm ack" && arguments.size() == 1) return acknowledge(view, arguments[0]);
  if (what == "actor restart" && arguments.size() == 1) return restart(view, arguments[0]);
  if (what == "log level" && arguments.size() == 2) return set_level(view, arguments[0], arguments[1]);
  return error("this process does not know `" + what + "` with " + std::to_string(arguments.size()) + " arguments");
}

ProcessDesk::ProcessDesk(Router& router, ProcessView view)
    : router_(router), view_(std::move(view)), thread_([this] { work(); }) {}

ProcessDesk::~ProcessDesk() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ProcessDesk::deliver(actors::Inbound inbound) {
  {
    const std::lock_guard lock(mutex_);
    if (asked_.size() >= kMaxAsked) return;  // the admin role's own time-out answers
    asked_.push_back(std::move(inbound));
  }
  changed_.notify_all();
}

void ProcessDesk::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !asked_.empty(); });
    if (ending_) return;
    const actors::Inbound next = std::move(asked_.front());
    asked_.pop_front();
    lock.unlock();
    if (const auto* inquiry = std::get_if<messages::RemoteInquiry>(next.message.get())) {
      messages::RemoteInquiryReply reply{inquiry->request,
                                         answer_process_inquiry(view_, inquiry->what, inquiry->arguments)};
      router_.send(core::Role::kAdmin, actors::ToProcess{next.from.process}, messages::make_message(std::move(reply)));
    }
    lock.lock();
  }
}

}  // namespace asterism::cluster
