// Values that are decoded on their own: payloads of ledger transactions, commands, and what stores keep.
#include <algorithm>

#include "core/base/check.hpp"
#include "messages/codec.hpp"

namespace {

using namespace asterism;

template <class T>
void check(core::ByteView input) {
  const auto value = messages::decode_value<T>(input, std::size_t{1} << 20);
  if (value)
    ASTERISM_CHECK(std::ranges::equal(messages::encode_value(*value), input), "a second encoding was accepted");
}

template <class... T>
void choose(std::uint8_t which, core::ByteView input) {
  constexpr std::array<void (*)(core::ByteView), sizeof...(T)> kChecks{&check<T>...};
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
