// What any client may ask: the gateway, and behind it the sequencer and the mempool of a replica with one block. Each
// query gets one answer, and it is JSON.
#include <nlohmann/json.hpp>

#include "actors/gateway/gateway.hpp"
#include "actors/mempool/mempool.hpp"
#include "actors/sequencer/sequencer.hpp"
#include "core/base/check.hpp"
#include "core/base/utf8.hpp"
#include "messages/codec.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/machine_probe.hpp"
#include "tests/core/state/transition_fixture.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;
using namespace asterism::actors;

constexpr Now kNow{Millis(1'000'000), 1'700'000'000'000};

class Replica {
 public:
  Replica() {
    Effects effects;
    sequencer_.start(kNow, effects);
    for (const Effect& effect : effects.all()) {
      if (const auto* persist = std::get_if<Persist>(&effect)) (void)store_.write(persist->batch, true);
    }
  }
  Effects ask(Machine& machine, messages::MessagePtr message) {
    Effects effects;
    machine.receive({Sender{}, std::move(message)}, kNow, effects);
    return effects;
  }
  // The answers to one query, whoever was asked on the way.
  std::vector<messages::QueryReply> answers(const messages::Query& query) {
    Effects effects = gateway_.give(test::client(1), query);
    for (int steps = 0; steps < 4; ++steps) {
      Effects more;
      for (const auto& asked : test::sent<messages::StateQuery>(effects)) {
        more = ask(sequencer_, messages::make_message(asked));
      }
      for (const auto& asked : test::sent<messages::PoolQuery>(effects)) {
        more = ask(mempool_, messages::make_message(asked));
      }
      for (const auto& reply : test::sent<messages::StateQueryReply>(more)) effects = gateway_.give(Sender{}, reply);
      for (const auto& reply : test::sent<messages::PoolQueryReply>(more)) effects = gateway_.give(Sender{}, reply);
    }
    return test::sent<messages::QueryReply>(effects);
  }

 private:
  core::Genesis genesis_ = core::test::make_genesis({core::test::TestAccount(1)}, 1000);
  storage::MemoryStore store_;
  sequencer::Sequencer sequencer_{{genesis_, core::ValidatorIndex(0), store_, nullptr, {}}};
  Mempool mempool_{{.rules = core::ChainRules(genesis_).execution}};
  test::Probe<Gateway> gateway_{Gateway(GatewayOptions{.max_in_flight = 8})};
};

messages::Query line(fuzz::Input& input) {
  constexpr std::array<std::string_view, 9> kWords{"heads",   "state",   "status",  "block",  "transaction",
                                                   "receipt", "account", "mempool", "nothing"};
  messages::Query out{1, std::string(kWords[input.byte() % kWords.size()]), {}};
  for (unsigned count = input.byte() % 3; count > 0; --count) {
    const auto text = core::as_text(input.take(input.byte()));
    out.arguments.emplace_back(core::is_utf8(text) ? text : "");  // the codec refuses others
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Replica replica;
  fuzz::Input input(data, size);
  while (!input.empty()) {
    messages::Query query;
    if ((input.byte() & 1) == 0) {
      query = line(input);
    } else if (auto decoded = messages::decode_value<messages::Query>(input.counted(), 16384)) {
      query = std::move(*decoded);
    }
    const auto answers = replica.answers(query);
    ASTERISM_CHECK(answers.size() == 1, "not one answer to a query");
    ASTERISM_CHECK(!nlohmann::json::parse(answers[0].json, nullptr, false).is_discarded(), "an answer is not JSON");
  }
  return 0;
}
