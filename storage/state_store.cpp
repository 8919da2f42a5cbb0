#include "storage/state_store.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/state/witness_codec.hpp"
#include "storage/keys.hpp"

namespace asterism::storage {

using core::Felt;
using core::TrieOwner;
using core::Word;

namespace {

constexpr std::string_view kHeadKey = "m/state";
constexpr std::string_view kVersionPrefix = "t/v";
constexpr std::string_view kRemovedPrefix = "t/r";

void append(std::string& out, const Felt& value) {
  const Word word = value.to_be();
  out.append(core::as_text(word));
}

std::string contract_key(const Felt& address) {
  std::string key;
  key.reserve(3 + 32);
  key += "f/c";
  append(key, address);
  return key;
}
std::string cell_key(const Felt& address, const Felt& key) {
  std::string out;
  out.reserve(3 + 64);
  out += "f/s";
  append(out, address);
  append(out, key);
  return out;
}
void append_place(std::string& out, const NodeKey& key) {
  out.push_back(key.owner.kind == TrieOwner::Kind::kStorage ? 's' : 'c');
  if (key.owner.kind == TrieOwner::Kind::kStorage) append(out, key.owner.address);
  append(out, key.hash);
}
std::string node_key(const NodeKey& key) {
  std::string out;
  out.reserve(4 + 64);
  out += "t/n";
  append_place(out, key);
  return out;
}

std::string as_string(const core::WitnessWriter& writer) { return std::string(core::as_text(writer.view())); }

// Of values that this program wrote: anything else is a broken database.
template <class Fields>
void parse(std::string_view bytes, std::string_view what, Fields fields) {
  core::WitnessReader in(core::as_bytes(bytes));
  fields(in);
  ASTERISM_CHECK(in.finished(), what);
}

std::string node_value(const StoredNode& stored) {
  constexpr std::size_t kMost = 80;
  core::WitnessWriter out;
  out.reserve(kMost);
  out.number(stored.count);
  out.number(stored.made_in);
  core::witness_codec::write_node(out, stored.node);
  return as_string(out);
}
StoredNode parse_node(std::string_view bytes) {
  StoredNode out;
  parse(bytes, "a stored trie node", [&](core::WitnessReader& in) {
    in.number(out.count);
    in.number(out.made_in);
    core::witness_codec::read_node(in, out.node);
  });
  return out;
}

template <class Archive, class Contract>
void contract_fields(Archive& archive, Contract& contract) {
  core::witness_codec::leaf(archive, contract.leaf);
  archive.number(contract.made_in);
}

template <class Archive, class Roots>
void roots_fields(Archive& archive, Roots& roots) {
  archive.felt(roots.contracts);
  archive.felt(roots.classes);
}

template <class Archive, class Head>
void head_fields(Archive& archive, Head& head) {
  archive.number(head.number.value);
  archive.felt(head.hash);
  archive.number(head.timestamp);
  roots_fields(archive, head.roots);
}

}  // namespace

StateStore::StateStore(const KeyValue& store, const StateStoreOptions& options)
    : store_(store),
      options_(options),
      nodes_(options.cached_nodes),
      cells_(options.cached_cells),
      contracts_(options.cached_contracts) {
  if (const auto bytes = store_.get(kHeadKey)) {
    StateHead head;
    parse(*bytes, "the state's head", [&](core::WitnessReader& in) { head_fields(in, head); });
    head_ = head;
  }
  store_.scan(kVersionPrefix, {}, [&](std::string_view key, std::string_view) {
    oldest_ = key_number(kVersionPrefix, key).value_or(0);
    return false;
  });
}

Felt StateStore::storage(const Felt& address, const Felt& key) const {
  const CellKey place{address, key};
  if (const Felt* known = cells_.find(place)) return *known;
  Felt value;
  if (const auto bytes = store_.get(cell_key(address, key))) {
    parse(*bytes, "a stored cell", [&](core::WitnessReader& in) { in.felt(value); });
  }
  cells_.put(place, value);
  return value;
}

StoredContract StateStore::stored_contract(const Felt& address) const {
  if (const StoredContract* known = contracts_.find(address)) return *known;
  StoredContract out;
  if (const auto bytes = store_.get(contract_key(address))) {
    parse(*bytes, "a stored contract", [&](core::WitnessReader& in) { contract_fields(in, out); });
  }
  contracts_.put(address, out);
  return out;
}

std::optional<StoredNode> StateStore::stored_node(const NodeKey& key) const {
  if (const StoredNode* known = nodes_.find(key)) return *known;
  const auto bytes = store_.get(node_key(key));
  if (!bytes) return std::nullopt;
  const StoredNode out = parse_node(*bytes);
  nodes_.put(key, out);
  return out;
}

std::optional<core::TrieNode> StateStore::node(const TrieOwner& owner, const Felt& hash) const {
  const NodeKey key{owner, hash};
  if (const StoredNode* known = nodes_.find(key)) return known->node;
  const auto stored = stored_node(key);
  return stored ? std::optional(stored->node) : std::nullopt;
}

std::optional<core::StateRoots> StateStore::roots_at(core::BlockNumber number) const {
  const auto bytes = store_.get(number_key(kVersionPrefix, number.value));
  if (!bytes) return std::nullopt;
  core::StateRoots roots;
  parse(*bytes, "the roots of a version", [&](core::WitnessReader& in) { roots_fields(in, roots); });
  return roots;
}

void StateStore::commit_flat(const core::ExecutedBlock& block, WriteBatch& batch) {
  const std::uint64_t height = block.header.number.value;
  for (const auto& [address, leaf] : block.change.contracts) {
    const StoredContract stored{leaf, height};
    if (leaf.is_empty()) {
      batch.erase(contract_key(address));
    } else {
      core::WitnessWriter out;
      contract_fields(out, stored);
      batch.put(contract_key(address), as_string(out));
    }
    contracts_.put(address, stored);
  }
  for (const auto& [address, cells] : block.difference.storage) {
    for (const auto& [key, value] : cells) {
      if (value.is_zero()) {
        batch.erase(cell_key(address, key));
      } else {
        const Word word = value.to_be();
        batch.put(cell_key(address, key), std::string(core::as_text(word)));
      }
      cells_.put({address, key}, value);
    }
  }
}

// The record as this batch has it so far; count 0 when there is none.
StoredNode& StateStore::record_of(const NodeKey& key, Records& records) const {
  const auto found = records.find(key);
  if (found != records.end()) return found->second;
  return records.emplace(key, stored_node(key).value_or(StoredNode{})).first->second;
}

void StateStore::add_nodes(const core::TrieDelta& trie, std::uint64_t height, Records& records) const {
  // Children stand before parents: hashes are made from the bottom up.
  std::unordered_map<Felt, bool> fresh;
  fresh.reserve(trie.added.size());
  const auto is_fresh = [&](const Felt& child) {
    const auto found = fresh.find(child);
    return found != fresh.end() && found->second;
  };
  for (const core::HashedNode& added : trie.added) {
    const NodeKey key{trie.owner, added.hash};
    bool known_new = false;
    if (const auto* binary = std::get_if<core::BinaryNode>(&added.node)) {
      known_new = is_fresh(binary->left) || is_fresh(binary->right);
    } else {
      known_new = is_fresh(std::get<core::EdgeNode>(added.node).child);
    }
    StoredNode* record = nullptr;
    if (known_new && !records.contains(key)) {
      record = &records.emplace(key, StoredNode{}).first->second;
    } else {
      record = &record_of(key, records);
    }
    if (record->count == 0) {
      record->made_in = height;
      record->node = added.node;
      fresh[added.hash] = true;
    }
    ++record->count;
  }
}

// What only `version` and older ones have is what the block after it removed.
void StateStore::prune(std::uint64_t version, Records& records, WriteBatch& batch) const {
  const std::string removed_key = number_key(kRemovedPrefix, version + 1);
  const auto bytes = store_.get(removed_key);
  ASTERISM_CHECK(bytes.has_value(), "every block left a list of what it removed");
  parse(*bytes, "the nodes that a block removed", [&](core::WitnessReader& in) {
    while (in.left() > 0 && !in.failed()) {
      std::uint8_t kind = 0;
      NodeKey key;
      in.number(kind);
      key.owner.kind = kind == 's' ? TrieOwner::Kind::kStorage : TrieOwner::Kind::kContracts;
      if (kind == 's') in.felt(key.owner.address);
      in.felt(key.hash);
      if (in.failed()) return;
      StoredNode& record = record_of(key, records);
      ASTERISM_CHECK(record.count > 0, "a node is removed as often as it was added");
      --record.count;
    }
  });
  batch.erase(removed_key);
  batch.erase(number_key(kVersionPrefix, version));
}

void StateStore::commit(const core::ExecutedBlock& block, WriteBatch& batch) {
  const std::uint64_t height = block.header.number.value;
  ASTERISM_CHECK(!head_ || head_->number.value + 1 == height, "blocks are committed in order");
  commit_flat(block, batch);

  Records records;
  std::string removed;
  for (const core::TrieDelta& trie : block.change.tries) {
    add_nodes(trie, height, records);
    for (const Felt& hash : trie.removed) append_place(removed, {trie.owner, hash});
  }
  // A shorter history than last time is caught up with in steps.
  constexpr int kMostAtOnce = 4;
  const std::uint64_t history = std::max<std::uint64_t>(options_.history, 2);
  for (int i = 0; i < kMostAtOnce && oldest_ + history <= height; ++i) prune(oldest_++, records, batch);
  batch.put(number_key(kRemovedPrefix, height), std::move(removed));
  core::WitnessWriter roots;
  roots_fields(roots, block.change.roots);
  batch.put(number_key(kVersionPrefix, height), as_string(roots));

  for (const auto& [key, record] : records) {
    if (record.count == 0) {
      batch.erase(node_key(key));
      nodes_.erase(key);
    } else {
      batch.put(node_key(key), node_value(record));
      nodes_.put(key, record);
    }
  }
  head_ = StateHead{block.header.number, block.hash, block.header.timestamp, block.change.roots};
  core::WitnessWriter out;
  head_fields(out, *head_);
  batch.put(std::string(kHeadKey), as_string(out));
}

}  // namespace asterism::storage
