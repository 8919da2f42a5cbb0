// The steps of a proof that take its time, as one interface, so that other hardware can take them: the prover calls it
// and nothing else for them. CpuBackend is the one in use; the tests' ReferenceBackend follows the definitions
// literally.
//
// Every column is in the host's memory and belongs to the caller; whether a back-end keeps copies elsewhere between
// calls is its own affair. Results are exact: two back-ends make the same bytes. Calls come from one thread, one at a
// time.
#pragma once
#include <array>
#include <atomic>
#include <optional>
#include <span>
#include <vector>

#include "core/stark/column.hpp"
#include "core/stark/composition.hpp"
#include "core/stark/deep.hpp"
#include "core/stark/fri.hpp"
#include "core/stark/low_layers.hpp"
#include "core/stark/sampling.hpp"
#include "core/stark/thread_pool.hpp"

namespace asterism::core::stark {

// Lanes read eight felts from any row: a column's first rows follow its last.
inline constexpr std::size_t kColumnPadding = 8;

class Backend {
 public:
  virtual ~Backend() = default;

  // Threads of the host, for what is too small to be a step.
  virtual ThreadPool& pool() = 0;

  // Values on offset*<g> become coefficients in bit-reversed order.
  virtual void interpolate(std::span<Column> columns, const Felt& offset) = 0;
  // The inverse, and kColumnPadding; room that `out` has is used again.
  virtual void evaluate(std::span<const Column> coefficients, const Felt& offset, std::vector<Column>& out) = 0;
  virtual Layer hash_rows(const Parameters& parameters, const CosetRows& rows) = 0;
  // The composition polynomial on a coset.
  virtual Column compose(const CompositionInput& input) = 0;
  // h0 and h1 on first^2*<g> with f(x) = h0(x^2) + x*h1(x^2), from f on first*<g> and on first*g'*<g>, g' the root of
  // g.
  virtual std::vector<Column> break_in_halves(std::array<Column, 2> f, const Felt& first) = 0;
  virtual std::vector<Felt> sample(const SamplingInput& input) = 0;
  // Adds a part of the DEEP function.
  virtual void add_deep(const DeepInput& input, Column& out) = 0;
  // One fold of FRI, of coefficients in bit-reversed order: twice (even + challenge * odd).
  virtual void fold(Column& coefficients, const Felt& challenge) = 0;
  // The smallest nonce; nullopt when cancelled.
  virtual std::optional<std::uint64_t> grind(const ProofOfWork& work, const std::atomic<bool>* cancel) = 0;
};

}  // namespace asterism::core::stark
