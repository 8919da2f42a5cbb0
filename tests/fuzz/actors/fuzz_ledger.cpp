// Transactions as anybody may submit them to the embedded L1, signed or not; between them blocks are made, and at the
// end the ledger is opened again from its store.
#include "actors/l1/ledger.hpp"
#include "core/base/check.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/l1/attested.hpp"
#include "tests/actors/machine_probe.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;
using namespace asterism::actors;

struct Chain {
  storage::MemoryStore store;
  LedgerOptions options;
  std::optional<Ledger> ledger;
  Now now{Millis(1'000'000), 1'700'000'000'000};
  std::vector<TimerId> timers;

  explicit Chain(const Deployment& deployment) {
    options.contract = deployment.options;
    open();
  }
  void open() {
    ledger.emplace(store, options);
    Effects effects;
    ledger->start(now, effects);
    perform(effects);
  }
  void perform(Effects& effects) {
    for (const Effect& effect : effects.all()) {
      if (const auto* persist = std::get_if<Persist>(&effect)) (void)store.write(persist->batch, true);
      if (const auto* timer = std::get_if<StartTimer>(&effect)) timers.push_back(timer->id);
    }
  }
  void mine() {
    now.monotonic += options.block_time;
    now.unix_ms += 1000;
    for (const TimerId timer : std::exchange(timers, {})) {
      Effects effects;
      ledger->expire(timer, now, effects);
      perform(effects);
    }
  }
  void give(messages::MessagePtr message) {
    Effects effects;
    ledger->receive({test::client(1), std::move(message)}, now, effects);
    perform(effects);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Deployment deployment;
  fuzz::Input input(data, size);
  Chain chain(deployment);
  const std::array<const core::Secp256k1Secret*, 3> signers{&deployment.operator_, &deployment.submitter,
                                                            &deployment.attester_a};
  for (int steps = 0; !input.empty() && steps < 24; ++steps) {
    const std::uint8_t what = input.byte();
    if (what >= 0xf0) {
      chain.mine();
    } else if (what >= 0xe0) {
      chain.give(
          messages::make_message(messages::LedgerReorg{.request = 1, .depth = input.byte(), .drop = (what & 1) != 0}));
    } else if (what >= signers.size()) {
      const auto transaction = messages::decode_value<messages::LedgerTransaction>(input.counted(), 1 << 16);
      if (transaction) chain.give(messages::make_message(messages::LedgerSubmit{1, *transaction}));
    } else {
      messages::LedgerTransaction out;
      out.action = input.byte();
      out.nonce = input.byte();
      const auto payload = input.counted();
      out.payload.assign(payload.begin(), payload.end());
      out.signature = signers[what]->sign(ledger_digest(deployment.options.l1_chain_id, out));
      chain.give(messages::make_message(messages::LedgerSubmit{1, std::move(out)}));
    }
  }
  chain.mine();
  const std::uint64_t head = chain.ledger->head();
  const core::ChainPoint settled = chain.ledger->contract().head();
  chain.timers.clear();
  chain.open();
  ASTERISM_CHECK(chain.ledger->head() == head && chain.ledger->contract().head() == settled, "a restart forgot");
  return 0;
}
