// A compiled Cairo program: words, entry points, hints, and what hints need to find their variables.
//
// Immutable once loaded, so that any number of runs share one (std::shared_ptr<const Program>). Instructions are
// decoded and every hint site is bound to its C++ function, its `ids` resolved, when the program is loaded.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/cairo/expression.hpp"
#include "core/cairo/instruction.hpp"
#include "core/cairo/large_allocator.hpp"

namespace asterism::core::cairo {

class Hint;
using HintFunction = void (*)(Hint&);

struct StructDefinition;
struct StructMember {
  std::string name;
  std::int64_t offset = 0;
  CairoType type;
  const StructDefinition* structure = nullptr;  // of type.base; null for felts and tuples
};
struct StructDefinition {
  std::string name;
  std::int64_t size = 0;
  std::vector<StructMember> members;
  const StructMember* find(std::string_view member) const;
};

struct Identifier {
  enum class Kind : std::uint8_t { kConst, kStruct, kReference, kFunction, kLabel, kAlias, kOther };
  Kind kind = Kind::kOther;
  BigInt value;             // kConst
  std::uint64_t pc = 0;     // kFunction, kLabel
  std::string destination;  // kAlias
  std::string cairo_type;   // kReference
  StructDefinition structure;
};

struct ApTracking {
  std::int64_t group = 0;
  std::int64_t offset = 0;
};
struct Reference {
  std::string value;
  ApTracking ap;
};
struct FlowTracking {
  ApTracking ap;
  std::unordered_map<std::string, std::size_t> references;  // full name to index
};

// What `ids.name` is at one hint site.
struct IdBinding {
  enum class Kind : std::uint8_t { kMissing, kConst, kStruct, kReference, kLabel };
  std::string name;
  Kind kind = Kind::kMissing;
  std::string problem;                          // kMissing: what reading it raises
  BigInt value;                                 // kConst; kLabel: its pc
  const StructDefinition* structure = nullptr;  // kStruct; kReference: of what it is or points to, null for felts
  Expression expression;                        // kReference
};

struct HintSite {
  std::uint64_t pc = 0;
  unsigned index_at_pc = 0;
  std::size_t number = 0;           // over the whole program
  std::string code;                 // as in the program
  std::string scope;                // the function that holds it
  HintFunction function = nullptr;  // null: unknown, fails when reached
  std::int64_t parameter = 0;       // the N of `memory[fp + N] = to_felt_or_relocatable(...)`
  std::vector<IdBinding> ids;
  const IdBinding* find(std::string_view name) const;
};

struct ParentLocation;
struct SourceLocation {
  std::string file;
  std::uint32_t start_line = 0, start_column = 0, end_line = 0, end_column = 0;
  std::shared_ptr<const ParentLocation> parent;  // where what stands here was expanded
};
struct ParentLocation {
  SourceLocation location;
  std::string message;  // "While expanding the reference 'x' in:"
};
struct InstructionLocation {
  SourceLocation instruction;
  std::string scope;  // the function it belongs to
  std::vector<SourceLocation> hints;
};

// `with_attr error_message(...)`.
struct ErrorScope {
  std::string message;
  std::uint64_t start_pc = 0, end_pc = 0;
  std::vector<std::string> accessible_scopes;
  bool has_flow = false;
  FlowTracking flow;
};

// Where a contract class can be called.
struct EntryPoint {
  enum class Kind : std::uint8_t { kExternal, kL1Handler, kConstructor };
  Kind kind = Kind::kExternal;
  Felt selector;
  std::uint64_t offset = 0;
  std::vector<std::string> builtins;  // in the order of its arguments; gas and system follow them
};

class HintRegistry;

class Program {
 public:
  std::vector<Value, LargeAllocator<Value>> data;
  std::vector<Instruction, LargeAllocator<Instruction>>
      code;  // one for each word, and two that stop the machine behind the last
  std::vector<std::string> builtins;
  std::string main_scope = "__main__";
  std::string compiler_version;
  std::vector<HintSite> hints;            // ordered by pc
  std::vector<std::uint32_t> first_hint;  // by pc: index into hints of the first at or after it
  std::unordered_map<std::string, Identifier> identifiers;
  std::vector<std::string> labels;  // functions among them, in the order of the file
  std::vector<Reference> references;
  std::vector<ErrorScope> error_scopes;
  std::map<std::uint64_t, InstructionLocation> locations;
  std::unordered_map<std::string, std::string> file_contents;
  std::vector<EntryPoint> entry_points;  // of a contract class

  // Follows aliases; null when there is none.
  const Identifier* find(std::string_view full_name) const;
  // Searches the scopes from the last, as hints and error messages do; the full name of what was found.
  const Identifier* search(const std::vector<std::string>& scopes, std::string_view name, std::string& full_name) const;
  const StructDefinition* find_struct(std::string_view full_name) const;
  std::optional<std::uint64_t> label(std::string_view name) const;  // within main_scope
  std::span<const HintSite> hints_at(std::uint64_t pc) const;

  // Decodes `data` and indexes `hints`, which must be complete.
  void finish();
};

// Finds every `ids.name` in a hint's text and resolves it for a site with these scopes and this flow.
std::vector<IdBinding> bind_ids(const Program& program, std::string_view code, const std::vector<std::string>& scopes,
                                const FlowTracking& flow);

struct LoadOptions {
  bool allow_unknown_hints = false;
  std::uint64_t max_words = std::uint64_t{1} << 24;
  const HintRegistry* registry = nullptr;  // null: the standard one
};

// A Cairo 0 program as cairo-compile writes it. An unknown hint is kUnknownHint with its text and pc unless allowed.
Expected<std::shared_ptr<const Program>> load_program(std::string_view json, const LoadOptions& options = {});
// A Cairo 1 executable: main is its entry point for bootloaders, __start__ and __end__ are those of its standalone one.
Expected<std::shared_ptr<const Program>> load_executable(std::string_view json, const LoadOptions& options = {});
// A contract class in CASM, with its entry points.
Expected<std::shared_ptr<const Program>> load_contract_class(std::string_view json, const LoadOptions& options = {});
// Whichever of the three it is.
Expected<std::shared_ptr<const Program>> load_any_program(std::string_view json, const LoadOptions& options = {});

}  // namespace asterism::core::cairo
