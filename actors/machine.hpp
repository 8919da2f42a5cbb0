// What every role is made of: a pure machine that takes messages, timers and the time, and answers with effects.
// The shell (role_actor.hpp) owns the machine, performs its effects in their order and gives it nothing else: no clock,
// no IO, no threads, no randomness inside. What a machine must read it reads through interfaces given at construction.
// Persist before Send: a machine that emits both in one step puts the Persist first; the shell performs in order.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/chain/genesis.hpp"
#include "messages/messages.hpp"
#include "storage/key_value.hpp"

namespace asterism::actors {

using Millis = std::chrono::milliseconds;

struct Now {
  Millis monotonic{};         // leases, time-outs, ages
  std::uint64_t unix_ms = 0;  // block timestamps and expiry of what people sign; never a time-out
};

enum class PeerKind : std::uint8_t { kSelf, kSibling, kValidator, kWorker, kLedger, kAdmin, kClient, kJoiner };

// Who is at the other end, as the link has authenticated it.
struct Sender {
  PeerKind kind = PeerKind::kSelf;
  core::LinkKey process{};                        // zero for kSelf
  std::optional<core::ValidatorIndex> validator;  // of kSelf, kSibling, kValidator
};

struct Inbound {
  Sender from;
  messages::MessagePtr message;
};

// Where a message goes. Which role gets it follows from its kind (messages/table.hpp); this says in whose process.
struct ToOwn {};  // the role of my own validator, in this process or a sibling
struct ToValidator {
  core::ValidatorIndex index;
};  // the role at that validator
struct ToOthers {};  // the role at every other validator
struct ToProcess {
  core::LinkKey key;
};  // a worker, admin, client or joiner
struct ToLedger {};       // the embedded L1
struct ToCoordinator {};  // the coordinator's validator
using Destination = std::variant<ToOwn, ToValidator, ToOthers, ToProcess, ToLedger, ToCoordinator>;

struct Send {
  Destination to;
  messages::MessagePtr message;
};
enum class Sync : bool { kNo, kYes };
struct Persist {
  storage::WriteBatch batch;
  Sync sync = Sync::kYes;
};
// A timer of the same id is replaced. Ids are the machine's own.
using TimerId = std::uint64_t;
struct StartTimer {
  TimerId id;
  Millis after;
};
struct CancelTimer {
  TimerId id;
};
enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };
struct Log {
  LogLevel level;
  std::string text;  // key=value pairs
};
// An alarm stays open until it is cleared; one per (code, subject).
struct RaiseAlarm {
  std::string code, subject, text, advice;
};
struct ClearAlarm {
  std::string code, subject;
};
struct Count {
  std::string_view metric;  // a name from actors/metrics.hpp
  double amount = 1;
};
struct Gauge {
  std::string_view metric;
  double value = 0;
};
// The machine cannot go on safely (storage lost, own vote contradicted): the process ends with this text.
struct Halt {
  std::string reason;
};
// Coordinator only: this process accepts links of this worker key from now on / no more. Repeated for every member on
// start.
struct AdmitWorker {
  core::LinkKey key;
};
struct ForgetWorker {
  core::LinkKey key;
};
// Worker only: prove in a child process under the configured memory limit; the outcome comes back as
// messages::ProofOutcome from kSelf, always exactly one for each StartProof (after StopProof as kTransient,
// "cancelled").
struct StartProof {
  std::uint64_t span = 0;
  std::uint32_t attempt = 0;
  core::Bytes witness;
};
struct StopProof {
  std::uint64_t span = 0;
  std::uint32_t attempt = 0;
};
// Worker only: drained or removed; the process finishes with exit code 0.
struct Leave {
  std::string reason;
};
using Effect = std::variant<Send, Persist, StartTimer, CancelTimer, Log, RaiseAlarm, ClearAlarm, Count, Gauge, Halt,
                            AdmitWorker, ForgetWorker, StartProof, StopProof, Leave>;

// Collects the effects of one step.
class Effects {
 public:
  template <class Message>
  void send(Destination to, Message message) {
    send(std::move(to), messages::make_message(std::move(message)));
  }
  // A message that is shared with others, or kept to be sent again.
  void send(Destination to, messages::MessagePtr message);
  void reply(const Sender& to, messages::MessagePtr message);
  template <class Message>
  void reply(const Sender& to, Message message) {
    reply(to, messages::make_message(std::move(message)));
  }
  void persist(storage::WriteBatch batch, Sync sync = Sync::kYes);
  void start_timer(TimerId id, Millis after);
  void cancel_timer(TimerId id);
  void log(LogLevel level, std::string text);
  void raise_alarm(RaiseAlarm alarm);
  void clear_alarm(std::string code, std::string subject);
  void count(std::string_view metric, double amount = 1);
  void gauge(std::string_view metric, double value);
  void push(Effect effect);
  void halt(std::string reason);

  std::vector<Effect> take() { return std::move(all_); }
  const std::vector<Effect>& all() const { return all_; }

 private:
  std::vector<Effect> all_;
};

// Shell commands that look or act, as the admin actor passes them on after it has checked the signature.
struct Inquiry {
  std::string what;  // "spans", "span", "split", ...
  std::vector<std::string> arguments;
};

class Machine {
 public:
  virtual ~Machine() = default;
  virtual core::Role role() const = 0;
  virtual void start(const Now& now, Effects& effects) = 0;
  virtual void receive(const Inbound& inbound, const Now& now, Effects& effects) = 0;
  virtual void expire(TimerId timer, const Now& now, Effects& effects) = 0;
  // A link to a peer came up or went down (only of peers whose kinds this role receives). Most roles need not care.
  virtual void link_changed(const Sender& /*peer*/, bool /*up*/, const Now& /*now*/, Effects& /*effects*/) {}
  // JSON text; {"error": "..."} for what this role does not know. May act (effects) where the command is one that acts.
  virtual std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) = 0;
};

}  // namespace asterism::actors
