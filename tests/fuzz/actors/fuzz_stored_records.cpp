// What processes keep in their databases and read back when they start.
#include "actors/admin/admin.hpp"
#include "actors/l1/ledger_state.hpp"
#include "actors/prover/span_record.hpp"
#include "cluster/alarms.hpp"
#include "core/base/check.hpp"
#include "messages/codec.hpp"
#include "storage/block_store.hpp"
#include "storage/keys.hpp"
#include "storage/memory_store.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;

template <class T>
void check(core::ByteView bytes) {
  const auto value = messages::decode_value<T>(bytes, std::size_t{1} << 20);
  if (value)
    ASTERISM_CHECK(std::ranges::equal(messages::encode_value(*value), bytes), "a second encoding was accepted");
}

void alarms(core::ByteView bytes) {
  storage::MemoryStore store;
  storage::WriteBatch batch;
  batch.put(storage::number_key("A/", 1), std::string(core::as_text(bytes)));
  (void)store.write(batch, true);
  (void)cluster::Alarms(store).all();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array<void (*)(core::ByteView), 7> kChecks{
      &alarms,
      &check<actors::SpanRecord>,
      &check<actors::WorkerRecord>,
      &check<actors::InviteRecord>,
      &check<actors::AuditRecord>,
      &check<actors::Journal>,
      &check<storage::BlockInfo>,
  };
  fuzz::Input input(data, size);
  kChecks[input.byte() % kChecks.size()](input.all());
  return 0;
}
