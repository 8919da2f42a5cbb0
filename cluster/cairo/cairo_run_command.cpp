#include "cluster/cairo/cairo_run_command.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cluster/cairo/options.hpp"
#include "cluster/cairo/report.hpp"
#include "core/cairo/pie.hpp"
#include "core/cairo/profile.hpp"

namespace asterism::cluster {

namespace {

using namespace core::cairo;

// Why the command ends with 1; the text is printed as it is.
struct Failure {
  std::string text;
};
[[noreturn]] void fail_with(std::string text) { throw Failure{std::move(text)}; }
[[noreturn]] void fail_with(const Error& error) {
  if (error.kind == ErrorKind::kSecurity) fail_with("SecurityError: " + error.text());
  if (error.kind == ErrorKind::kUsage || error.kind == ErrorKind::kFinal) fail_with("Error: " + error.text());
  fail_with(error.text());
}
template <class T>
T take(Expected<T> result) {
  if (!result) fail_with(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string out{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.good() && !file.eof()) fail_with("cannot read " + path);
  return out;
}

// A file that is written from front to back; a write that fails fails the command.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "wb")) {
    if (file_ == nullptr) fail_with("cannot write " + path);
  }
  ~OutputFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  void write(core::ByteView bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail_with("cannot write " + path_);
  }
  void close() {
    std::FILE* file = std::exchange(file_, nullptr);
    if (std::fclose(file) != 0) fail_with("cannot write " + path_);
  }
  Runner::Sink sink() {
    return [this](core::ByteView piece) { write(piece); };
  }

 private:
  std::string path_;
  std::FILE* file_;
};

void write_all(const std::string& path, core::ByteView bytes) {
  OutputFile file(path);
  file.write(bytes);
  file.close();
}

Layout choose_layout(const CairoRunArguments& arguments) {
  if (arguments.layout == "dynamic") return take(parse_dynamic_layout(read_all(arguments.layout_params_file)));
  return *find_layout(arguments.layout);
}

RunOptions run_options(const CairoRunArguments& arguments) {
  RunOptions options{.layout = choose_layout(arguments)};
  options.proof_mode = arguments.proof_mode;
  options.allow_missing_builtins = arguments.allow_missing_builtins;
  options.secure_run = arguments.secure_run;
  options.steps = arguments.steps;
  options.min_steps = arguments.min_steps;
  options.no_end = arguments.no_end;
  options.keep_trace = arguments.proof_mode || !arguments.trace_file.empty() || !arguments.profile.empty() ||
                       !arguments.cairo_pie_output.empty() || !arguments.run_from_cairo_pie.empty();
  options.limits.max_cells = arguments.memory_limit;
  if (arguments.progress != 0) {
    options.limits.progress_every = arguments.progress * 1000000;
    options.limits.on_progress = [](std::uint64_t steps) {
      std::fprintf(stderr, "%llu steps\n", static_cast<unsigned long long>(steps));
    };
  }
  if (!arguments.program_input.empty()) options.program_input = read_all(arguments.program_input);
  return options;
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

int run(const CairoRunArguments& arguments) {
  RunOptions options = run_options(arguments);
  std::shared_ptr<const Program> program;
  std::optional<Pie> input;
  if (arguments.run_from_cairo_pie.empty()) {
    LoadOptions load;
    load.allow_unknown_hints = arguments.allow_unknown_hints;
    program = take(load_program(read_all(arguments.program), load));
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
  std::fwrite(runner->machine().printed.data(), 1, runner->machine().printed.size(), stdout);
  for (const std::string& warning : runner->warnings()) std::printf("%s\n", warning.c_str());
  if (!done) {
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
