#include "core/stark/air/curve_points.hpp"
#include "core/stark/trace/components.hpp"
#include "core/stark/trace/curve_chain.hpp"

namespace asterism::core::stark {
namespace {

// Private key 1 and message 1.
const std::array<Felt, 4> kUnused{kGenerator.x, Felt::one(),
                                  Felt::literal("0x54f11b9fba6e795cff2db76d6d19eabcafb33c8a52db44e1af37c7f4aad1650"),
                                  Felt::literal("0x3e1ef1b6a4351f2ac3bfa01c63fce9fa1bc5a0bf1813ff12f22d1639829d132")};

struct SignatureRows {
  DoublingRows key, sum;  // of Q and of B = zG + rQ
  SubsetSumRows generator, by_r, by_w;
};

// The public key is an x; of the two points the one that verifies is meant.
std::optional<SignatureRows> signature_rows(const std::array<Felt, 4>& input) {
  const auto ys = y_from_x(input[0]);
  if (!ys) return std::nullopt;
  const U256 z = input[1].to_u256(), r = input[2].to_u256(), w = input[3].to_u256();
  for (const Felt& y : *ys) {
    const AffinePoint key{input[0], y, false};
    const AffinePoint sum = add(multiply(kGenerator, z), multiply(key, r));
    const AffinePoint product = multiply(sum, w);
    if (product.infinity || product.x != input[2]) continue;
    SignatureRows out;
    out.key = doublings(key);
    out.sum = doublings(sum);
    out.generator = subset_sum(negate(kShiftPoint), generator_points(), z);
    out.by_r = subset_sum(kShiftPoint, out.key.points, r);
    out.by_w = subset_sum(kShiftPoint, out.sum.points, w);
    return out;
  }
  return std::nullopt;
}

struct EcdsaCells {
  explicit EcdsaCells(const Layout& layout)
      : pubkey(layout.memory_at("ecdsa/pubkey")),
        message(layout.memory_at("ecdsa/message")),
        key{layout.at("ecdsa/signature0/key_points/x"), layout.at("ecdsa/signature0/key_points/y"),
            layout.at("ecdsa/signature0/doubling_slope")},
        generator(layout, "ecdsa/signature0/exponentiate_generator/"),
        exponent(layout, "ecdsa/signature0/exponentiate_key/"),
        add_slope(layout.at("ecdsa/signature0/add_results_slope")),
        add_inv(layout.at("ecdsa/signature0/add_results_inv")),
        extract_slope(layout.at("ecdsa/signature0/extract_r_slope")),
        extract_inv(layout.at("ecdsa/signature0/extract_r_inv")),
        z_inv(layout.at("ecdsa/signature0/z_inv")),
        r_w_inv(layout.at("ecdsa/signature0/r_w_inv")),
        q_x_squared(layout.at("ecdsa/signature0/q_x_squared")) {}
  MemoryCells pubkey, message;
  DoublingCells key;
  SubsetSumCells generator, exponent;
  VirtualColumn add_slope, add_inv, extract_slope, extract_inv, z_inv, r_w_inv, q_x_squared;

  void write(Trace& trace, std::uint64_t i, const std::array<Felt, 4>& input, const SignatureRows& rows) const {
    key.write(trace, 2 * i, rows.key);
    key.write(trace, 2 * i + 1, rows.sum);
    generator.write(trace, i, rows.generator);
    exponent.write(trace, 2 * i, rows.by_r);
    exponent.write(trace, 2 * i + 1, rows.by_w);
    const AffinePoint& a = rows.generator.sums.back();
    const AffinePoint& b = rows.by_r.sums.back();
    const AffinePoint& c = rows.by_w.sums.back();
    Column inverses{a.x - b.x, c.x - kShiftPoint.x, input[1], input[2], input[3]};
    batch_inverse(inverses);
    trace.set(add_slope, i, (a.y - b.y) * inverses[0]);
    trace.set(add_inv, i, inverses[0]);
    trace.set(extract_slope, i, (c.y + kShiftPoint.y) * inverses[1]);
    trace.set(extract_inv, i, inverses[1]);
    trace.set(z_inv, i, inverses[2]);
    trace.set(r_w_inv, 2 * i, inverses[3]);
    trace.set(r_w_inv, 2 * i + 1, inverses[4]);
    trace.set(q_x_squared, i, input[0].square());
  }
};

}  // namespace

Expected<void> write_ecdsa(Trace& trace, std::uint64_t begin, std::span<const Instance<4>> inputs) {
  const EcdsaCells cells(trace.layout());
  const auto unused_rows = signature_rows(kUnused);
  const std::uint64_t count = trace.rows() / trace.layout().instance_rows("ecdsa");
  return for_each_instance(count, inputs, kUnused, [&](std::uint64_t i, const auto& input) -> Expected<void> {
    const auto own = &input == &kUnused ? std::nullopt : signature_rows(input);
    if (&input != &kUnused && !own)
      return fail(Error::bad_trace, "signature " + std::to_string(i) + " does not verify");
    cells.write(trace, i, input, own ? *own : *unused_rows);
    trace.set_memory(cells.pubkey, i, begin + 2 * i, input[0]);
    trace.set_memory(cells.message, i, begin + 2 * i + 1, input[1]);
    return {};
  });
}

}  // namespace asterism::core::stark
