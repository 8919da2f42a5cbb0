#include "core/hash/poseidon.hpp"

#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
// (s0, s1, s2, permuted s0, s1, s2)
class PoseidonBuiltin : public Builtin {
 public:
  using Builtin::Builtin;

 protected:
  void compute(std::span<const Felt> in, std::span<Felt> out) const override {
    std::array<Felt, 3> state{in[0], in[1], in[2]};
    hades(state);
    std::copy(state.begin(), state.end(), out.begin());
  }
  void compute_batch(std::size_t count, std::span<const Felt> in, std::span<Felt> out) const override {
    std::vector<std::array<Felt, 3>> states(count);
    for (std::size_t i = 0; i < count; ++i) states[i] = {in[3 * i], in[3 * i + 1], in[3 * i + 2]};
    hades_batch(states);
    for (std::size_t i = 0; i < count; ++i) std::copy(states[i].begin(), states[i].end(), out.begin() + 3 * i);
  }
};
}  // namespace

std::unique_ptr<Builtin> make_poseidon(const BuiltinRow& row) { return std::make_unique<PoseidonBuiltin>(row); }

}  // namespace asterism::core::cairo
