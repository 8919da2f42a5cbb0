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
};
}  // namespace

std::unique_ptr<Builtin> make_poseidon(const BuiltinRow& row) { return std::make_unique<PoseidonBuiltin>(row); }

}  // namespace asterism::core::cairo
