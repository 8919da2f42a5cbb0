// The builtins that others than the runner know by their own classes: hints, PIEs, entry points. table.cpp lists all.
#pragma once
#include <map>
#include <memory>

#include "core/cairo/builtin.hpp"
#include "core/curve/ecdsa.hpp"

namespace asterism::core::cairo {

// What a program prints; its cells are public memory, in pages.
class OutputBuiltin : public Builtin {
 public:
  using Builtin::Builtin;
  struct Page {
    std::uint64_t start = 0, size = 0;
  };
  void add_page(std::uint64_t id, const Value& start, std::uint64_t size);
  // `json` is kept as it is written to a PIE.
  void add_attribute(std::string name, std::string json) { attributes[std::move(name)] = std::move(json); }
  // The page of each of the first `size` cells; Fault kFinal for pages that overlap or exceed them.
  std::vector<std::uint64_t> page_of_cells(std::uint64_t size) const;

  std::uint64_t allocated_instances(std::uint64_t) const override { return 0; }
  std::uint64_t allocated_size(const Memory& memory, std::uint64_t) const override { return used_cells(memory); }
  std::uint64_t memory_units(std::uint64_t) const override { return 0; }
  bool counts_as_accessed() const override { return false; }
  void check_security(Memory&) override {}
  void private_input(const Memory&, const Relocation&, JsonWriter&) const override {}

  std::map<std::uint64_t, Page> pages;
  std::map<std::string, std::string> attributes;
  std::string raw_attributes;  // of the PIE this run started from, as JSON
};

// Signatures are handed over by hints; a pair (public key, message) is verified when both cells are written.
class EcdsaBuiltin : public Builtin {
 public:
  using Builtin::Builtin;
  void add_signature(const Value& address, const Signature& signature);
  void validate(Memory& memory, std::uint64_t offset) override;
  void private_input(const Memory& memory, const Relocation& relocation, JsonWriter& out) const override;

  std::map<std::uint64_t, Signature> signatures;  // by offset of the public key
};

// add_mod and mul_mod: no rule; the hint of run_mod_p_circuit fills values tables through fill_memory.
class ModuloBuiltin : public Builtin {
 public:
  enum class Operation { kAdd, kMul };
  static constexpr unsigned kWords = 4;
  static constexpr unsigned kWordBits = 96;
  static constexpr unsigned kInputs = 7;
  static constexpr std::uint64_t kMaxOperations = 100000;
  ModuloBuiltin(const BuiltinRow& row, Operation operation) : Builtin(row), operation_(operation) {}

  struct Circuit {
    ModuloBuiltin* builtin = nullptr;
    Value pointer;
    std::uint64_t operations = 0;
  };
  // Completes the values tables of both circuits, further instances and their offsets. Either may lack its builtin.
  static void fill_memory(Memory& memory, Circuit add_mod, Circuit mul_mod);

  void check_security(Memory& memory) override;
  void private_input(const Memory& memory, const Relocation& relocation, JsonWriter& out) const override;
  void accessed_elsewhere(const Memory& memory, const std::function<void(const Value&)>& f) const override;
  std::int64_t zero_segment = -1;

 private:
  friend class CircuitFiller;
  Operation operation_;
};

// The gas counter of an entry point: a number goes in, and what is left comes out. Its segment stays empty.
class GasBuiltin : public Builtin {
 public:
  using Builtin::Builtin;
  Value argument(Memory&) override { return Value::integer(budget); }
  bool accepts(const Memory& memory, const Value& returned) const override;

  std::uint64_t budget = 0;
};

}  // namespace asterism::core::cairo
