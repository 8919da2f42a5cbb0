#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo {

HintRegistry standard_hints() {
  using namespace hints;
  return HintRegistry{memory_rows(),  math_rows(),           dict_rows(),        search_rows(),  uint256_rows(),
                      uint384_rows(), secp_rows(),           secp_points_rows(), hashes_rows(),  ec_rows(),
                      merkle_rows(),  stark_verifier_rows(), casm_rows(),        programs_rows()};
}

}  // namespace asterism::core::cairo
