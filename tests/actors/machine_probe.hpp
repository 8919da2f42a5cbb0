// Reads the effects of one step of a machine.
#pragma once
#include <vector>

#include "actors/machine.hpp"

namespace asterism::actors::test {

// The messages of one kind that a step sends, with where they go.
template <class T>
std::vector<T> sent(const Effects& effects) {
  std::vector<T> out;
  for (const auto& effect : effects.all()) {
    const auto* send = std::get_if<Send>(&effect);
    if (send == nullptr) continue;
    if (const auto* message = std::get_if<T>(send->message.get())) out.push_back(*message);
  }
  return out;
}
template <class Where, class T>
std::vector<T> sent_to(const Effects& effects) {
  std::vector<T> out;
  for (const auto& effect : effects.all()) {
    const auto* send = std::get_if<Send>(&effect);
    if (send == nullptr || !std::holds_alternative<Where>(send->to)) continue;
    if (const auto* message = std::get_if<T>(send->message.get())) out.push_back(*message);
  }
  return out;
}
inline bool starts_timer(const Effects& effects, TimerId id) {
  for (const auto& effect : effects.all()) {
    const auto* timer = std::get_if<StartTimer>(&effect);
    if (timer != nullptr && timer->id == id) return true;
  }
  return false;
}

// A machine with a clock that the test turns.
template <class M>
struct Probe {
  M machine;
  Now now{Millis(1'000'000), 1'700'000'000'000};

  template <class T>
  Effects give(const Sender& from, T message) {
    Effects effects;
    machine.receive({from, messages::make_message(std::move(message))}, now, effects);
    return effects;
  }
  Effects expire(TimerId timer) {
    Effects effects;
    machine.expire(timer, now, effects);
    return effects;
  }
  void wait(Millis time) { now.monotonic += time; }
};

inline Sender client(std::uint8_t number) {
  Sender out;
  out.kind = PeerKind::kClient;
  out.process.bytes.fill(number);
  return out;
}

}  // namespace asterism::actors::test
