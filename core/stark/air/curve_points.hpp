// Constant points of the STARK curve that the builtins' AIRs and traces use.
#pragma once
#include <vector>

#include "core/curve/stark_curve.hpp"

namespace asterism::core::stark {

// Where partial sums start, so that they never meet infinity; the shift of the Pedersen hash.
inline constexpr AffinePoint kShiftPoint{
    Felt::literal("0x49ee3eba8c1600700ee1b87eb599f16716b0b1022947733551fde4050ca6804"),
    Felt::literal("0x3ca0cfe4b3bc6ddf346d49d06ea0ed34e621062c0e056c1d0405d266e10268a"), false};

// The 512 points of the two subset sums of a Pedersen hash: 248 doublings of P1, 4 of P2, the last repeated to 256;
// then P3 and P4.
const std::vector<AffinePoint>& pedersen_points();

// 251 doublings of the generator, the last repeated to 256.
const std::vector<AffinePoint>& generator_points();

}  // namespace asterism::core::stark
