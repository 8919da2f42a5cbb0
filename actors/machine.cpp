#include "actors/machine.hpp"

#include "messages/table.hpp"

namespace asterism::actors {

// The table names senders by these bits.
static_assert(messages::kFromSelf == 1U << static_cast<unsigned>(PeerKind::kSelf));
static_assert(messages::kFromSibling == 1U << static_cast<unsigned>(PeerKind::kSibling));
static_assert(messages::kFromValidator == 1U << static_cast<unsigned>(PeerKind::kValidator));
static_assert(messages::kFromWorker == 1U << static_cast<unsigned>(PeerKind::kWorker));
static_assert(messages::kFromLedger == 1U << static_cast<unsigned>(PeerKind::kLedger));
static_assert(messages::kFromAdmin == 1U << static_cast<unsigned>(PeerKind::kAdmin));
static_assert(messages::kFromClient == 1U << static_cast<unsigned>(PeerKind::kClient));
static_assert(messages::kFromJoiner == 1U << static_cast<unsigned>(PeerKind::kJoiner));

void Effects::send(Destination to, messages::MessagePtr message) {
  all_.push_back(Send{std::move(to), std::move(message)});
}
void Effects::persist(storage::WriteBatch batch, Sync sync) { all_.push_back(Persist{std::move(batch), sync}); }
void Effects::start_timer(TimerId id, Millis after) { all_.push_back(StartTimer{id, after}); }
void Effects::cancel_timer(TimerId id) { all_.push_back(CancelTimer{id}); }
void Effects::log(LogLevel level, std::string text) { all_.push_back(Log{level, std::move(text)}); }
void Effects::raise_alarm(RaiseAlarm alarm) { all_.push_back(std::move(alarm)); }
void Effects::clear_alarm(std::string code, std::string subject) {
  all_.push_back(ClearAlarm{std::move(code), std::move(subject)});
}
void Effects::count(std::string_view metric, double amount) { all_.push_back(Count{metric, amount}); }
void Effects::gauge(std::string_view metric, double value) { all_.push_back(Gauge{metric, value}); }
void Effects::push(Effect effect) { all_.push_back(std::move(effect)); }
void Effects::halt(std::string reason) { all_.push_back(Halt{std::move(reason)}); }

void Effects::reply(const Sender& to, messages::MessagePtr message) {
  // In this process by the kind of the message; elsewhere to the process that asked, of several with the same role.
  const bool own = to.kind == PeerKind::kSelf || (to.kind == PeerKind::kSibling && to.process.is_zero());
  all_.push_back(Send{own ? Destination(ToOwn{}) : Destination(ToProcess{to.process}), std::move(message)});
}

}  // namespace asterism::actors
