#include "core/cairo/runner.hpp"

#include <algorithm>
#include <bit>

#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

namespace {
[[noreturn]] void fail_usage(std::string message) { fail(ErrorKind::kUsage, std::move(message)); }
// As Python shows a list of names.
std::string list_text(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "'" : ", '") + name + "'";
  return "[" + out + "]";
}
bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}
}  // namespace

Runner::~Runner() = default;

Runner::Runner(std::shared_ptr<const Program> program, RunOptions options)
    : options_(std::move(options)),
      memory_(std::min(options_.limits.max_cells, std::uint64_t{1} << 32)),
      machine_(std::make_unique<Machine>(std::move(program), memory_, options_.keep_trace)),
      allow_missing_(options_.allow_missing_builtins.value_or(options_.proof_mode)),
      secure_(options_.secure_run.value_or(!options_.proof_mode)) {
  if (options_.proof_mode && !options_.keep_trace) fail_usage("Instruction tracing must be enabled in proof mode.");
  machine_->runner = this;
  machine_->host = options_.host;
  machine_->scopes.first().set(
      "program_input", std::shared_ptr<HintObject>(std::make_shared<Boxed<std::string>>(options_.program_input)));
  program_base_ = memory_.add_segment();
  execution_base_ = memory_.add_segment();
  make_builtins();
  std::int64_t offset = 0;
  if (!this->program().data.empty()) memory_.ensure(memory_.segment(0).cells, this->program().data.size() - 1);
  for (const Value& word : this->program().data) memory_.load(advance(program_base_, offset++), word);
}

Expected<std::unique_ptr<Runner>> Runner::create(std::shared_ptr<const Program> program, RunOptions options) {
  return guarded([&] { return std::unique_ptr<Runner>(new Runner(std::move(program), std::move(options))); });
}

void Runner::check_builtin_order() const {
  std::vector<std::string> known;
  for (const BuiltinRow& row : options_.rows) {
    if (row.of_layouts) known.emplace_back(row.name);
  }
  std::size_t next = 0;
  for (const std::string& name : program().builtins) {
    while (next < known.size() && known[next] != name) ++next;
    if (next == known.size()) {
      fail_usage("The builtins specified by the %builtins directive must be subsequence of " + list_text(known) +
                 ". Got " + list_text(program().builtins) + ".");
    }
  }
}

void Runner::make_builtins() {
  const auto& wanted = program().builtins;
  if (!allow_missing_) {
    std::string missing;
    for (const std::string& name : wanted) {
      if (!options_.layout.has(name)) missing += (missing.empty() ? "'" : ", '") + name + "'";
    }
    if (!missing.empty()) {
      fail_usage("Builtins {" + missing + "} are not present in layout \"" + std::string(options_.layout.name) + "\"");
    }
  }
  check_builtin_order();
  for (const LayoutBuiltin& instance : options_.layout.builtins) {
    const bool included = contains(wanted, instance.name);
    if (!included && !options_.proof_mode && !options_.all_builtins) continue;
    add_builtin(instance, included);
  }
}

Builtin& Runner::add_builtin(const LayoutBuiltin& share, bool included) {
  const auto row = std::find_if(options_.rows.begin(), options_.rows.end(),
                                [&](const BuiltinRow& r) { return r.name == share.name; });
  if (row == options_.rows.end()) fail_usage("The " + std::string(share.name) + " builtin is not supported.");
  auto builtin = row->make(*row);
  builtin->included = included;
  builtin->share = share;
  builtin->share.name = row->name;
  builtin->segment = memory_.add_segment().segment();
  memory_.attach(builtin->segment, builtin.get());
  builtins_.push_back(std::move(builtin));
  return *builtins_.back();
}

Builtin* Runner::find_builtin(std::string_view name) {
  for (const auto& builtin : builtins_) {
    if (builtin->name() == name) return builtin.get();
  }
  return nullptr;
}

// Where the run begins: the stack at the start of the execution segment, ap = fp behind its first `frame` cells.
void Runner::enter(std::uint64_t pc, std::span<const Value> stack, std::uint64_t frame) {
  machine_->pc = advance(program_base_, static_cast<std::int64_t>(pc));
  std::int64_t offset = 0;
  for (const Value& value : stack) memory_.load(advance(execution_base_, offset++), value);
  machine_->ap = machine_->fp = advance(execution_base_, static_cast<std::int64_t>(frame));
}

void Runner::prepare_main() {
  std::vector<Value> stack;
  if (options_.proof_mode) stack = {advance(execution_base_, 2), Value(Felt())};
  for (const std::string& name : program().builtins) {
    Builtin* builtin = find_builtin(name);
    if (builtin == nullptr && !allow_missing_) fail_usage("Missing builtin.");
    stack.push_back(builtin != nullptr ? builtin->base() : Value(Felt()));
  }
  if (options_.proof_mode) {
    for (std::uint64_t i = 0; i < stack.size(); ++i) execution_public_.push_back(i);
    const auto end = program().label("__end__");
    if (!end) fail_usage("The program has no label __end__: it was not compiled with --proof_mode.");
    end_ = advance(program_base_, static_cast<std::int64_t>(*end));
    enter(program().label("__start__").value_or(0), stack, 2);
  } else {
    const auto main = program().label("main");
    if (!main) fail_usage("Missing main().");
    return_fp_ = memory_.add_segment();
    final_pc_ = end_ = memory_.add_segment();
    stack.push_back(return_fp_);
    stack.push_back(end_);
    enter(*main, stack, stack.size());
  }
  add_zero_segment();
}

void Runner::add_zero_segment() {
  for (const auto& builtin : builtins_) {
    if (builtin->row().zero_cells == 0) continue;
    if (zero_size_ == 0) zero_base_ = memory_.add_segment();
    for (; zero_size_ < builtin->row().zero_cells; ++zero_size_) {
      memory_.load(advance(zero_base_, static_cast<std::int64_t>(zero_size_)), Value(Felt()));
    }
    if (auto* modulo = dynamic_cast<ModuloBuiltin*>(builtin.get())) modulo->zero_segment = zero_base_.segment();
  }
}

void Runner::run_until_end(std::optional<std::uint64_t> max_steps) {
  RunLimits limits = options_.limits;
  const std::uint64_t rest = limits.max_steps - std::min(limits.max_steps, machine_->steps);
  limits.max_steps = std::min(rest, max_steps.value_or(UINT64_MAX));
  if (!machine_->run(end_, final_pc_, limits)) fail(ErrorKind::kResources, "Error: End of program was not reached");
}

void Runner::run_for(std::uint64_t count) {
  if (count == 0) return;
  if (count > options_.limits.max_steps || steps() > options_.limits.max_steps - count) {
    fail(ErrorKind::kResources, "The step limit of this run is reached.");
  }
  // `jmp rel 0` changes nothing: its steps are counted, not taken.
  const Value& pc = machine_->pc;
  if (options_.proof_mode && pc == end_ && machine_->trace.size() > 0 && pc.offset() >= 0 &&
      static_cast<std::uint64_t>(pc.offset()) < program().data.size()) {
    const Instruction& in = program().code[static_cast<std::size_t>(pc.offset())];
    Trace::Segments segments;
    const TraceEntry last = machine_->last_entry(segments);
    if (in.form == Form::kJumpRelImm && in.jump == 0 && in.ap_step == 0 && segments.pc == pc.segment() &&
        last.pc == static_cast<std::uint32_t>(pc.offset())) {
      machine_->trace.repeat_last(count);
      return;
    }
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    if (machine_->pc == final_pc_) fail(ErrorKind::kResources, "Error: Execution reached the end of the program.");
    machine_->step();
  }
}

void Runner::run_until_steps(std::uint64_t steps) { run_for(std::max(steps, this->steps()) - this->steps()); }
void Runner::run_until_power_of_two() { run_until_steps(std::bit_ceil(steps())); }

void Runner::run_steps() {
  if (!options_.no_end) {
    const std::uint64_t additional = options_.proof_mode ? 1 : 0;
    if (options_.steps && *options_.steps < additional)
      fail(ErrorKind::kResources, "Error: End of program was not reached");
    run_until_end(options_.steps ? std::optional(*options_.steps - additional) : std::nullopt);
    if (options_.proof_mode) run_for(1);
    original_steps_ = steps();
  } else if (!options_.steps) {
    fail_usage("--steps must be specified when running with --no-end.");
  }
  if (options_.min_steps != 0) run_until_steps(options_.min_steps);
  if (options_.steps) run_until_steps(*options_.steps);
}

void Runner::run_main() {
  prepare_main();
  if (options_.from_pie != nullptr) load_pie(*options_.from_pie);
  run_steps();
  end_run(!options_.steps);
}

Expected<void> Runner::run() {
  try {
    run_main();
  } catch (const Fault& fault) {
    const bool in_step = fault.kind != ErrorKind::kUsage && fault.kind != ErrorKind::kFinal && !ended_;
    if (in_step) return std::unexpected(machine_->describe(fault, fault.kind != ErrorKind::kResources));
    return std::unexpected(Error{.kind = fault.kind, .message = fault.message});
  }
  return guarded([&] { finish(); });
}

void Runner::finish() {
  if (!options_.no_end) read_return_values();
  if (!options_.no_end && options_.proof_mode) finalize_segments();
  if (secure_) verify_secure();
  ensure_relocated();
}

std::vector<Value> Runner::output() const {
  std::vector<Value> out;
  for (const auto& builtin : builtins_) {
    if (builtin->name() != "output") continue;
    const std::uint64_t size = builtin->used_cells(memory_);
    for (std::uint64_t i = 0; i < size; ++i) out.push_back(memory_.get(builtin->segment, i));
  }
  return out;
}

}  // namespace asterism::core::cairo
