// Keys and small values that every store writes the same way: numbers are eight bytes, big-endian, so that keys of one
// prefix sort by number.
//
// Prefixes (one database per process): "m/" schema and markers, "b/" decided block by height, "r/" receipts by height,
// "x/" transaction hash -> height, index, "h/" block hash -> height, "t/" trie nodes, "f/" flat state, "w/" witness by
// height, "i/" header and sizes by height, "v/" consensus log, "e/" evidence, "s/" spans, "k/" workers, "j/"
// invitations, "l/" L1 sync, "c/" certificates, "o/" outbox, "a/" audit, "L/" embedded ledger.
#pragma once
#include <cstdint>

#include "storage/key_value.hpp"

namespace asterism::storage {

std::string number_value(std::uint64_t value);
std::optional<std::uint64_t> value_number(std::string_view bytes);  // exactly eight bytes

std::string number_key(std::string_view prefix, std::uint64_t number);
// The number of a key made by number_key; nullopt for any other key.
std::optional<std::uint64_t> key_number(std::string_view prefix, std::string_view key);

// Markers: one number under a fixed key. Absent is nullopt; a value of another size is a broken database, and aborts.
std::optional<std::uint64_t> read_marker(const KeyValue& store, std::string_view key);
void put_marker(WriteBatch& batch, std::string key, std::uint64_t value);

}  // namespace asterism::storage
