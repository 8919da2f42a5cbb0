// starkware.cairo.common: alloc, memcpy, memset, copy_indices, segments, and scopes in general.
#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

namespace {

void alloc(Hint& h) { h.set_ap(h.memory().add_segment()); }

void exit_scope(Hint& h) { h.exit_scope(); }
void enter_scope(Hint& h) { h.enter_scope({}); }

void enter_with_count(Hint& h, std::string_view id) {
  Scope scope;
  const Value n = h.value(id);
  if (n.is_felt()) {
    scope.set("n", BigInt::from_felt(n.felt()));
  } else {
    scope.set("n", n);
  }
  h.enter_scope(std::move(scope));
}
void memcpy_enter(Hint& h) { enter_with_count(h, "len"); }
void memset_enter(Hint& h) { enter_with_count(h, "n"); }

void count_down(Hint& h, std::string_view flag) {
  const BigInt n = h.variable("n") - BigInt(1);
  h.let("n", n);
  h.set(flag, n > BigInt(0) ? 1 : 0);
}
void memcpy_continue(Hint& h) { count_down(h, "continue_copying"); }
void memset_continue(Hint& h) { count_down(h, "continue_loop"); }

void relocate_segment(Hint& h) { h.memory().add_relocation_rule(h.value("src_ptr"), h.value("dest_ptr")); }

void temporary_array(Hint& h) { h.set("temporary_array", h.memory().add_temporary_segment()); }

constexpr HintRow kRows[] = {
    {"memory[ap] = segments.add()", alloc},
    {"nondet segments.add()", alloc},
    {"vm_exit_scope()", exit_scope},
    {"vm_enter_scope()", enter_scope},
    {"vm_enter_scope({'n': ids.len})", memcpy_enter},
    {"n -= 1\nids.continue_copying = 1 if n > 0 else 0", memcpy_continue},
    {"vm_enter_scope({'n': ids.n})", memset_enter},
    {"n -= 1\nids.continue_loop = 1 if n > 0 else 0", memset_continue},
    {"memory.add_relocation_rule(src_ptr=ids.src_ptr, dest_ptr=ids.dest_ptr)", relocate_segment},
    {"ids.temporary_array = segments.add_temp_segment()", temporary_array},
};

}  // namespace

std::span<const HintRow> memory_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
