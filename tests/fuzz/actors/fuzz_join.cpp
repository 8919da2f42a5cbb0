// Joiners with and without an issued token: nobody is admitted without one, a token admits one key, and the answer that
// lists the workers is JSON whatever names they chose.
#include <nlohmann/json.hpp>

#include "actors/prover/worker_book.hpp"
#include "core/base/check.hpp"
#include "core/base/utf8.hpp"
#include "messages/codec.hpp"
#include "storage/memory_store.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;
using namespace asterism::actors;

constexpr std::uint64_t kNow = 1'700'000'000;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  storage::MemoryStore store;
  WorkerBook book(store);
  storage::WriteBatch invites;
  for (std::uint8_t token = 0; token < 2; ++token) book.invite({token}, kNow, invites);
  (void)store.write(invites, true);
  std::size_t admitted = 0;
  while (!input.empty()) {
    core::LinkKey key{};
    key.bytes[0] = static_cast<std::uint8_t>(1 + input.byte() % 4);
    const auto join = messages::decode_value<messages::Join>(input.counted(), 2048);
    if (!join || !core::is_utf8(join->name)) continue;  // decode() of a message refuses other texts
    const bool known = book.find(key) != nullptr;
    auto outcome = book.admit(*join, key, kNow);
    if (!outcome.admitted) continue;
    ASTERISM_CHECK(join->token_key[0] < 2, "a token that was never issued");
    if (!known) ++admitted;
    ASTERISM_CHECK(admitted <= 2, "a token admitted two keys");
    const auto& record = book.find(key)->record;
    (void)nlohmann::json(record.name).dump();
    (void)store.write(outcome.batch, true);
  }
  const WorkerBook again(store);
  ASTERISM_CHECK(again.all().size() == book.all().size(), "a restart forgot a worker");
  return 0;
}
