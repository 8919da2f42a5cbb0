#include <concepts>

#include "core/felt/felt8.hpp"
#include "core/stark/air/air.hpp"
#include "core/stark/composition.hpp"
#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace lanes {
namespace {
using portable::as_factor;
using portable::Factor;
using portable::Felt8;
using portable::product;
using portable::Products;
using portable::reduce;
using portable::Sum8;
#include "core/stark/kernels/composition.inl"
}  // namespace
}  // namespace lanes

void compose_portable(const CosetTables& tables, std::span<const Felt* const> columns, std::size_t begin,
                      std::size_t end, Felt* out) {
  lanes::compose(tables, columns, begin, end, out);
}

}  // namespace asterism::core::stark
