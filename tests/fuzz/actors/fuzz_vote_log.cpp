// The vote log as a disk gives it back: records of any content, some with the right checksum. What reads back is
// written again as the same bytes.
#include <sodium.h>

#include "actors/consensus/vote_log.hpp"
#include "core/base/check.hpp"
#include "storage/keys.hpp"
#include "storage/memory_store.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;
using namespace asterism::actors::consensus;

constexpr core::BlockNumber kHeight(7);

std::string key_of(std::uint64_t sequence) {
  return storage::number_key(storage::number_key("v/", kHeight.value), sequence);
}

std::string sealed(const std::string& key, core::ByteView body) {
  const std::string whole = key + std::string(core::as_text(body));
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(whole.data()), whole.size(),
                     nullptr, 0);
  return std::string(reinterpret_cast<const char*>(hash.data()), 8) + std::string(core::as_text(body));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  storage::MemoryStore store;
  storage::WriteBatch batch;
  for (std::uint64_t sequence = 0; !input.empty() && sequence < 16; ++sequence) {
    const bool raw = input.byte() == 0xff;
    const std::string key = key_of(sequence);
    const auto body = input.counted();
    batch.put(key, raw ? std::string(core::as_text(body)) : sealed(key, body));
  }
  (void)store.write(batch, true);
  const LoggedHeight logged = read_vote_log(store, kHeight);
  (void)last_logged_height(store);

  storage::MemoryStore copy;
  storage::WriteBatch again;
  VoteLog log(kHeight, 0);
  for (const Record& record : logged.records) log.append(record, again);
  (void)copy.write(again, true);
  for (std::uint64_t i = 0; i < logged.records.size(); ++i) {
    ASTERISM_CHECK(copy.get(key_of(i)) == store.get(key_of(i)), "a second encoding was accepted");
  }
  return 0;
}
