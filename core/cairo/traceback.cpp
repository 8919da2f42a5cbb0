// The text of an error, as the official runner prints it: error-message attributes, location or pc, the cause, the
// chain of calls, and what the hint raised.
#include <cctype>

#include "core/cairo/machine.hpp"

namespace asterism::core::cairo {

namespace {

constexpr int kMaxTracebackEntries = 20;

bool is_call(const Value& word, const Value& immediate) {
  const Instruction in = decode(word, immediate);
  return in.plain_form != Form::kInvalid && in.opcode == Opcode::kCall;
}

// The lines of the source with the span underlined, as compilers show them.
std::string quote_source(const Program& program, const SourceLocation& where) {
  const auto found = program.file_contents.find(where.file);
  if (found == program.file_contents.end() || where.start_line == 0) return {};
  std::string_view text = found->second;
  for (std::uint32_t line = 1; line < where.start_line; ++line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  const std::string_view line = text.substr(0, text.find('\n'));
  const std::uint32_t from = where.start_column > 0 ? where.start_column - 1 : 0;
  const std::uint32_t to = where.end_line == where.start_line && where.end_column > where.start_column
                               ? where.end_column - 1
                               : static_cast<std::uint32_t>(line.size());
  std::string marks(from, ' ');
  if (to > from + 1) {
    marks += '^' + std::string(to - from - 2, '*') + '^';
  } else {
    marks += '^';
  }
  return std::string(line) + "\n" + marks;
}

std::string signed_decimal(const Value& value) {
  if (!value.is_felt()) return to_string(value);
  return as_int(BigInt::from_felt(value.felt())).to_decimal();
}

}  // namespace

std::string Machine::location_text(const Value& at, std::string_view message, int hint_index) const {
  if (!at.is_real_pointer() || at.segment() != 0) return {};
  const auto found = program_->locations.find(static_cast<std::uint64_t>(at.offset()));
  if (found == program_->locations.end()) return {};
  const SourceLocation* where = &found->second.instruction;
  if (hint_index >= 0 && static_cast<std::size_t>(hint_index) < found->second.hints.size() &&
      !found->second.hints[static_cast<std::size_t>(hint_index)].file.empty()) {
    where = &found->second.hints[static_cast<std::size_t>(hint_index)];
  }
  std::string out = where->file + ":" + std::to_string(where->start_line) + ":" + std::to_string(where->start_column) +
                    ": " + std::string(message);
  const std::string source = quote_source(*program_, *where);
  if (!source.empty()) out += "\n" + source;
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
      if (close == std::string::npos || close == i + 1 || !scope.has_flow) {
        text.push_back(scope.message[i]);
        continue;
      }
      const std::string name = scope.message.substr(i + 1, close - i - 1);
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
  for (int i = 0; i < kMaxTracebackEntries && frame.is_pointer(); ++i) {
    const Value saved_frame = memory_.get(advance(frame, -2));
    const Value return_pc = memory_.get(advance(frame, -1));
    if (saved_frame == frame || saved_frame.is_empty() || return_pc.is_empty() || !return_pc.is_pointer()) break;
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
    const std::string where = location_text(entry->second, pc_text, -1);
    out += where.empty() ? "Unknown location " + pc_text + "\n" : where + "\n";
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
  const std::string where = location_text(pc, what, fault.hint_index);
  out.report = error_attributes(pc, fp) + (where.empty() ? what : where);
  if (with_traceback) {
    const std::string calls = traceback();
    if (!calls.empty()) out.report += "\n" + calls;
  }
  if (!fault.notes.empty()) {
    if (out.report.back() != '\n') out.report.push_back('\n');
    out.report += "\n" + fault.notes;
  }
  while (!out.report.empty() && out.report.back() == '\n') out.report.pop_back();
  return out;
}

}  // namespace asterism::core::cairo
