// The text of an error, as the official runner prints it: error-message attributes, location or pc, the cause, the
// chain of calls, and what the hint raised.
#include <algorithm>
#include <cctype>

#include "core/cairo/runner.hpp"

namespace asterism::core::cairo {

namespace {

constexpr int kMaxTracebackEntries = 20;

bool is_call(const Value& word, const Value& immediate) {
  const Instruction in = decode(word, immediate);
  return in.plain_form != Form::kInvalid && in.opcode == Opcode::kCall && in.res == Res::kOp1 &&
         (in.pc_update == PcUpdate::kJump || in.pc_update == PcUpdate::kJumpRel);
}

// The first line of a place in the source with the span underlined, as compilers show it; nothing when the source has
// no such line.
std::string quote_source(std::string_view source, const SourceLocation& where) {
  for (std::uint32_t line = 1; line < where.start_line; ++line) {
    const std::size_t end = source.find('\n');
    if (end == std::string_view::npos) return {};
    source.remove_prefix(end + 1);
  }
  if (where.start_line == 0 || source.empty()) return {};
  const std::string_view line = source.substr(0, source.find('\n'));
  const std::size_t from = where.start_column;
  const std::size_t to = where.end_line == where.start_line ? where.end_column : line.size() + 1;
  std::string marks(from > 0 ? from - 1 : 0, ' ');
  marks += '^';
  if (to > from + 1) marks += std::string(to - from - 2, '*') + '^';
  return std::string(line) + "\n" + marks;
}

bool is_reference_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  });
}

std::string signed_decimal(const Value& value) {
  if (!value.is_felt()) return to_string(value);
  return as_int(BigInt::from_felt(value.felt())).to_decimal();
}

}  // namespace

std::string Machine::place_text(const SourceLocation& where, std::string_view message) const {
  std::string out = where.file + ":" + std::to_string(where.start_line) + ":" + std::to_string(where.start_column) +
                    ": " + std::string(message);
  const auto known = program_->file_contents.find(where.file);
  if (known != program_->file_contents.end()) return out + "\n" + quote_source(known->second, where);
  if (runner == nullptr || !runner->options().read_source) return out;
  const auto read = runner->options().read_source(where.file);
  return read ? out + "\n" + quote_source(*read, where) : out;
}

const SourceLocation* Machine::location_at(const Value& at, int hint_index) const {
  if (!at.is_real_pointer() || at.segment() != 0) return nullptr;
  const auto found = program_->locations.find(static_cast<std::uint64_t>(at.offset()));
  if (found == program_->locations.end()) return nullptr;
  const auto& hints = found->second.hints;
  const auto index = static_cast<std::size_t>(hint_index);
  return hint_index >= 0 && index < hints.size() && !hints[index].file.empty() ? &hints[index]
                                                                               : &found->second.instruction;
}

// Outermost first: what was expanded, then where the expansion stands.
std::string Machine::expanded_text(const SourceLocation& where, std::string message) const {
  std::string out = place_text(where, message);
  for (const SourceLocation* at = &where; at->parent != nullptr; at = &at->parent->location) {
    out = place_text(at->parent->location, at->parent->message) + "\n" + out;
  }
  return out;
}

// `with_attr error_message("... {x}")` around an address; references that need ap are named, not evaluated.
std::string Machine::error_attributes(const Value& at, const Value& frame) const {
  std::string out;
  if (!at.is_real_pointer() || at.segment() != 0 || at.offset() < 0) return out;
  const auto offset = static_cast<std::uint64_t>(at.offset());
  for (const ErrorScope& scope : program_->error_scopes) {
    if (offset < scope.start_pc || offset >= scope.end_pc) continue;
    std::string text;
    std::string invalid;
    for (std::size_t i = 0; i < scope.message.size(); ++i) {
      const std::size_t close = scope.message[i] == '{' ? scope.message.find('}', i) : std::string::npos;
      const std::string name = close == std::string::npos ? "" : scope.message.substr(i + 1, close - i - 1);
      if (!is_reference_name(name) || !scope.has_flow) {
        text.push_back(scope.message[i]);
        continue;
      }
      bool evaluated = false;
      std::string full_name;
      const Identifier* identifier = program_->search(scope.accessible_scopes, name, full_name);
      const auto index = scope.flow.references.find(full_name);
      if (identifier != nullptr && index != scope.flow.references.end() &&
          index->second < program_->references.size()) {
        try {
          const Expression expression = parse_expression(program_->references[index->second].value);
          const bool is_struct = expression.type.pointers == 0 && !expression.type.is_felt();
          if (!expression.uses_ap() && !is_struct) {
            text += signed_decimal(evaluate(expression, Value(), frame, memory_));
            evaluated = true;
          }
        } catch (const Fault&) {
        }
      }
      if (!evaluated) {
        invalid += (invalid.empty() ? "'" : ", '") + name + "'";
        text += scope.message.substr(i, close - i + 1);
      }
      i = close;
    }
    if (!invalid.empty()) text += " (Cannot evaluate ap-based or complex references: [" + invalid + "])";
    out += "Error message: " + text + "\n";
  }
  return out;
}

std::string Machine::traceback() const {
  std::vector<std::pair<Value, Value>> entries;  // fp, pc of the call; the most recent first
  Value frame = fp;
  for (int i = 0; i < kMaxTracebackEntries; ++i) {
    const Value saved_frame = memory_.get(advance(frame, -2));
    const Value return_pc = memory_.get(advance(frame, -1));
    if (saved_frame == frame || saved_frame.is_empty() || return_pc.is_empty()) break;
    frame = saved_frame;
    const Value before = memory_.get(advance(return_pc, -2));
    const Value last = memory_.get(advance(return_pc, -1));
    if (is_call(last, Value())) {
      entries.emplace_back(frame, advance(return_pc, -1));
    } else if (is_call(before, last)) {
      entries.emplace_back(frame, advance(return_pc, -2));
    } else {
      break;
    }
  }
  std::string out;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    const std::string pc_text = "(pc=" + to_string(entry->second) + ")";
    out += error_attributes(entry->second, entry->first);
    const SourceLocation* where = location_at(entry->second, -1);
    out += (where == nullptr ? "Unknown location " + pc_text : place_text(*where, pc_text)) + "\n";
  }
  return out.empty() ? out : "Cairo traceback (most recent call last):\n" + out;
}

Error Machine::describe(const Fault& fault, bool with_traceback) const {
  Error out{.kind = fault.kind, .message = fault.message};
  if (!fault.notes.empty()) out.message += " " + fault.notes;
  if (pc.is_pointer() && pc.offset() >= 0) {
    out.pc_offset = static_cast<std::uint64_t>(pc.offset());
    out.pc_segment = pc.segment();
  }
  const std::string what = "Error at pc=" + to_string(pc) + ":\n" + fault.message;
  const SourceLocation* where = location_at(pc, fault.hint_index);
  out.report = error_attributes(pc, fp) + (where == nullptr ? what : expanded_text(*where, what));
  out.report += "\n";
  if (with_traceback) {
    try {
      const std::string calls = traceback();
      if (!calls.empty()) out.report += calls + "\n";
    } catch (const Fault&) {  // frames that cannot be read: the report goes without them
    }
  }
  out.report += fault.notes;
  while (!out.report.empty() && out.report.back() == '\n') out.report.pop_back();
  return out;
}

}  // namespace asterism::core::cairo
