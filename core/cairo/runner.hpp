// Runs a Cairo program from its first step to its output files: the official runner's sequence.
//
// Execution mode starts at main with the builtins that the program names; proof mode starts at __start__ with all of
// the layout's, pads the trace and finalises segments. Other ways in are a function with arguments (`run_function`) and
// an entry point of a contract class (`run_entry_point`): what replicas and workers use. One Runner is one run; it
// shares the program and owns everything else. Results are byte strings and values; whoever wants files writes them.
//
// Usage: Runner::create -> run (or run_function) -> output(), write_trace, write_memory, public_input, ...
#pragma once
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/cairo/builtin.hpp"
#include "core/cairo/machine.hpp"

namespace asterism::core::cairo {

struct Pie;

struct RunOptions {
  Layout layout;
  bool proof_mode = false;
  std::optional<bool> allow_missing_builtins;  // default: in proof mode
  std::optional<bool> secure_run;              // default: not in proof mode
  std::optional<std::uint64_t> steps;          // exactly so many
  std::uint64_t min_steps = 0;
  bool no_end = false;  // with `steps`: do not ask for the end of the program
  bool keep_trace = true;
  bool all_builtins = false;  // make all of the layout's, as proof mode does
  RunLimits limits;
  std::string program_input;     // JSON; what hints see as program_input
  std::vector<Value> arguments;  // of a Cairo 1 executable
  // What a contract pays in gas for an instance of pedersen, bitwise, ec_op, poseidon, add_mod, mul_mod.
  std::array<std::uint64_t, 6> builtin_prices = {4050, 583, 4085, 491, 230, 604};
  HintHost* host = nullptr;
  // The text of a source file, for error reports that quote it; nothing when there is none.
  std::function<std::optional<std::string>(const std::string&)> read_source;
  const Pie* from_pie = nullptr;  // start from its memory; `steps` must be its number of steps
  std::span<const BuiltinRow> rows = builtin_rows();
};

// What a run used: settled and metered by callers.
struct Resources {
  std::uint64_t steps = 0;
  std::uint64_t memory_holes = 0;
  std::vector<std::pair<std::string, std::uint64_t>> builtin_instances;  // "pedersen_builtin": n
};

// What an entry point of a contract class returned.
struct CallResult {
  bool panicked = false;
  std::vector<Felt> data;  // the result, or what it panicked with
  std::uint64_t gas_left = 0;
};

struct SegmentAddresses {
  std::string_view name;
  std::uint64_t begin = 0;
  std::uint64_t stop = 0;
};
struct PublicCell {
  std::uint64_t address = 0;
  Felt value;
  std::uint64_t page = 0;
};

class Runner {
 public:
  using Sink = std::function<void(ByteView)>;

  static Expected<std::unique_ptr<Runner>> create(std::shared_ptr<const Program> program, RunOptions options);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // The whole run of a program. The error of a failed step is as the official runner reports it.
  Expected<void> run();
  // Calls the function at `pc` with `arguments` and runs until it returns.
  Expected<void> run_function(std::uint64_t pc, std::span<const Value> arguments);
  // The last `count` cells below ap: what a function returned.
  std::vector<Value> returned(std::size_t count) const;
  // Calls an entry point of a contract class; its builtins are made as it wants them, whatever the layout has. System
  // calls reach the host of the options.
  Expected<CallResult> run_entry_point(const EntryPoint& entry, std::span<const Felt> calldata, std::uint64_t gas);

  // --- results
  const Machine& machine() const { return *machine_; }
  Machine& machine() { return *machine_; }
  Memory& memory() { return memory_; }
  std::uint64_t steps() const { return machine_->trace.repeated() + machine_->steps; }
  std::uint64_t original_steps() const { return original_steps_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  std::vector<Value> output() const;  // the cells of the output builtin; empty values are missing ones
  Expected<Resources> resources();
  const std::vector<std::uint64_t>& segment_bases() const { return bases_; }  // empty after a run that failed

  // 24 bytes a step and 40 bytes a cell, by address; in pieces of some hundred kilobytes.
  Expected<void> write_trace(const Sink& sink);
  Expected<void> write_memory(const Sink& sink);
  Expected<std::string> public_input();
  Expected<std::string> private_input(std::string_view trace_path, std::string_view memory_path);

  // --- for hints and builtins
  Builtin* find_builtin(std::string_view name);
  std::span<const std::unique_ptr<Builtin>> builtins() const { return builtins_; }
  const RunOptions& options() const { return options_; }
  Value execution_base() const { return execution_base_; }

 private:
  friend class PieWriter;
  Runner(std::shared_ptr<const Program> program, RunOptions options);
  const Program& program() const { return machine_->program(); }

  void make_builtins();
  Builtin& add_builtin(const LayoutBuiltin& share, bool included);
  Value new_segment(std::span<const Value> values);
  void call(std::uint64_t pc, std::vector<Value> stack);
  CallResult call_entry_point(const EntryPoint& entry, std::span<const Felt> calldata, std::uint64_t gas);
  CallResult read_call_result(std::span<Builtin* const> passed);
  void check_builtin_order() const;
  void prepare_main();
  void enter(std::uint64_t pc, std::span<const Value> stack, std::uint64_t skip);
  void add_zero_segment();
  void load_pie(const Pie& pie);
  void run_main();
  void run_steps();
  void finish();

  void run_until_end(std::optional<std::uint64_t> max_steps);
  void run_for(std::uint64_t count);
  void run_until_steps(std::uint64_t steps);
  void run_until_power_of_two();
  void end_run(bool pad);
  void read_return_values();
  void finalize_segments();
  void verify_secure();
  bool check_used_cells();
  void check_range_checks() const;
  void check_memory_units();
  void check_diluted() const;
  void perm_range_check_limits(std::uint64_t& low, std::uint64_t& high) const;
  std::uint64_t count_memory_holes();
  std::uint64_t segment_size(std::size_t index) const;
  Instruction instruction_at(std::int64_t segment, std::uint64_t pc) const;
  void ensure_relocated();
  std::vector<PublicCell> public_memory();
  std::vector<SegmentAddresses> segment_addresses();

  RunOptions options_;
  Memory memory_;
  std::unique_ptr<Machine> machine_;
  std::vector<std::unique_ptr<Builtin>> builtins_;
  Value program_base_, execution_base_, zero_base_, return_fp_, end_, final_pc_;
  bool allow_missing_ = false;
  bool secure_ = false;
  bool ended_ = false;
  std::uint64_t original_steps_ = 0;
  std::uint64_t zero_size_ = 0;
  std::uint64_t behind_program_ = 0;                       // cells that this run put behind the program's words
  std::vector<std::uint64_t> execution_public_;            // offsets
  std::vector<std::optional<std::uint64_t>> final_sizes_;  // by segment
  std::vector<std::uint64_t> used_sizes_;                  // by segment, once the run has ended
  std::optional<std::uint64_t> memory_holes_;
  std::vector<std::uint64_t> bases_;
  std::vector<std::string> warnings_;
  bool finalized_ = false;
};

}  // namespace asterism::core::cairo
