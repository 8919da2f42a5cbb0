#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "cluster/stark/files.hpp"
#include "cluster/stark/stark_command.hpp"
#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"

namespace asterism::cluster {
namespace {

namespace stark = core::stark;

std::atomic<bool> cancelled{false};

struct Options {
  std::string parameter_file, prover_config_file, private_input_file, public_input_file, out_file;
  bool annotations = false, insecure = false, evm = false, quiet = false;
  unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  std::uint64_t memory = 0;
};

int refuse(const std::string& reason) {
  std::fprintf(stderr, "prove: %s\n", reason.c_str());
  return 1;
}

// The inputs as text, for the output file, and as the prover takes them.
struct Inputs {
  std::string parameters_text, public_text, private_text, config_text = "{}";
  stark::Parameters parameters;
  stark::PublicInput public_input;
  stark::PrivateInput secret;
};

core::ByteView bytes_of(const std::string& text) { return core::as_bytes(text); }

stark::Expected<Inputs> read_inputs(const Options& options) {
  Inputs out;
  const auto read = [](const std::filesystem::path& path, std::string& text) -> stark::Expected<void> {
    auto content = read_whole(path);
    if (!content) return stark::fail(stark::Error::malformed_input, "cannot read " + path.string());
    text = std::move(*content);
    return {};
  };
  stark::Expected<void> done = read(options.parameter_file, out.parameters_text);
  if (done) done = read(options.public_input_file, out.public_text);
  if (done) done = read(options.private_input_file, out.private_text);
  if (done && !options.prover_config_file.empty()) done = read(options.prover_config_file, out.config_text);
  if (!done) return std::unexpected(done.error());
  auto parameters = stark::parse_parameters(out.parameters_text);
  if (!parameters) return std::unexpected(parameters.error());
  out.parameters = std::move(*parameters);
  out.parameters.evm = options.evm;
  auto input = stark::parse_public_input(out.public_text);
  if (!input) return std::unexpected(input.error());
  out.public_input = std::move(*input);
  auto secret = stark::parse_private_input(out.private_text);
  if (!secret) return std::unexpected(secret.error());
  out.secret = std::move(secret->input);

  // Paths in the private input are relative to it, or to where we are.
  const auto beside = [&](const std::string& path) {
    const auto near = std::filesystem::path(options.private_input_file).parent_path() / path;
    return std::filesystem::exists(near) ? near : std::filesystem::path(path);
  };
  std::string binary;
  if (done = read(beside(secret->trace_path), binary); !done) return std::unexpected(done.error());
  auto steps = stark::parse_execution(bytes_of(binary));
  if (!steps) return std::unexpected(steps.error());
  out.secret.steps = std::move(*steps);
  if (done = read(beside(secret->memory_path), binary); !done) return std::unexpected(done.error());
  auto memory = stark::parse_memory(bytes_of(binary));
  if (!memory) return std::unexpected(memory.error());
  out.secret.memory = std::move(*memory);
  return out;
}

int prove_files(const Options& options) {
  const auto inputs = read_inputs(options);
  if (!inputs) return refuse(inputs.error().text());
  const unsigned bits = stark::security_bits(inputs->parameters);
  if (!options.quiet) std::fprintf(stderr, "security_bits=%u\n", bits);
  if (bits < stark::kLeastSecurityBits && !options.insecure) {
    return refuse(std::to_string(bits) + " bits of security are less than " +
                  std::to_string(stark::kLeastSecurityBits) + "; --insecure allows it");
  }
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  stark::Budget budget{.threads = options.threads, .memory = options.memory, .progress = {}, .cancel = &cancelled};
  if (!options.quiet) {
    budget.progress = [&](stark::Phase phase) {
      std::fprintf(stderr, "phase=%s elapsed=%.2fs\n", std::string(stark::phase_name(phase)).c_str(), seconds());
    };
  }
  std::signal(SIGINT, [](int) { cancelled = true; });
  std::signal(SIGTERM, [](int) { cancelled = true; });
  const auto proof =
      stark::prove(inputs->public_input, inputs->secret, inputs->parameters, budget, options.annotations);
  if (!proof) return refuse(proof.error().text());
  const auto text = stark::format_output_file({inputs->private_text, inputs->public_text, inputs->parameters_text,
                                               inputs->config_text, proof->bytes, proof->annotations});
  if (!text) return refuse(text.error().text());
  if (!write_whole(options.out_file, *text)) return refuse("cannot write " + options.out_file);
  if (!options.quiet) std::fprintf(stderr, "proof_bytes=%zu elapsed=%.2fs\n", proof->bytes.size(), seconds());
  return 0;
}

}  // namespace

int prove_command(int argc, char** argv) {
  Options options;
  CLI::App app("Proves a run of a Cairo program, byte for byte as Stone does.", "prove");
  app.add_option("--parameter_file", options.parameter_file, "Stone's parameters")->required();
  app.add_option("--prover_config_file", options.prover_config_file,
                 "accepted and copied; changes no byte of the proof");
  app.add_option("--private_input_file", options.private_input_file, "builtin inputs; names trace and memory")
      ->required();
  app.add_option("--public_input_file", options.public_input_file, "layout, segments, public memory")->required();
  app.add_option("--out_file", options.out_file, "the proof, as JSON")->required();
  app.add_flag("--generate_annotations", options.annotations, "explain the proof message by message");
  app.add_option("--threads", options.threads, "number of threads")->check(CLI::Range(1, 1024));
  app.add_option("--max-memory", options.memory, "bytes; decides what is computed twice instead of kept")
      ->transform(CLI::AsSizeValue(false));
  app.add_flag("--insecure", options.insecure, "allow less than 96 bits of security");
  app.add_flag("--evm", options.evm, "for StarkWare's contracts on Ethereum");
  app.add_flag("--quiet", options.quiet, "no progress");
  app.footer(
      "Example:\n  asterism prove --parameter_file params.json --private_input_file private.json --public_input_file "
      "public.json --out_file proof.json\nExit codes: 0 done, 1 failed, 2 usage");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return prove_files(options);
}

}  // namespace asterism::cluster
