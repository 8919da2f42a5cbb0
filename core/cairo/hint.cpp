#include "core/cairo/hint.hpp"

#include "core/cairo/runner.hpp"

namespace asterism::core::cairo {

void raise(std::string message) { fail(ErrorKind::kHint, std::move(message)); }

std::int64_t segment_index(const Value& value) {
  if (value.is_felt()) raise("AttributeError: 'int' object has no attribute 'segment_index'");
  return value.any_segment();
}

Value element(const Value& base, const BigInt& offset) {
  if (offset >= BigInt::prime()) fail(ErrorKind::kLimit, "A hint's address is beyond what this machine can hold.");
  return add(base, Value(offset.to_felt()));
}

namespace {
std::pair<std::string_view, std::string_view> split_path(std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return {path, {}};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

BigInt as_integer(const Value& value) {
  if (!value.is_felt()) raise("TypeError: expected an integer, got the relocatable value " + to_string(value));
  return BigInt::from_felt(value.felt());
}
}  // namespace

const IdBinding& Hint::binding(std::string_view name) const {
  const IdBinding* found = site_.find(name);
  if (found == nullptr) raise("MissingIdentifierError: Unknown identifier '" + std::string(name) + "'.");
  if (found->kind == IdBinding::Kind::kMissing) raise(found->problem);
  return *found;
}

Hint::Place Hint::locate_reference(const IdBinding& binding) const {
  Place out;
  out.structure = binding.structure;
  out.pointers = binding.expression.type.pointers;
  if (binding.expression.is_dereference()) {
    out.has_address = true;
    out.address = evaluate_address(binding.expression, ap_, fp_, machine_.memory());
  } else {
    out.value = evaluate(binding.expression, ap_, fp_, machine_.memory());
  }
  return out;
}

Value Hint::load(const Place& place) const {
  return place.has_address ? machine_.memory().read(place.address) : place.value;
}

Hint::Place Hint::locate(IdPath path) const {
  return locate_member(locate_reference(binding(path.name())), path.rest());
}

Hint::Place Hint::locate_member(Place place, std::string_view rest) const {
  std::string_view name;
  while (!rest.empty()) {
    std::tie(name, rest) = split_path(rest);
    if (place.structure == nullptr || place.pointers > 1)
      raise("AttributeError: no member '" + std::string(name) + "'");
    const Value base = place.is_struct() ? place.address : load(place);
    if (place.is_struct() && !place.has_address) raise("AssertionError: the reference has no address");
    const StructMember* member = place.structure->find(name);
    if (member == nullptr) {
      raise("IdentifierError: '" + std::string(name) + "' is not a member of '" + place.structure->name + "'.");
    }
    place = Place{.has_address = true,
                  .address = advance(base, member->offset),
                  .value = {},
                  .structure = member->structure,
                  .pointers = member->type.pointers};
  }
  return place;
}

const StructDefinition& Hint::struct_of(IdPath path) const {
  const IdBinding& bound = binding(path.name());
  const StructDefinition* structure =
      bound.kind == IdBinding::Kind::kReference ? locate(path).structure : bound.structure;
  if (structure == nullptr) raise("AttributeError: '" + std::string(path.text()) + "' is no struct");
  return *structure;
}

Value Hint::value(IdPath path) const {
  const IdBinding& bound = binding(path.name());
  if (bound.kind != IdBinding::Kind::kReference) return Value(integer(path).to_felt());
  // No struct: what the whole reference evaluates to.
  if (path.rest().empty() && (bound.structure == nullptr || bound.expression.type.pointers > 0)) {
    return evaluate(bound.expression, ap_, fp_, machine_.memory());
  }
  const Place place = locate_member(locate_reference(bound), path.rest());
  return place.is_struct() ? place.address : load(place);
}

BigInt Hint::integer(IdPath path) const {
  const std::string_view rest = path.rest();
  if (!rest.empty()) {
    if (const IdBinding* in_namespace = site_.find(path.text())) return in_namespace->value;
  }
  const IdBinding& bound = binding(path.name());
  switch (bound.kind) {
    case IdBinding::Kind::kConst:
    case IdBinding::Kind::kLabel:
      return bound.value;
    case IdBinding::Kind::kStruct: {
      if (rest == "SIZE") return BigInt(bound.structure->size);
      const StructMember* member = bound.structure->find(rest);
      if (member == nullptr) raise("IdentifierError: '" + std::string(rest) + "' is not a member.");
      return BigInt(member->offset);
    }
    default: {
      const Place place = locate_member(locate_reference(bound), rest);
      if (place.is_struct()) raise("TypeError: '" + std::string(path.text()) + "' is a struct");
      return as_integer(load(place));
    }
  }
}

bool Hint::below(IdPath path, const BigInt& bound) const {
  const Value found = value(path);
  return found.is_felt() && BigInt::from_felt(found.felt()) < bound;
}

Felt Hint::felt(IdPath path) const {
  const Value found = value(path);
  if (!found.is_felt()) raise("TypeError: '" + std::string(path.text()) + "' is no integer");
  return found.felt();
}

std::uint64_t Hint::small(IdPath path, std::uint64_t limit) const {
  const BigInt number = integer(path);
  if (!number.fits_u64() || number.low64() >= limit)
    raise("AssertionError: " + std::string(path.text()) + " is out of range");
  return number.low64();
}

Value Hint::address(IdPath path) const {
  const Place place = locate(path);
  return place.is_struct() ? place.address : load(place);
}

Value Hint::cell(IdPath path) const {
  const Place place = locate(path);
  if (!place.has_address)
    raise("AssertionError: '" + std::string(path.text()) + "' does not reference memory and cannot be assigned.");
  return place.address;
}

void Hint::set(IdPath path, const Value& value) { set_memory(cell(path), value); }

BigInt Hint::read_integer(const Value& address) const { return as_integer(read(address)); }

void Hint::set_memory(const Value& address, const Value& value) { machine_.memory().set(address, value); }

void Hint::set_ap(const Value& value) {
  set_memory(site_.parameter < 0 || site_.parameter > INT32_MAX ? ap_ : advance(fp_, site_.parameter), value);
}

void Hint::write_arg(const Value& address, std::span<const BigInt> numbers) {
  std::int64_t index = 0;
  for (const BigInt& number : numbers) {
    machine_.memory().load(advance(address, index++), Value(number.to_felt()));
  }
}

Value Hint::gen_arg(std::span<const Value> values) {
  const Value base = machine_.memory().add_segment();
  std::int64_t index = 0;
  for (const Value& value : values) machine_.memory().load(advance(base, index++), value);
  return base;
}

Runner& Hint::runner() const {
  if (machine_.runner == nullptr) raise("NameError: name 'builtin_runners' is not defined");
  return *machine_.runner;
}

void Hint::erase(std::string_view name) {
  if (!scope_->erase(name)) raise("NameError: name '" + std::string(name) + "' is not defined");
}

const Variable& Hint::raw(std::string_view name) const {
  const Variable* found = scope_->find(name);
  if (found == nullptr) raise("NameError: name '" + std::string(name) + "' is not defined");
  return *found;
}

BigInt Hint::variable(std::string_view name) const {
  const Variable& found = raw(name);
  if (const auto* number = std::get_if<BigInt>(&found)) return *number;
  if (const auto* value = std::get_if<Value>(&found)) return as_integer(*value);
  raise("TypeError: '" + std::string(name) + "' is no integer");
}

Value Hint::pointer_variable(std::string_view name) const {
  const Variable& found = raw(name);
  if (const auto* value = std::get_if<Value>(&found)) return *value;
  if (const auto* number = std::get_if<BigInt>(&found)) return Value(number->to_felt());
  raise("TypeError: '" + std::string(name) + "' is no value");
}

void Hint::write(std::string_view text) {
  constexpr std::size_t kMaxPrinted = std::size_t{1} << 24;
  if (machine_.printed.size() + text.size() > kMaxPrinted) raise("MemoryError: too much is printed");
  machine_.printed.append(text);
}
void Hint::print(std::string_view line) {
  write(line);
  write("\n");
}

void Hint::exit_scope() {
  if (machine_.scopes.depth() <= 1) raise("AssertionError: Cannot exit main scope.");
  left_ = machine_.scopes.exit();
}

BigInt Hint::range_check_bound() const {
  if (runner().find_builtin("range_check") == nullptr) raise("NameError: name 'range_check_builtin' is not defined");
  return BigInt::power_of_two(128);
}

void run_hint(Machine& machine, const HintSite& site) {
  if (site.function == nullptr) {
    fail(ErrorKind::kUnknownHint,
         "Unknown hint at pc=0:" + std::to_string(site.pc) + " in " + site.scope + ":\n" + site.code);
  }
  try {
    Hint hint(machine, site);
    site.function(hint);
  } catch (Fault& fault) {
    if (fault.kind == ErrorKind::kLimit || fault.kind == ErrorKind::kCancelled) throw;
    // Whatever failed inside a hint is the hint's exception.
    fault.notes = fault.message;
    fault.message = "Got an exception while executing a hint.";
    fault.kind = ErrorKind::kHint;
    fault.hint_index = static_cast<int>(site.index_at_pc);
    throw;
  }
}

}  // namespace asterism::core::cairo
