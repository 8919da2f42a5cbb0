#include "actors/gateway/gateway.hpp"

#include <nlohmann/json.hpp>

namespace asterism::actors {

using Json = nlohmann::ordered_json;
using messages::SubmitCode;

namespace {

constexpr TimerId kTick = 1;
constexpr Millis kTickEvery{100};
constexpr std::size_t kMaxArgumentBytes = 4096;

std::string error_json(std::string_view text) { return Json{{"error", text}}.dump(); }

// The answer says that there is no such thing.
bool is_unknown(const Json& json) {
  if (!json.is_object() || json.contains("error")) return true;
  const auto status = json.find("status");
  return status != json.end() && *status == "UNKNOWN";
}

bool is_about_transaction(std::string_view what) {
  return what == "transaction" || what == "receipt" || what == "status";
}

bool is_oversized(const messages::Query& query) {
  std::size_t bytes = query.what.size();
  for (const auto& argument : query.arguments) bytes += argument.size();
  return bytes > kMaxArgumentBytes || query.arguments.size() > 16;
}

}  // namespace

Gateway::Gateway(GatewayOptions options) : options_(options) {}

void Gateway::start(const Now&, Effects& effects) { effects.start_timer(kTick, kTickEvery); }

void Gateway::receive(const Inbound& inbound, const Now& now, Effects& effects) {
  Step step{now, effects};
  std::visit([&](const auto& message) { on(inbound.from, message, step); }, *inbound.message);
}

void Gateway::expire(TimerId timer, const Now& now, Effects& effects) {
  if (timer != kTick) return;
  Step step{now, effects};
  while (!flights_.empty() && flights_.begin()->second.deadline <= now.monotonic) {
    const auto flight = flights_.begin();
    ++timed_out_;
    effects.count("asterism_gateway_timeouts_total");
    if (flight->second.stage == Stage::kAdmission) {
      effects.reply(
          flight->second.from,
          messages::SubmitReply{flight->second.request,
                                {},
                                static_cast<std::uint8_t>(SubmitCode::kUnavailable),
                                "the mempool did not answer; ask for the transaction before sending it again"});
      land(flight);
    } else if (!flight->second.state_json.empty()) {
      answer(flight, flight->second.state_json, step);  // half of an answer is better than none
    } else {
      answer(flight, error_json("unavailable: the replica did not answer in time"), step);
    }
  }
  effects.gauge("asterism_gateway_in_flight", static_cast<double>(flights_.size()));
  effects.start_timer(kTick, kTickEvery);
}

std::string Gateway::refuse(const Sender& from, Step& step) {
  ++requests_;
  step.effects.count("asterism_gateway_requests_total");
  std::string why;
  if (flights_.size() >= options_.max_in_flight) {
    why = "too many requests are being answered";
  } else if (from.kind == PeerKind::kClient) {
    const auto own = flights_of_.find(from.process);
    if (own != flights_of_.end() && own->second >= options_.max_in_flight_per_client) {
      why = "too many requests of this client are being answered";
    }
  }
  if (!why.empty()) {
    ++refused_;
    step.effects.count("asterism_gateway_refused_total");
  }
  return why;
}

std::uint64_t Gateway::take_off(Flight flight, Step& step) {
  flight.deadline = step.now.monotonic + options_.timeout;
  ++flights_of_[flight.from.process];
  flights_.emplace(next_, std::move(flight));
  return next_++;
}

void Gateway::land(Flights::iterator flight) {
  const auto own = flights_of_.find(flight->second.from.process);
  if (--own->second == 0) flights_of_.erase(own);
  flights_.erase(flight);
}

Gateway::Flights::iterator Gateway::find(std::uint64_t request, Stage stage) {
  const auto flight = flights_.find(request);
  if (flight == flights_.end() || flight->second.stage != stage) return flights_.end();
  return flight;
}

void Gateway::answer(Flights::iterator flight, std::string json, Step& step) {
  step.effects.reply(flight->second.from, messages::QueryReply{flight->second.request, std::move(json)});
  land(flight);
}

void Gateway::on(const Sender& from, const messages::SubmitTransaction& message, Step& step) {
  if (auto why = refuse(from, step); !why.empty()) {
    step.effects.reply(
        from,
        messages::SubmitReply{message.request, {}, static_cast<std::uint8_t>(SubmitCode::kTryAgain), std::move(why)});
    return;
  }
  Flight flight;
  flight.from = from;
  flight.request = message.request;
  const std::uint64_t number = take_off(std::move(flight), step);
  step.effects.send(ToOwn{}, messages::AdmitTransaction{number, message.transaction});
}

void Gateway::on(const Sender&, const messages::AdmitReply& message, Step& step) {
  const auto flight = find(message.request, Stage::kAdmission);
  if (flight == flights_.end()) return;  // answered by the time-out already
  step.effects.reply(flight->second.from,
                     messages::SubmitReply{flight->second.request, message.hash, message.code, message.text});
  land(flight);
}

void Gateway::on(const Sender& from, const messages::Query& message, Step& step) {
  auto why = refuse(from, step);
  if (!why.empty()) why = "try again: " + why;
  if (why.empty() && is_oversized(message)) why = "the query is too large";
  if (!why.empty()) {
    step.effects.reply(from, messages::QueryReply{message.request, error_json(why)});
    return;
  }
  if (message.what == "heads" && heads_) {
    step.effects.reply(from, messages::QueryReply{message.request, heads_json()});
    return;
  }
  Flight flight;
  flight.from = from;
  flight.request = message.request;
  flight.what = message.what;
  flight.arguments = message.arguments;
  flight.stage = message.what == "mempool" ? Stage::kPool : Stage::kState;
  const std::uint64_t number = take_off(std::move(flight), step);
  if (message.what == "mempool") {
    step.effects.send(ToOwn{}, messages::PoolQuery{number, message.what, message.arguments});
  } else {
    step.effects.send(ToOwn{}, messages::StateQuery{number, message.what, message.arguments});
  }
}

void Gateway::ask_pool(Flights::iterator flight, Step& step) {
  flight->second.stage = Stage::kPool;
  const std::string_view what = flight->second.what == "account" ? "account" : "transaction";
  step.effects.send(ToOwn{}, messages::PoolQuery{flight->first, std::string(what), flight->second.arguments});
}

void Gateway::on(const Sender&, const messages::StateQueryReply& message, Step& step) {
  if (const auto last = find(message.request, Stage::kStateAgain); last != flights_.end()) {
    return answer(last, message.json, step);
  }
  const auto flight = find(message.request, Stage::kState);
  if (flight == flights_.end()) return;
  const std::string& what = flight->second.what;
  if (!is_about_transaction(what) && what != "account") return answer(flight, message.json, step);
  const Json json = Json::parse(message.json, nullptr, false);
  const bool unknown = is_unknown(json);
  if (unknown == (what == "account")) return answer(flight, message.json, step);
  flight->second.state_json = message.json;
  ask_pool(flight, step);
}

void Gateway::on(const Sender&, const messages::PoolQueryReply& message, Step& step) {
  const auto flight = find(message.request, Stage::kPool);
  if (flight == flights_.end()) return;
  const std::string& what = flight->second.what;
  const Json pool = Json::parse(message.json, nullptr, false);
  if (what == "account") {
    Json state = Json::parse(flight->second.state_json, nullptr, false);
    for (const auto* key : {"queued", "next_nonce"}) {
      if (pool.is_object() && pool.contains(key)) state[key] = pool[key];
    }
    return answer(flight, state.dump(), step);
  }
  if (!is_about_transaction(what)) return answer(flight, message.json, step);
  if (pool.is_object() && pool.value("status", "") == "COMMITTED") {
    // It was committed between the two questions.
    flight->second.stage = Stage::kStateAgain;
    step.effects.send(ToOwn{}, messages::StateQuery{flight->first, what, flight->second.arguments});
    return;
  }
  answer(flight, is_unknown(pool) ? flight->second.state_json : message.json, step);
}

void Gateway::on(const Sender&, const messages::Heads& message, Step&) { heads_ = message; }

void Gateway::on(const Sender&, const messages::BlockCommitted& message, Step&) {
  height_ = std::max(height_, message.height);
}

std::string Gateway::heads_json() const {
  // A commit may be known here before the L1 role has told of it.
  return Json{{"latest", std::max(heads_->latest, height_)},
              {"unsafe", std::max(heads_->unsafe, height_)},
              {"safe", heads_->safe},
              {"settled", heads_->settled},
              {"settled_in", heads_->settled_in},
              {"l1_head", heads_->l1_head},
              {"finalized", heads_->finalized},
              {"frozen", heads_->frozen}}
      .dump();
}

std::string Gateway::inquire(const Inquiry& inquiry, const Now&, Effects&) {
  if (inquiry.what == "heads" && heads_) return heads_json();
  if (inquiry.what != "gateway" && inquiry.what != "status") {
    return error_json("the gateway does not know the command \"" + inquiry.what + "\"");
  }
  return Json{{"in_flight", flights_.size()},
              {"clients", flights_of_.size()},
              {"requests", requests_},
              {"refused", refused_},
              {"timed_out", timed_out_}}
      .dump();
}

}  // namespace asterism::actors
