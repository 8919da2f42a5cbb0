#include "config/config.hpp"

#include <algorithm>
#include <set>

#include "config/bindings.hpp"

namespace asterism::config {

namespace {

struct Checker {
  const Config& config;
  std::vector<Problem>& out;

  void say(const std::string& key, std::string text) const { out.push_back(problem_at(config, key, std::move(text))); }
  void value(const Binding& binding, const std::string& key) const {
    std::visit([&](const auto& bound) { check(binding, key, bound); }, binding.value);
  }

  void check(const Binding&, const std::string& key, const NumberBinding& bound) const {
    if (*bound.value >= bound.least && *bound.value <= bound.most) return;
    say(key, "is " + std::to_string(*bound.value) + ", must be from " + std::to_string(bound.least) + " to " +
                 std::to_string(bound.most));
  }
  void check(const Binding& binding, const std::string& key, const TextBinding& bound) const {
    if (bound.value->empty()) {
      if (binding.required) say(key, "is missing: " + std::string(binding.help));
      return;
    }
    if (const auto wrong = wrong_form(bound.form, *bound.value); !wrong.empty()) {
      say(key, "\"" + *bound.value + "\" " + wrong);
    }
  }
  void check(const Binding&, const std::string&, const FlagBinding&) const {}
  void check(const Binding& binding, const std::string& key, const ListBinding& bound) const {
    if (bound.value->empty() && binding.required) say(key, "is missing: " + std::string(binding.help));
    std::set<std::string_view> seen;
    for (const auto& entry : *bound.value) {
      if (!seen.insert(entry).second) say(key, "\"" + entry + "\" stands twice");
      if (entry.empty()) say(key, "an entry is empty");
      if (const auto wrong = wrong_form(bound.form, entry); !wrong.empty()) say(key, "\"" + entry + "\" " + wrong);
      const auto names = role_names();
      if (bound.roles && std::ranges::find(names, entry) == names.end()) {
        const auto near = nearest(entry, names);
        say(key,
            "\"" + entry + "\" is no role" + (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?"));
      }
    }
  }
};

bool has_role(const Config& config, std::string_view role) {
  return std::ranges::find(config.roles, role) != config.roles.end();
}

// What must fit together.
void check_whole(const Config& config, const Checker& checker) {
  if (has_role(config, "consensus") && config.keys.consensus.empty()) {
    checker.say("keys.consensus", "is missing: role consensus signs with it");
  }
  if (has_role(config, "worker") && config.keys.attester.empty()) {
    checker.say("keys.attester", "is missing: role worker signs with it");
  }
  if (has_role(config, "worker") && config.roles.size() > (has_role(config, "admin") ? 2U : 1U)) {
    checker.say("roles", "a worker is a process of its own, beside admin only");
  }
  if (has_role(config, "ledger") && config.roles.size() > (has_role(config, "admin") ? 2U : 1U)) {
    checker.say("roles", "the embedded ledger is a process of its own, beside admin only");
  }
  if (config.coordinator.lease_ms < 2 * config.coordinator.heartbeat_ms) {
    checker.say("coordinator.lease_ms", "must be at least twice coordinator.heartbeat_ms");
  }
  if (config.coordinator.backoff_most_ms < config.coordinator.backoff_first_ms) {
    checker.say("coordinator.backoff_most_ms", "is below coordinator.backoff_first_ms");
  }
  std::set<std::string_view> names{config.name}, roles(config.roles.begin(), config.roles.end());
  for (std::size_t i = 0; i < config.siblings.size(); ++i) {
    const Sibling& sibling = config.siblings[i];
    const std::string entry = "siblings[" + std::to_string(i) + "].";
    if (!names.insert(sibling.name).second) checker.say(entry + "name", "\"" + sibling.name + "\" stands twice");
    for (const auto& role : sibling.roles) {
      if (role != "admin" && !roles.insert(role).second) {
        checker.say(entry + "roles", "role \"" + role + "\" runs in more than one process of this validator");
      }
    }
  }
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out += {kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string text_of(const Binding& binding) {
  if (const auto* number = std::get_if<NumberBinding>(&binding.value)) return std::to_string(*number->value);
  if (const auto* text = std::get_if<TextBinding>(&binding.value)) return toml_text(*text->value);
  if (const auto* flag = std::get_if<FlagBinding>(&binding.value)) return *flag->value ? "true" : "false";
  std::string out = "[";
  for (const auto& entry : *std::get<ListBinding>(binding.value).value) {
    if (out.size() > 1) out += ", ";
    out += toml_text(entry);
  }
  return out + "]";
}

void render_line(std::string& out, const Binding& binding, bool explain) {
  out += std::string(binding.key) + " = " + text_of(binding);
  if (explain) out += "  # " + std::string(binding.help);
  out += "\n";
}

}  // namespace

std::string to_string(const Problem& problem) {
  std::string out = problem.file.empty() ? "configuration" : problem.file;
  if (problem.line != 0) out += ":" + std::to_string(problem.line);
  out += ": ";
  if (!problem.key.empty()) out += problem.key + ": ";
  return out + problem.text;
}

Problem problem_at(const Config& config, std::string key, std::string text) {
  auto line = config.lines.find(key);
  if (line == config.lines.end()) line = config.lines.find(key.substr(0, key.find('.')));  // its section
  return {config.file.string(), line == config.lines.end() ? 0 : line->second, std::move(key), std::move(text)};
}

std::vector<Problem> validate(const Config& config) {
  std::vector<Problem> out;
  Config copy = config;  // bindings point into it; nothing is written
  const Checker checker{config, out};
  for (const auto& binding : bindings(copy)) checker.value(binding, binding.full_key());
  const auto check_list = [&](const std::string& name, auto& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      for (const auto& binding : bindings(list[i]))
        checker.value(binding, name + "[" + std::to_string(i) + "]." + std::string(binding.key));
    }
  };
  check_list("siblings", copy.siblings);
  check_list("peers", copy.peers);
  check_whole(config, checker);
  return out;
}

std::vector<Problem> check_files(const Config& config) {
  std::vector<Problem> out;
  const auto need = [&](std::string_view key, const std::string& path) {
    std::error_code ignored;
    if (path.empty() || std::filesystem::is_regular_file(path, ignored)) return;
    out.push_back(problem_at(config, std::string(key), "\"" + path + "\" is no file that can be read"));
  };
  need("genesis", config.genesis);
  for (const std::string& certificate : config.certificates) need("certificates", certificate);
  need("keys.link", config.keys.link);
  need("keys.consensus", config.keys.consensus);
  need("keys.attester", config.keys.attester);
  need("keys.submitter", config.keys.submitter);
  need("keys.operator", config.keys.operator_);
  need("keys.admin", config.keys.admin);
  return out;
}

std::string render(const Config& config, bool explain) {
  Config copy = config;
  std::string out;
  std::string_view section;
  for (const auto& binding : bindings(copy)) {
    if (binding.section != section) {
      section = binding.section;
      out += "\n[" + std::string(section) + "]\n";
    }
    render_line(out, binding, explain);
  }
  for (auto& sibling : copy.siblings) {
    out += "\n[[siblings]]\n";
    for (const auto& binding : bindings(sibling)) render_line(out, binding, explain);
  }
  for (auto& peer : copy.peers) {
    out += "\n[[peers]]\n";
    for (const auto& binding : bindings(peer)) render_line(out, binding, explain);
  }
  return out;
}

}  // namespace asterism::config
