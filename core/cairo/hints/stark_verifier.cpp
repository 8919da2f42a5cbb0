// starkware.cairo.stark_verifier: vector commitments, FRI layers, and the test of the channel.
#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo::hints {

namespace {

void index_bit(Hint& h) { h.set("bit", h.integer("current.index").is_odd() ? 1 : 0); }

void coset_index(Hint& h) {
  const BigInt size = h.integer("params.coset_size");
  if (size.is_zero()) raise("ZeroDivisionError: integer division or modulo by zero");
  h.set_ap(h.integer("queries.index") / size);
}

void channel_send(Hint& h) {
  const BigInt values[] = {BigInt(2), BigInt(3), BigInt(-1)};
  h.write_arg(h.address("unsent_values"), values);
}
void channel_check(Hint& h) {
  const Value values = h.address("values");
  require(h.read(advance(values, 0)) == Value::integer(2));
  require(h.read(advance(values, 1)) == Value::integer(3));
  require(h.read(advance(values, 2)) == Value(Felt::from_i64(-1)));
}

constexpr HintRow kRows[] = {
    {"ids.bit = ids.current.index & 1", index_bit},
    {"nondet ids.queries.index // ids.params.coset_size", coset_index},
    {"segments.write_arg(ids.unsent_values.address_, [2, 3, -1])", channel_send},
    {"assert memory[ids.values.address_ + 0] == 2\n"
     "assert memory[ids.values.address_ + 1] == 3\n"
     "assert memory[ids.values.address_ + 2] == PRIME - 1",
     channel_check},
};

}  // namespace

std::span<const HintRow> stark_verifier_rows() { return kRows; }

}  // namespace asterism::core::cairo::hints
