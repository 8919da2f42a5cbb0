// The binary form of witnesses: big-endian integers, felts as 32 canonical bytes, lists as u32 count and items. One
// value has one encoding. A reader checks every count against the bytes that are left before it allocates, and the
// first thing that does not fit makes it fail for good.
//
// Each structure is described once, by a function template over the archive: Writer and Reader visit the same fields.
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

#include "core/chain/block.hpp"
#include "core/state/commitment.hpp"

namespace asterism::core {

class WitnessWriter {
 public:
  static constexpr bool kReading = false;
  template <std::unsigned_integral T>
  void number(const T& value) {
    std::array<std::uint8_t, sizeof(T)> bytes;
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[sizeof(T) - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    raw(bytes);
  }
  void number(const Uint128& value) {
    number(static_cast<std::uint64_t>(value >> 64));
    number(static_cast<std::uint64_t>(value));
  }
  void felt(const Felt& value) {
    const Word word = value.to_be();
    out_.insert(out_.end(), word.begin(), word.end());
  }
  void raw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  Bytes take() { return std::move(out_); }
  ByteView view() const { return out_; }
  void reserve(std::size_t size) { out_.reserve(size); }

 private:
  Bytes out_;
};

class WitnessReader {
 public:
  static constexpr bool kReading = true;
  explicit WitnessReader(ByteView bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  void number(T& value) {
    value = 0;
    for (const std::uint8_t byte : take(sizeof(T))) value = static_cast<T>((value << 7 << 1) | byte);
  }
  void number(Uint128& value) {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    number(high);
    number(low);
    value = (static_cast<Uint128>(high) << 64) | low;
  }
  void felt(Felt& value) {
    const ByteView bytes = take(32);
    if (failed_) return;
    const auto read = Felt::from_be(bytes.first<32>());
    if (read) value = *read;
    failed_ = failed_ || !read;
  }
  // The next bytes; empty when there are too few.
  ByteView take(std::size_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const ByteView out = rest_.first(size);
    rest_ = rest_.subspan(size);
    return out;
  }
  void fail() { failed_ = true; }
  bool failed() const { return failed_; }
  bool finished() const { return !failed_ && rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

 private:
  ByteView rest_;
  bool failed_ = false;
};

namespace witness_codec {

// `least`: bytes that an item takes at least; bounds the count before anything is allocated.
template <class Archive, class List, class Item>
void list(Archive& archive, List& items, std::size_t least, Item item) {
  std::uint32_t count = 0;
  if constexpr (!Archive::kReading) count = static_cast<std::uint32_t>(items.size());
  archive.number(count);
  if constexpr (Archive::kReading) {
    if (archive.failed() || count > archive.left() / least) return archive.fail();
    items.resize(count);
    for (std::size_t i = 0; i < items.size() && !archive.failed(); ++i) item(items[i]);
  } else {
    for (auto& each : items) item(each);
  }
}

template <class Archive, class List>
void felts(Archive& archive, List& items) {
  list(archive, items, 32, [&](auto& value) { archive.felt(value); });
}

template <class Archive, class Header>
void header(Archive& archive, Header& h) {
  archive.number(h.number.value);
  for (auto* value : {&h.parent_hash, &h.state_root, &h.sequencer}) archive.felt(*value);
  for (auto* value : {&h.timestamp, &h.transaction_count, &h.event_count, &h.state_diff_length}) archive.number(*value);
  for (auto* value :
       {&h.state_diff_commitment, &h.transaction_commitment, &h.event_commitment, &h.receipt_commitment}) {
    archive.felt(*value);
  }
  for (auto* price : {&h.gas_prices.l1, &h.gas_prices.l1_data, &h.gas_prices.l2}) {
    archive.number(price->wei);
    archive.number(price->fri);
  }
  auto mode = static_cast<std::uint8_t>(h.l1_da_mode);
  archive.number(mode);
  auto length = static_cast<std::uint8_t>(h.protocol_version.size());
  archive.number(length);
  if constexpr (Archive::kReading) {
    constexpr std::uint8_t kLongestVersion = 31;
    if (mode > 1 || length > kLongestVersion) return archive.fail();
    h.l1_da_mode = static_cast<L1DaMode>(mode);
    h.protocol_version = std::string(as_text(archive.take(length)));
  } else {
    archive.raw(as_bytes(h.protocol_version));
  }
}

void write_transaction(WitnessWriter& out, const Transaction& transaction);
void read_transaction(WitnessReader& in, Transaction& transaction);
void write_node(WitnessWriter& out, const TrieNode& node);
void read_node(WitnessReader& in, TrieNode& node);

inline constexpr std::size_t kLeastTransaction = 90;
inline constexpr std::size_t kLeastNode = 34;

template <class Archive, class Leaf>
void leaf(Archive& archive, Leaf& value) {
  archive.felt(value.class_hash);
  archive.felt(value.storage_root);
  archive.felt(value.nonce);
}

template <class Archive, class AnyBlock>
void block(Archive& archive, AnyBlock& value) {
  header(archive, value.header);
  list(archive, value.transactions, kLeastTransaction, [&](auto& transaction) {
    if constexpr (Archive::kReading) {
      read_transaction(archive, transaction);
    } else {
      write_transaction(archive, transaction);
    }
  });
}

template <class Archive, class Node>
void node(Archive& archive, Node& value) {
  if constexpr (Archive::kReading) {
    read_node(archive, value);
  } else {
    write_node(archive, value);
  }
}

}  // namespace witness_codec

}  // namespace asterism::core
