#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo {

HintRegistry standard_hints() {
  using namespace hints;
  return HintRegistry{memory_rows(), math_rows()};
}

}  // namespace asterism::core::cairo
