#include "core/cairo/profile.hpp"

#include <algorithm>
#include <map>

namespace asterism::core::cairo {

namespace {

// The functions of a program by their first pc.
class Functions {
 public:
  explicit Functions(const Program& program) {
    for (const auto& [name, identifier] : program.identifiers) {
      if (identifier.kind == Identifier::Kind::kFunction) starts_.emplace(identifier.pc, name);
    }
    if (const auto start = program.label("__start__")) starts_.emplace(*start, "__start__");
  }
  std::string_view at(std::uint64_t pc) const {
    auto next = starts_.upper_bound(pc);
    return next == starts_.begin() ? std::string_view("[program]") : std::string_view(std::prev(next)->second);
  }

 private:
  std::map<std::uint64_t, std::string> starts_;
};

struct Node {
  std::string_view function;
  std::size_t parent = 0;
  std::uint64_t steps = 0;
  std::map<std::string_view, std::size_t> callees;
};

class CallTree {
 public:
  explicit CallTree(const Program& program) : program_(program), functions_(program) {
    nodes_.push_back({"", 0, 0, {}});
  }

  void step(bool in_program, std::uint64_t pc, std::uint64_t count) {
    if (calls_ || current_ == 0) enter(in_program ? functions_.at(pc) : "[dynamic]");
    calls_ = false;
    nodes_[current_].steps += count;
    if (!in_program || pc >= program_.data.size()) return;
    const Opcode opcode = program_.code[pc].opcode;
    calls_ = opcode == Opcode::kCall;
    if (opcode == Opcode::kRet) current_ = nodes_[current_].parent;
  }

  std::string folded() const {
    std::string out;
    for (const Node& node : nodes_) {
      if (node.steps == 0) continue;
      std::string path(node.function);
      for (std::size_t up = node.parent; up != 0; up = nodes_[up].parent) {
        path = std::string(nodes_[up].function) + ";" + path;
      }
      out += path + " " + std::to_string(node.steps) + "\n";
    }
    return out;
  }

 private:
  static constexpr std::size_t kMaxNodes = std::size_t{1} << 20;
  static constexpr unsigned kMaxDepth = 256;

  void enter(std::string_view function) {
    const auto found = nodes_[current_].callees.find(function);
    if (found != nodes_[current_].callees.end()) {
      current_ = found->second;
      return;
    }
    // Recursion beyond any reader's patience stays where it is.
    if (nodes_.size() >= kMaxNodes || depth() >= kMaxDepth) return;
    nodes_.push_back({function, current_, 0, {}});
    nodes_[current_].callees.emplace(function, nodes_.size() - 1);
    current_ = nodes_.size() - 1;
  }
  unsigned depth() const {
    unsigned out = 0;
    for (std::size_t up = current_; up != 0; up = nodes_[up].parent) ++out;
    return out;
  }

  const Program& program_;
  Functions functions_;
  std::vector<Node> nodes_;
  std::size_t current_ = 0;
  bool calls_ = false;
};

}  // namespace

std::string folded_profile(const Runner& runner) {
  CallTree tree(runner.machine().program());
  runner.machine().for_each_piece([&](const TraceEntry* entry, std::size_t count, const Trace::Segments& segments) {
    for (std::size_t i = 0; i < count; ++i) tree.step(segments.pc == 0, entry[i].pc, 1);
  });
  return tree.folded();
}

}  // namespace asterism::core::cairo
