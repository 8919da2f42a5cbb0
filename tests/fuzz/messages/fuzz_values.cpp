// Values that are decoded on their own: payloads of ledger transactions, commands, and what stores keep.
#include "tests/fuzz/one_encoding.hpp"

namespace {

using namespace asterism;

template <class... T>
void choose(std::uint8_t which, core::ByteView input) {
  constexpr std::array<void (*)(core::ByteView), sizeof...(T)> kChecks{&fuzz::check_one_encoding<T>...};
  kChecks[which % kChecks.size()](input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  choose<messages::InitialisePayload, messages::RegisterAttesterPayload, messages::UpdateStatePayload,
         messages::DepositPayload, messages::WithdrawPayload, messages::PausePayload, messages::AdminCommand,
         core::Transaction, core::DecidedBlock, core::StateDiff, core::Receipt>(data[0], {data + 1, size - 1});
  return 0;
}
