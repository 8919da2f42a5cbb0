#include "core/cairo/bigint.hpp"
#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {

constexpr unsigned kValuesPtr = 4;
constexpr unsigned kOffsetsPtr = 5;
constexpr unsigned kCount = 6;
constexpr std::uint64_t kFarAddress = std::uint64_t{1} << 40;

Value at(const Value& base, std::uint64_t distance) { return advance(base, static_cast<std::int64_t>(distance)); }

std::string describe(const Value& address) { return to_string(address); }

// Four words of 96 bits; nullopt when one is missing.
std::optional<BigInt> read_words(const Memory& memory, const Value& address) {
  BigInt out;
  for (unsigned i = 0; i < ModuloBuiltin::kWords; ++i) {
    const Value word = memory.get(at(address, i));
    if (word.is_empty()) return std::nullopt;
    if (!word.is_felt() || word.felt().to_u256().bit_length() > ModuloBuiltin::kWordBits) {
      fail(ErrorKind::kBuiltin, "Expected integer at address " + describe(at(address, i)) +
                                    " to be smaller than 2^96. Got: " + to_string(word) + ".");
    }
    out = out + (BigInt::from_felt(word.felt()) << (ModuloBuiltin::kWordBits * i));
  }
  return out;
}

void write_words(Memory& memory, const Value& address, BigInt number) {
  const BigInt mask = BigInt::power_of_two(ModuloBuiltin::kWordBits) - BigInt(1);
  for (unsigned i = 0; i < ModuloBuiltin::kWords; ++i) {
    memory.set(at(address, i), Value((number & mask).to_felt()));
    number = number >> ModuloBuiltin::kWordBits;
  }
  if (!number.is_zero()) fail(ErrorKind::kBuiltin, "AssertionError");
}

struct Inputs {
  BigInt p;
  std::array<Felt, ModuloBuiltin::kWords> words;
  Value values_ptr, offsets_ptr;
  std::uint64_t n = 0;
};

std::uint64_t read_count(const Memory& memory, const Value& address, std::string_view name) {
  const Value n = memory.read(address);
  const auto number = n.is_felt() ? n.felt().to_u64() : std::nullopt;
  if (!number || *number == 0) {
    fail(ErrorKind::kBuiltin, std::string(name) + " builtin: Expected n >= 1. Got: " + to_string(n) + ".");
  }
  return *number;
}

Inputs read_instance(const Memory& memory, const Value& address, std::string_view name, bool with_count) {
  Inputs out;
  out.values_ptr = memory.read(at(address, kValuesPtr));
  out.offsets_ptr = memory.read(at(address, kOffsetsPtr));
  for (const Value& pointer : {out.values_ptr, out.offsets_ptr}) {
    if (!pointer.is_pointer()) {
      fail(ErrorKind::kBuiltin, std::string(name) + " builtin: Expected RelocatableValue at address " +
                                    describe(at(address, kValuesPtr)) + ". Got: " + to_string(pointer) + ".");
    }
  }
  if (with_count) out.n = read_count(memory, at(address, kCount), name);
  const auto p = read_words(memory, address);
  if (!p)
    fail(ErrorKind::kBuiltin, std::string(name) + " builtin: Missing value at address " + describe(address) + ".");
  out.p = *p;
  for (unsigned i = 0; i < ModuloBuiltin::kWords; ++i) out.words[i] = memory.read_felt(at(address, i));
  return out;
}

Value operand_address(const Memory& memory, const Inputs& inputs, std::uint64_t operation, unsigned operand) {
  const Value offset = memory.read(at(inputs.offsets_ptr, 3 * operation + operand));
  const auto number = offset.is_felt() ? offset.felt().to_u64() : std::nullopt;
  if (!number || *number > kFarAddress) {
    fail(ErrorKind::kBuiltin, "Expected an offset at address " +
                                  describe(at(inputs.offsets_ptr, 3 * operation + operand)) +
                                  ". Got: " + to_string(offset) + ".");
  }
  return at(inputs.values_ptr, *number);
}

}  // namespace

std::unique_ptr<Builtin> make_add_mod(const BuiltinRow& row) {
  return std::make_unique<ModuloBuiltin>(row, ModuloBuiltin::Operation::kAdd);
}
std::unique_ptr<Builtin> make_mul_mod(const BuiltinRow& row) {
  return std::make_unique<ModuloBuiltin>(row, ModuloBuiltin::Operation::kMul);
}

// One circuit while its values are computed.
class CircuitFiller {
 public:
  enum class Result { kDone, kMissingOperand, kZeroDivisor };
  CircuitFiller(Memory& memory, const ModuloBuiltin::Circuit& circuit, bool with_count)
      : memory_(memory),
        circuit_(circuit),
        add_(circuit.builtin->operation_ == ModuloBuiltin::Operation::kAdd),
        inputs_(read_instance(memory, circuit.pointer, circuit.builtin->name(), with_count)) {}

  Inputs& inputs() { return inputs_; }

  // Computes the one missing value of an operation.
  Result fill_value(std::uint64_t operation) {
    std::array<Value, 3> address;
    std::array<std::optional<BigInt>, 3> value;
    for (unsigned i = 0; i < 3; ++i) address[i] = operand_address(memory_, inputs_, operation, i);
    for (unsigned i = 0; i < 3; ++i) value[i] = read_words(memory_, address[i]);
    const auto& [a, b, c] = value;
    if (a && b && c) return Result::kDone;
    if (a && b) {
      write_words(memory_, address[2], result(*a, *b));
      return Result::kDone;
    }
    if (!c || (!a && !b)) return Result::kMissingOperand;
    BigInt operand;
    const Result outcome = solve(a ? *a : *b, *c, operand);
    write_words(memory_, address[a ? 1 : 0], operand);
    return outcome;
  }
  // Copies the first operation's offsets to operations [from, from + copies).
  void fill_offsets(std::uint64_t from, std::int64_t copies) {
    std::array<Value, 3> first;
    for (unsigned i = 0; i < 3; ++i) first[i] = memory_.read(at(inputs_.offsets_ptr, i));
    for (std::int64_t k = 0; k < copies; ++k) {
      for (unsigned i = 0; i < 3; ++i) {
        memory_.set(at(inputs_.offsets_ptr, 3 * (from + static_cast<std::uint64_t>(k)) + i), first[i]);
      }
    }
  }
  void fill_instances() {
    if (inputs_.n > ModuloBuiltin::kMaxOperations) {
      fail(ErrorKind::kBuiltin, std::string(circuit_.builtin->name()) + " builtin: n must be <= 100000");
    }
    for (std::uint64_t i = 1; i < inputs_.n; ++i) {
      const Value instance = at(circuit_.pointer, i * ModuloBuiltin::kInputs);
      for (unsigned w = 0; w < ModuloBuiltin::kWords; ++w) memory_.set(at(instance, w), inputs_.words[w]);
      memory_.set(at(instance, kValuesPtr), inputs_.values_ptr);
      memory_.set(at(instance, kOffsetsPtr), at(inputs_.offsets_ptr, 3 * i));
      memory_.set(at(instance, kCount), Value::integer(inputs_.n - i));
    }
  }

 private:
  BigInt bound() const {
    return add_ ? BigInt(2) : BigInt::power_of_two(ModuloBuiltin::kWords * ModuloBuiltin::kWordBits);
  }

  BigInt result(const BigInt& a, const BigInt& b) const {
    const BigInt& p = inputs_.p;
    const BigInt raw = add_ ? a + b : a * b;
    const BigInt most = (bound() - BigInt(1)) * p;
    if (raw - most > BigInt::power_of_two(ModuloBuiltin::kWords * ModuloBuiltin::kWordBits) - BigInt(1)) {
      fail(ErrorKind::kBuiltin, std::string(circuit_.builtin->name()) + " builtin: the result is too large for p.");
    }
    return raw < bound() * p ? raw % p : raw - most;
  }

  Result solve(const BigInt& known, const BigInt& res, BigInt& operand) const {
    const BigInt& p = inputs_.p;
    if (add_) {
      if (known > res + p) {
        fail(ErrorKind::kBuiltin, "add_mod builtin: addend greater than sum + p: " + known.to_decimal() + " > " +
                                      res.to_decimal() + " + " + p.to_decimal() + ".");
      }
      operand = known <= res ? res - known : res + p - known;
      return Result::kDone;
    }
    const BigInt divisor = gcd(known, p);
    if (!(divisor == BigInt(1))) {
      operand = p / divisor;
      return Result::kZeroDivisor;
    }
    operand = res * inverse_mod(known, p) % p;
    if (known * operand - res > (bound() - BigInt(1)) * p)
      fail(ErrorKind::kBuiltin, "mul_mod builtin: quotient out of range");
    if (known * operand < res) {
      // Add the multiple of p that makes the product reach res.
      const BigInt step = known * p;
      operand = operand + p * ((res - known * operand + step - BigInt(1)) / step);
    }
    return Result::kDone;
  }

  Memory& memory_;
  const ModuloBuiltin::Circuit& circuit_;
  bool add_;
  Inputs inputs_;
};

void ModuloBuiltin::fill_memory(Memory& memory, Circuit add_mod, Circuit mul_mod) {
  if (add_mod.operations == 0) add_mod.builtin = nullptr;
  if (mul_mod.operations == 0) mul_mod.builtin = nullptr;
  std::optional<CircuitFiller> add;
  std::optional<CircuitFiller> mul;
  for (const Circuit* circuit : {&add_mod, &mul_mod}) {
    if (circuit->builtin != nullptr && circuit->operations > kMaxOperations) {
      fail(ErrorKind::kBuiltin, std::string(circuit->builtin->name()) + " builtin: n must be <= 100000");
    }
  }
  if (add_mod.builtin != nullptr) {
    add.emplace(memory, add_mod, true);
    add->fill_instances();
    add->fill_offsets(add_mod.operations, static_cast<std::int64_t>(add->inputs().n - add_mod.operations));
  }
  if (mul_mod.builtin != nullptr) mul.emplace(memory, mul_mod, false);
  if (!add && !mul) fail(ErrorKind::kBuiltin, "At least one of add_mod and mul_mod must be given.");

  const std::uint64_t adds = add ? add_mod.operations : 0;
  const std::uint64_t muls = mul ? mul_mod.operations : 0;
  std::uint64_t next_add = 0;
  std::uint64_t next_mul = 0;
  std::optional<std::uint64_t> computed;
  while (next_add < adds || next_mul < muls) {
    if (next_add < adds && add->fill_value(next_add) == CircuitFiller::Result::kDone) {
      ++next_add;
      continue;
    }
    const auto outcome = next_mul < muls ? mul->fill_value(next_mul) : CircuitFiller::Result::kMissingOperand;
    if (outcome == CircuitFiller::Result::kMissingOperand) {
      fail(ErrorKind::kBuiltin, "Could not fill the values table, add_mod_index=" + std::to_string(next_add) +
                                    ", mul_mod_index=" + std::to_string(next_mul));
    }
    if (outcome == CircuitFiller::Result::kZeroDivisor && !computed) computed = next_mul;
    ++next_mul;
  }
  if (!mul) return;
  const Value count_at = at(mul_mod.pointer, kCount);
  if (!computed) {
    const Value given = memory.get(count_at);
    computed = given.is_empty() ? muls : given.felt().to_u64().value_or(kMaxOperations + 1);
    if (*computed > kMaxOperations) fail(ErrorKind::kBuiltin, "mul_mod builtin: n must be <= 100000");
    mul->fill_offsets(muls, static_cast<std::int64_t>(*computed) - static_cast<std::int64_t>(muls));
  }
  memory.set(count_at, Value::integer(*computed));
  mul->inputs().n = *computed;
  mul->fill_instances();
}

void ModuloBuiltin::check_security(Memory& memory) {
  Builtin::check_security(memory);
  std::optional<Inputs> previous;
  const auto demand = [&](bool condition, std::uint64_t instance) {
    if (!condition)
      fail(ErrorKind::kSecurity, std::string(name()) + " builtin: inconsistent instance " + std::to_string(instance));
  };
  const std::uint64_t instances = used_instances(memory);
  const BigInt bound = operation_ == Operation::kAdd ? BigInt(2) : BigInt::power_of_two(kWords * kWordBits);
  for (std::uint64_t i = 0; i < instances; ++i) {
    const Inputs inputs = read_instance(memory, cell(i * kInputs), name(), true);
    if (previous && previous->n > 1) {
      demand(inputs.words == previous->words && inputs.values_ptr == previous->values_ptr &&
                 inputs.offsets_ptr == at(previous->offsets_ptr, 3) && inputs.n == previous->n - 1,
             i);
    }
    std::array<BigInt, 3> value;
    for (unsigned k = 0; k < 3; ++k) {
      const auto read = read_words(memory, operand_address(memory, inputs, 0, k));
      demand(read.has_value(), i);
      value[k] = *read;
    }
    const BigInt raw = operation_ == Operation::kAdd ? value[0] + value[1] : value[0] * value[1];
    demand(raw % inputs.p == value[2] % inputs.p, i);
    demand(raw - value[2] < bound * inputs.p && raw >= value[2], i);
    previous = inputs;
  }
  if (previous) demand(previous->n == 1, instances - 1);
}

void ModuloBuiltin::accessed_elsewhere(const Memory& memory, const std::function<void(const Value&)>& f) const {
  const std::uint64_t instances = used_instances(memory);
  for (std::uint64_t i = 0; i < instances; ++i) {
    const Inputs inputs = read_instance(memory, cell(i * kInputs), name(), false);
    for (unsigned k = 0; k < 3; ++k) {
      f(at(inputs.offsets_ptr, k));
      const Value operand = operand_address(memory, inputs, 0, k);
      for (unsigned w = 0; w < kWords; ++w) f(at(operand, w));
    }
  }
}

void ModuloBuiltin::private_input(const Memory& memory, const Relocation& relocation, JsonWriter& out) const {
  out.key(name());
  out.open_object();
  out.key("instances");
  out.open_array();
  const std::uint64_t instances = used_instances(memory);
  for (std::uint64_t i = 0; i < instances; ++i) {
    const Inputs inputs = read_instance(memory, cell(i * kInputs), name(), true);
    out.open_object();
    out.key("index");
    out.number(i);
    for (unsigned w = 0; w < kWords; ++w) write_hex(out, "p" + std::to_string(w), inputs.words[w]);
    out.key("values_ptr");
    out.raw(relocation.relocate(inputs.values_ptr).to_decimal());
    out.key("offsets_ptr");
    out.raw(relocation.relocate(inputs.offsets_ptr).to_decimal());
    out.key("n");
    out.number(inputs.n);
    out.key("batch");
    out.open_array();
    out.open_object();
    for (unsigned k = 0; k < 3; ++k) {
      const std::string letter(1, "abc"[k]);
      out.key(letter + "_offset");
      out.raw(memory.read_felt(at(inputs.offsets_ptr, k)).to_decimal());
      const Value operand = operand_address(memory, inputs, 0, k);
      for (unsigned w = 0; w < kWords; ++w)
        write_hex(out, letter + std::to_string(w), memory.read_felt(at(operand, w)));
    }
    out.close_object();
    out.close_array();
    out.close_object();
  }
  out.close_array();
  out.key("zero_value_address");
  out.number(relocation.base(zero_segment));
  out.close_object();
}

}  // namespace asterism::core::cairo
