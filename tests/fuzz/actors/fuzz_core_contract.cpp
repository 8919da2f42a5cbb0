// Submissions to the core contract and the bridge, of the operator, the submitter or a user, with payloads of any
// content: a refusal writes nothing once it is rolled back, and the head only moves forward.
#include "core/base/check.hpp"
#include "tests/actors/l1/attested.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;
using namespace asterism::actors;
using messages::LedgerAction;

struct Contract {
  Deployment deployment;
  LedgerState state;
  CoreContract contract{deployment.options, state};

  void run(const core::EthAddress& sender, std::uint8_t action, core::ByteView payload) {
    const core::ChainPoint head = contract.head();
    const core::Uint128 bridge = contract.bridge_balance();
    const std::size_t mark = state.mark();
    if (contract.execute(sender, action, payload)) {
      ASTERISM_CHECK(contract.head().number >= head.number, "the head went back");
      return;
    }
    state.roll_back(mark);
    ASTERISM_CHECK(contract.head() == head && contract.bridge_balance() == bridge, "a refusal wrote");
  }
  template <class Payload>
  void run(const core::Secp256k1Secret& sender, LedgerAction action, const Payload& payload) {
    run(sender.address(), static_cast<std::uint8_t>(action), messages::encode_value(payload));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  Contract c;
  const std::array senders{c.deployment.operator_.address(), c.deployment.submitter.address(), key_of(50).address()};
  if ((input.byte() & 1) == 0) {
    c.run(c.deployment.operator_, LedgerAction::kInitialise, c.deployment.initialise());
    for (const auto* attester : {&c.deployment.attester_a, &c.deployment.attester_b}) {
      c.run(c.deployment.operator_, LedgerAction::kRegisterAttester,
            messages::RegisterAttesterPayload{.attester = attester->address(), .weight = 1, .force = false});
    }
  }
  while (!input.empty()) {
    const auto& sender = senders[input.byte() % senders.size()];
    const std::uint8_t action = input.byte();
    c.run(sender, action, input.counted());
  }
  return 0;
}
