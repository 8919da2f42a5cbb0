#include "core/stark/air/curve_points.hpp"

namespace asterism::core::stark {
namespace {

constexpr std::size_t kRows = 256;

// Constants of the Pedersen hash (the curve's published parameters).
constexpr AffinePoint kP1{Felt::literal("0x234287dcbaffe7f969c748655fca9e58fa8120b6d56eb0c1080d17957ebe47b"),
                          Felt::literal("0x3b056f100f96fb21e889527d41f4e39940135dd7a6c94cc6ed0268ee89e5615"), false};
constexpr AffinePoint kP2{Felt::literal("0x4fa56f376c83db33f9dab2656558f3399099ec1de5e3018b7a6932dba8aa378"),
                          Felt::literal("0x3fa0984c931c9e38113e0c0e47e4401562761f92a7a23b45168f4e80ff5b54d"), false};
constexpr AffinePoint kP3{Felt::literal("0x4ba4cc166be8dec764910f75b45f74b40c690c74709e90f3aa372f0bd2d6997"),
                          Felt::literal("0x40301cf5c1751f4b971e46c4ede85fcac5c59a5ce5ae7c48151f27b24b219c"), false};
constexpr AffinePoint kP4{Felt::literal("0x54302dcb0e6cc1c6e44cca8f61a63bb2ca65048d53fb325d36ff12c49a58202"),
                          Felt::literal("0x1b77b3e37d13504b348046268d8ae25ce98ad783c25561a879dcc77e99c2426"), false};

void append_doublings(std::vector<AffinePoint>& out, AffinePoint point, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(point);
    point = double_point(point);
  }
}

void repeat_last(std::vector<AffinePoint>& out) {
  while (out.size() % kRows != 0) out.push_back(out.back());
}

}  // namespace

const std::vector<AffinePoint>& pedersen_points() {
  static const std::vector<AffinePoint> points = [] {
    std::vector<AffinePoint> out;
    append_doublings(out, kP1, 248);
    append_doublings(out, kP2, 4);
    repeat_last(out);
    append_doublings(out, kP3, 248);
    append_doublings(out, kP4, 4);
    repeat_last(out);
    return out;
  }();
  return points;
}

const std::vector<AffinePoint>& generator_points() {
  static const std::vector<AffinePoint> points = [] {
    std::vector<AffinePoint> out;
    append_doublings(out, kGenerator, 251);
    repeat_last(out);
    return out;
  }();
  return points;
}

}  // namespace asterism::core::stark
