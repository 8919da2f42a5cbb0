// The algebraic intermediate representation of a layout for a number of steps: its components in order, and what
// follows from running their constraints once over symbols: mask, names, domains, degrees.
//
// Constraints with the same domain share one factor; the composition polynomial is the sum over these groups of
// (sum of coefficient * constraint) * excluded / included. Immutable after construction and free to share.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/stark/air/bitwise.hpp"
#include "core/stark/air/cpu.hpp"
#include "core/stark/air/diluted.hpp"
#include "core/stark/air/ec_op.hpp"
#include "core/stark/air/ecdsa.hpp"
#include "core/stark/air/keccak.hpp"
#include "core/stark/air/memory.hpp"
#include "core/stark/air/pedersen.hpp"
#include "core/stark/air/poseidon.hpp"
#include "core/stark/air/range_check.hpp"
#include "core/stark/failure.hpp"
#include "core/stark/public_input.hpp"

namespace asterism::core::stark {

struct MaskCell {
  std::uint32_t column = 0;
  std::uint64_t row = 0;  // relative to the current one
  auto operator<=>(const MaskCell&) const = default;
};

struct ConstraintInfo {
  std::string name;
  std::uint32_t group = 0;
  std::uint32_t degree = 0;  // in the columns, periodic ones included
};

class Air {
 public:
  // The layout must fit: see check_public_input.
  Air(const Layout& layout, std::uint64_t n_steps);
  Air(const Air&) = delete;
  Air& operator=(const Air&) = delete;

  const Layout& layout() const { return layout_; }
  std::uint64_t trace_length() const { return rows_.length; }
  unsigned log_trace_length() const;
  const std::vector<MaskCell>& mask() const { return mask_; }
  // The place in mask() of a cell that is in it.
  std::size_t cell_index(const VirtualColumn& cells, std::uint64_t index) const {
    return cell_indices_[column_begin_[cells.column] + cells.row(index)];
  }
  const std::vector<ConstraintInfo>& constraints() const { return constraints_; }
  const std::vector<Domain>& domains() const { return domains_; }  // by group
  const std::vector<PeriodicColumn>& periodic() const { return periodic_; }
  unsigned challenges() const { return diluted_ ? 6 : 3; }

  // Runs every constraint, in order.
  template <class E>
  void evaluate(E& e) const {
    cpu_.constrain(e);
    memory_.constrain(e);
    range_check_.constrain(e);
    if (diluted_) diluted_->constrain(e);
    if (pedersen_) pedersen_->constrain(e);
    if (range_check_builtin_) range_check_builtin_->constrain(e);
    if (ecdsa_) ecdsa_->constrain(e);
    if (bitwise_) bitwise_->constrain(e);
    if (ec_op_) ec_op_->constrain(e);
    if (keccak_) keccak_->constrain(e);
    if (poseidon_) poseidon_->constrain(e);
  }

  // Challenges in the order of drawing; everything else from the public input.
  Globals globals(const PublicInput& input, std::span<const Felt> challenges) const;

 private:
  void index_mask();

  const Layout& layout_;
  Rows rows_;
  std::vector<PeriodicColumn> periodic_;
  Cpu cpu_;
  Memory memory_;
  RangeCheckPool range_check_;
  std::optional<DilutedPool> diluted_;
  std::optional<Pedersen> pedersen_;
  std::optional<RangeCheckBuiltin> range_check_builtin_;
  std::optional<Ecdsa> ecdsa_;
  std::optional<Bitwise> bitwise_;
  std::optional<EcOp> ec_op_;
  std::optional<Keccak> keccak_;
  std::optional<Poseidon> poseidon_;
  std::vector<MaskCell> mask_;
  std::vector<std::uint16_t> cell_indices_;  // by column, then row; only those of cells in the mask mean anything
  std::vector<std::uint64_t> column_begin_;
  std::vector<ConstraintInfo> constraints_;
  std::vector<Domain> domains_;
};

// Whether a trace of `layout` can have this public input: sizes, ranges, segments that follow each other's instances.
// `evm`: what StarkWare's contracts on Ethereum demand besides.
Expected<void> check_public_input(const Layout& layout, const PublicInput& input, bool evm = false);

// The polynomial of degree < size that takes these values at the powers of a root of unity; for short columns.
std::vector<Felt> interpolate_short(std::span<const Felt> values);

// f(z) for f the composition polynomial: from the mask's values at z, and the coefficients alpha^i.
Felt evaluate_composition(const Air& air, const Globals& globals, std::span<const Felt> mask_values, const Felt& z,
                          const Felt& alpha);

}  // namespace asterism::core::stark
