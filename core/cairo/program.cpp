#include "core/cairo/program.hpp"

#include <algorithm>
#include <cctype>

namespace asterism::core::cairo {

namespace {
constexpr int kMaxAliases = 64;

bool is_name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// What a reference is as a hint sees it, or why it cannot be seen.
void bind_reference(const Program& program, const std::string& full_name, const FlowTracking& flow, IdBinding& out) {
  const auto index = flow.references.find(full_name);
  if (index == flow.references.end()) {
    out.problem = "FlowTrackingError: Reference '" + out.name + "' is revoked.";
    return;
  }
  if (index->second >= program.references.size()) fail(ErrorKind::kProgram, "reference index out of range");
  const Reference& reference = program.references[index->second];
  out.expression = parse_expression(reference.value);
  if (out.expression.uses_ap()) {
    if (reference.ap.group != flow.ap.group) {
      out.problem = "FlowTrackingError: Reference '" + out.name + "' is revoked.";
      return;
    }
    out.expression.shift_ap(reference.ap.offset - flow.ap.offset);
  }
  if (!out.expression.type.is_felt()) out.structure = program.find_struct(out.expression.type.base);
  out.kind = IdBinding::Kind::kReference;
}

IdBinding bind_id(const Program& program, std::string_view name, const std::vector<std::string>& scopes,
                  const FlowTracking& flow) {
  IdBinding out;
  out.name = std::string(name);
  std::string full_name;
  const Identifier* identifier = program.search(scopes, name, full_name);
  if (identifier == nullptr) {
    out.problem = "MissingIdentifierError: Unknown identifier '" + out.name + "'.";
    return out;
  }
  switch (identifier->kind) {
    case Identifier::Kind::kConst:
      out.kind = IdBinding::Kind::kConst;
      out.value = identifier->value;
      break;
    case Identifier::Kind::kStruct:
      out.kind = IdBinding::Kind::kStruct;
      out.structure = &identifier->structure;
      break;
    case Identifier::Kind::kReference:
      bind_reference(program, full_name, flow, out);
      break;
    case Identifier::Kind::kFunction:
    case Identifier::Kind::kLabel:
      out.kind = IdBinding::Kind::kLabel;
      out.value = BigInt::from_u64(identifier->pc);
      break;
    default:
      out.problem = "NotImplementedError: Unsupported identifier type of identifier '" + out.name + "'.";
  }
  return out;
}

// `ids.Namespace.CONSTANT`: nothing when the first name is no namespace.
std::optional<IdBinding> bind_in_namespace(const Program& program, std::string_view path,
                                           const std::vector<std::string>& scopes) {
  const std::size_t dot = path.find('.');
  std::string full_name;
  const Identifier* outer = program.search(scopes, path.substr(0, dot), full_name);
  if (outer == nullptr || outer->kind != Identifier::Kind::kOther) return std::nullopt;
  const Identifier* inner = program.find(full_name + std::string(path.substr(dot)));
  if (inner == nullptr || inner->kind != Identifier::Kind::kConst) return std::nullopt;
  return IdBinding{.name = std::string(path), .kind = IdBinding::Kind::kConst, .value = inner->value};
}
}  // namespace

const StructMember* StructDefinition::find(std::string_view member) const {
  for (const StructMember& candidate : members) {
    if (candidate.name == member) return &candidate;
  }
  return nullptr;
}

const IdBinding* HintSite::find(std::string_view name) const {
  for (const IdBinding& id : ids) {
    if (id.name == name) return &id;
  }
  return nullptr;
}

const Identifier* Program::find(std::string_view full_name) const {
  std::string name(full_name);
  for (int i = 0; i < kMaxAliases; ++i) {
    const auto found = identifiers.find(name);
    if (found == identifiers.end()) return nullptr;
    if (found->second.kind != Identifier::Kind::kAlias) return &found->second;
    name = found->second.destination;
  }
  return nullptr;
}

const Identifier* Program::search(const std::vector<std::string>& scopes, std::string_view name,
                                  std::string& full_name) const {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    full_name = scope->empty() ? std::string(name) : *scope + "." + std::string(name);
    for (int i = 0; i < kMaxAliases; ++i) {
      const auto found = identifiers.find(full_name);
      if (found == identifiers.end()) break;
      if (found->second.kind != Identifier::Kind::kAlias) return &found->second;
      full_name = found->second.destination;
    }
  }
  return nullptr;
}

const StructDefinition* Program::find_struct(std::string_view full_name) const {
  const Identifier* identifier = find(full_name);
  return identifier != nullptr && identifier->kind == Identifier::Kind::kStruct ? &identifier->structure : nullptr;
}

std::optional<std::uint64_t> Program::label(std::string_view name) const {
  std::string full_name;
  const Identifier* identifier = search({main_scope}, name, full_name);
  if (identifier == nullptr) return std::nullopt;
  if (identifier->kind != Identifier::Kind::kLabel && identifier->kind != Identifier::Kind::kFunction)
    return std::nullopt;
  return identifier->pc;
}

std::span<const HintSite> Program::hints_at(std::uint64_t pc) const {
  if (pc >= data.size()) return {};
  const std::size_t from = first_hint[pc];
  const std::size_t to = first_hint[pc + 1];
  return {hints.data() + from, to - from};
}

void Program::finish() {
  code.clear();
  code.reserve(data.size() + 2);
  for (std::size_t pc = 0; pc < data.size(); ++pc) {
    code.push_back(decode(data[pc], pc + 1 < data.size() ? data[pc + 1] : Value()));
  }
  code.resize(data.size() + 2);
  first_hint.assign(data.size() + 1, 0);
  std::size_t next = 0;
  for (std::size_t pc = 0; pc <= data.size(); ++pc) {
    while (next < hints.size() && hints[next].pc < pc) ++next;
    first_hint[pc] = static_cast<std::uint32_t>(next);
  }
  for (const HintSite& site : hints) {
    if (site.pc < data.size()) code[site.pc].form = Form::kHinted;
  }
}

std::vector<IdBinding> bind_ids(const Program& program, std::string_view code, const std::vector<std::string>& scopes,
                                const FlowTracking& flow) {
  std::vector<IdBinding> out;
  const std::string_view marker = "ids.";
  for (std::size_t at = code.find(marker); at != std::string_view::npos; at = code.find(marker, at + 1)) {
    if (at > 0 && (is_name_char(code[at - 1]) || code[at - 1] == '.')) continue;
    const std::size_t from = at + marker.size();
    const auto name_end = [&](std::size_t end) {
      while (end < code.size() && is_name_char(code[end])) ++end;
      return end;
    };
    const auto known = [&](std::string_view name) {
      return std::any_of(out.begin(), out.end(), [&](const IdBinding& id) { return id.name == name; });
    };
    const std::size_t end = name_end(from);
    const std::string_view name = code.substr(from, end - from);
    if (name.empty()) continue;
    if (end < code.size() && code[end] == '.') {
      const std::string_view path = code.substr(from, name_end(end + 1) - from);
      if (known(path)) continue;
      if (auto inner = bind_in_namespace(program, path, scopes)) {
        out.push_back(std::move(*inner));
        continue;
      }
    }
    if (!known(name)) out.push_back(bind_id(program, name, scopes, flow));
  }
  return out;
}

}  // namespace asterism::core::cairo
