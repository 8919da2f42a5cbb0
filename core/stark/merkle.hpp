// A Merkle tree whose lowest layers are not kept: what an opening needs of them is hashed again from the rows.
//
// Leaves arrive as blocks, one for each coset of the table; a block is reduced to the kept layers and forgotten.
// The nodes of depth d are those of index 0 .. 2^d - 1; the root has depth 0.
#pragma once
#include <span>
#include <vector>

#include "core/stark/parameters.hpp"
#include "core/stark/thread_pool.hpp"

namespace asterism::core::stark {

class MerkleTree {
 public:
  // Nodes of 2^log_leaves leaves; the lowest `log_dropped` layers below the kept ones are not stored.
  MerkleTree(const Parameters& parameters, unsigned log_leaves, unsigned log_dropped);

  unsigned log_leaves() const { return log_leaves_; }
  unsigned kept_depth() const { return kept_depth_; }

  // `nodes`: block number `block` of nodes of depth `depth`, a power of two of them; they are used up.
  void add_block(ThreadPool& pool, std::uint64_t block, unsigned depth, std::span<Word> nodes);
  // After the last block.
  void finish(ThreadPool& pool);

  const Word& node(unsigned depth, std::uint64_t index) const { return layers_[depth][index]; }
  const Word& root() const { return layers_[0][0]; }

  // Reduces nodes of depth `depth` one layer, into the first half.
  static void reduce(ThreadPool& pool, const Parameters& parameters, unsigned depth, std::span<Word> nodes);

 private:
  const Parameters& parameters_;
  unsigned log_leaves_;
  unsigned kept_depth_;
  unsigned block_depth_ = 0;
  std::vector<std::vector<Word>> layers_;  // by depth, down to kept_depth_
};

}  // namespace asterism::core::stark
