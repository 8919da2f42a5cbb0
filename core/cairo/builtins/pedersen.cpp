#include "core/hash/pedersen.hpp"

#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
// (x, y, H(x, y))
class PedersenBuiltin : public Builtin {
 public:
  using Builtin::Builtin;

 protected:
  void compute(std::span<const Felt> in, std::span<Felt> out) const override { out[0] = pedersen(in[0], in[1]); }
  void compute_batch(std::size_t count, std::span<const Felt> in, std::span<Felt> out) const override {
    std::vector<std::pair<Felt, Felt>> pairs;
    pairs.reserve(count);
    for (std::size_t i = 0; i < count; ++i) pairs.emplace_back(in[2 * i], in[2 * i + 1]);
    pedersen_batch(pairs, out);
  }
};
}  // namespace

std::unique_ptr<Builtin> make_pedersen(const BuiltinRow& row) { return std::make_unique<PedersenBuiltin>(row); }

}  // namespace asterism::core::cairo
