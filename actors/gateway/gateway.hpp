// The gateway: where clients' transactions and queries come in and their answers go out.
//
// A transaction goes to the mempool, a query to the sequencer, the mempool, or both: a transaction that the state does
// not know is looked for in the pool, and an account's answer also says what is pooled for it.
// Invariants: a bounded number of requests is being answered, in all and for each client; each request gets exactly one
// answer, at the latest after the time-out; who asks too much at once is told to try again, nothing of it is kept.
// Rates are limited before this, by address, at the clients' listener (cluster/link/rate_limit.hpp).
#pragma once
#include <map>
#include <unordered_map>

#include "actors/machine.hpp"

namespace asterism::actors {

struct GatewayOptions {
  std::size_t max_in_flight = 4096;
  std::size_t max_in_flight_per_client = 2048;
  Millis timeout{5'000};
};

class Gateway final : public Machine {
 public:
  explicit Gateway(GatewayOptions options);

  core::Role role() const override { return core::Role::kGateway; }
  void start(const Now& now, Effects& effects) override;
  void receive(const Inbound& inbound, const Now& now, Effects& effects) override;
  void expire(TimerId timer, const Now& now, Effects& effects) override;
  std::string inquire(const Inquiry& inquiry, const Now& now, Effects& effects) override;

  std::size_t in_flight() const { return flights_.size(); }

 private:
  enum class Stage : std::uint8_t { kAdmission, kState, kPool, kStateAgain };
  // A request that is being answered.
  struct Flight {
    Sender from;
    std::uint64_t request = 0;  // the client's number
    Stage stage = Stage::kAdmission;
    std::string what;
    std::vector<std::string> arguments;
    std::string state_json;  // what the sequencer said, while the mempool is asked
    Millis deadline{};
  };
  using Flights = std::map<std::uint64_t, Flight>;  // by own number, which is the order of deadlines too
  struct Step {
    const Now& now;
    Effects& effects;
  };

  void on(const Sender& from, const messages::SubmitTransaction& message, Step& step);
  void on(const Sender& from, const messages::AdmitReply& message, Step& step);
  void on(const Sender& from, const messages::Query& message, Step& step);
  void on(const Sender& from, const messages::StateQueryReply& message, Step& step);
  void on(const Sender& from, const messages::PoolQueryReply& message, Step& step);
  void on(const Sender& from, const messages::Heads& message, Step& step);
  void on(const Sender& from, const messages::BlockCommitted& message, Step& step);
  // Kinds that are not for this role.
  template <class Other>
  void on(const Sender&, const Other&, Step&) {}

  // Why a request cannot be taken now; empty when it can.
  std::string refuse(const Sender& from, Step& step);
  std::uint64_t take_off(Flight flight, Step& step);
  void land(Flights::iterator flight);
  void ask_pool(Flights::iterator flight, Step& step);
  void answer(Flights::iterator flight, std::string json, Step& step);
  Flights::iterator find(std::uint64_t request, Stage stage);
  std::string heads_json() const;

  GatewayOptions options_;
  Flights flights_;
  std::unordered_map<core::LinkKey, std::size_t> flights_of_;
  std::uint64_t next_ = 1;
  std::optional<messages::Heads> heads_;
  std::uint64_t height_ = 0;
  std::uint64_t requests_ = 0, refused_ = 0, timed_out_ = 0;
};

}  // namespace asterism::actors
