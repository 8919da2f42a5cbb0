// Which hints of a Cairo library this machine does not know: `cairo_hint_coverage FOLDER...` reads every .cairo file
// below the folders (a checkout of cairo-lang, say its src/starkware/cairo/common), takes each %{ hint %} as the
// compiler does and asks the registry. Prints what is missing with its place; exit code 1 if anything is.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "core/cairo/hint_registry.hpp"

namespace {

using asterism::core::cairo::HintRegistry;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The block without the indentation that all its lines share.
std::string dedent(std::string_view block) {
  std::vector<std::string> lines = lines_of(block);
  std::size_t indent = std::string::npos;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t first = lines[i].find_first_not_of(' ');
    if (first != std::string::npos) indent = std::min(indent, first);
  }
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t first = lines[i].find_first_not_of(' ');
    if (i == 0 && first != std::string::npos) lines[i].erase(0, first);
    if (i > 0 && indent != std::string::npos) lines[i].erase(0, std::min(indent, lines[i].size()));
    out += (i == 0 ? "" : "\n") + lines[i];
  }
  const auto from = out.find_first_not_of(" \n");
  const auto to = out.find_last_not_of(" \n");
  return from == std::string::npos ? "" : out.substr(from, to - from + 1);
}

bool is_nondet(std::string_view before) {
  while (!before.empty() && std::isspace(static_cast<unsigned char>(before.back()))) before.remove_suffix(1);
  return before.ends_with("nondet");
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::set<std::string> known;
  std::set<std::string> missing;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : fs::recursive_directory_iterator(argv[i])) {
      if (entry.path().extension() != ".cairo") continue;
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      for (std::size_t at = text.find("%{"); at != std::string::npos; at = text.find("%{", at + 2)) {
        const std::size_t end = text.find("%}", at);
        if (end == std::string::npos) break;
        std::string code = dedent(std::string_view(text).substr(at + 2, end - at - 2));
        if (is_nondet(std::string_view(text).substr(0, at))) {
          code = "memory[ap] = to_felt_or_relocatable(" + code + ")";
        }
        if (HintRegistry::standard().find(code)) {
          known.insert(code);
        } else if (missing.insert(code).second) {
          const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
          std::printf("%s:%td:\n%s\n\n", entry.path().c_str(), line, code.c_str());
        }
      }
    }
  }
  std::printf("%zu texts known, %zu missing\n", known.size(), missing.size());
  return missing.empty() ? 0 : 1;
}
