// The list of all keys: where each lives in Config, its range or form, and what it means.
#pragma once
#include <variant>

#include "config/config.hpp"

namespace asterism::config {

enum class Form : std::uint8_t { kText, kAddress, kPath, kLogLevel, kHeadMode, kHexKey };

struct NumberBinding {
  std::uint64_t* value;
  std::uint64_t least, most;
};
struct TextBinding {
  std::string* value;
  Form form;
};
struct FlagBinding {
  bool* value;
};
struct ListBinding {
  std::vector<std::string>* value;
  Form form;
  bool roles = false;
};

struct Binding {
  std::string_view section;  // empty: top level
  std::string_view key;
  std::variant<NumberBinding, TextBinding, FlagBinding, ListBinding> value;
  bool required = false;
  std::string_view help;
  std::string full_key() const {
    return section.empty() ? std::string(key) : std::string(section) + "." + std::string(key);
  }
};

std::vector<Binding> bindings(Config& config);
std::vector<Binding> bindings(Sibling& sibling);
std::vector<Binding> bindings(Peer& peer);

// nullopt when `text` has the form.
std::string wrong_form(Form form, std::string_view text);  // empty when right

// The candidate that is at most a few letters away; empty when there is none.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace asterism::config
