// Cairo 1 programs: executables as the Cairo compiler and scarb write them, and contract classes in CASM.
//
// Their hints are data, not Python: an object such as {"TestLessThan": {"lhs": operand, "rhs": operand, "dst": cell}}.
// A site's text is the hint's name behind "casm ", which is what the registry knows it by, and each operand is one of
// its `ids`: a reference over ap and fp like those of Cairo 0. So the functions of hints/casm.cpp are hints like all
// others.
#include <algorithm>

#include "core/cairo/hint_registry.hpp"
#include "core/cairo/load.hpp"

namespace asterism::core::cairo {

namespace {

using json::each_element;
using json::each_field;
using Op = Expression::Op;
using Step = Expression::Step;

constexpr std::size_t kMaxHints = std::size_t{1} << 20;
constexpr std::size_t kMaxOperands = 16;
constexpr std::size_t kMaxEntryPoints = 65536;

// {"register": "AP", "offset": -1}, field by field.
class CellReader {
 public:
  // False for a key that no cell has.
  bool field(std::string_view key, json::value v) {
    if (key == "register") {
      const std::string_view name = json::string_of(v, "register");
      if (name != "AP" && name != "FP") json::bad("register");
      register_ = name == "AP" ? Op::kAp : Op::kFp;
    } else if (key == "offset") {
      offset_ = json::int_of(v, "offset");
      if (*offset_ < INT16_MIN || *offset_ > INT16_MAX) json::bad("offset");
    } else {
      return false;
    }
    return true;
  }
  Expression take() const {
    if (!register_ || !offset_) json::bad("cell");
    Expression out;
    out.steps = {Step{.op = *register_, .number = *offset_}, Step{.op = Op::kDereference}};
    return out;
  }

 private:
  std::optional<Op> register_;
  std::optional<std::int64_t> offset_;
};

Expression read_cell(json::value v) {
  CellReader cell;
  each_field(json::object_of(v, "cell"), "cell", [&](std::string_view key, json::value field) {
    if (!cell.field(key, field)) json::bad("cell");
  });
  return cell.take();
}

Expression constant(const Felt& value) {
  Expression out;
  out.steps = {Step{.op = Op::kConstant, .constant = value}};
  return out;
}
// "0x12" or "-0x12"
Expression read_immediate(json::value v) { return constant(BigInt::parse(json::string_of(v, "Immediate")).to_felt()); }

void append(Expression& out, const Expression& more) {
  out.steps.insert(out.steps.end(), more.steps.begin(), more.steps.end());
}

Expression read_operand(json::value v, bool nested);

// {"op": "Add", "a": cell, "b": {"Deref": cell} or {"Immediate": number}}
Expression read_operation(json::value v) {
  std::optional<Expression> a;
  std::optional<Expression> b;
  std::optional<Op> op;
  each_field(json::object_of(v, "BinOp"), "BinOp", [&](std::string_view key, json::value field) {
    if (key == "op") {
      const std::string_view name = json::string_of(field, "op");
      if (name != "Add" && name != "Mul") json::bad("op");
      op = name == "Add" ? Op::kAdd : Op::kMultiply;
    } else if (key == "a") {
      a = read_cell(field);
    } else if (key == "b") {
      b = read_operand(field, true);
    } else {
      json::bad("BinOp");
    }
  });
  if (!a || !b || !op) json::bad("BinOp");
  append(*a, *b);
  a->steps.push_back(Step{.op = *op});
  return std::move(*a);
}

// [cell, offset]: the cell that lies offset behind what the cell points to.
Expression read_double(json::value v) {
  Expression out;
  std::size_t count = 0;
  each_element(json::array_of(v, "DoubleDeref"), "DoubleDeref", [&](json::value part) {
    if (count == 0) out = read_cell(part);
    if (count == 1) append(out, constant(Felt::from_i64(json::int_of(part, "DoubleDeref"))));
    ++count;
  });
  if (count != 2) json::bad("DoubleDeref");
  out.steps.push_back(Step{.op = Op::kAdd});
  out.steps.push_back(Step{.op = Op::kDereference});
  return out;
}

// An operand, which names its form, or a bare cell; within an operation only the two simple forms.
Expression read_operand(json::value v, bool nested) {
  std::optional<Expression> out;
  CellReader cell;
  each_field(json::object_of(v, "operand"), "operand", [&](std::string_view key, json::value field) {
    if (!nested && !out && cell.field(key, field)) return;
    if (out) json::bad("operand");
    if (key == "Deref") {
      out = read_cell(field);
    } else if (key == "Immediate") {
      out = read_immediate(field);
    } else if (key == "DoubleDeref" && !nested) {
      out = read_double(field);
    } else if (key == "BinOp" && !nested) {
      out = read_operation(field);
    } else {
      json::bad("operand");
    }
  });
  return out ? std::move(*out) : cell.take();
}

class CasmLoader {
 public:
  explicit CasmLoader(const LoadOptions& options)
      : options_(options),
        registry_(options.registry != nullptr ? *options.registry : HintRegistry::standard()),
        program_(std::make_shared<Program>()) {}

  std::shared_ptr<const Program> executable(json::Document& document) {
    bool saw_entry_points = false;
    each_field(document.root(), "executable", [&](std::string_view key, json::value v) {
      if (key == "program") {
        each_field(json::object_of(v, "program"), "program", [&](std::string_view name, json::value field) {
          if (name == "bytecode") read_bytecode(field);
          if (name == "hints") read_hints(field);
        });
      } else if (key == "entrypoints") {
        saw_entry_points = true;
        each_element(json::array_of(v, "entrypoints"), "entrypoints", [&](json::value e) { read_executable_entry(e); });
      }
    });
    document.check_end();
    if (!saw_entry_points) fail(ErrorKind::kProgram, "The executable lacks entrypoints.");
    return finish();
  }

  std::shared_ptr<const Program> contract_class(json::Document& document) {
    bool saw_entry_points = false;
    each_field(document.root(), "contract class", [&](std::string_view key, json::value v) {
      if (key == "bytecode") {
        read_bytecode(v);
      } else if (key == "hints") {
        read_hints(v);
      } else if (key == "compiler_version") {
        program_->compiler_version = json::text_of(v, "compiler_version");
      } else if (key == "prime") {
        if (!(BigInt::parse(json::string_of(v, "prime")) == BigInt::prime())) {
          fail(ErrorKind::kProgram, "Unexpected prime for loaded program.");
        }
      } else if (key == "entry_points_by_type") {
        saw_entry_points = true;
        read_entry_points(v);
      }
    });
    document.check_end();
    if (!saw_entry_points) fail(ErrorKind::kProgram, "The contract class lacks entry points.");
    return finish();
  }

 private:
  void read_bytecode(json::value v) {
    saw_bytecode_ = true;
    each_element(json::array_of(v, "bytecode"), "bytecode", [&](json::value word) {
      if (program_->data.size() >= options_.max_words) fail(ErrorKind::kProgram, "too many words in bytecode");
      const std::string_view token = json::string_of(word, "bytecode");
      // The compiler writes small negative words with their sign.
      const auto felt = token.starts_with('-') ? BigInt::parse(token).to_felt() : Felt::from_hex(token);
      if (!felt) json::bad("bytecode: a word is no field element");
      program_->data.emplace_back(*felt);
    });
  }

  // [[pc, [hint, ...]], ...]
  void read_hints(json::value v) {
    each_element(json::array_of(v, "hints"), "hints", [&](json::value entry) {
      std::size_t part = 0;
      std::uint64_t pc = 0;
      each_element(json::array_of(entry, "hints"), "hints", [&](json::value field) {
        if (part == 0) pc = json::take(field.get_uint64(), "hints");
        if (part == 1) {
          each_element(json::array_of(field, "hints"), "hints", [&](json::value hint) { read_hint(pc, hint); });
        }
        ++part;
      });
      if (part != 2) json::bad("hints");
    });
  }

  void read_hint(std::uint64_t pc, json::value v) {
    if (program_->hints.size() >= kMaxHints) fail(ErrorKind::kProgram, "too many hints");
    HintSite site;
    site.pc = pc;
    if (json::take(v.type(), "hints") == simdjson::ondemand::json_type::string) {
      bind(site, json::string_of(v, "hints"));
    } else {
      each_field(json::object_of(v, "hints"), "hints", [&](std::string_view name, json::value operands) {
        if (!site.code.empty()) json::bad("hints: two names");
        bind(site, name);
        if (site.function != nullptr) read_operands(operands, site);
      });
      if (site.code.empty()) json::bad("hints");
    }
    program_->hints.push_back(std::move(site));
  }

  static void read_operands(json::value v, HintSite& site) {
    each_field(json::object_of(v, "operands"), "operands", [&](std::string_view name, json::value field) {
      if (site.ids.size() >= kMaxOperands) json::bad("too many operands");
      IdBinding id;
      id.name = std::string(name);
      id.kind = IdBinding::Kind::kReference;
      id.expression = read_operand(field, false);
      id.expression.type.base = "felt";
      site.ids.push_back(std::move(id));
    });
  }

  void bind(HintSite& site, std::string_view name) const {
    site.code = "casm " + std::string(name);
    if (const auto match = registry_.find(site.code)) {
      site.function = match->function;
    } else if (!options_.allow_unknown_hints) {
      fail(ErrorKind::kUnknownHint, "Unknown hint at pc=0:" + std::to_string(site.pc) + ":\n" + site.code);
    }
  }

  static std::vector<std::string> read_builtins(json::value v) {
    std::vector<std::string> out;
    each_element(json::array_of(v, "builtins"), "builtins", [&](json::value name) {
      if (out.size() >= 64) json::bad("builtins");
      out.push_back(json::text_of(name, "builtins"));
      // Scarb writes "range_check_builtin" in places, the compiler "range_check".
      constexpr std::string_view kSuffix = "_builtin";
      if (out.back().ends_with(kSuffix)) out.back().resize(out.back().size() - kSuffix.size());
    });
    return out;
  }

  void label(const std::string& name, std::uint64_t offset) {
    Identifier identifier;
    identifier.kind = Identifier::Kind::kLabel;
    identifier.pc = offset;
    program_->identifiers.insert_or_assign("__main__." + name, identifier);
  }

  void read_executable_entry(json::value v) {
    constexpr std::uint64_t kEndBehindStart = 4;  // ap += builtins; call rel 4; jmp rel 0
    std::vector<std::string> builtins;
    std::optional<std::uint64_t> offset;
    std::string kind;
    each_field(json::object_of(v, "entrypoints"), "entrypoints", [&](std::string_view key, json::value field) {
      if (key == "builtins") builtins = read_builtins(field);
      if (key == "offset") offset = json::take(field.get_uint64(), "entrypoints.offset");
      if (key == "kind") kind = json::text_of(field, "entrypoints.kind");
    });
    if (!offset || *offset > options_.max_words) json::bad("entrypoints.offset");
    if (kind == "Bootloader") {
      label("main", *offset);
    } else if (kind == "Standalone") {
      label("__start__", *offset);
      label("__end__", *offset + kEndBehindStart);
    } else {
      json::bad("entrypoints.kind");
    }
    if (saw_builtins_ && builtins != program_->builtins) json::bad("entrypoints with different builtins");
    saw_builtins_ = true;
    program_->builtins = std::move(builtins);
  }

  void read_entry_points(json::value v) {
    each_field(json::object_of(v, "entry_points_by_type"), "entry_points_by_type",
               [&](std::string_view type, json::value list) {
                 EntryPoint entry;
                 if (type == "EXTERNAL") {
                   entry.kind = EntryPoint::Kind::kExternal;
                 } else if (type == "L1_HANDLER") {
                   entry.kind = EntryPoint::Kind::kL1Handler;
                 } else if (type == "CONSTRUCTOR") {
                   entry.kind = EntryPoint::Kind::kConstructor;
                 } else {
                   json::bad("entry_points_by_type");
                 }
                 each_element(json::array_of(list, type), type, [&](json::value e) { read_entry_point(entry, e); });
               });
  }

  void read_entry_point(EntryPoint entry, json::value v) {
    if (program_->entry_points.size() >= kMaxEntryPoints) json::bad("entry_points_by_type");
    std::optional<Felt> selector;
    std::optional<std::uint64_t> offset;
    each_field(json::object_of(v, "entry point"), "entry point", [&](std::string_view key, json::value field) {
      if (key == "selector") selector = Felt::from_hex(json::string_of(field, "selector"));
      if (key == "offset") offset = json::take(field.get_uint64(), "offset");
      if (key == "builtins") entry.builtins = read_builtins(field);
    });
    if (!selector || !offset) json::bad("entry point");
    entry.selector = *selector;
    entry.offset = *offset;
    program_->entry_points.push_back(std::move(entry));
  }

  std::shared_ptr<const Program> finish() {
    if (!saw_bytecode_) fail(ErrorKind::kProgram, "The program lacks bytecode.");
    for (const EntryPoint& entry : program_->entry_points) {
      if (entry.offset >= program_->data.size()) json::bad("entry point beyond the bytecode");
    }
    auto& hints = program_->hints;
    std::stable_sort(hints.begin(), hints.end(), [](const HintSite& a, const HintSite& b) { return a.pc < b.pc; });
    for (std::size_t i = 0; i < hints.size(); ++i) {
      hints[i].number = i;
      if (i > 0 && hints[i - 1].pc == hints[i].pc) hints[i].index_at_pc = hints[i - 1].index_at_pc + 1;
    }
    program_->finish();
    return program_;
  }

  const LoadOptions& options_;
  const HintRegistry& registry_;
  std::shared_ptr<Program> program_;
  bool saw_bytecode_ = false;
  bool saw_builtins_ = false;
};

}  // namespace

std::shared_ptr<const Program> read_executable(json::Document& document, const LoadOptions& options) {
  return CasmLoader(options).executable(document);
}

std::shared_ptr<const Program> read_contract_class(json::Document& document, const LoadOptions& options) {
  return CasmLoader(options).contract_class(document);
}

}  // namespace asterism::core::cairo
