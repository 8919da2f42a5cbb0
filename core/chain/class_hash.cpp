#include "core/chain/class_hash.hpp"

#include <algorithm>
#include <array>

#include "core/hash/blake2s.hpp"
#include "core/hash/keccak.hpp"
#include "core/hash/poseidon.hpp"

namespace asterism::core {
namespace {

constexpr unsigned kMaxNesting = 64;

Felt entry_points(const std::vector<SierraEntryPoint>& points) {
  PoseidonHasher hasher;
  for (const SierraEntryPoint& point : points) hasher.add(point.selector).add(point.function_index);
  return hasher.finish();
}

class CasmHasher {
 public:
  CasmHasher(const CasmClass& contract, CasmHash hash) : contract_(contract), hash_(hash) {}

  std::optional<Felt> run() {
    const auto code = contract_.segments.empty() ? many(contract_.bytecode) : node(contract_.segments, kMaxNesting);
    if (!code || (!contract_.segments.empty() && at_ != contract_.bytecode.size())) return std::nullopt;
    return many(std::array{short_string("COMPILED_CLASS_V1"), points(contract_.external), points(contract_.l1_handler),
                           points(contract_.constructor), *code});
  }

 private:
  Felt many_of(std::span<const Felt> values) const {
    return hash_ == CasmHash::kPoseidon ? poseidon_many(values) : blake_felts(values);
  }
  std::optional<Felt> many(const std::vector<Felt>& values) const { return many_of(values); }
  template <std::size_t N>
  Felt many(const std::array<Felt, N>& values) const {
    return many_of(values);
  }

  Felt points(const std::vector<CasmEntryPoint>& list) const {
    std::vector<Felt> out;
    for (const CasmEntryPoint& point : list) {
      std::vector<Felt> builtins;
      for (const std::string& name : point.builtins) builtins.push_back(short_string(name));
      out.insert(out.end(), {point.selector, Felt(point.offset), many_of(builtins)});
    }
    return many_of(out);
  }

  // 1 + X(length, hash, ..) over the children, a leaf being its felts.
  std::optional<Felt> node(const std::vector<BytecodeSegment>& children, unsigned depth) {
    if (depth == 0) return std::nullopt;
    std::vector<Felt> out;
    for (const BytecodeSegment& child : children) {
      const std::size_t from = at_;
      const auto hashed = child.children.empty() ? leaf(child.length) : node(child.children, depth - 1);
      if (!hashed) return std::nullopt;
      out.insert(out.end(), {Felt(at_ - from), *hashed});
    }
    return Felt::one() + many_of(out);
  }
  std::optional<Felt> leaf(std::uint64_t length) {
    if (length > contract_.bytecode.size() - at_) return std::nullopt;
    const auto part = std::span(contract_.bytecode).subspan(at_, length);
    at_ += length;
    return many_of(part);
  }

  const CasmClass& contract_;
  CasmHash hash_;
  std::size_t at_ = 0;
};

void put_word(Bytes& out, std::uint32_t word) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(word >> shift));
}

}  // namespace

Felt sierra_class_hash(const SierraClass& contract) {
  return poseidon_many(std::array{short_string("CONTRACT_CLASS_V0.1.0"), entry_points(contract.external),
                                  entry_points(contract.l1_handler), entry_points(contract.constructor),
                                  starknet_keccak(as_bytes(contract.abi)), poseidon_many(contract.program)});
}

std::optional<Felt> compiled_class_hash(const CasmClass& contract, CasmHash hash) {
  return CasmHasher(contract, hash).run();
}

Felt blake_felts(std::span<const Felt> values) {
  Bytes bytes;
  bytes.reserve(32 * values.size());
  for (const Felt& value : values) {
    const U256 number = value.to_u256();
    const bool small = number.bit_length() <= 63;
    for (int limb = small ? 0 : 3; limb >= 0; --limb) {
      auto high = static_cast<std::uint32_t>(number.limb[static_cast<std::size_t>(limb)] >> 32);
      if (limb == 3) high |= 1U << 31;
      put_word(bytes, high);
      put_word(bytes, static_cast<std::uint32_t>(number.limb[static_cast<std::size_t>(limb)]));
    }
  }
  Word digest = blake2s(bytes);
  std::reverse(digest.begin(), digest.end());
  return Felt::reduce_be(digest);
}

}  // namespace asterism::core
