#include "core/cairo/builtins/builtins.hpp"
#include "core/curve/stark_curve.hpp"

namespace asterism::core::cairo {

namespace {
constexpr std::size_t kHeight = 256;

// (P, Q, m, P + mQ), by double and add as the circuit does it: whenever the partial sum and the doubled point share an
// x, at zero bits too, there is no result.
class EcOpBuiltin : public Builtin {
 public:
  using Builtin::Builtin;

 protected:
  void compute(std::span<const Felt> in, std::span<Felt> out) const override {
    const AffinePoint p{in[0], in[1], false};
    const AffinePoint q{in[2], in[3], false};
    for (const AffinePoint& point : {p, q}) {
      if (!on_curve(point)) {
        fail(ErrorKind::kBuiltin,
             "ec_op builtin: point (" + point.x.to_decimal() + ", " + point.y.to_decimal() + ") is not on the curve.");
      }
    }
    const std::array<AffinePoint, kHeight>& doublings = doublings_of(q);
    const U256 m = in[4].to_u256();
    JacobianPoint sum = to_jacobian(p);
    Felt z_squared = Felt::one();
    for (unsigned i = 0; i < kHeight; ++i) {
      const AffinePoint& doubled = doublings[i];
      if (doubled.infinity || doubled.x * z_squared == sum.x) fail_same_x(in);
      if (!m.bit(i)) continue;
      sum = add(sum, doubled);
      z_squared = sum.z.square();
    }
    const AffinePoint result = to_affine(sum);
    out[0] = result.x;
    out[1] = result.y;
  }
  void check_inputs(std::span<const Felt> in) const override {
    std::array<Felt, 2> ignored;
    compute(in, ignored);
  }

 private:
  [[noreturn]] static void fail_same_x(std::span<const Felt> in) {
    fail(ErrorKind::kBuiltin,
         "Cannot apply EC operation: computation reached two points with the same x coordinate.\n"
         "Attempting to compute P + m * Q where:\nP = (" +
             in[0].to_decimal() + ", " + in[1].to_decimal() + ")\nm = " + in[4].to_decimal() + "\nQ = (" +
             in[2].to_decimal() + ", " + in[3].to_decimal() + ").");
  }
  // Q, 2Q, 4Q, ...; programs use the same Q many times.
  const std::array<AffinePoint, kHeight>& doublings_of(const AffinePoint& q) const {
    if (!(doublings_[0] == q)) {
      std::array<JacobianPoint, kHeight> points;
      points[0] = to_jacobian(q);
      for (std::size_t i = 1; i < kHeight; ++i) points[i] = double_point(points[i - 1]);
      batch_to_affine(points, doublings_);
    }
    return doublings_;
  }
  mutable std::array<AffinePoint, kHeight> doublings_{};
};
}  // namespace

std::unique_ptr<Builtin> make_ec_op(const BuiltinRow& row) { return std::make_unique<EcOpBuiltin>(row); }

}  // namespace asterism::core::cairo
