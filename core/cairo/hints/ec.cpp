// starkware.cairo.common: ec, signature, cairo_ec_op.
#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/hints/wide.hpp"
#include "core/cairo/runner.hpp"
#include "core/curve/stark_curve.hpp"
#include "core/hash/sha256.hpp"

namespace asterism::core::cairo::hints {

namespace {

// to_bytes(number): 32 bytes, big-endian.
void append(Bytes& out, const Felt& number) {
  const Word word = number.to_be();
  out.insert(out.end(), word.begin(), word.end());
}

// starkware.python.math_utils.random_ec_point with a seed: tries x = sha256(seed[1:] + i) until one is on the curve;
// the first bit of the seed chooses the sign of y.
void set_random_point(Hint& h, ByteView seed_input) {
  const Word seed = sha256(seed_input);
  for (std::uint64_t i = 0; i < 100; ++i) {
    Bytes input(seed.begin() + 1, seed.end());
    for (unsigned k = 0; k < 10; ++k)
      input.push_back(k < 8 ? static_cast<std::uint8_t>(i >> (8 * k)) : std::uint8_t{0});
    const Felt x = Felt::reduce_be(sha256(input));
    const auto y = y_from_x(x);
    if (!y) continue;
    h.set("s.x", Value(x));
    h.set("s.y", Value((seed[0] & 1) != 0 ? -(*y)[0] : (*y)[0]));
    return;
  }
  raise("Exception: Could not find a point on the curve.");
}

}  // namespace

void ec_random_point(Hint& h) {
  Bytes seed;
  for (const char* id : {"p.x", "p.y", "m", "q.x", "q.y"}) append(seed, h.felt(id));
  set_random_point(h, seed);
}

void ec_chained_random_point(Hint& h) {
  const Value length = h.value("len");
  require(length.is_felt(), [&] { return "Invalid value for len. Got: " + to_string(length) + "."; });
  const BigInt count = h.integer("len");
  h.let("n_elms", count);
  if (h.has("__chained_ec_op_max_len")) {
    const BigInt most = h.variable("__chained_ec_op_max_len");
    require(count <= most, [&] {
      return "chained_ec_op() can only be used with len<=" + most.to_decimal() + ". Got: n_elms=" + count.to_decimal() +
             ".";
    });
  }
  if (!count.fits_u64()) raise("OverflowError: len");
  Bytes seed;
  append(seed, h.felt("p.x"));
  append(seed, h.felt("p.y"));
  const auto append_range = [&](const Value& start, std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i)
      append(seed, h.memory().read_felt(advance(start, static_cast<std::int64_t>(i))));
  };
  append_range(h.value("m"), count.low64());
  append_range(h.address("q"), 2 * count.low64());
  set_random_point(h, seed);
}

void ec_recover_y(Hint& h) {
  const Felt x = h.felt("x");
  h.set("p.x", Value(x));
  const auto y = y_from_x(x);
  if (!y)
    raise("NotOnCurveException: " + x.to_decimal() + " does not represent the x coordinate of a point on the curve.");
  h.set("p.y", Value((*y)[0]));
}

void ecdsa_add_signature(Hint& h) {
  auto* builtin = dynamic_cast<EcdsaBuiltin*>(h.runner().find_builtin("ecdsa"));
  if (builtin == nullptr) raise("NameError: name 'ecdsa_builtin' is not defined");
  builtin->add_signature(h.address("ecdsa_ptr"), Signature{h.felt("signature_r"), h.felt("signature_s")});
}

// --- cairo_ec_op

void ec_op_failed(Hint&) { raise("AssertionError: ec_op failed."); }

void ec_op_unpack_scalar(Hint& h) {
  const BigInt m = h.integer("m");
  const std::uint64_t bits = h.small("M_MAX_BITS", 4096);
  const Value array = h.value("m_bit_unpacking");
  for (std::uint64_t i = 0; i < bits; ++i) {
    h.set_memory(advance(array, static_cast<std::int64_t>(i)), Value::integer(m.bit(static_cast<unsigned>(i)) ? 1 : 0));
  }
}

// --- cairo_ecdsa

void ecdsa_invert_s(Hint& h) {
  const BigInt order = h.integer("StarkCurve.ORDER") + BigInt::prime();
  h.let("order", order);
  h.set("w", inverse_mod(h.integer("signature_s"), order));
  h.set("wz", h.integer("w") * h.integer("message") % order);
  h.set("wr", h.integer("w") * h.integer("signature_r") % order);
}
void ecdsa_split_felt(Hint& h) {
  const BigInt num = h.integer("num");
  h.let("num", num);
  const Value limbs = h.value("res_96_felts");
  for (unsigned i = 0; i < 3; ++i) h.set_memory(advance(limbs, i), Value(((num >> (96 * i)) & mask(96)).to_felt()));
}

// --- builtin_selection

void select_builtins_enter(Hint& h) {
  Scope scope;
  scope.set("n_selected_builtins", h.integer("n_selected_builtins"));
  h.enter_scope(std::move(scope));
}
void select_builtin(Hint& h) {
  const BigInt left = h.variable("n_selected_builtins");
  const bool selected = left > BigInt(0) && h.read(h.value("selected_encodings")) == h.read(h.value("all_encodings"));
  h.set("select_builtin", selected ? 1 : 0);
  if (selected) h.let("n_selected_builtins", left - BigInt(1));
}

// --- modulo circuits

namespace {
ModuloBuiltin* modulo(Hint& h, std::string_view name) {
  auto* builtin = dynamic_cast<ModuloBuiltin*>(h.runner().find_builtin(name));
  if (builtin == nullptr) raise("KeyError: '" + std::string(name) + "_builtin'");
  return builtin;
}
void fill(Hint& h, const BigInt& batch_size) {
  auto* add_mod = modulo(h, "add_mod");
  auto* mul_mod = modulo(h, "mul_mod");
  require(batch_size == BigInt(1));  // of every layout
  const auto count = [&](const char* id) {
    const BigInt n = h.integer(id);
    return n.fits_u64() ? n.low64() : UINT64_MAX;
  };
  ModuloBuiltin::fill_memory(h.memory(), {add_mod, h.address("add_mod_ptr"), count("add_mod_n")},
                             {mul_mod, h.address("mul_mod_ptr"), count("mul_mod_n")});
}
}  // namespace

void modulo_fill(Hint& h) { fill(h, BigInt(1)); }
void modulo_fill_batch(Hint& h) { fill(h, h.integer("BATCH_SIZE")); }

}  // namespace asterism::core::cairo::hints
