// The Poseidon hash of Starknet: the Hades permutation of three field elements (8 full rounds, 83 partial ones, cubes).
//
// Round constants are sha256("Hades" + i) mod p, computed at first use together with their compressed form.
#pragma once
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "core/felt/felt.hpp"

namespace asterism::core {

void hades(std::array<Felt, 3>& state);
// Of two: permute (a, b, 2), first word.
Felt poseidon(const Felt& a, const Felt& b);
// Of many: pairs are absorbed, padded with 1 (then 0 if needed); of nothing: one permutation of (1, 0, 0).
Felt poseidon_many(std::span<const Felt> values);
// out[i] = poseidon(in[i].first, in[i].second); the spans have the same length.
void poseidon_batch(std::span<const std::pair<Felt, Felt>> in, std::span<Felt> out);
// out[i] = poseidon_many(in[i]), lists of any lengths; several times the speed of single calls from some eight lists
// on.
void poseidon_many_batch(std::span<const std::span<const Felt>> in, std::span<Felt> out);
// Permutes each state.
void hades_batch(std::span<std::array<Felt, 3>> states);

// poseidon_many in steps, for data that comes in pieces.
class PoseidonHasher {
 public:
  PoseidonHasher& add(const Felt& value);
  PoseidonHasher& add(std::span<const Felt> values) {
    for (const Felt& value : values) add(value);
    return *this;
  }
  Felt finish();  // the hasher starts anew afterwards

 private:
  std::array<Felt, 3> state_{};
  bool odd_ = false;
};

// Lists of any lengths that are hashed together: end() closes one.
class PoseidonLists {
 public:
  PoseidonLists& add(const Felt& value) {
    values_.push_back(value);
    return *this;
  }
  PoseidonLists& add(std::span<const Felt> values) {
    values_.insert(values_.end(), values.begin(), values.end());
    return *this;
  }
  void end() { ends_.push_back(values_.size()); }
  std::vector<Felt> hashes() const;  // poseidon_many of each

 private:
  std::vector<Felt> values_;
  std::vector<std::size_t> ends_;
};

}  // namespace asterism::core
