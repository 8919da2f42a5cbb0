#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <limits>
#include <thread>

#include "cluster/stark/files.hpp"
#include "cluster/stark/prove_inputs.hpp"
#include "cluster/stark/stark_command.hpp"
#include "core/stark/memory_plan.hpp"
#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"

namespace asterism::cluster {
namespace {

namespace stark = core::stark;

std::atomic<bool> cancelled{false};

struct Options {
  InputFiles files;
  ProgramRun run;
  std::string out_file;
  bool annotations = false, insecure = false, evm = false, quiet = false;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  std::uint64_t memory = 0;
};

int refuse(const std::string& reason) {
  std::fprintf(stderr, "prove: %s\n", reason.c_str());
  return 1;
}

// Lines on standard error: each phase, and how far it is once a second.
class ProgressLines {
 public:
  void operator()(const stark::Progress& progress) {
    const double now = elapsed();
    if (progress.phase == phase_ && now - printed_ < 1) return;
    phase_ = progress.phase;
    printed_ = now;
    const double part = static_cast<double>(progress.done) / static_cast<double>(progress.total);
    std::fprintf(stderr, "phase=%s done=%.0f%% elapsed=%.1fs", std::string(stark::phase_name(phase_)).c_str(),
                 100 * part, now);
    if (part > 0.05) std::fprintf(stderr, " remaining=%.1fs", now / part - now);
    std::fprintf(stderr, "\n");
  }
  double elapsed() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  stark::Phase phase_ = stark::Phase::opening;
  double printed_ = -1;
};

// What the system can give without swapping, in bytes.
std::uint64_t available_memory() {
  std::ifstream file("/proc/meminfo");
  std::string name, unit;
  for (std::uint64_t kibibytes = 0; file >> name >> kibibytes; std::getline(file, unit)) {
    if (name == "MemAvailable:") return kibibytes << 10;
  }
  return std::numeric_limits<std::uint64_t>::max();
}

// Where the caller sets no limit and the fastest plan does not fit, the limit is what there is.
stark::Expected<stark::MemoryPlan> plan_memory(const ProveInputs& inputs, stark::Budget& budget) {
  const stark::PublicInput& input = inputs.public_input;
  const stark::Layout* layout = stark::find_layout(input.layout, inputs.parameters.evm);
  if (layout == nullptr) return stark::fail(stark::Error::unknown_layout, input.layout);
  if (auto checked = stark::check_public_input(*layout, input, inputs.parameters.evm); !checked) {
    return std::unexpected(checked.error());
  }
  const stark::Air air(*layout, input.n_steps);
  if (auto checked = stark::validate(inputs.parameters, air.log_trace_length()); !checked) {
    return std::unexpected(checked.error());
  }
  auto plan = stark::plan_memory(air, inputs.parameters, budget);
  if (plan && budget.memory == 0 && plan->peak > available_memory()) {
    budget.memory = available_memory();
    plan = stark::plan_memory(air, inputs.parameters, budget);
  }
  return plan;
}

int prove_inputs(const Options& options, const ProveInputs& inputs) {
  const unsigned bits = stark::security_bits(inputs.parameters);
  if (!options.quiet) std::fprintf(stderr, "security_bits=%u\n", bits);
  if (bits < stark::kLeastSecurityBits && !options.insecure) {
    return refuse(std::to_string(bits) + " bits of security are less than " +
                  std::to_string(stark::kLeastSecurityBits) + "; --insecure allows it");
  }
  ProgressLines lines;
  stark::Budget budget{.threads = options.threads, .memory = options.memory, .progress = {}, .cancel = &cancelled};
  const auto plan = plan_memory(inputs, budget);
  if (!plan) return refuse(plan.error().text());
  if (!options.quiet) {
    std::fprintf(stderr, "layout=%s steps=%llu threads=%u predicted_peak=%lluMiB\n", inputs.public_input.layout.c_str(),
                 static_cast<unsigned long long>(inputs.public_input.n_steps), budget.threads,
                 static_cast<unsigned long long>(plan->peak >> 20));
    budget.progress = std::ref(lines);
  }
  const auto proof = stark::prove(inputs.public_input, inputs.secret, inputs.parameters, budget, options.annotations);
  if (!proof) return refuse(proof.error().text());
  const auto text = stark::format_output_file({inputs.private_text, inputs.public_text, inputs.parameters_text,
                                               inputs.config_text, proof->bytes, proof->annotations});
  if (!text) return refuse(text.error().text());
  if (!write_whole(options.out_file, *text)) return refuse("cannot write " + options.out_file);
  if (!options.quiet) std::fprintf(stderr, "proof_bytes=%zu elapsed=%.1fs\n", proof->bytes.size(), lines.elapsed());
  return 0;
}

void add_files(CLI::App& app, Options& options) {
  app.add_option("--parameter_file", options.files.parameters,
                 "Stone's parameters; with --program 98 bits at blow-up 8 unless given");
  app.add_option("--prover_config_file", options.files.prover_config,
                 "accepted and copied; changes no byte of the proof");
  app.add_option("--private_input_file", options.files.private_input, "builtin inputs; names trace and memory");
  app.add_option("--public_input_file", options.files.public_input, "layout, segments, public memory");
  app.add_option("--out_file", options.out_file, "the proof, as JSON")->required();
}

void add_program(CLI::App& app, Options& options) {
  auto* program = app.add_option("--program", options.run.program, "a compiled Cairo program, run here in proof mode")
                      ->check(CLI::ExistingFile);
  app.add_option("--layout", options.run.layout, "its layout")->needs(program);
  app.add_option("--program_input", options.run.program_input, "JSON that its hints see")
      ->needs(program)
      ->check(CLI::ExistingFile);
  app.add_option("--min_steps", options.run.min_steps, "run at least so many steps")->needs(program);
  program->excludes("--private_input_file")->excludes("--public_input_file")->needs("--layout");
}

bool has_inputs(const Options& options) {
  const InputFiles& files = options.files;
  return !options.run.program.empty() ||
         (!files.parameters.empty() && !files.private_input.empty() && !files.public_input.empty());
}

}  // namespace

int prove_command(int argc, char** argv) {
  Options options;
  CLI::App app("Proves a run of a Cairo program, byte for byte as Stone does.", "prove");
  add_files(app, options);
  add_program(app, options);
  app.add_flag("--generate_annotations", options.annotations, "explain the proof message by message");
  app.add_option("--threads", options.threads, "number of threads")->check(CLI::Range(1, 1024));
  app.add_option("--max-memory", options.memory,
                 "bytes, or 4GiB; decides what is computed twice instead of kept, and refuses before more is needed")
      ->transform(CLI::AsSizeValue(false));
  app.add_flag("--insecure", options.insecure, "allow less than 96 bits of security");
  app.add_flag("--evm", options.evm, "for StarkWare's contracts on Ethereum");
  app.add_flag("--quiet", options.quiet, "no progress");
  app.footer(
      "Example:\n"
      "  asterism prove --program fibonacci.json --layout small --out_file proof.json\n"
      "  asterism prove --parameter_file params.json --private_input_file private.json --public_input_file public.json "
      "--out_file proof.json\n"
      "Exit codes: 0 done, 1 failed, 2 usage");
  try {
    app.parse(argc, argv);
    if (!has_inputs(options)) {
      throw CLI::RequiredError("--program, or --parameter_file, --private_input_file and --public_input_file");
    }
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  cancelled = false;
  std::signal(SIGINT, [](int) { cancelled = true; });
  std::signal(SIGTERM, [](int) { cancelled = true; });
  options.run.parameters = options.files.parameters;
  options.run.max_memory = options.memory;
  options.run.evm = options.evm;
  auto inputs = options.run.program.empty() ? read_inputs(options.files) : run_program(options.run, cancelled);
  if (!inputs) return refuse(inputs.error().text());
  inputs->parameters.evm = options.evm;
  return prove_inputs(options, *inputs);
}

}  // namespace asterism::cluster
