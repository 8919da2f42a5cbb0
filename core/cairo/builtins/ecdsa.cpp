#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
constexpr unsigned kElementBits = 251;
bool in_range(const U256& value) { return !value.is_zero() && value.bit_length() <= kElementBits; }

// The official verification refuses numbers that its circuit has no room for.
bool valid(const Felt& key, const Felt& message, const Signature& signature) {
  const auto s = Scalar::from_u256(signature.s.to_u256());
  if (!s || s->is_zero()) return false;
  if (!in_range(signature.r.to_u256()) || !in_range(s->variable_time_inverse().to_u256())) return false;
  if (message.to_u256().bit_length() > kElementBits) return false;
  return verify(key, message, signature);
}
}  // namespace

std::unique_ptr<Builtin> make_ecdsa(const BuiltinRow& row) { return std::make_unique<EcdsaBuiltin>(row); }

void EcdsaBuiltin::add_signature(const Value& address, const Signature& signature) {
  if (!address.is_pointer() || address.segment() != segment || address.offset() < 0) {
    fail(ErrorKind::kBuiltin,
         "Signature hint must point to the signature builtin segment, not " + to_string(address) + ".");
  }
  if (address.offset() % 2 != 0) {
    fail(ErrorKind::kBuiltin, "Signature hint must point to the public key cell, not " + to_string(address) + ".");
  }
  signatures.insert_or_assign(static_cast<std::uint64_t>(address.offset()), signature);
}

void EcdsaBuiltin::validate(Memory& memory, std::uint64_t offset) {
  const std::uint64_t key_at = offset - offset % 2;
  const Value key = memory.get(segment, key_at);
  const Value message = memory.get(segment, key_at + 1);
  if (key.is_empty() || message.is_empty()) return;
  const auto expect_integer = [&](const Value& value, std::uint64_t at, const std::string& what) {
    if (value.is_felt()) return;
    fail(ErrorKind::kBuiltin, "ECDSA builtin: Expected " + what + " at address " + to_string(cell(at)) +
                                  " to be an integer. Got: " + to_string(value) + ".");
  };
  expect_integer(key, key_at, "public key");
  expect_integer(message, key_at + 1, "message hash");
  const auto signature = signatures.find(key_at);
  if (signature == signatures.end()) {
    fail(ErrorKind::kBuiltin, "Signature hint is missing for ECDSA builtin at address " + to_string(cell(key_at)) +
                                  ". Add it using 'ecdsa_builtin.add_signature'.");
  }
  if (!valid(key.felt(), message.felt(), signature->second)) {
    fail(ErrorKind::kBuiltin, "Signature (" + signature->second.r.to_decimal() + ", " +
                                  signature->second.s.to_decimal() + "), is invalid, with respect to the public key " +
                                  to_string(key) + ", and the message hash " + to_string(message) + ".");
  }
}

void EcdsaBuiltin::private_input(const Memory& memory, const Relocation&, JsonWriter& out) const {
  out.key(name());
  out.open_array();
  for (const auto& [offset, signature] : signatures) {
    out.open_object();
    out.key("index");
    out.number(offset / 2);
    write_hex(out, "pubkey", memory.read_felt(cell(offset)));
    write_hex(out, "msg", memory.read_felt(cell(offset + 1)));
    out.key("signature_input");
    out.open_object();
    write_hex(out, "r", signature.r);
    out.key("w");
    out.text(Scalar::reduce(signature.s).variable_time_inverse().to_u256().to_hex());
    out.close_object();
    out.close_object();
  }
  out.close_array();
}

}  // namespace asterism::core::cairo
