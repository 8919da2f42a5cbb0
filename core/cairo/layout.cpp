#include "core/cairo/layout.hpp"

#include <algorithm>
#include <map>

#include "core/cairo/json_reader.hpp"

namespace asterism::core::cairo {

namespace {

using Builtins = std::vector<LayoutBuiltin>;

const std::vector<Layout>& table() {
  static const std::vector<Layout> layouts = {
      {.name = "plain", .rc_units = 16, .public_memory_fraction = 4, .builtins = {}},
      {.name = "small",
       .rc_units = 16,
       .public_memory_fraction = 4,
       .builtins = Builtins{{"output"}, {"pedersen", 8}, {"range_check", 8}, {"ecdsa", 512}}},
      {.name = "dex",
       .rc_units = 4,
       .public_memory_fraction = 4,
       .builtins = Builtins{{"output"}, {"pedersen", 8}, {"range_check", 8}, {"ecdsa", 512}}},
      {.name = "perpetual",
       .rc_units = 4,
       .public_memory_fraction = 4,
       .builtins = Builtins{{"output"}, {"pedersen", 32}, {"range_check", 16}, {"ecdsa", 2048}}},
      {.name = "dex_with_bitwise",
       .rc_units = 4,
       .public_memory_fraction = 4,
       .log_diluted_units_per_step = 1,
       .builtins = Builtins{{"output"}, {"pedersen", 8}, {"range_check", 8}, {"ecdsa", 512}, {"bitwise", 64}}},
      {.name = "recursive",
       .rc_units = 4,
       .public_memory_fraction = 8,
       .log_diluted_units_per_step = 4,
       .builtins = Builtins{{"output"}, {"pedersen", 128}, {"range_check", 8}, {"bitwise", 8}}},
      {.name = "starknet",
       .rc_units = 4,
       .public_memory_fraction = 4,
       .log_diluted_units_per_step = 1,
       .builtins = Builtins{{"output"},
                            {"pedersen", 32},
                            {"range_check", 16},
                            {"ecdsa", 2048},
                            {"bitwise", 64},
                            {"ec_op", 1024},
                            {"poseidon", 32}}},
      {.name = "starknet_with_keccak",
       .rc_units = 4,
       .public_memory_fraction = 4,
       .log_diluted_units_per_step = 4,
       .builtins = Builtins{{"output"},
                            {"pedersen", 32},
                            {"range_check", 16},
                            {"ecdsa", 2048},
                            {"bitwise", 64},
                            {"ec_op", 1024},
                            {"keccak", 2048},
                            {"poseidon", 32}}},
      {.name = "recursive_large_output",
       .rc_units = 4,
       .public_memory_fraction = 8,
       .log_diluted_units_per_step = 4,
       .builtins = Builtins{{"output"}, {"pedersen", 128}, {"range_check", 8}, {"bitwise", 8}, {"poseidon", 8}}},
      {.name = "recursive_with_poseidon",
       .rc_units = 4,
       .public_memory_fraction = 8,
       .log_diluted_units_per_step = 3,
       .builtins = Builtins{{"output"}, {"pedersen", 256}, {"range_check", 16}, {"bitwise", 16}, {"poseidon", 64}}},
      {.name = "all_solidity",
       .rc_units = 8,
       .public_memory_fraction = 8,
       .log_diluted_units_per_step = 4,
       .builtins =
           Builtins{{"output"}, {"pedersen", 8}, {"range_check", 8}, {"ecdsa", 512}, {"bitwise", 256}, {"ec_op", 256}}},
      {.name = "all_cairo",
       .rc_units = 8,
       .public_memory_fraction = 8,
       .log_diluted_units_per_step = 4,
       .builtins = Builtins{{"output"},
                            {"pedersen", 256},
                            {"range_check", 8},
                            {"ecdsa", 2048},
                            {"bitwise", 16},
                            {"ec_op", 1024},
                            {"keccak", 2048},
                            {"poseidon", 256},
                            {"range_check96", 8},
                            {"add_mod", 128},
                            {"mul_mod", 256}}},
  };
  return layouts;
}

constexpr std::string_view kDynamicBuiltins[] = {"pedersen", "range_check", "ecdsa",         "bitwise", "ec_op",
                                                 "keccak",   "poseidon",    "range_check96", "add_mod", "mul_mod"};

Layout read_dynamic(std::string_view text) {
  json::Document document(text, "layout parameters");
  std::map<std::string, std::int64_t, std::less<>> fields;
  json::each_field(document.root(), "layout parameters", [&](std::string_view key, json::value v) {
    std::int64_t number = 0;
    bool flag = false;
    if (v.get_bool().get(flag) == simdjson::SUCCESS) {
      number = flag ? 1 : 0;
    } else {
      number = json::int_of(v, key);
    }
    if (number < -64 || number > (std::int64_t{1} << 32)) json::bad(key);
    fields.emplace(std::string(key), number);
  });
  const auto field = [&](const std::string& name) {
    const auto found = fields.find(name);
    if (found == fields.end()) fail(ErrorKind::kProgram, "The layout parameters lack " + name + ".");
    return found->second;
  };
  const auto natural = [&](const std::string& name) {
    const std::int64_t number = field(name);
    if (number < 0) json::bad(name);
    return static_cast<std::uint64_t>(number);
  };
  Layout out{.name = "dynamic",
             .rc_units = natural("rc_units"),
             .public_memory_fraction = 8,
             .memory_units_per_step = natural("memory_units_per_step"),
             .log_diluted_units_per_step = static_cast<int>(field("log_diluted_units_per_step")),
             .builtins = {LayoutBuiltin{"output"}}};
  for (const std::string_view builtin : kDynamicBuiltins) {
    const std::string name(builtin);
    const bool used = field("uses_" + name + "_builtin") != 0;
    LayoutBuiltin row{.name = builtin, .ratio = natural(name + "_ratio"), .ratio_den = 1};
    if (!used && row.ratio != 0)
      fail(ErrorKind::kProgram, "Layout parameters: " + name + " is unused and has a ratio.");
    if (fields.contains(name + "_ratio_den")) row.ratio_den = natural(name + "_ratio_den");
    if (row.ratio_den == 0) json::bad(name + "_ratio_den");
    out.builtins.push_back(row);
  }
  return out;
}

}  // namespace

bool Layout::has(std::string_view builtin) const {
  return std::any_of(builtins.begin(), builtins.end(), [&](const LayoutBuiltin& b) { return b.name == builtin; });
}

const Layout* find_layout(std::string_view name) {
  for (const Layout& layout : table()) {
    if (layout.name == name) return &layout;
  }
  return nullptr;
}

std::span<const Layout> all_layouts() { return table(); }

Expected<Layout> parse_dynamic_layout(std::string_view json) {
  return guarded([&] { return read_dynamic(json); });
}

}  // namespace asterism::core::cairo
