// The prover's side of a table: polynomials of 2^n coefficients (bit-reversed), extended to 2^b cosets, committed,
// opened.
//
// A row of the table is 2^width consecutive positions, in bit-reversed order, of each polynomial: width is 0 for
// traces, the FRI step for a layer of FRI. Cosets are numbered in natural order: coset c of polynomial values is at
// offset * g^c * <g_n>, g of the whole domain. Values of a coset are kept, or made again when an opening needs them.
#pragma once
#include <map>
#include <vector>

#include "core/stark/backend.hpp"
#include "core/stark/merkle.hpp"
#include "core/stark/table.hpp"

namespace asterism::core::stark {

struct TableSpec {
  unsigned log_cosets = 0;
  unsigned log_width = 0;
  Felt offset = Felt::one();
  // Which cosets' values stay; openings evaluate the polynomials again where they do not. The composition polynomial
  // is computed on two cosets: the one half-way round, and then the first, which DEEP wants too.
  enum class Keep : std::uint8_t { none, half, two, all };
  Keep keep = Keep::none;
};

class TableProver {
 public:
  TableProver(Backend& backend, const Parameters& parameters, TableSpec spec, std::vector<Column> coefficients);

  // Extends, hashes and sends the root; calls `coset_done` after each coset.
  void commit(ProverChannel& channel, const std::function<void()>& coset_done = [] {});

  // Sends the cells of `rows` (sorted, distinct) except those at the `known` positions (sorted), then the nodes.
  void open(ProverChannel& channel, std::span<const std::uint64_t> rows, std::span<const std::uint64_t> known) const;

  const std::vector<Column>& coefficients() const { return coefficients_; }
  std::vector<Column> take_coefficients() { return std::move(coefficients_); }
  // The values of some polynomials on a coset, natural order, padded; computed, kept or not.
  std::vector<Column> coset(std::uint64_t number, std::size_t first, std::size_t count) const;
  // Those kept, or nullptr.
  const std::vector<Column>* kept_coset(std::uint64_t number) const;
  void forget_coset(std::uint64_t number) { cosets_[number] = {}; }

 private:
  unsigned log_domain() const { return log_size_ + spec_.log_cosets; }
  unsigned log_rows() const { return log_domain() - spec_.log_width; }
  std::uint32_t row_cells() const { return static_cast<std::uint32_t>(coefficients_.size() << spec_.log_width); }
  Layer hash_coset(const std::vector<Column>& values) const;
  bool keeps(std::uint64_t coset) const;
  // Into `out`, whose room is used again when it has the right size.
  void evaluate_coset(std::uint64_t number, std::span<const Column> coefficients, std::vector<Column>& out) const;

  // The part of the table below a node of the deepest kept layer.
  struct Block {
    std::vector<Felt> cells;                // row by row
    std::vector<std::vector<Word>> layers;  // leaves first, without the top one
  };
  unsigned log_block() const { return log_rows() - tree_.kept_depth(); }
  struct Wanted {
    std::uint64_t block;
    Felt* cells;  // of the block
  };
  std::uint64_t coset_of(std::uint64_t block) const;
  // Blocks whose cells are made together.
  struct Group {
    enum class How : std::uint8_t { kept, one_coset, mixed } how;
    std::vector<Wanted> wanted;
  };
  std::vector<Group> groups_of(const std::map<std::uint64_t, std::vector<Wanted>>& by_coset) const;
  // One column of a group.
  void fill_cells(const Group& group, std::size_t column) const;
  void hash_block(Block& block) const;
  // Those that the rows lie in.
  std::map<std::uint64_t, Block> make_blocks(std::span<const std::uint64_t> rows) const;
  const Word& node(const std::map<std::uint64_t, Block>& blocks, unsigned depth, std::uint64_t index) const;

  Backend& backend_;
  const Parameters& parameters_;
  TableSpec spec_;
  unsigned log_size_;
  std::vector<Column> coefficients_;
  std::vector<std::vector<Column>> cosets_;
  MerkleTree tree_;
};

}  // namespace asterism::core::stark
