#include "core/hash/pedersen_wide.hpp"

#include <algorithm>
#include <array>

#include "core/base/aligned_buffer.hpp"
#include "core/base/check.hpp"
#include "core/curve/window_gather.hpp"
#include "core/felt/felt8.hpp"

namespace asterism::core {

#ifdef ASTERISM_HAVE_WIDE
namespace {

constexpr unsigned kWindows = PedersenTables::kWindows;
constexpr std::size_t kFewest = 16;  // up to here sums without inversions are faster
constexpr std::size_t kVectors = 8;  // of eight hashes: what one inversion is shared by, and what fits the L2 cache
constexpr std::size_t kPoints = kWindows + 1;  // after the first sums: one for each window, and the start
constexpr std::size_t kChains = 4;             // of products, to hide the latency of one

using Pair = std::pair<Felt, Felt>;

struct Terms {
  TableRows a;
  TableRows b;
};

ASTERISM_IFMA_BEGIN
using ifma::Felt8;
using ifma::gather;
using ifma::Point8;
using ifma::PointSum8;

struct Memory {
  std::array<Terms, kWindows * kVectors> terms;
  std::array<TableRows, kVectors> starts;
  std::array<Point8, kPoints * kVectors> points;
  std::array<Felt8, kWindows * kVectors> differences;
  std::array<Felt8, kWindows * kVectors> prefixes;
};

// The shared inversion: products of differences in kChains chains, forward, then their inverses one by one, backward.
struct Chains {
  Felt8 state[kChains];

  Chains() {
    for (auto& chain : state) chain = Felt8::broadcast(Felt::one());
  }
  ASTERISM_WIDE_INLINE void forward(Memory& memory, std::size_t i, const Felt8& difference) {
    memory.differences[i] = difference;
    memory.prefixes[i] = state[i % kChains];
    state[i % kChains] = state[i % kChains] * difference;
  }
  // False when a product is zero.
  bool turn() {
    const Felt8 low = state[0] * state[1];
    const Felt8 high = state[2] * state[3];
    std::array<Felt, 8> lanes;
    (low * high).store(lanes.data());
    Felt product = Felt::one();
    std::array<Felt, 8> before;
    for (std::size_t i = 0; i < 8; ++i) {
      before[i] = product;
      product *= lanes[i];
    }
    if (product.is_zero()) return false;
    Felt inverse = product.inverse();
    for (std::size_t i = 8; i-- > 0;) {
      before[i] *= inverse;
      inverse *= lanes[i];
    }
    const Felt8 all = Felt8::load(before.data());
    const Felt8 of_low = all * high;
    const Felt8 of_high = all * low;
    const Felt8 first = of_low * state[1];
    const Felt8 third = of_high * state[3];
    state[1] = of_low * state[0];
    state[0] = first;
    state[3] = of_high * state[2];
    state[2] = third;
    return true;
  }
  ASTERISM_WIDE_INLINE Felt8 backward(const Memory& memory, std::size_t i) {
    const Felt8 out = state[i % kChains] * memory.prefixes[i];
    state[i % kChains] = state[i % kChains] * memory.differences[i];
    return out;
  }
};

ASTERISM_WIDE_INLINE Point8 sum(const PointSum8& a, const PointSum8& b, const Felt8& inverse) {
  const Felt8 slope = reduce(b.y - a.y) * inverse;
  const Felt8 x = reduce(slope.square() - a.x - b.x);
  return {x, reduce(slope * reduce(a.x - x) - a.y)};
}

// Window i of a plus window i of b, and the starts, for `vectors` times eight hashes.
bool first_sums(std::size_t vectors, Memory& memory) {
  constexpr std::size_t kAhead = 2;  // terms whose table entries are on their way
  const std::size_t count = kWindows * vectors;
  Chains chains;
  for (std::size_t i = 0; i < count; ++i) {
    const Terms& ahead = memory.terms[std::min(i + kAhead, count - 1)];
    ahead.a.prefetch();
    ahead.b.prefetch();
    chains.forward(memory, i, reduce(gather(memory.terms[i].b).x - gather(memory.terms[i].a).x));
  }
  if (!chains.turn()) return false;
  for (std::size_t i = count; i-- > 0;) {
    memory.points[i] = sum(gather(memory.terms[i].a), gather(memory.terms[i].b), chains.backward(memory, i));
  }
  for (std::size_t v = 0; v < vectors; ++v) {
    const PointSum8 start = gather(memory.starts[v]);
    memory.points[count + v] = {reduce(start.x), reduce(start.y)};
  }
  return true;
}

// Halves the points until one a vector is left.
bool remaining_sums(std::size_t vectors, Memory& memory) {
  for (std::size_t count = kPoints; count > 1;) {
    const std::size_t pairs = count / 2 * vectors;
    const std::size_t offset = (count - count / 2) * vectors;
    Chains chains;
    for (std::size_t i = 0; i < pairs; ++i) {
      chains.forward(memory, i, reduce(memory.points[offset + i].x - memory.points[i].x));
    }
    if (!chains.turn()) return false;
    for (std::size_t i = pairs; i-- > 0;) {
      const PointSum8 a{memory.points[i].x, memory.points[i].y};
      const PointSum8 b{memory.points[offset + i].x, memory.points[offset + i].y};
      memory.points[i] = sum(a, b, chains.backward(memory, i));
    }
    count -= count / 2;
  }
  return true;
}

void find_terms(const PedersenTables& tables, std::span<const Pair> in, std::size_t vectors, Memory& memory) {
  for (std::size_t v = 0; v < vectors; ++v) {
    for (unsigned lane = 0; lane < 8; ++lane) {
      const Pair& pair = in[std::min(8 * v + lane, in.size() - 1)];  // lanes without a hash repeat the last
      const PedersenInput input(tables, pair.first, pair.second);
      memory.starts[v].set(lane, *input.start);
      for (unsigned i = 0; i < kWindows; ++i) {
        Terms& terms = memory.terms[i * vectors + v];
        terms.a.set(lane, tables.low_a, i, input.a);
        terms.b.set(lane, tables.low_b, i, input.b);
      }
    }
  }
}

bool hash_chunk(const PedersenTables& tables, std::span<const Pair> in, std::span<Felt> out, Memory& memory) {
  const std::size_t vectors = (in.size() + 7) / 8;
  find_terms(tables, in, vectors, memory);
  if (!first_sums(vectors, memory) || !remaining_sums(vectors, memory)) return false;
  for (std::size_t v = 0; v < vectors; ++v) {
    std::array<Felt, 8> lanes;
    memory.points[v].x.store(lanes.data());
    std::copy_n(lanes.begin(), std::min<std::size_t>(8, in.size() - 8 * v),
                out.begin() + static_cast<std::ptrdiff_t>(8 * v));
  }
  return true;
}
ASTERISM_IFMA_END

}  // namespace

bool pedersen_wide(const PedersenTables& tables, std::span<const Pair> in, std::span<Felt> out) {
  ASTERISM_CHECK(in.size() == out.size(), "one output for each pair");
  if (in.size() <= kFewest) return pedersen_few(tables, in, out);
  static thread_local AlignedBuffer buffer(sizeof(Memory));
  for (std::size_t at = 0; at < in.size(); at += 8 * kVectors) {
    const std::size_t count = std::min(8 * kVectors, in.size() - at);
    if (!hash_chunk(tables, in.subspan(at, count), out.subspan(at, count), *buffer.as<Memory>())) return false;
  }
  return true;
}

#else
bool pedersen_wide(const PedersenTables&, std::span<const std::pair<Felt, Felt> >, std::span<Felt>) { return false; }
#endif

}  // namespace asterism::core
