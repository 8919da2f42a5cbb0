#include "storage/block_store.hpp"

#include "core/base/check.hpp"
#include "messages/codec.hpp"
#include "storage/keys.hpp"

namespace asterism::storage {

using core::BlockNumber;
using core::Felt;

namespace {

constexpr std::string_view kBlocks = "b/";
constexpr std::string_view kReceipts = "r/";
constexpr std::string_view kInfos = "i/";
constexpr std::string_view kTransactions = "x/";
constexpr std::string_view kHashes = "h/";
constexpr std::string_view kWitnesses = "w/";

std::string hash_key(std::string_view prefix, const Felt& hash) {
  const core::Word word = hash.to_be();
  return std::string(prefix).append(core::as_text(word));
}

// Of values that this program wrote: anything else is a broken database.
template <class T>
std::optional<T> read(const KeyValue& store, const std::string& key) {
  const auto bytes = store.get(key);
  if (!bytes) return std::nullopt;
  auto value = messages::decode_text<T>(*bytes);
  ASTERISM_CHECK(value.has_value(), key.substr(0, 2));
  return std::move(*value);
}

}  // namespace

std::optional<BlockNumber> BlockStore::latest() const {
  const auto last = store_.last(kInfos);
  if (!last) return std::nullopt;
  const auto number = key_number(kInfos, last->first);
  ASTERISM_CHECK(number.has_value(), "keys of blocks end with a height");
  return BlockNumber(*number);
}

std::optional<core::DecidedBlock> BlockStore::block(BlockNumber height) const {
  return read<core::DecidedBlock>(store_, number_key(kBlocks, height.value));
}

std::optional<std::string> BlockStore::block_bytes(BlockNumber height) const {
  return store_.get(number_key(kBlocks, height.value));
}

std::optional<BlockInfo> BlockStore::info(BlockNumber height) const {
  return read<BlockInfo>(store_, number_key(kInfos, height.value));
}

std::vector<core::Receipt> BlockStore::receipts(BlockNumber height) const {
  return read<std::vector<core::Receipt>>(store_, number_key(kReceipts, height.value))
      .value_or(std::vector<core::Receipt>{});
}

std::optional<BlockNumber> BlockStore::height_of(const Felt& block_hash) const {
  const auto height = read_marker(store_, hash_key(kHashes, block_hash));
  return height ? std::optional(BlockNumber(*height)) : std::nullopt;
}

std::optional<TransactionPlace> BlockStore::find_transaction(const Felt& hash) const {
  const auto bytes = store_.get(hash_key(kTransactions, hash));
  if (!bytes) return std::nullopt;
  ASTERISM_CHECK(bytes->size() == 16, "a transaction's place is two numbers");
  const std::string_view text = *bytes;
  return TransactionPlace{BlockNumber(*value_number(text.substr(0, 8))), *value_number(text.substr(8))};
}

std::optional<core::BlockWitness> BlockStore::witness(BlockNumber height) const {
  const auto bytes = store_.get(number_key(kWitnesses, height.value));
  if (!bytes) return std::nullopt;
  auto out = core::decode_block_witness(core::as_bytes(*bytes));
  ASTERISM_CHECK(out.has_value(), "a stored witness");
  return std::move(*out);
}

std::optional<BlockNumber> BlockStore::first_witness() const {
  std::optional<BlockNumber> out;
  store_.scan(kWitnesses, {}, [&](std::string_view key, std::string_view) {
    if (const auto number = key_number(kWitnesses, key)) out = BlockNumber(*number);
    return false;
  });
  return out;
}

void BlockStore::commit(const Committed& committed, WriteBatch& batch) {
  const core::ExecutedBlock& executed = committed.executed;
  const std::uint64_t height = executed.header.number.value;
  batch.put(number_key(kBlocks, height), messages::encode_text(committed.decided));
  batch.put(number_key(kReceipts, height), messages::encode_text(executed.receipts));
  const BlockInfo info{executed.header, executed.hash, committed.witness.size(), executed.messages};
  batch.put(number_key(kInfos, height), messages::encode_text(info));
  put_marker(batch, hash_key(kHashes, executed.hash), height);
  for (std::size_t i = 0; i < executed.receipts.size(); ++i) {
    batch.put(hash_key(kTransactions, executed.receipts[i].transaction_hash), number_value(height) + number_value(i));
  }
  if (!committed.witness.empty()) {
    batch.put(number_key(kWitnesses, height), std::string(core::as_text(committed.witness)));
  }
}

void BlockStore::erase_witness(BlockNumber height, WriteBatch& batch) {
  batch.erase(number_key(kWitnesses, height.value));
}

}  // namespace asterism::storage
