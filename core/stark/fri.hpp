// FRI, as Stone plays it. Layer 0 is a function on <g_E> in bit-reversed order; a fold takes the values at x and -x to
//   f(x) + f(-x) + e*(f(x) - f(-x))/x
// on the squares, not divided by two; several folds of one step use e, e^2, e^4, ... Layers 1 to n-1 are committed as
// tables whose rows are the values that one step folds; of the last one the coefficients are sent.
#pragma once
#include <span>
#include <vector>

#include "core/stark/table.hpp"

namespace asterism::core::stark {

// Folds the 2^step values from `first` on, of a layer of size 2^log_size in bit-reversed order, into one.
Felt fold_row(std::span<const Felt> values, std::uint64_t first, unsigned log_size, const Felt& challenge);

// log2 of the size of layer `layer`.
unsigned fri_layer_log_size(const Parameters& parameters, unsigned log_domain, std::size_t layer);
// The table of layer `layer`, 1 <= layer < number of steps.
TableShape fri_layer_shape(const Parameters& parameters, unsigned log_domain, std::size_t layer);

// Draws the challenge of a step; steps of 0 have none.
template <class Channel>
Felt draw_fri_challenge(Channel& channel, unsigned step) {
  return step == 0 ? Felt() : channel.draw_felt("Evaluation point");
}

// The queries of layer 1, sorted; equal ones are kept.
template <class Channel>
std::vector<std::uint64_t> draw_queries(Channel& channel, const Parameters& parameters, unsigned log_domain);

// The nonce's hash has `bits` leading zeros.
class ProofOfWork {
 public:
  ProofOfWork(HashKind hash, const Word& state, unsigned bits);
  bool fits(std::uint64_t nonce) const;
  // The smallest that fits in [begin, end).
  std::optional<std::uint64_t> search(std::uint64_t begin, std::uint64_t end) const;

 private:
  HashKind hash_;
  Word prefix_;
  unsigned bits_;
};

// Where the rows of layer `layer` lie that the queries touch, and which of their cells the verifier computes.
struct LayerQueries {
  std::vector<std::uint64_t> rows;       // sorted, distinct
  std::vector<std::uint64_t> positions;  // of each query, in the layer
};
LayerQueries layer_queries(const Parameters& parameters, std::span<const std::uint64_t> queries, std::size_t layer);

}  // namespace asterism::core::stark
