#include "core/cairo/hint_registry.hpp"

#include <charconv>

#include "core/cairo/hints/tables.hpp"

namespace asterism::core::cairo {

namespace {
constexpr std::string_view kNondet = "nondet ";
constexpr std::string_view kOpen = "memory[fp + ";
constexpr std::string_view kToApOpen = "memory[ap] = to_felt_or_relocatable(";
constexpr std::string_view kMiddle = "] = to_felt_or_relocatable(";

// Without blanks at line ends and empty lines around.
std::string normalise(std::string_view code) {
  std::string out;
  out.reserve(code.size());
  while (!code.empty()) {
    const std::size_t end = std::min(code.find('\n'), code.size());
    std::string_view line = code.substr(0, end);
    code.remove_prefix(std::min(end + 1, code.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
    if (out.empty() && line.empty()) continue;
    out.append(line);
    out.push_back('\n');
  }
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}
}  // namespace

HintRegistry::HintRegistry(std::initializer_list<std::span<const HintRow>> tables) {
  for (const auto table : tables) add(table);
}

void HintRegistry::add(std::span<const HintRow> rows) {
  for (const HintRow& row : rows) functions_.insert_or_assign(normalise(row.code), row.function);
}

HintRegistry HintRegistry::with(std::span<const HintRow> rows) const {
  HintRegistry out = *this;
  out.add(rows);
  return out;
}

std::optional<HintRegistry::Match> HintRegistry::find(std::string_view code) const {
  const std::string text = normalise(code);
  if (const auto found = functions_.find(text); found != functions_.end()) return Match{found->second, -1};
  std::string_view rest = text;
  std::int64_t parameter = -1;
  if (rest.starts_with(kToApOpen)) {
    rest.remove_prefix(kToApOpen.size());
  } else if (rest.starts_with(kOpen)) {
    rest.remove_prefix(kOpen.size());
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), parameter);
    if (error != std::errc() || parameter < 0) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (!rest.starts_with(kMiddle)) return std::nullopt;
    rest.remove_prefix(kMiddle.size());
  } else {
    return std::nullopt;
  }
  if (!rest.ends_with(')')) return std::nullopt;
  rest.remove_suffix(1);
  const auto found = functions_.find(std::string(kNondet) + std::string(rest));
  if (found == functions_.end()) return std::nullopt;
  return Match{found->second, parameter};
}

const HintRegistry& HintRegistry::standard() {
  static const HintRegistry registry = standard_hints();
  return registry;
}

}  // namespace asterism::core::cairo
