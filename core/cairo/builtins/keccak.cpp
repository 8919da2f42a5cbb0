#include "core/hash/keccak.hpp"

#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
constexpr std::size_t kBytes = 200 / 8;

// Eight felts of 200 bits, little-endian, are the 1600 bits of a state; the next eight are its permutation.
class KeccakBuiltin : public Builtin {
 public:
  using Builtin::Builtin;

 protected:
  void compute(std::span<const Felt> in, std::span<Felt> out) const override {
    std::array<std::uint8_t, 200> bytes{};
    for (std::size_t i = 0; i < 8; ++i) {
      const U256 value = in[i].to_u256();
      for (std::size_t j = 0; j < kBytes; ++j) {
        bytes[i * kBytes + j] = static_cast<std::uint8_t>(value.limb[j / 8] >> (8 * (j % 8)));
      }
    }
    std::array<std::uint64_t, 25> state{};
    for (std::size_t i = 0; i < 200; ++i) state[i / 8] |= std::uint64_t{bytes[i]} << (8 * (i % 8));
    keccak_f1600(state);
    for (std::size_t i = 0; i < 8; ++i) {
      U256 value;
      for (std::size_t j = 0; j < kBytes; ++j) {
        const std::size_t at = i * kBytes + j;
        const std::uint64_t byte = (state[at / 8] >> (8 * (at % 8))) & 0xff;
        value.limb[j / 8] |= byte << (8 * (j % 8));
      }
      out[i] = Felt::reduce(value);
    }
  }
};
}  // namespace

std::unique_ptr<Builtin> make_keccak(const BuiltinRow& row) { return std::make_unique<KeccakBuiltin>(row); }

}  // namespace asterism::core::cairo
