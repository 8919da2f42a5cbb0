#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

std::unique_ptr<Builtin> make_gas(const BuiltinRow& row) { return std::make_unique<GasBuiltin>(row); }

// It may have grown: an entry point that ends early gives back part of what its caller paid for the entry.
bool GasBuiltin::accepts(const Memory&, const Value& returned) const {
  return returned.is_felt() && returned.felt().to_u64().has_value();
}

}  // namespace asterism::core::cairo
