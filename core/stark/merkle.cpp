#include "core/stark/merkle.hpp"

#include <algorithm>
#include <bit>

namespace asterism::core::stark {

namespace {
constexpr std::size_t kGrain = 512;
}

MerkleTree::MerkleTree(const Parameters& parameters, unsigned log_leaves, unsigned log_dropped)
    : parameters_(parameters),
      log_leaves_(log_leaves),
      kept_depth_(log_leaves - std::min(log_leaves, log_dropped)),
      layers_(kept_depth_ + 1) {
  for (unsigned depth = 0; depth <= kept_depth_; ++depth) layers_[depth].resize(std::size_t{1} << depth);
}

void MerkleTree::reduce(ThreadPool& pool, const Parameters& parameters, unsigned depth, std::span<Word> nodes) {
  const HashKind kind = parameters.layer_hash(depth - 1);
  const std::size_t parents = nodes.size() / 2;
  // Parent i lies where child i was. Ranges are taken one after another so that none overwrites children still needed.
  if (pool.size() == 1 || parents < 2 * kGrain) {
    for (std::size_t begin = 0; begin < parents; begin += kGrain) {
      const std::size_t count = std::min(kGrain, parents - begin);
      hash_pairs(kind, nodes.subspan(2 * begin, 2 * count), nodes.subspan(begin, count));
    }
    return;
  }
  std::vector<Word> out(parents);
  pool.ranges(parents, kGrain, [&](std::size_t begin, std::size_t end) {
    hash_pairs(kind, nodes.subspan(2 * begin, 2 * (end - begin)), std::span(out).subspan(begin, end - begin));
  });
  std::ranges::copy(out, nodes.begin());
}

void MerkleTree::add_block(ThreadPool& pool, std::uint64_t block, unsigned depth, std::span<Word> nodes) {
  block_depth_ = depth - static_cast<unsigned>(std::countr_zero(nodes.size()));
  for (;;) {
    if (depth <= kept_depth_)
      std::ranges::copy(nodes, layers_[depth].begin() + static_cast<std::ptrdiff_t>(block * nodes.size()));
    if (nodes.size() == 1) return;
    reduce(pool, parameters_, depth--, nodes);
    nodes = nodes.first(nodes.size() / 2);
  }
}

void MerkleTree::finish(ThreadPool& pool) {
  if (block_depth_ == 0) return;
  std::vector<Word> nodes = layers_[block_depth_];
  add_block(pool, 0, block_depth_, nodes);
}

}  // namespace asterism::core::stark
