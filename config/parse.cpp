// TOML text -> Config, with a line for every problem. The only file that knows toml++.
#define TOML_EXCEPTIONS 0
// toml++ 3.3 asserts what a text can break (`[*x]`), and with NDEBUG lets the compiler rely on it. Without either its
// own checks, a line further, refuse the text.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "config/bindings.hpp"

namespace asterism::config {

namespace {

constexpr std::uintmax_t kMaxFileBytes = 1 << 20;

class Reader {
 public:
  explicit Reader(Config& config) : config_(config) {}

  void read(const toml::table& root) {
    std::map<std::string_view, std::vector<Binding>> sections;
    for (auto& binding : bindings(config_)) sections[binding.section].push_back(binding);
    std::vector<std::string_view> top{"siblings", "peers"};
    for (const auto& [name, entries] : sections) {
      if (!name.empty()) top.push_back(name);
    }
    for (const auto& binding : sections[""]) top.push_back(binding.key);
    for (const auto& [key, node] : root) {
      const std::string name(key.str());
      config_.lines[name] = node.source().begin.line;
      if (const auto section = sections.find(name); section != sections.end()) {
        read_table(name, node, section->second);
      } else if (name == "siblings") {
        read_list(name, node, config_.siblings);
      } else if (name == "peers") {
        read_list(name, node, config_.peers);
      } else if (!read_known(name, node, sections[""], name)) {
        unknown(key.source().begin.line, name, name, top);
      }
    }
  }

  std::vector<Problem>& problems() { return problems_; }

 private:
  void say(std::uint64_t line, std::string key, std::string text) {
    problems_.push_back({config_.file.string(), line, std::move(key), std::move(text)});
  }

  void unknown(std::uint64_t line, const std::string& full, std::string_view word,
               const std::vector<std::string_view>& known) {
    const auto near = nearest(word, known);
    say(line, full, near.empty() ? "is not known" : "is not known; did you mean \"" + std::string(near) + "\"?");
  }

  void read_table(const std::string& section, const toml::node& node, const std::vector<Binding>& entries) {
    const auto* table = node.as_table();
    if (table == nullptr) return say(node.source().begin.line, section, "must be a table");
    for (const auto& [key, value] : *table) {
      const std::string full = section + "." + std::string(key.str());
      if (read_known(key.str(), value, entries, full)) continue;
      std::vector<std::string_view> known;
      for (const auto& entry : entries) known.push_back(entry.key);
      unknown(key.source().begin.line, full, key.str(), known);
    }
  }

  template <class T>
  void read_list(const std::string& section, const toml::node& node, std::vector<T>& out) {
    const auto* list = node.as_array();
    if (list == nullptr) return say(node.source().begin.line, section, "must be [[" + section + "]] tables");
    out.reserve(list->size());
    for (const auto& entry : *list) {
      const std::string name = section + "[" + std::to_string(out.size()) + "]";
      out.emplace_back();
      read_table(name, entry, bindings(out.back()));
      // A key that is missing there: where its table begins.
      for (const auto& binding : bindings(out.back()))
        config_.lines.try_emplace(name + "." + std::string(binding.key), entry.source().begin.line);
    }
  }

  bool read_known(std::string_view key, const toml::node& node, const std::vector<Binding>& entries,
                  const std::string& full) {
    for (const auto& entry : entries) {
      if (entry.key != key) continue;
      config_.lines[full] = node.source().begin.line;
      std::visit([&](const auto& bound) { assign(node, full, bound); }, entry.value);
      return true;
    }
    return false;
  }

  void assign(const toml::node& node, const std::string& key, const NumberBinding& bound) {
    const auto* number = node.as_integer();
    if (number == nullptr || number->get() < 0) {
      return say(node.source().begin.line, key, "must be a number that is not negative");
    }
    *bound.value = static_cast<std::uint64_t>(number->get());
  }
  void assign(const toml::node& node, const std::string& key, const TextBinding& bound) {
    const auto* text = node.as_string();
    if (text == nullptr) return say(node.source().begin.line, key, "must be text in quotes");
    *bound.value = text->get();
    if (bound.form == Form::kPath && !bound.value->empty()) *bound.value = resolved(*bound.value);
  }
  void assign(const toml::node& node, const std::string& key, const FlagBinding& bound) {
    const auto* flag = node.as_boolean();
    if (flag == nullptr) return say(node.source().begin.line, key, "must be true or false");
    *bound.value = flag->get();
  }
  void assign(const toml::node& node, const std::string& key, const ListBinding& bound) {
    const auto* list = node.as_array();
    if (list == nullptr) return say(node.source().begin.line, key, "must be a list of texts");
    bound.value->clear();
    for (const auto& entry : *list) {
      const auto* text = entry.as_string();
      if (text == nullptr) return say(entry.source().begin.line, key, "must be a list of texts");
      bound.value->push_back(bound.form == Form::kPath ? resolved(text->get()) : text->get());
    }
  }

  // `folder / path` is `path` when that is absolute.
  std::string resolved(const std::string& path) const {
    return (config_.file.parent_path() / path).lexically_normal().string();
  }

  Config& config_;
  std::vector<Problem> problems_;
};

// toml++ 3.3 has undefined behaviour at U+FB26 to U+FEFE outside strings (its mask of non-ASCII white space misses
// them): EF AC A6 to EF BB BE in UTF-8. Refused everywhere; the line of the first.
std::optional<std::uint64_t> line_with_presentation_form(std::string_view text) {
  std::uint64_t line = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++line;
    const std::string_view three = text.substr(i, 3);
    if (three >= "\xEF\xAC\xA6" && three <= "\xEF\xBB\xBE") return line;
  }
  return std::nullopt;
}

}  // namespace

std::expected<Config, std::vector<Problem>> parse(std::string_view text, const std::filesystem::path& file) {
  Config config;
  config.file = file;
  if (const auto line = line_with_presentation_form(text)) {
    return std::unexpected(std::vector{Problem{
        file.string(), *line, "", "has a character between U+FB26 and U+FEFE, which is not taken: write it without"}});
  }
  const toml::parse_result parsed = toml::parse(text, file.string());
  if (!parsed) {
    const auto& error = parsed.error();
    return std::unexpected(std::vector{
        Problem{file.string(), error.source().begin.line, "", "is not TOML: " + std::string(error.description())}});
  }
  Reader reader(config);
  reader.read(parsed.table());
  auto problems = std::move(reader.problems());
  for (auto& later : validate(config)) {
    const bool said = std::ranges::any_of(problems, [&](const Problem& earlier) { return earlier.key == later.key; });
    if (!said) problems.push_back(std::move(later));
  }
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return config;
}

std::expected<Config, std::vector<Problem>> load(const std::filesystem::path& file) {
  const auto failed = [&](std::string text) {
    return std::unexpected(std::vector{Problem{file.string(), 0, "", std::move(text)}});
  };
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return failed("cannot be read: " + error.message());
  if (size > kMaxFileBytes) return failed("is larger than 1 MiB");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return failed("cannot be read");
  return parse(text.str(), file);
}

}  // namespace asterism::config
