// What a hint function sees: the translation of the names that a hint's Python code can use.
//
// - `ids.a.b`: integer("a.b"), value("a.b"), set("a.b", v); address("a") is that of a struct or of a pointer's target
// - `ids.S.SIZE`: integer("S.SIZE"); integer("S.member") is a member's offset
// - `memory[x]`: memory().read(x), set_memory(x, v), which validates and reduces modulo p
// - `ap`, `fp`: ap(), fp(); `memory[ap] = v` is set_ap(v), which serves `nondet` sites in either form
// - variables: variable("n"), let("n", v), object<T>("keys"), has(), erase(); `vm_enter_scope` is enter_scope(Scope)
// - `assert c, m`: require(c, m)
//
// Every access may raise (Fault kHint), as in Python; the fault names the Python exception first. How to add a hint
// stands in hint_registry.hpp; the hints of Cairo 1 programs are functions of the same kind (casm.cpp).
#pragma once
#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/cairo/bigint.hpp"
#include "core/cairo/machine.hpp"

namespace asterism::core::cairo {

[[noreturn]] void raise(std::string message);  // "AssertionError: ..."
inline void require(bool condition) {
  if (!condition) raise("AssertionError");
}
// The message is a text or, where it is composed, a function that makes it.
template <class Message>
void require(bool condition, Message&& message) {
  if (condition) return;
  if constexpr (std::is_invocable_v<Message>) {
    raise("AssertionError: " + std::string(message()));
  } else {
    raise("AssertionError: " + std::string(message));
  }
}

// value.segment_index
std::int64_t segment_index(const Value& value);
// base + offset where Python computes the offset without a modulus: beyond p it would be a cell that no instruction
// reaches, which this machine has not (Fault kLimit).
Value element(const Value& base, const BigInt& offset);

// `ids.name.member`: cut where it is written, so that the compiler does that with literals.
class IdPath {
 public:
  IdPath(const char* text) : IdPath(std::string_view(text)) {}
  IdPath(const std::string& text) : IdPath(std::string_view(text)) {}
  IdPath(std::string_view text)
      : text_(text.data()),
        size_(static_cast<std::uint32_t>(text.size())),
        name_(static_cast<std::uint32_t>(std::min(text.find('.'), text.size()))) {}
  std::string_view text() const { return {text_, size_}; }
  std::string_view name() const { return {text_, name_}; }                                               // of the id
  std::string_view rest() const { return name_ == size_ ? "" : text().substr(name_ + std::size_t{1}); }  // its members

 private:
  const char* text_;
  std::uint32_t size_;
  std::uint32_t name_;
};

class Hint {
 public:
  Hint(Machine& machine, const HintSite& site)
      : machine_(machine), site_(site), scope_(&machine.scopes.top()), ap_(machine.ap), fp_(machine.fp) {}
  std::string_view code() const { return site_.code; }

  // --- ids
  Value value(IdPath path) const;
  BigInt integer(IdPath path) const;                   // TypeError when it is a pointer
  bool below(IdPath path, const BigInt& bound) const;  // `ids.x < bound`: no pointer is, nor does Python mind
  Felt felt(IdPath path) const;
  std::uint64_t small(IdPath path, std::uint64_t limit) const;  // AssertionError at or above the limit
  Value address(IdPath path) const;
  Value cell(IdPath path) const;  // where the id itself stands; AssertionError when it has no cell
  void set(IdPath path, const Value& value);
  void set(IdPath path, const BigInt& number) { set(path, Value(number.to_felt())); }
  void set(IdPath path, int number) { set(path, BigInt(number)); }
  const StructDefinition& struct_of(IdPath path) const;

  // --- memory
  Memory& memory() { return machine_.memory(); }
  Value read(const Value& address) const { return machine_.memory().read(address); }
  BigInt read_integer(const Value& address) const;
  void set_memory(const Value& address, const Value& value);
  void set_ap(const Value& value);
  void set_ap(const BigInt& number) { set_ap(Value(number.to_felt())); }
  void set_ap(bool condition) { set_ap(Value::integer(condition ? 1 : 0)); }
  // segments.write_arg(address, numbers): unvalidated.
  void write_arg(const Value& address, std::span<const BigInt> numbers);
  Value gen_arg(std::span<const Value> values);  // into a new segment

  // --- registers and environment
  const Value& ap() const { return ap_; }
  const Value& fp() const { return fp_; }
  Machine& machine() { return machine_; }
  Runner& runner() const;
  HintHost* host() const { return machine_.host; }

  // --- variables
  bool has(std::string_view name) const { return scope_->find(name) != nullptr; }
  void erase(std::string_view name);
  BigInt variable(std::string_view name) const;  // NameError, TypeError
  Value pointer_variable(std::string_view name) const;
  void let(std::string_view name, const BigInt& number) { scope_->set(name, number); }
  void let(std::string_view name, const Value& value) { scope_->set(name, value); }
  void define(std::string_view name) { scope_->set(name, std::monostate{}); }
  const Variable& raw(std::string_view name) const;  // NameError
  void let_raw(std::string_view name, Variable variable) { scope_->set(name, std::move(variable)); }
  template <class T>
  T& object(std::string_view name) const {
    Boxed<T>* boxed = boxed_in<T>(raw(name));
    if (boxed == nullptr) raise("TypeError: '" + std::string(name) + "' is of another type");
    return boxed->value;
  }
  template <class T>
  void let_object(std::string_view name, T value) {
    Variable* found = scope_->find(name);
    Boxed<T>* boxed = found != nullptr ? boxed_in<T>(*found) : nullptr;
    if (boxed != nullptr && std::get<std::shared_ptr<HintObject>>(*found).use_count() == 1) {
      boxed->value = std::move(value);  // nobody else holds the old one
      return;
    }
    scope_->set(name, std::shared_ptr<HintObject>(std::make_shared<Boxed<T>>(std::move(value))));
  }
  // print(...): collected for whoever runs the machine. `write` adds no end of line.
  void print(std::string_view line);
  void write(std::string_view text);
  void enter_scope(Scope scope) { machine_.scopes.enter(std::move(scope)); }
  void exit_scope();

  // The range-check builtin's bound; AttributeError when the run has none.
  BigInt range_check_bound() const;

 private:
  // Where a path leads: a cell, or a value that has no cell.
  struct Place {
    bool has_address = false;
    Value address;
    Value value;
    const StructDefinition* structure = nullptr;  // of what is there (pointers == 0) or of what it points to
    unsigned pointers = 0;
    bool is_struct() const { return structure != nullptr && pointers == 0; }
  };
  Place locate(IdPath path) const;
  Place locate_member(Place place, std::string_view rest) const;  // `rest`: names after the first dot
  Place locate_reference(const IdBinding& binding) const;
  Value load(const Place& place) const;
  const IdBinding& binding(std::string_view name) const;

  Machine& machine_;
  const HintSite& site_;
  Scope* scope_;
  std::unique_ptr<Scope> left_;
  Value ap_;
  Value fp_;
};

void run_hint(Machine& machine, const HintSite& site);

}  // namespace asterism::core::cairo
