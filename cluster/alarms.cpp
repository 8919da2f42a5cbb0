#include "cluster/alarms.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "storage/keys.hpp"

namespace asterism::cluster {
namespace {

constexpr std::string_view kPrefix = "A/";
constexpr std::size_t kKept = 1000;

std::string encode(const Alarm& alarm) {
  return nlohmann::json{{"role", alarm.role},          {"code", alarm.code},
                        {"subject", alarm.subject},    {"text", alarm.text},
                        {"advice", alarm.advice},      {"since", alarm.since_ms},
                        {"cleared", alarm.cleared_ms}, {"acknowledged", alarm.acknowledged}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<Alarm> decode(std::uint64_t id, std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    return Alarm{id,
                 json.value("role", ""),
                 json.value("code", ""),
                 json.value("subject", ""),
                 json.value("text", ""),
                 json.value("advice", ""),
                 json.value("since", std::uint64_t{0}),
                 json.value("cleared", std::uint64_t{0}),
                 json.value("acknowledged", false)};
  } catch (const nlohmann::json::exception&) {  // a field of another type
    return std::nullopt;
  }
}

}  // namespace

Alarms::Alarms(storage::KeyValue& store) : store_(store) {
  store_.scan(kPrefix, {}, [&](std::string_view key, std::string_view value) {
    const auto id = storage::key_number(kPrefix, key);
    if (!id) return true;
    if (auto alarm = decode(*id, value)) alarms_[*id] = std::move(*alarm);
    next_ = *id + 1;
    return true;
  });
}

Alarm* Alarms::find_open(std::string_view code, std::string_view subject) {
  for (auto& [id, alarm] : alarms_) {
    if (alarm.open() && alarm.code == code && alarm.subject == subject) return &alarm;
  }
  return nullptr;
}

void Alarms::store(const Alarm& alarm) {
  storage::WriteBatch batch;
  batch.put(storage::number_key(kPrefix, alarm.id), encode(alarm));
  // Of past ones only so many are kept.
  while (alarms_.size() > kKept) {
    const auto oldest = std::ranges::find_if(alarms_, [](const auto& each) { return !each.second.open(); });
    if (oldest == alarms_.end()) break;
    batch.erase(storage::number_key(kPrefix, oldest->first));
    alarms_.erase(oldest);
  }
  // A store that fails ends the process at the next write of a role; alarms must not be what does.
  (void)store_.write(batch, false);
}

bool Alarms::raise(std::string_view role, const actors::RaiseAlarm& raised, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Alarm* open = find_open(raised.code, raised.subject);
  const bool fresh = open == nullptr;
  if (!fresh && open->text == raised.text && open->advice == raised.advice) return false;
  if (fresh) {
    const std::uint64_t id = next_++;
    open = &alarms_[id];
    *open = {id, std::string(role), raised.code, raised.subject, raised.text, raised.advice, now_ms, 0, false};
  }
  open->text = raised.text;
  open->advice = raised.advice;
  store(Alarm(*open));
  return fresh;
}

bool Alarms::clear(std::string_view code, std::string_view subject, std::uint64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Alarm* open = find_open(code, subject);
  if (open == nullptr) return false;
  open->cleared_ms = now_ms;
  store(Alarm(*open));
  return true;
}

bool Alarms::acknowledge(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = alarms_.find(id);
  if (found == alarms_.end()) return false;
  found->second.acknowledged = true;
  store(Alarm(found->second));
  return true;
}

std::vector<Alarm> Alarms::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Alarm> out;
  for (const auto& [id, alarm] : alarms_) out.push_back(alarm);
  std::ranges::sort(out, [](const Alarm& a, const Alarm& b) { return a.open() != b.open() ? a.open() : a.id > b.id; });
  return out;
}

std::size_t Alarms::open_count() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(alarms_, [](const auto& each) { return each.second.open(); }));
}

}  // namespace asterism::cluster
