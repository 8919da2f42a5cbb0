// The variables of hints: a stack of scopes, each a map from name to value, as the official runner's exec_scopes.
//
// A name is a literal of a hint function (scopes keep views). Entering takes effect at the next hint: the hint that
// enters still sees its own scope.
#pragma once
#include <memory>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/cairo/bigint.hpp"
#include "core/cairo/value.hpp"

namespace asterism::core::cairo {

// Anything a hint keeps that is neither number nor pointer.
struct HintObject {
  explicit HintObject(const void* t) : type(t) {}
  HintObject(const HintObject&) = delete;
  HintObject& operator=(const HintObject&) = delete;
  virtual ~HintObject() = default;
  const void* const type;  // which Boxed this is: cheaper to compare than a dynamic cast
};
template <class T>
struct Boxed : HintObject {
  static constexpr char kType = 0;
  explicit Boxed(T v) : HintObject(&kType), value(std::move(v)) {}
  T value;
};

// monostate: a name that is bound to something no hint looks into (an imported function, None).
using Variable = std::variant<std::monostate, BigInt, Value, std::shared_ptr<HintObject>>;

// The T that the variable holds, or null.
template <class T>
Boxed<T>* boxed_in(const Variable& variable) {
  const auto* pointer = std::get_if<std::shared_ptr<HintObject>>(&variable);
  if (pointer == nullptr || (*pointer)->type != &Boxed<T>::kType) return nullptr;
  return static_cast<Boxed<T>*>(pointer->get());
}

class Scope {
 public:
  Variable* find(std::string_view name) {
    // Names are literals, and the linker merges equal ones: nearly always the same text is the same address.
    for (auto& [key, value] : variables_) {
      if (key.data() == name.data() && key.size() == name.size()) return &value;
    }
    for (auto& [key, value] : variables_) {
      if (key == name) return &value;
    }
    return nullptr;
  }
  void set(std::string_view name, Variable value) {
    if (Variable* found = find(name)) {
      *found = std::move(value);
    } else {
      variables_.emplace_back(name, std::move(value));
    }
  }
  bool erase(std::string_view name) {
    return std::erase_if(variables_, [&](const auto& entry) { return entry.first == name; }) > 0;
  }

 private:
  std::vector<std::pair<std::string_view, Variable>> variables_;
};

class ScopeStack {
 public:
  ScopeStack() { scopes_.emplace_back(std::make_unique<Scope>()); }
  Scope& top() { return *scopes_.back(); }
  Scope& first() { return *scopes_.front(); }
  std::size_t depth() const { return scopes_.size(); }
  void enter(Scope scope) { scopes_.push_back(std::make_unique<Scope>(std::move(scope))); }
  // The scope that was left lives on until the hint that leaves it has ended.
  std::unique_ptr<Scope> exit() {
    auto left = std::move(scopes_.back());
    scopes_.pop_back();
    return left;
  }

 private:
  std::vector<std::unique_ptr<Scope>> scopes_;
};

}  // namespace asterism::core::cairo
