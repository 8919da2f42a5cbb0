#include "cluster/cairo/cairo_run_command.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cluster/cairo/files.hpp"
#include "cluster/cairo/options.hpp"
#include "cluster/cairo/report.hpp"
#include "core/cairo/debug_text.hpp"
#include "core/cairo/pie.hpp"
#include "core/cairo/pprof.hpp"
#include "core/cairo/profile.hpp"

namespace asterism::cluster {

namespace {

using namespace core::cairo;

Layout choose_layout(const CairoRunArguments& arguments) {
  if (arguments.layout == "dynamic") return take(parse_dynamic_layout(read_all(arguments.layout_params_file)));
  return *find_layout(arguments.layout);
}

core::Felt number_of(const std::string& text) {
  return take(guarded([&] { return BigInt::parse(text); })).to_felt();
}

// "1,-2,0x3"
std::vector<core::Felt> number_list(const std::string& text) {
  std::vector<core::Felt> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    out.push_back(number_of(text.substr(at, end - at)));
    at = end + 1;
  }
  return out;
}

// Of a Cairo 1 executable.
std::vector<core::Felt> run_arguments(const CairoRunArguments& arguments) {
  if (arguments.arguments_file.empty()) return number_list(arguments.arguments);
  const auto list = nlohmann::json::parse(read_all(arguments.arguments_file), nullptr, false);
  if (!list.is_array()) fail_with("Error: " + arguments.arguments_file + " is no JSON list.");
  std::vector<core::Felt> out;
  for (const auto& number : list) {
    if (!number.is_string()) fail_with("Error: the arguments in " + arguments.arguments_file + " must be hex strings.");
    out.push_back(number_of(number.get<std::string>()));
  }
  return out;
}

// Source files as the program's debug information names them, relative to where the command runs.
std::optional<std::string> read_if_there(const std::string& path) {
  constexpr std::uintmax_t kMaxSource = std::uintmax_t{1} << 26;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || std::filesystem::file_size(path, error) > kMaxSource) {
    return std::nullopt;
  }
  return read_all(path);
}

RunOptions run_options(const CairoRunArguments& arguments) {
  RunOptions options{.layout = choose_layout(arguments)};
  options.proof_mode = arguments.proof_mode;
  options.allow_missing_builtins = arguments.allow_missing_builtins;
  options.secure_run = arguments.secure_run;
  options.steps = arguments.steps;
  options.min_steps = arguments.min_steps;
  options.no_end = arguments.no_end;
  for (const core::Felt& number : run_arguments(arguments)) options.arguments.emplace_back(number);
  options.keep_trace = arguments.proof_mode || !arguments.trace_file.empty() || !arguments.profile.empty() ||
                       !arguments.profile_output.empty() || !arguments.cairo_pie_output.empty() ||
                       !arguments.run_from_cairo_pie.empty();
  options.limits.max_cells = arguments.memory_limit;
  if (arguments.progress != 0) {
    options.limits.progress_every = arguments.progress * 1000000;
    options.limits.on_progress = [](std::uint64_t steps) {
      std::fprintf(stderr, "%llu steps\n", static_cast<unsigned long long>(steps));
    };
  }
  options.read_source = read_if_there;
  if (!arguments.program_input.empty()) options.program_input = read_all(arguments.program_input);
  return options;
}

// The program's debug information with the addresses that instructions have once the program is relocated.
void write_debug_info(const CairoRunArguments& arguments) {
  constexpr std::uint64_t kProgramBase = 1;
  using Json = nlohmann::ordered_json;
  Json out = {{"file_contents", Json::object()}, {"instruction_locations", Json::object()}};
  const Json program = arguments.program.empty() ? Json() : Json::parse(read_all(arguments.program), nullptr, false);
  const auto info = program.find("debug_info");
  if (info != program.end() && info->is_object()) {
    if (info->contains("file_contents")) out["file_contents"] = (*info)["file_contents"];
    if (info->contains("instruction_locations")) {
      for (const auto& [pc, location] : (*info)["instruction_locations"].items()) {
        out["instruction_locations"][std::to_string(std::stoull(pc) + kProgramBase)] = location;
      }
    }
  }
  write_all(arguments.debug_info_file, core::as_bytes(out.dump()));
}

void write_files(const CairoRunArguments& arguments, Runner& runner) {
  if (!arguments.trace_file.empty()) {
    OutputFile file(arguments.trace_file);
    take(runner.write_trace(file.sink()));
    file.close();
  }
  if (!arguments.memory_file.empty()) {
    OutputFile file(arguments.memory_file);
    take(runner.write_memory(file.sink()));
    file.close();
  }
  if (!arguments.air_public_input.empty()) {
    write_all(arguments.air_public_input, core::as_bytes(take(runner.public_input())));
  }
  if (!arguments.air_private_input.empty()) {
    const std::string text = take(runner.private_input(std::filesystem::absolute(arguments.trace_file).string(),
                                                       std::filesystem::absolute(arguments.memory_file).string()));
    write_all(arguments.air_private_input, core::as_bytes(text));
  }
  if (!arguments.profile.empty()) write_all(arguments.profile, core::as_bytes(folded_profile(runner)));
  if (!arguments.debug_info_file.empty()) write_debug_info(arguments);
  if (!arguments.profile_output.empty()) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    GzipFile file(arguments.profile_output);
    take(write_pprof(runner, static_cast<std::uint64_t>(std::chrono::nanoseconds(now).count()), file.sink()));
    file.close();
  }
}

void print_reports(CairoRunArguments arguments, Runner& runner) {
  if (runner.segment_bases().empty()) arguments.relocate_prints = arguments.print_segments = false;  // it failed
  std::string out;
  if (arguments.print_memory) out += memory_report(runner, arguments.relocate_prints);
  if (arguments.print_output) out += output_report(runner);
  if (arguments.print_info) {
    out += info_report(runner, arguments.relocate_prints);
    if (arguments.proof_mode && !arguments.no_end && !runner.segment_bases().empty())
      out += builtin_usage_report(runner);
  }
  if (arguments.print_segments) out += segments_report(runner);
  std::fwrite(out.data(), 1, out.size(), stdout);
}

void print_collected(Runner& runner) {
  std::fwrite(runner.machine().printed.data(), 1, runner.machine().printed.size(), stdout);
  for (const std::string& warning : runner.warnings()) std::printf("%s\n", warning.c_str());
}

// An entry point of a contract class by its selector; there is no state, so that system calls fail.
int call_contract(const CairoRunArguments& arguments, std::shared_ptr<const Program> program, RunOptions options) {
  const core::Felt selector = number_of(arguments.entry_point);
  const EntryPoint* entry = nullptr;
  for (const EntryPoint& candidate : program->entry_points) {
    if (candidate.selector == selector) entry = &candidate;
  }
  if (entry == nullptr) fail_with("Error: the class has no entry point " + selector.to_hex() + ".");
  const auto runner = take(Runner::create(program, std::move(options)));
  const auto result = runner->run_entry_point(*entry, number_list(arguments.calldata), arguments.gas);
  print_collected(*runner);
  if (!result) fail_with(result.error());
  std::printf("Gas left: %llu\n%s:\n", static_cast<unsigned long long>(result->gas_left),
              result->panicked ? "Panicked with" : "Returned");
  for (const core::Felt& felt : result->data) std::printf("  %s\n", felt.to_decimal().c_str());
  print_reports(arguments, *runner);
  write_files(arguments, *runner);
  return result->panicked ? 1 : 0;
}

int run(const CairoRunArguments& arguments) {
  RunOptions options = run_options(arguments);
  std::shared_ptr<const Program> program;
  std::optional<Pie> input;
  if (arguments.run_from_cairo_pie.empty()) {
    LoadOptions load;
    load.allow_unknown_hints = arguments.allow_unknown_hints;
    program = take(load_any_program(read_all(arguments.program), load));
    if (!arguments.entry_point.empty()) return call_contract(arguments, program, std::move(options));
  } else {
    input = take(read_pie(core::as_bytes(read_all(arguments.run_from_cairo_pie))));
    program = program_of(*input);
    options.from_pie = &*input;
    options.steps = input->resources.steps;
  }
  const bool secure = options.secure_run.value_or(!options.proof_mode);
  const auto runner = take(Runner::create(program, std::move(options)));
  int exit_code = 0;
  const auto done = runner->run();
  print_collected(*runner);
  if (!done) {
    if (!runner->machine().panic_data.empty() && !arguments.debug_error) {
      fail_with(panic_text(runner->machine().panic_data) + "\n" + done.error().text());
    }
    if (!arguments.debug_error) fail_with(done.error());
    std::printf("Got an error:\n%s\n", done.error().text().c_str());
    exit_code = 1;
  }
  if (input && secure) {
    const std::string problem = difference(*input, take(make_pie(*runner)));
    if (!problem.empty()) {
      fail_with(
          "Error: The Cairo PIE input is not identical to the resulting Cairo PIE. This may indicate that the Cairo "
          "PIE was not generated by cairo_run.\n" +
          problem);
    }
  }
  if (!arguments.cairo_pie_output.empty()) {
    write_all(arguments.cairo_pie_output, take(write_pie(take(make_pie(*runner)), arguments.merge_extra_segments)));
  }
  print_reports(arguments, *runner);
  write_files(arguments, *runner);
  return exit_code;
}

}  // namespace

int cairo_run_command(int argc, char** argv) {
  CairoRunArguments arguments;
  int exit_code = 0;
  if (!parse_cairo_run(argc, argv, arguments, exit_code)) return exit_code;
  if (const auto problem = check_cairo_run(arguments)) {
    std::fprintf(stderr, "Error: %s\n", problem->c_str());
    return 1;
  }
  try {
    return run(arguments);
  } catch (const Failure& failure) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s\n", failure.text.c_str());
    return 1;
  }
}

}  // namespace asterism::cluster
