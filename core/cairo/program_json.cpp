// Cairo 0 programs in the JSON that cairo-compile writes (cairo-lang 0.10 to 0.14).
#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <set>

#include "core/cairo/hint_registry.hpp"
#include "core/cairo/load.hpp"

namespace asterism::core::cairo {

namespace {

using json::array;
using json::each_element;
using json::each_field;

struct RawHint {
  std::uint64_t pc = 0;
  std::size_t order = 0;  // in the file
  std::string code;
  std::vector<std::string> accessible_scopes;
  FlowTracking flow;
};

std::uint64_t decimal_key(std::string_view key, std::string_view what) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), out);
  if (error != std::errc() || end != key.data() + key.size()) json::bad(what);
  return out;
}

ApTracking read_ap_tracking(json::value v) {
  ApTracking out;
  each_field(json::object_of(v, "ap_tracking"), "ap_tracking", [&](std::string_view key, json::value field) {
    if (key == "group") out.group = json::int_of(field, "ap_tracking.group");
    if (key == "offset") out.offset = json::int_of(field, "ap_tracking.offset");
  });
  return out;
}

FlowTracking read_flow(json::value v) {
  FlowTracking out;
  each_field(json::object_of(v, "flow_tracking_data"), "flow_tracking_data", [&](std::string_view key, json::value f) {
    if (key == "ap_tracking") out.ap = read_ap_tracking(f);
    if (key == "reference_ids") {
      each_field(json::object_of(f, "reference_ids"), "reference_ids", [&](std::string_view name, json::value index) {
        out.references.emplace(std::string(name), static_cast<std::size_t>(json::int_of(index, "reference_ids")));
      });
    }
  });
  return out;
}

std::vector<std::string> read_strings(json::value v, std::string_view what) {
  std::vector<std::string> out;
  each_element(json::array_of(v, what), what, [&](json::value e) { out.push_back(json::text_of(e, what)); });
  return out;
}

StructMember read_member(std::string_view name, json::value v) {
  StructMember out;
  out.name = std::string(name);
  each_field(json::object_of(v, "members"), "members", [&](std::string_view key, json::value field) {
    if (key == "offset") out.offset = json::int_of(field, "members.offset");
    if (key == "cairo_type") out.type = parse_type(json::string_of(field, "members.cairo_type"));
  });
  return out;
}

Identifier::Kind identifier_kind(std::string_view type) {
  if (type == "const") return Identifier::Kind::kConst;
  if (type == "struct") return Identifier::Kind::kStruct;
  if (type == "reference") return Identifier::Kind::kReference;
  if (type == "function") return Identifier::Kind::kFunction;
  if (type == "label") return Identifier::Kind::kLabel;
  if (type == "alias") return Identifier::Kind::kAlias;
  return Identifier::Kind::kOther;
}

Identifier read_identifier(std::string_view name, json::value v) {
  Identifier out;
  each_field(json::object_of(v, "identifiers"), name, [&](std::string_view key, json::value field) {
    if (key == "type") {
      out.kind = identifier_kind(json::string_of(field, "identifiers.type"));
    } else if (key == "value") {
      if (json::take(field.type(), name) == simdjson::ondemand::json_type::number) out.value = json::integer_of(field);
    } else if (key == "pc") {
      if (!json::is_null(field)) out.pc = json::take(field.get_uint64(), "identifiers.pc");
    } else if (key == "destination") {
      out.destination = json::text_of(field, "identifiers.destination");
    } else if (key == "cairo_type") {
      out.cairo_type = json::text_of(field, "identifiers.cairo_type");
    } else if (key == "full_name") {
      out.structure.name = json::text_of(field, "identifiers.full_name");
    } else if (key == "size") {
      out.structure.size = json::int_of(field, "identifiers.size");
    } else if (key == "members") {
      each_field(json::object_of(field, "members"), "members", [&](std::string_view member, json::value m) {
        out.structure.members.push_back(read_member(member, m));
      });
    }
  });
  return out;
}

SourceLocation read_location(json::value v, int depth = 0) {
  constexpr int kMaxParents = 64;
  if (depth > kMaxParents) json::bad("debug_info: too many parent locations");
  SourceLocation out;
  const auto number = [](json::value f) {
    const std::int64_t n = json::int_of(f, "debug_info");
    return static_cast<std::uint32_t>(n < 0 || n > UINT32_MAX ? 0 : n);
  };
  each_field(json::object_of(v, "debug_info"), "debug_info", [&](std::string_view key, json::value f) {
    if (key == "start_line") out.start_line = number(f);
    if (key == "start_col") out.start_column = number(f);
    if (key == "end_line") out.end_line = number(f);
    if (key == "end_col") out.end_column = number(f);
    if (key == "input_file") {
      each_field(json::object_of(f, "input_file"), "input_file", [&](std::string_view name, json::value file) {
        if (name == "filename" && !json::is_null(file)) out.file = json::text_of(file, "filename");
      });
    }
    if (key == "parent_location" && !json::is_null(f)) {
      auto parent = std::make_shared<ParentLocation>();
      std::size_t part = 0;
      each_element(json::array_of(f, "parent_location"), "parent_location", [&](json::value element) {
        if (part == 0) parent->location = read_location(element, depth + 1);
        if (part == 1) parent->message = json::text_of(element, "parent_location");
        ++part;
      });
      out.parent = std::move(parent);
    }
  });
  return out;
}

// Eight hexadecimal digits, the first the most significant; false when a byte is none.
bool eight_digits(const char* text, std::uint32_t& out) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, sizeof bytes);
  if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  const std::uint64_t letters = (bytes >> 6) & kEach;
  std::uint64_t digits = (bytes & (kEach * 0x0f)) + letters * 9;
  const std::uint64_t tens = ((digits + kEach * 6) >> 4) & kEach;
  const std::uint64_t spelled = digits + kEach * '0' + tens * ('a' - '0' - 10);
  if (spelled != (bytes | letters << 5) || (digits & (kEach * 0xf0)) != 0) return false;
  digits = (digits << 4 | digits >> 8) & 0x00ff00ff00ff00ff;
  digits = (digits | digits >> 8) & 0x0000ffff0000ffff;
  out = __builtin_bswap32(static_cast<std::uint32_t>(digits | digits >> 16));
  return true;
}

// "0x" and up to 64 digits: a word of a program, of which large ones are mostly made.
std::optional<Value> hex_word(std::string_view text) {
  constexpr std::size_t kGroup = 8;
  if (!text.starts_with("0x") || text.size() < 3 || text.size() > 66) return std::nullopt;
  text.remove_prefix(2);
  U256 out;
  for (unsigned group = 0; !text.empty(); ++group) {
    char padded[kGroup];
    const char* from = padded;
    if (text.size() >= kGroup) {
      from = text.data() + text.size() - kGroup;
      text.remove_suffix(kGroup);
    } else {
      std::memset(padded, '0', kGroup);
      std::memcpy(padded + kGroup - text.size(), text.data(), text.size());
      text = {};
    }
    std::uint32_t part = 0;
    if (!eight_digits(from, part)) return std::nullopt;
    out.limb[group / 2] |= std::uint64_t{part} << (group % 2 * 32);
  }
  if ((out.limb[1] | out.limb[2] | out.limb[3]) == 0) return Value::integer(out.limb[0]);
  const auto felt = Felt::from_u256(out);
  if (!felt) return std::nullopt;
  return Value(*felt);
}

// The text between a token's quotes where it can be taken as it stands; an escape makes it no hexadecimal word.
std::string_view unquoted(std::string_view token) {
  if (!token.starts_with('"')) return {};
  return token.substr(1, token.find('"', 1) - 1);
}

class Loader {
 public:
  explicit Loader(const LoadOptions& options)
      : options_(options),
        registry_(options.registry != nullptr ? *options.registry : HintRegistry::standard()),
        program_(std::make_shared<Program>()) {}

  std::shared_ptr<const Program> load(json::Document& document) {
    each_field(document.root(), "program", [&](std::string_view key, json::value v) { field(key, v); });
    document.check_end();
    check();
    bind_hints();
    program_->finish();
    return program_;
  }

 private:
  void field(std::string_view key, json::value v) {
    if (key == "data") {
      read_data(v);
    } else if (key == "prime") {
      saw_prime_ = true;
      if (!(BigInt::parse(json::string_of(v, "prime")) == BigInt::prime())) {
        fail(ErrorKind::kProgram, "Unexpected prime for loaded program.");
      }
    } else if (key == "builtins") {
      program_->builtins = read_strings(v, "builtins");
    } else if (key == "compiler_version") {
      if (!json::is_null(v)) program_->compiler_version = json::text_of(v, "compiler_version");
    } else if (key == "main_scope") {
      program_->main_scope = json::text_of(v, "main_scope");
    } else if (key == "identifiers") {
      each_field(json::object_of(v, "identifiers"), "identifiers", [&](std::string_view name, json::value identifier) {
        Identifier read = read_identifier(name, identifier);
        if (read.kind == Identifier::Kind::kFunction || read.kind == Identifier::Kind::kLabel) {
          program_->labels.emplace_back(name);
        }
        program_->identifiers.insert_or_assign(std::string(name), std::move(read));
      });
    } else if (key == "reference_manager") {
      read_references(v);
    } else if (key == "hints") {
      read_hints(v);
    } else if (key == "attributes") {
      each_element(json::array_of(v, "attributes"), "attributes", [&](json::value a) { read_attribute(a); });
    } else if (key == "debug_info") {
      if (!json::is_null(v)) read_debug_info(v);
    }
  }

  void read_data(json::value v) {
    saw_data_ = true;
    array words = json::array_of(v, "data");
    const std::size_t count = json::take(words.count_elements(), "data");
    if (count > options_.max_words) fail(ErrorKind::kProgram, "too many words in data");
    program_->data.reserve(count);
    each_element(words, "data", [&](json::value word) {
      auto found = hex_word(unquoted(word.raw_json_token()));
      if (!found) found = hex_word(json::string_of(word, "data"));
      if (!found) json::bad("data: a word is no field element");
      program_->data.push_back(*found);
    });
  }

  void read_references(json::value v) {
    each_field(json::object_of(v, "reference_manager"), "reference_manager", [&](std::string_view key, json::value f) {
      if (key != "references") return;
      each_element(json::array_of(f, "references"), "references", [&](json::value element) {
        Reference reference;
        each_field(json::object_of(element, "references"), "references", [&](std::string_view name, json::value field) {
          if (name == "value") reference.value = json::text_of(field, "references.value");
          if (name == "ap_tracking_data") reference.ap = read_ap_tracking(field);
        });
        program_->references.push_back(std::move(reference));
      });
    });
  }

  void read_hints(json::value v) {
    each_field(json::object_of(v, "hints"), "hints", [&](std::string_view pc, json::value list) {
      const std::uint64_t at = decimal_key(pc, "hints");
      each_element(json::array_of(list, "hints"), "hints", [&](json::value element) {
        RawHint hint;
        hint.pc = at;
        hint.order = hints_.size();
        each_field(json::object_of(element, "hints"), "hints", [&](std::string_view name, json::value field) {
          if (name == "code") hint.code = json::text_of(field, "hints.code");
          if (name == "accessible_scopes") hint.accessible_scopes = read_strings(field, "accessible_scopes");
          if (name == "flow_tracking_data") hint.flow = read_flow(field);
        });
        hints_.push_back(std::move(hint));
      });
    });
  }

  void read_attribute(json::value v) {
    ErrorScope scope;
    std::string name;
    each_field(json::object_of(v, "attributes"), "attributes", [&](std::string_view key, json::value f) {
      if (key == "name") name = json::text_of(f, "attributes.name");
      if (key == "value") scope.message = json::text_of(f, "attributes.value");
      if (key == "start_pc") scope.start_pc = json::take(f.get_uint64(), "attributes.start_pc");
      if (key == "end_pc") scope.end_pc = json::take(f.get_uint64(), "attributes.end_pc");
      if (key == "accessible_scopes") scope.accessible_scopes = read_strings(f, "accessible_scopes");
      if (key == "flow_tracking_data" && !json::is_null(f)) {
        scope.has_flow = true;
        scope.flow = read_flow(f);
      }
    });
    if (name == "error_message") program_->error_scopes.push_back(std::move(scope));
  }

  void read_debug_info(json::value v) {
    each_field(json::object_of(v, "debug_info"), "debug_info", [&](std::string_view key, json::value f) {
      if (key == "file_contents") {
        each_field(json::object_of(f, "file_contents"), "file_contents", [&](std::string_view name, json::value text) {
          program_->file_contents.emplace(std::string(name), json::text_of(text, "file_contents"));
        });
      }
      if (key != "instruction_locations") return;
      each_field(json::object_of(f, key), key, [&](std::string_view pc, json::value location) {
        InstructionLocation out;
        each_field(json::object_of(location, key), key, [&](std::string_view name, json::value part) {
          if (name == "inst") out.instruction = read_location(part);
          if (name == "accessible_scopes") {
            each_element(json::array_of(part, name), name,
                         [&](json::value scope) { out.scope = json::string_of(scope, "accessible_scopes"); });
          }
          if (name != "hints") return;
          each_element(json::array_of(part, name), name, [&](json::value hint) {
            SourceLocation where;
            if (!json::is_null(hint)) {
              each_field(json::object_of(hint, name), name, [&](std::string_view inner, json::value l) {
                if (inner == "location") where = read_location(l);
              });
            }
            out.hints.push_back(where);
          });
        });
        program_->locations.emplace(decimal_key(pc, "instruction_locations"), std::move(out));
      });
    });
  }

  void check() {
    if (!saw_data_ || !saw_prime_) fail(ErrorKind::kProgram, "The program lacks data or prime.");
    const std::set<std::string> distinct(program_->builtins.begin(), program_->builtins.end());
    if (distinct.size() != program_->builtins.size()) fail(ErrorKind::kProgram, "Invalid builtin list.");
    for (auto& [name, identifier] : program_->identifiers) {
      for (StructMember& member : identifier.structure.members) {
        if (!member.type.is_felt()) member.structure = program_->find_struct(member.type.base);
      }
    }
  }

  void bind_hints() {
    std::sort(hints_.begin(), hints_.end(),
              [](const RawHint& a, const RawHint& b) { return a.pc != b.pc ? a.pc < b.pc : a.order < b.order; });
    for (RawHint& raw : hints_) {
      HintSite site;
      site.pc = raw.pc;
      site.number = program_->hints.size();
      if (!program_->hints.empty() && program_->hints.back().pc == raw.pc) {
        site.index_at_pc = program_->hints.back().index_at_pc + 1;
      }
      site.scope = raw.accessible_scopes.empty() ? "" : raw.accessible_scopes.back();
      if (const auto match = registry_.find(raw.code)) {
        site.function = match->function;
        site.parameter = match->parameter;
      } else if (!options_.allow_unknown_hints) {
        fail(ErrorKind::kUnknownHint, "Unknown hint at pc=0:" + std::to_string(raw.pc) + " in " +
                                          (site.scope.empty() ? "?" : site.scope) + ":\n" + raw.code);
      }
      site.ids = bind_ids(*program_, raw.code, raw.accessible_scopes, raw.flow);
      site.code = std::move(raw.code);
      program_->hints.push_back(std::move(site));
    }
  }

  const LoadOptions& options_;
  const HintRegistry& registry_;
  std::shared_ptr<Program> program_;
  std::vector<RawHint> hints_;
  bool saw_data_ = false;
  bool saw_prime_ = false;
};

}  // namespace

std::shared_ptr<const Program> read_program(json::Document& document, const LoadOptions& options) {
  return Loader(options).load(document);
}

}  // namespace asterism::core::cairo
