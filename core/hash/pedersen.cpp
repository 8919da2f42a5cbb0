#include "core/hash/pedersen.hpp"

#include <algorithm>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/cpu.hpp"
#include "core/hash/pedersen_tables.hpp"
#include "core/hash/pedersen_wide.hpp"

namespace asterism::core {
namespace {

constexpr AffinePoint point(const Felt& x, const Felt& y) { return {x, y, false}; }

// P0 (the shift) to P4: entries 0, 2, 250, 254, 502 of the published constant_points of the hash.
constexpr std::array<AffinePoint, 5> kPoints{
    point(Felt::literal("0x49ee3eba8c1600700ee1b87eb599f16716b0b1022947733551fde4050ca6804"),
          Felt::literal("0x3ca0cfe4b3bc6ddf346d49d06ea0ed34e621062c0e056c1d0405d266e10268a")),
    point(Felt::literal("0x234287dcbaffe7f969c748655fca9e58fa8120b6d56eb0c1080d17957ebe47b"),
          Felt::literal("0x3b056f100f96fb21e889527d41f4e39940135dd7a6c94cc6ed0268ee89e5615")),
    point(Felt::literal("0x4fa56f376c83db33f9dab2656558f3399099ec1de5e3018b7a6932dba8aa378"),
          Felt::literal("0x3fa0984c931c9e38113e0c0e47e4401562761f92a7a23b45168f4e80ff5b54d")),
    point(Felt::literal("0x4ba4cc166be8dec764910f75b45f74b40c690c74709e90f3aa372f0bd2d6997"),
          Felt::literal("0x40301cf5c1751f4b971e46c4ede85fcac5c59a5ce5ae7c48151f27b24b219c")),
    point(Felt::literal("0x54302dcb0e6cc1c6e44cca8f61a63bb2ca65048d53fb325d36ff12c49a58202"),
          Felt::literal("0x1b77b3e37d13504b348046268d8ae25ce98ad783c25561a879dcc77e99c2426"))};

constexpr std::size_t kTerms = 2 * PedersenTables::kWindows + 1;

Felt hash_one(const PedersenTables& tables, const PedersenInput& input) {
  JacobianPoint sum{input.start->x, input.start->y, Felt::one()};
  for (unsigned i = 0; i < PedersenTables::kWindows; ++i) {
    sum = add(sum, tables.low_a.term(i, input.a));
    sum = add(sum, tables.low_b.term(i, input.b));
  }
  const AffinePoint out = to_affine(sum);
  ASTERISM_CHECK(!out.infinity, "a Pedersen sum at infinity gives a discrete logarithm");
  return out.x;
}

TablePoint signed_entry(const WindowTable& table, unsigned i, const U256& value) {
  bool negative = false;
  TablePoint out = table.entry(i, value, negative);
  if (negative) out.y = -out.y;
  return out;
}

// The terms of many hashes, term-major, added in halves so that each of the six steps shares one inversion.
struct Workspace {
  std::vector<PedersenInput> inputs;
  std::vector<TablePoint> terms;
  std::vector<Felt> scratch;
};

void hash_chunk(const PedersenTables& tables, std::span<const std::pair<Felt, Felt>> in, std::span<Felt> out,
                Workspace& space) {
  const std::size_t n = in.size();
  space.inputs.clear();
  for (const auto& [a, b] : in) space.inputs.emplace_back(tables, a, b);
  space.terms.resize(kTerms * n);
  auto* next = space.terms.data();
  for (unsigned i = 0; i < PedersenTables::kWindows; ++i) {
    for (const PedersenInput& input : space.inputs) {
      *next++ = signed_entry(tables.low_a, i, input.a);
    }
    for (const PedersenInput& input : space.inputs) {
      *next++ = signed_entry(tables.low_b, i, input.b);
    }
  }
  for (const PedersenInput& input : space.inputs) *next++ = *input.start;

  std::size_t terms = kTerms;
  while (terms > 1) {
    const std::size_t half = terms / 2;
    const std::size_t kept = terms - half;
    const std::span<TablePoint> all(space.terms);
    if (!add_affine(all.first(half * n), all.subspan(kept * n, half * n), space.scratch)) {
      for (std::size_t i = 0; i < n; ++i) out[i] = hash_one(tables, space.inputs[i]);
      return;
    }
    terms = kept;
  }
  for (std::size_t i = 0; i < n; ++i) out[i] = space.terms[i].x;
}

}  // namespace

PedersenTables::PedersenTables() : low_a(kPoints[1], kWindowBits, kLowBits), low_b(kPoints[3], kWindowBits, kLowBits) {
  AffinePoint row = add(add(kPoints[0], low_a.offset()), low_b.offset());
  for (auto& line : start) {
    AffinePoint at = row;
    for (TablePoint& entry : line) {
      entry = {at.x, at.y};
      at = add(at, kPoints[4]);
    }
    row = add(row, kPoints[2]);
  }
}

const PedersenTables& PedersenTables::get() {
  static const PedersenTables tables;
  return tables;
}

Felt pedersen(const Felt& a, const Felt& b) {
  const PedersenTables& tables = PedersenTables::get();
  const std::pair<Felt, Felt> in(a, b);
  Felt out;
  if (cpu().avx512ifma && pedersen_wide(tables, {&in, 1}, {&out, 1})) return out;
  return hash_one(tables, PedersenInput(tables, a, b));
}

void pedersen_batch(std::span<const std::pair<Felt, Felt>> in, std::span<Felt> out) {
  ASTERISM_CHECK(in.size() == out.size(), "one output for each pair");
  constexpr std::size_t kChunk = 64;  // 258 KiB of terms: within the second-level cache
  constexpr std::size_t kFewest = 4;  // below this the six inversions cost more than they save
  const PedersenTables& tables = PedersenTables::get();
  if (cpu().avx512ifma && pedersen_wide(tables, in, out)) return;
  Workspace space;
  for (std::size_t at = 0; at < in.size(); at += kChunk) {
    const std::size_t count = std::min(kChunk, in.size() - at);
    if (count >= kFewest) {
      hash_chunk(tables, in.subspan(at, count), out.subspan(at, count), space);
      continue;
    }
    for (std::size_t i = at; i < at + count; ++i)
      out[i] = hash_one(tables, PedersenInput(tables, in[i].first, in[i].second));
  }
}

Felt pedersen_array(std::span<const Felt> values) {
  Felt state;
  for (const Felt& value : values) state = pedersen(state, value);
  return pedersen(state, Felt(values.size()));
}

}  // namespace asterism::core
