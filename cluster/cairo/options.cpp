#include "cluster/cairo/options.hpp"

#include <CLI/CLI.hpp>

#include "core/cairo/layout.hpp"

namespace asterism::cluster {

namespace {

// The release whose runner this command stands in for.
constexpr std::string_view kOfficialVersion = "0.14.0.1";

void add_files(CLI::App& app, CairoRunArguments& out) {
  app.add_option("--program", out.program, "The program: Cairo 0 JSON, a Cairo 1 executable or a CASM class.")
      ->check(CLI::ExistingFile);
  app.add_option("--program_input", out.program_input, "A json file with the (private) input of the program.")
      ->check(CLI::ExistingFile);
  app.add_option("--trace_file", out.trace_file, "Output file name for the execution trace.");
  app.add_option("--memory_file", out.memory_file, "Output file name for the memory.");
  app.add_option("--air_public_input", out.air_public_input, "Output file name for the public input of the Cairo AIR.");
  app.add_option("--air_private_input", out.air_private_input,
                 "Output file name for the private input of the Cairo AIR.");
  app.add_option("--run_from_cairo_pie", out.run_from_cairo_pie, "Runs a Cairo PIE file, instead of a program.")
      ->check(CLI::ExistingFile);
  app.add_option("--cairo_pie_output", out.cairo_pie_output, "Output file name for the CairoPIE object.");
  app.add_option("--debug_info_file", out.debug_info_file,
                 "Output file name for debug information created at run time.");
  app.add_option("--profile_output", out.profile_output,
                 "Output file name for profile data that pprof opens, usually profile.pb.gz.");
  app.add_option("--profile", out.profile,
                 "Output file name for steps by call path (folded stacks, for flame graphs).");
}

void add_cairo1(CLI::App& app, CairoRunArguments& out) {
  app.add_option("--args", out.arguments, "Arguments of a Cairo 1 executable: numbers with commas between.");
  app.add_option("--args_file,--args-file", out.arguments_file, "The same from a file: a JSON list of hex strings.")
      ->check(CLI::ExistingFile);
  app.add_option("--entry_point", out.entry_point, "Calls this entry point (selector) of a contract class.");
  app.add_option("--calldata", out.calldata, "What it is called with: numbers with commas between.");
  app.add_option("--gas", out.gas, "The gas that the call may use.");
}

void add_layout(CLI::App& app, CairoRunArguments& out) {
  std::vector<std::string> names;
  for (const auto& layout : core::cairo::all_layouts()) names.emplace_back(layout.name);
  names.emplace_back("dynamic");
  app.add_option("--layout", out.layout, "The layout of the Cairo AIR.")->check(CLI::IsMember(names));
  app.add_option("--cairo_layout_params_file", out.layout_params_file,
                 "CairoLayoutParams json, for the dynamic layout.")
      ->check(CLI::ExistingFile);
}

void add_run(CLI::App& app, CairoRunArguments& out) {
  app.add_option("--steps", out.steps, "The number of instructions to perform.");
  app.add_option("--min_steps", out.min_steps, "The minimal number of instructions to perform.");
  app.add_option("--memory_limit", out.memory_limit, "The most memory cells the program may use.");
  app.add_option("--progress", out.progress, "Writes the step count to standard error every so many million steps.");
  app.add_flag("--proof_mode", out.proof_mode, "Prepare a provable execution trace.");
  app.add_flag("--no_end", out.no_end, "Don't check that the program ended successfully.");
  app.add_flag("--debug_error", out.debug_error, "On an error, stop, but produce the partial outputs.");
  app.add_flag("--merge_extra_segments", out.merge_extra_segments, "Merge extra memory segments in the CairoPIE.");
  app.add_flag("--allow-unknown-hints,--allow_unknown_hints", out.allow_unknown_hints,
               "Fail at an unknown hint only when it is reached.");
  app.add_flag("--show_trace", out.show_trace, "Accepted for compatibility: there is no Python trace to show.");
  app.add_flag("--tracer", out.tracer, "Refused: the tracer is a Python program; use its own command on the files.");
  app.add_option_function<std::string>(
      "--python_dependencies", [&out](const std::string&) { out.python_dependencies = true; },
      "Refused: no Python module is involved.");
  app.add_option_function<std::string>(
         "--flavor", [](const std::string&) {}, "Accepted for compatibility: there is one build.")
      ->check(CLI::IsMember({"Debug", "Release", "RelWithDebInfo"}));
  app.add_flag_callback(
      "--secure_run", [&out] { out.secure_run = true; }, "Verify that the run is secure (the default).");
  app.add_flag_callback("--no_secure_run", [&out] { out.secure_run = false; }, "Don't verify that the run is secure.");
  app.add_option_function<std::string>(
         "--allow_missing_builtins", [&out](const std::string& text) { out.allow_missing_builtins = text != "False"; },
         "Allow to run without all the builtins.")
      ->expected(0, 1)
      ->check(CLI::IsMember({"True", "False", ""}));
}

void add_prints(CLI::App& app, CairoRunArguments& out) {
  app.add_flag("--print_output", out.print_output, "Prints the program output (if the output builtin is used).");
  app.add_flag("--print_info", out.print_info, "Print information on the execution of the program.");
  app.add_flag("--print_memory", out.print_memory, "Show the values on the memory after the execution.");
  app.add_flag("--print_segments", out.print_segments, "Print the segment relocation table.");
  app.add_flag("--relocate_prints", out.relocate_prints, "Print memory and info after memory relocation.");
}

}  // namespace

bool parse_cairo_run(int argc, char** argv, CairoRunArguments& out, int& exit_code) {
  CLI::App app("A tool to run Cairo programs.", "asterism cairo-run");
  add_files(app, out);
  add_layout(app, out);
  add_run(app, out);
  add_prints(app, out);
  add_cairo1(app, out);
  app.set_version_flag("-v,--version", "cairo-run " + std::string(kOfficialVersion) + " (asterism)");
  app.footer(
      "Example:\n  asterism cairo-run --program fibonacci.json --layout small --proof_mode --trace_file trace.bin\n"
      "Exit codes: 0 done, 1 failed, 2 usage");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error) == 0 ? 0 : 2;
    return false;
  }
  return true;
}

std::optional<std::string> check_cairo_run(const CairoRunArguments& a) {
  if (a.tracer) return "--tracer: there is no tracer here; run the official one on the trace and memory files.";
  if (a.python_dependencies) return "--python_dependencies: no Python module is involved in this run.";
  if (a.program.empty() == a.run_from_cairo_pie.empty()) {
    return "Exactly one of --program, --run_from_cairo_pie must be specified.";
  }
  if (a.proof_mode && !a.run_from_cairo_pie.empty()) return "--proof_mode cannot be used with --run_from_cairo_pie.";
  if (a.steps.value_or(0) != 0 && a.min_steps != 0) return "--steps and --min_steps cannot be both specified.";
  if (!a.cairo_pie_output.empty() && a.no_end) return "--no_end and --cairo_pie_output cannot be both specified.";
  if (!a.cairo_pie_output.empty() && a.proof_mode)
    return "--proof_mode and --cairo_pie_output cannot be both specified.";
  if (!a.air_public_input.empty() && !a.proof_mode) return "--air_public_input can only be used in proof_mode.";
  if (!a.air_private_input.empty() && !a.proof_mode) return "--air_private_input can only be used in proof_mode.";
  if (a.layout == "dynamic" && a.layout_params_file.empty()) return "--cairo_layout_params_file is needed for dynamic.";
  if (a.merge_extra_segments && a.cairo_pie_output.empty()) {
    return "--merge_extra_segments is applicable only when --cairo_pie_output is specified.";
  }
  if (!a.run_from_cairo_pie.empty() && (a.steps || a.min_steps != 0)) {
    return "--steps and --min_steps cannot be specified in --run_from_cairo_pie mode.";
  }
  if (!a.profile_output.empty() && a.program.empty()) return "--profile_output needs --program.";
  if (!a.entry_point.empty() && (a.proof_mode || a.program.empty() || !a.cairo_pie_output.empty())) {
    return "--entry_point calls a contract class in execution mode, without a PIE.";
  }
  if (!a.air_private_input.empty() && a.trace_file.empty())
    return "--trace_file must be set when --air_private_input is set.";
  if (!a.air_private_input.empty() && a.memory_file.empty())
    return "--memory_file must be set when --air_private_input is set.";
  return std::nullopt;
}

}  // namespace asterism::cluster
