#include "core/stark/hashes.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/check.hpp"
#include "core/hash/blake2s.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/pedersen.hpp"
#include "core/hash/poseidon.hpp"

namespace asterism::core::stark {
namespace {

struct Name {
  HashKind kind;
  std::string_view name;
  unsigned collision_bits;
};
constexpr std::array kNames{
    Name{HashKind::keccak256, "keccak256", 128},
    Name{HashKind::keccak256_masked160_msb, "keccak256_masked160_msb", 80},
    Name{HashKind::keccak256_masked160_lsb, "keccak256_masked160_lsb", 80},
    Name{HashKind::blake256, "blake256", 128},
    Name{HashKind::blake256_masked160_msb, "blake256_masked160_msb", 80},
    Name{HashKind::blake256_masked248_lsb, "blake256_masked248_lsb", 124},
    Name{HashKind::pedersen, "pedersen", 125},
    Name{HashKind::poseidon3, "poseidon3", 125},
};

enum class Base : std::uint8_t { keccak, blake, pedersen, poseidon };

Base base_of(HashKind kind) {
  switch (kind) {
    case HashKind::keccak256:
    case HashKind::keccak256_masked160_msb:
    case HashKind::keccak256_masked160_lsb:
      return Base::keccak;
    case HashKind::blake256:
    case HashKind::blake256_masked160_msb:
    case HashKind::blake256_masked248_lsb:
      return Base::blake;
    case HashKind::pedersen:
      return Base::pedersen;
    case HashKind::poseidon3:
      return Base::poseidon;
  }
  return Base::keccak;
}

void mask(HashKind kind, Word& digest) {
  switch (kind) {
    case HashKind::keccak256_masked160_msb:
    case HashKind::blake256_masked160_msb:
      std::fill(digest.begin() + 20, digest.end(), std::uint8_t{0});
      break;
    case HashKind::keccak256_masked160_lsb:
      std::fill(digest.begin(), digest.begin() + 12, std::uint8_t{0});
      break;
    case HashKind::blake256_masked248_lsb:
      digest[0] = 0;
      break;
    default:
      break;
  }
}

std::vector<Felt> felts_of(ByteView bytes) {
  ASTERISM_CHECK(bytes.size() % 32 == 0, "felt hashes take whole words");
  std::vector<Felt> out;
  out.reserve(bytes.size() / 32);
  for (std::size_t i = 0; i < bytes.size(); i += 32) {
    out.push_back(Felt::reduce_be(std::span<const std::uint8_t, 32>(bytes.subspan(i, 32))));
  }
  return out;
}

// Words may exceed p here: the quotient is added after each step, so that different words never collide.
Word pedersen_bytes(ByteView bytes) {
  ASTERISM_CHECK(bytes.size() % 32 == 0, "felt hashes take whole words");
  Felt state;
  for (std::size_t i = 0; i < bytes.size(); i += 32) {
    U256 word = U256::from_be(std::span<const std::uint8_t, 32>(bytes.subspan(i, 32)));
    std::uint64_t quotient = 0;
    while (word >= Felt::kModulus) {
      word = word - Felt::kModulus;
      ++quotient;
    }
    state = pedersen(state, Felt::reduce(word)) + Felt(quotient);
  }
  return pedersen(state, Felt(bytes.size() / 32)).to_be();
}

}  // namespace

std::optional<HashKind> hash_kind(std::string_view name) {
  for (const Name& entry : kNames) {
    if (entry.name == name) return entry.kind;
  }
  return std::nullopt;
}

std::string_view hash_name(HashKind kind) { return kNames[static_cast<std::size_t>(kind)].name; }
unsigned collision_bits(HashKind kind) { return kNames[static_cast<std::size_t>(kind)].collision_bits; }

Word hash_bytes(HashKind kind, ByteView bytes) {
  Word digest{};
  switch (base_of(kind)) {
    case Base::keccak:
      digest = keccak256(bytes);
      break;
    case Base::blake:
      digest = blake2s(bytes);
      break;
    case Base::pedersen:
      return pedersen_bytes(bytes);
    case Base::poseidon:
      return poseidon_many(felts_of(bytes)).to_be();
  }
  mask(kind, digest);
  return digest;
}

Word hash_pair(HashKind kind, const Word& left, const Word& right) {
  switch (base_of(kind)) {
    case Base::pedersen:
      return pedersen(Felt::reduce_be(left), Felt::reduce_be(right)).to_be();
    case Base::poseidon:
      return poseidon(Felt::reduce_be(left), Felt::reduce_be(right)).to_be();
    default:
      break;
  }
  std::array<std::uint8_t, 64> both;
  std::copy(left.begin(), left.end(), both.begin());
  std::copy(right.begin(), right.end(), both.begin() + 32);
  return hash_bytes(kind, both);
}

void hash_rows(HashKind kind, ByteView messages, std::size_t length, std::span<Word> out) {
  ASTERISM_CHECK(messages.size() == length * out.size(), "rows of equal length");
  if (base_of(kind) == Base::keccak) {
    keccak256_batch(messages, length, out);
    for (Word& digest : out) mask(kind, digest);
    return;
  }
  if (base_of(kind) == Base::blake) {
    blake2s_batch(messages, length, out);
    for (Word& digest : out) mask(kind, digest);
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = hash_bytes(kind, messages.subspan(i * length, length));
}

void hash_row_pairs(HashKind kind, const FeltRows& rows, std::span<Word> first, std::span<Word> second) {
  const std::size_t count = rows.rows.size();
  const bool hashed = base_of(kind) == Base::keccak  ? keccak256_row_pairs(rows, first, second)
                      : base_of(kind) == Base::blake ? blake2s_row_pairs(rows, first, second)
                                                     : false;
  if (hashed) {
    for (std::size_t i = 0; i < count; ++i) {
      mask(kind, first[i]);
      mask(kind, second[i]);
    }
    return;
  }
  const std::size_t length = 32 * rows.cells.size();
  Bytes messages(length * count);
  for (const std::size_t next : {0, 1}) {
    std::uint8_t* at = messages.data();
    for (const std::size_t row : rows.rows) {
      for (const Felt* cell : rows.cells) {
        store_felt(cell[row + next], at);
        at += 32;
      }
    }
    hash_rows(kind, messages, length, (next == 0 ? first : second).first(count));
  }
}

void hash_pairs(HashKind kind, std::span<const Word> nodes, std::span<Word> out) {
  ASTERISM_CHECK(nodes.size() == 2 * out.size(), "two nodes a parent");
  if (base_of(kind) == Base::keccak || base_of(kind) == Base::blake) {
    hash_rows(kind, {nodes.front().data(), 32 * nodes.size()}, 64, out);
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = hash_pair(kind, nodes[2 * i], nodes[2 * i + 1]);
}

}  // namespace asterism::core::stark
