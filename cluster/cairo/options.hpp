// The command line of `asterism cairo-run`, and the rules about flags that exclude each other.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace asterism::cluster {

struct CairoRunArguments {
  std::string program, program_input, layout = "plain", layout_params_file;
  std::string trace_file, memory_file, air_public_input, air_private_input;
  std::string run_from_cairo_pie, cairo_pie_output, profile, profile_output, debug_info_file;
  std::string arguments, arguments_file;  // of a Cairo 1 executable
  std::string entry_point, calldata;      // of a contract class
  std::uint64_t gas = 10'000'000'000;
  std::optional<std::uint64_t> steps;
  std::uint64_t min_steps = 0;
  std::uint64_t memory_limit = std::uint64_t{1} << 28;
  std::uint64_t progress = 0;
  bool proof_mode = false, no_end = false, debug_error = false, merge_extra_segments = false;
  bool print_output = false, print_info = false, print_memory = false, print_segments = false, relocate_prints = false;
  bool allow_unknown_hints = false, show_trace = false, tracer = false, python_dependencies = false;
  std::optional<bool> secure_run;
  std::optional<bool> allow_missing_builtins;
};

// False when the process should end with `exit_code` (help, or flags that do not parse).
bool parse_cairo_run(int argc, char** argv, CairoRunArguments& out, int& exit_code);
// The official runner's complaint about a combination, or nothing.
std::optional<std::string> check_cairo_run(const CairoRunArguments& arguments);

}  // namespace asterism::cluster
