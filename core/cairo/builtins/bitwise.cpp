#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
// (x, y, x & y, x ^ y, x | y)
class BitwiseBuiltin : public Builtin {
 public:
  using Builtin::Builtin;

 protected:
  void compute(std::span<const Felt> in, std::span<Felt> out) const override {
    const U256 x = in[0].to_u256();
    const U256 y = in[1].to_u256();
    U256 both, either, differ;
    for (std::size_t i = 0; i < 4; ++i) {
      both.limb[i] = x.limb[i] & y.limb[i];
      differ.limb[i] = x.limb[i] ^ y.limb[i];
      either.limb[i] = x.limb[i] | y.limb[i];
    }
    out[0] = Felt::reduce(both);
    out[1] = Felt::reduce(differ);
    out[2] = Felt::reduce(either);
  }
};
}  // namespace

std::unique_ptr<Builtin> make_bitwise(const BuiltinRow& row) { return std::make_unique<BitwiseBuiltin>(row); }

}  // namespace asterism::core::cairo
