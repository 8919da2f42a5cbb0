// From a hint's text to the C++ function that does what the text says.
//
// A row is the exact Python text (trailing blanks of lines aside) and a function; the tables stand in core/cairo/hints,
// one file for each library module. `nondet %{ X %}` is compiled to `memory[ap] = to_felt_or_relocatable(X)` or, for a
// local, `memory[fp + N] = ...`: a row whose text starts with "nondet " matches both, and N reaches the function as the
// site's parameter. A Cairo 1 hint's row is "casm " and its name.
//
// To add a hint:
// - write `void name(Hint& h)` in the file of its module, line for line what the text does (hint.hpp: by which calls);
// - add a row with the text to that file's table, or to its neighbour in hints/texts where texts are long;
// - a new file also gets a line in hints/tables.hpp and hints/tables.cpp.
// `cairo_hint_coverage FOLDER` lists the hints of a library that have no row. A program that embeds the machine can
// pass rows of its own: a registry made by HintRegistry::standard().with(rows), as LoadOptions::registry.
//
// Registries are immutable values; the standard one is shared by all programs.
#pragma once
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/cairo/program.hpp"

namespace asterism::core::cairo {

struct HintRow {
  std::string_view code;
  HintFunction function;
};

class HintRegistry {
 public:
  struct Match {
    HintFunction function;
    std::int64_t parameter;  // -1 for memory[ap]
  };
  explicit HintRegistry(std::initializer_list<std::span<const HintRow>> tables);
  // Every hint of core/cairo/hints.
  static const HintRegistry& standard();
  // This one and more rows; a text that is known already gets the new function.
  HintRegistry with(std::span<const HintRow> rows) const;
  std::optional<Match> find(std::string_view code) const;
  std::size_t size() const { return functions_.size(); }

 private:
  HintRegistry() = default;
  void add(std::span<const HintRow> rows);
  std::unordered_map<std::string, HintFunction> functions_;
};

}  // namespace asterism::core::cairo
