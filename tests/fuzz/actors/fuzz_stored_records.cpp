// What processes keep in their databases and read back when they start.
#include "actors/admin/admin.hpp"
#include "actors/l1/ledger_state.hpp"
#include "actors/prover/span_record.hpp"
#include "cluster/alarms.hpp"
#include "storage/block_store.hpp"
#include "storage/keys.hpp"
#include "storage/memory_store.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/one_encoding.hpp"

namespace {

using namespace asterism;

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
      &fuzz::check_one_encoding<actors::SpanRecord>,
      &fuzz::check_one_encoding<actors::WorkerRecord>,
      &fuzz::check_one_encoding<actors::InviteRecord>,
      &fuzz::check_one_encoding<actors::AuditRecord>,
      &fuzz::check_one_encoding<actors::Journal>,
      &fuzz::check_one_encoding<storage::BlockInfo>,
  };
  fuzz::Input input(data, size);
  kChecks[input.byte() % kChecks.size()](input.all());
  return 0;
}
