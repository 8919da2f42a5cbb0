// Ways into a program other than main: a function with arguments, an entry point of a contract class.
#include <algorithm>

#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/runner.hpp"

namespace asterism::core::cairo {

namespace {

// What reads the prices of builtins calls this: behind the bytecode stand a `ret` and a pointer to the price list.
constexpr std::uint64_t kRet = 0x208b7fff7fff7ffe;
constexpr std::uint64_t kBehindClass = 2;

// As the official runner reports an error of a step: with pc and traceback.
template <class F>
auto reported(const Machine& machine, F&& f) {
  return guarded(f, [&](const Fault& fault) { return machine.describe(fault, fault.kind != ErrorKind::kResources); });
}

}  // namespace

Expected<void> Runner::run_function(std::uint64_t pc, std::span<const Value> arguments) {
  return reported(*machine_, [&] { call(pc, std::vector<Value>(arguments.begin(), arguments.end())); });
}

void Runner::call(std::uint64_t pc, std::vector<Value> stack) {
  final_pc_ = end_ = memory_.add_segment();
  stack.push_back(Value(Felt()));
  stack.push_back(end_);
  add_zero_segment();
  enter(pc, stack, stack.size());
  run_until_end(std::nullopt);
  original_steps_ = steps();
  end_run(false);
}

std::vector<Value> Runner::returned(std::size_t count) const {
  std::vector<Value> out;
  for (std::size_t i = count; i > 0; --i) {
    out.push_back(memory_.get(advance(machine_->ap, -static_cast<std::int64_t>(i))));
  }
  return out;
}

Expected<CallResult> Runner::run_entry_point(const EntryPoint& entry, std::span<const Felt> calldata,
                                             std::uint64_t gas) {
  return reported(*machine_, [&] { return call_entry_point(entry, calldata, gas); });
}

CallResult Runner::call_entry_point(const EntryPoint& entry, std::span<const Felt> calldata, std::uint64_t gas) {
  std::vector<Builtin*> passed;
  std::vector<std::string_view> names(entry.builtins.begin(), entry.builtins.end());
  names.insert(names.end(), {"gas", "system"});
  for (const std::string_view name : names) {
    Builtin* builtin = find_builtin(name);
    if (builtin == nullptr) builtin = &add_builtin(LayoutBuiltin{.name = name}, true);
    if (auto* counter = dynamic_cast<GasBuiltin*>(builtin)) counter->budget = gas;
    passed.push_back(builtin);
  }
  std::vector<Value> stack;
  for (Builtin* builtin : passed) stack.push_back(builtin->argument(memory_));
  std::vector<Value> cells(calldata.begin(), calldata.end());
  const Value start = new_segment(cells);
  stack.push_back(start);
  stack.push_back(advance(start, static_cast<std::int64_t>(cells.size())));

  const auto size = static_cast<std::int64_t>(program().data.size());
  cells.clear();
  for (const std::uint64_t price : options_.builtin_prices) cells.push_back(Value::integer(price));
  memory_.load(advance(program_base_, size), Value::integer(kRet));
  memory_.load(advance(program_base_, size + 1), new_segment(cells));
  behind_program_ = kBehindClass;

  call(entry.offset, std::move(stack));
  CallResult out = read_call_result(passed);
  if (secure_) verify_secure();
  return out;
}

// Behind the builtins stand panic flag, start and end of the data.
CallResult Runner::read_call_result(std::span<Builtin* const> passed) {
  const std::vector<Value> values = returned(passed.size() + 3);
  CallResult out;
  for (std::size_t i = 0; i < passed.size(); ++i) {
    if (!passed[i]->accepts(memory_, values[i])) {
      fail(ErrorKind::kFinal,
           "Invalid stop pointer for " + std::string(passed[i]->name()) + ", found: " + to_string(values[i]));
    }
    if (values[i].is_pointer()) passed[i]->stop = values[i];
    if (passed[i]->name() == "gas") out.gas_left = values[i].felt().to_u64().value_or(0);
  }
  const Value& flag = values[passed.size()];
  const Value& start = values[passed.size() + 1];
  const Value& end = values[passed.size() + 2];
  if (!flag.is_felt() || !start.is_pointer() || !end.is_pointer() || start.segment() != end.segment() ||
      start.offset() > end.offset()) {
    fail(ErrorKind::kFinal, "The entry point did not return a panic flag and its data.");
  }
  out.panicked = !flag.felt().is_zero();
  for (Value at = start; !(at == end); at = advance(at, 1)) out.data.push_back(memory_.read_felt(at));
  return out;
}

Value Runner::new_segment(std::span<const Value> values) {
  const Value base = memory_.add_segment();
  std::int64_t index = 0;
  for (const Value& value : values) memory_.load(advance(base, index++), value);
  return base;
}

}  // namespace asterism::core::cairo
