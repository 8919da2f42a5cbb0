// The state difference as it goes to L1 (starknet-formats.md, "Data availability"), from 0.13.3 on: felts, aliases in
// the place of long keys, and the stateless compression. Blobs of it: blob.hpp.
#pragma once
#include <functional>
#include <span>

#include "core/chain/block_hash.hpp"

namespace asterism::core {

// Low bits first: class changed, small, number of updates (8 bits when small, else 64), new nonce (0: unchanged).
Felt contract_header_word(bool class_changed, std::uint64_t updates, std::uint64_t new_nonce);

// What stands for a storage key or an address of at least 128; aliases are the storage of contract 0x2.
using AliasOf = std::function<Felt(const Felt& key)>;
// Without an AliasOf keys stand for themselves.
std::vector<Felt> encode_state_diff(const StateDiff& diff, const ClassChanges& classes, const AliasOf& alias = {});

std::vector<Felt> compress_felts(std::span<const Felt> values);

}  // namespace asterism::core
