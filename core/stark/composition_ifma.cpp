// compose for AVX-512 IFMA. The components' headers are first included inside the region, so that their templates are
// compiled for it; everything that other files share comes before.
#include <array>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/check.hpp"
#include "core/curve/stark_curve.hpp"
#include "core/felt/felt8.hpp"
#include "core/stark/air/curve_points.hpp"
#include "core/stark/air/evaluation.hpp"
#include "core/stark/composition.hpp"
#include "core/stark/domains.hpp"
#include "core/stark/failure.hpp"
#include "core/stark/public_input.hpp"

#ifdef ASTERISM_HAVE_WIDE
ASTERISM_IFMA_BEGIN
#include "core/stark/air/air.hpp"

namespace asterism::core::stark {
namespace lanes {
namespace {
using ifma::as_factor;
using ifma::Factor;
using ifma::Felt8;
using ifma::product;
using ifma::Products;
using ifma::reduce;
using ifma::Sum8;
#include "core/stark/kernels/composition.inl"
}  // namespace
}  // namespace lanes

void compose_ifma(const CosetTables& tables, std::span<const Felt* const> columns, std::size_t begin, std::size_t end,
                  Felt* out) {
  lanes::compose(tables, columns, begin, end, out);
}

}  // namespace asterism::core::stark
ASTERISM_IFMA_END
#else
namespace asterism::core::stark {
void compose_ifma(const CosetTables& tables, std::span<const Felt* const> columns, std::size_t begin, std::size_t end,
                  Felt* out) {
  compose_portable(tables, columns, begin, end, out);
}
}  // namespace asterism::core::stark
#endif
