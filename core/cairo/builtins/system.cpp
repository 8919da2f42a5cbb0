#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
// Where a contract writes its system calls and reads the answers: cells without a rule, in as many as each call wants.
class SystemBuiltin : public Builtin {
 public:
  using Builtin::Builtin;
  void check_security(Memory&) override {}
  void private_input(const Memory&, const Relocation&, JsonWriter&) const override {}
};
}  // namespace

std::unique_ptr<Builtin> make_system(const BuiltinRow& row) { return std::make_unique<SystemBuiltin>(row); }

}  // namespace asterism::core::cairo
