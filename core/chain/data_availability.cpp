#include "core/chain/data_availability.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <unordered_map>

#include "core/base/check.hpp"

namespace asterism::core {
namespace {

constexpr std::array<unsigned, 6> kBucketBits{252, 125, 83, 62, 31, 15};
constexpr std::size_t kRepeat = kBucketBits.size();
constexpr unsigned kHeaderBits = 20;
constexpr unsigned kPackedBits = 251;

unsigned bits_of_bound(std::uint64_t bound) {
  return bound <= 1 ? 0 : static_cast<unsigned>(std::bit_width(bound - 1));
}

// First element lowest: sum of e_i * bound^i.
void pack(std::vector<Felt>& out, std::span<const Felt> values, const Felt& bound, std::size_t per_felt) {
  for (std::size_t from = 0; from < values.size(); from += per_felt) {
    const std::size_t end = std::min(values.size(), from + per_felt);
    Felt packed;
    for (std::size_t i = end; i-- > from;) packed = packed * bound + values[i];
    out.push_back(packed);
  }
}

void pack_numbers(std::vector<Felt>& out, const std::vector<std::uint64_t>& values, std::uint64_t bound) {
  std::vector<Felt> felts;
  for (const std::uint64_t value : values) felts.push_back(Felt(value));
  const unsigned bits = bits_of_bound(bound);
  pack(out, felts, Felt(bound), bits == 0 ? kPackedBits : kPackedBits / bits);
}

}  // namespace

Felt contract_header_word(bool class_changed, std::uint64_t updates, std::uint64_t new_nonce) {
  const bool small = updates < 256;
  U256 word = U256(new_nonce) << (small ? 8 : 64);
  word.add(U256(updates));
  word = word << 2;
  word.add(U256((class_changed ? 1U : 0U) + (small ? 2U : 0U)));
  return Felt::reduce(word);
}

std::vector<Felt> encode_state_diff(const StateDiff& diff, const ClassChanges& classes, const AliasOf& alias) {
  constexpr U256 kFirstAlias(128), kLastPlainContract(15);
  const auto name = [&](const Felt& key) { return alias && key.to_u256() >= kFirstAlias ? alias(key) : key; };
  std::set<Felt> contracts;
  for (const auto& [address, cells] : diff.storage) {
    if (!cells.empty()) contracts.insert(address);
  }
  for (const auto& [address, nonce] : diff.nonces) contracts.insert(address);
  for (const auto& [address, class_hash] : diff.deployed) contracts.insert(address);
  std::vector<Felt> out{Felt(contracts.size())};
  for (const Felt& address : contracts) {
    const bool plain = address.to_u256() <= kLastPlainContract;
    const auto cells = diff.storage.find(address);
    const auto nonce = diff.nonces.find(address);
    const auto deployed = diff.deployed.find(address);
    const std::size_t updates = cells == diff.storage.end() ? 0 : cells->second.size();
    out.push_back(plain ? address : name(address));
    out.push_back(contract_header_word(deployed != diff.deployed.end(), updates,
                                       nonce == diff.nonces.end() ? 0 : nonce->second.to_u64().value_or(0)));
    if (deployed != diff.deployed.end()) out.push_back(deployed->second);
    if (updates == 0) continue;
    for (const auto& [key, value] : cells->second) out.insert(out.end(), {plain ? key : name(key), value});
  }
  out.push_back(Felt(classes.declared.size()));
  for (const auto& [class_hash, compiled] : classes.declared) out.insert(out.end(), {class_hash, compiled});
  return out;
}

std::vector<Felt> compress_felts(std::span<const Felt> values) {
  ASTERISM_CHECK(values.size() < (std::size_t{1} << kHeaderBits), "the data length has 20 bits");
  struct Place {
    std::size_t bucket, index;
  };
  std::array<std::vector<Felt>, kBucketBits.size()> buckets;
  std::unordered_map<Felt, Place> places;
  std::vector<std::uint64_t> bucket_of;
  std::vector<Place> repeats;
  for (const Felt& value : values) {
    if (const auto known = places.find(value); known != places.end()) {
      repeats.push_back(known->second);
      bucket_of.push_back(kRepeat);
      continue;
    }
    std::size_t bucket = kBucketBits.size() - 1;
    while (value.to_u256().bit_length() > kBucketBits[bucket]) --bucket;
    places.emplace(value, Place{bucket, buckets[bucket].size()});
    buckets[bucket].push_back(value);
    bucket_of.push_back(bucket);
  }
  std::array<std::uint64_t, kBucketBits.size()> offsets{};
  U256 header = U256(values.size()) << kHeaderBits;
  std::vector<Felt> out(1);
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (i > 0) offsets[i] = offsets[i - 1] + buckets[i - 1].size();
    header.add(U256(buckets[i].size()) << (kHeaderBits * static_cast<unsigned>(i + 2)));
    const std::size_t per_felt = std::max(1U, kPackedBits / kBucketBits[i]);
    pack(out, buckets[i], Felt::reduce(U256(1) << kBucketBits[i]), per_felt);
  }
  header.add(U256(repeats.size()) << (kHeaderBits * 8));
  out.front() = Felt::reduce(header);
  std::vector<std::uint64_t> pointers;
  for (const Place& place : repeats) pointers.push_back(offsets[place.bucket] + place.index);
  pack_numbers(out, pointers, places.size());
  pack_numbers(out, bucket_of, kRepeat + 1);
  return out;
}

}  // namespace asterism::core
