// What a proof costs.
//   stark_bench make PROGRAM LAYOUT LOG_STEPS FOLDER   runs fibonacci.json for so many steps; writes Stone's input
//   files
//                                                      and params-2.json, params-4.json (log2 of the blow-up)
//   stark_bench prove FOLDER PARAMETERS [THREADS [MEMORY_MIB]]
//   stark_bench count LAYOUT LOG_STEPS LOG_COSETS      millions of multiplications and Keccak permutations of a proof
// prove prints CPU seconds by phase, wall time, peak memory, and a hash of the proof's bytes. Peak memory includes the
// inputs. Compare with Stone on the same files (cpu_air_prover --parameter_file ... --private_input_file ...).
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/cairo/runner.hpp"
#include "core/hash/keccak.hpp"
#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"

namespace {

using namespace asterism::core;
namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
void write_file(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

struct Cost {
  double user, system, peak_mebibytes;
  std::chrono::steady_clock::time_point at;

  static Cost now() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return {seconds(usage.ru_utime), seconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024.0,
            std::chrono::steady_clock::now()};
  }
};

int complain(const std::string& text) {
  std::fprintf(stderr, "stark_bench: %s\n", text.c_str());
  return 1;
}

// Security of 96 bits without grinding, folds of 16, a last layer of at least 64 coefficients.
std::string parameters(unsigned log_rows, unsigned log_cosets) {
  std::string steps = "0";
  unsigned left = log_rows;
  for (; left >= 10; left -= 4) steps += ", 4";
  return R"({"field": "PrimeField0", "use_extension_field": false, "stark": {"log_n_cosets": )" +
         std::to_string(log_cosets) + R"(, "fri": {"fri_step_list": [)" + steps + R"(], "last_layer_degree_bound": )" +
         std::to_string(std::uint64_t{1} << left) + R"(, "n_queries": )" + std::to_string(96 / log_cosets) +
         R"(, "proof_of_work_bits": 0}}})";
}

// The number of rounds, a constant of the program, for which its steps fill 2^log_steps.
std::string with_rounds(std::string text, unsigned log_steps) {
  constexpr std::string_view kRounds = "\"0x2aaa8\"";
  char rounds[32];
  std::snprintf(rounds, sizeof rounds, "\"0x%llx\"", ((1ULL << log_steps) - 16) / 6);
  if (const auto at = text.find(kRounds); at != std::string::npos) text.replace(at, kRounds.size(), rounds);
  return text;
}

int make(const fs::path& program_file, const char* layout, unsigned log_steps, const fs::path& folder) {
  const auto program = cairo::load_program(with_rounds(read_file(program_file), log_steps));
  if (!program) return complain(program.error().text());
  const cairo::Layout* found = cairo::find_layout(layout);
  if (found == nullptr) return complain("no such layout");
  auto runner = cairo::Runner::create(
      *program, {.layout = *found, .proof_mode = true, .min_steps = std::uint64_t{1} << log_steps});
  if (!runner) return complain(runner.error().text());
  if (const auto done = (*runner)->run(); !done) return complain(done.error().text());
  fs::create_directories(folder);
  const auto sink = [](std::ofstream& file) {
    return [&file](ByteView piece) {
      file.write(reinterpret_cast<const char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    };
  };
  std::ofstream trace(folder / "trace.bin", std::ios::binary);
  std::ofstream memory(folder / "memory.bin", std::ios::binary);
  const auto public_input = (*runner)->public_input();
  const auto private_input = (*runner)->private_input("trace.bin", "memory.bin");
  if (!(*runner)->write_trace(sink(trace)) || !(*runner)->write_memory(sink(memory)) || !public_input || !private_input)
    return complain("the run has no files");
  write_file(folder / "air_public_input.json", *public_input);
  write_file(folder / "air_private_input.json", *private_input);
  for (const unsigned log_cosets : {2U, 4U}) {
    write_file(folder / ("params-" + std::to_string(log_cosets) + ".json"), parameters(log_steps + 4, log_cosets));
  }
  return 0;
}

int prove(const fs::path& folder, const fs::path& parameter_file, unsigned threads, std::uint64_t mebibytes) {
  const auto parameters = stark::parse_parameters(read_file(parameter_file));
  const auto input = stark::parse_public_input(read_file(folder / "air_public_input.json"));
  auto secret = stark::parse_private_input(read_file(folder / "air_private_input.json"));
  if (!parameters || !input || !secret) return complain("cannot read the inputs");
  {
    const auto steps = stark::parse_execution(as_bytes(read_file(folder / secret->trace_path)));
    const auto memory = stark::parse_memory(as_bytes(read_file(folder / secret->memory_path)));
    if (!steps || !memory) return complain("cannot read trace and memory");
    secret->input.steps = *steps;
    secret->input.memory = *memory;
  }
  const Cost begin = Cost::now();
  std::vector<std::pair<std::string, Cost>> marks;
  stark::Budget budget{.threads = threads, .memory = mebibytes << 20};
  budget.progress = [&](const stark::Progress& progress) {
    const auto name = stark::phase_name(progress.phase);
    if (marks.empty() || marks.back().first != name) marks.emplace_back(name, Cost::now());
  };
  const auto proof = stark::prove(*input, secret->input, *parameters, budget);
  const Cost end = Cost::now();
  if (!proof) return complain(proof.error().text());
  marks.emplace_back("", end);
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
    const Cost& from = marks[i].second;
    const Cost& to = marks[i + 1].second;
    std::printf("%s %.3f+%.3f  ", marks[i].first.c_str(), to.user - from.user, to.system - from.system);
  }
  std::printf("\ncpu %.3f s (system %.3f)  wall %.3f s  peak %.0f MiB  threads %u  proof %zu bytes %s\n",
              end.user + end.system - begin.user - begin.system, end.system - begin.system,
              std::chrono::duration<double>(end.at - begin.at).count(), end.peak_mebibytes, threads,
              proof->bytes.size(), to_hex(keccak256(proof->bytes)).substr(0, 16).c_str());
  return 0;
}

// Multiplications of one row of the composition polynomial.
struct Multiplications {
  struct Value {
    Multiplications* counter = nullptr;
    friend Value operator+(Value a, Value b) { return a.counter != nullptr ? a : b; }
    friend Value operator-(Value a, Value b) { return a + b; }
    friend Value operator*(Value a, Value b) {
      const Value out = a + b;
      if (out.counter != nullptr) ++out.counter->count;
      return out;
    }
  };
  std::uint64_t count = 0;
  Value at(const stark::VirtualColumn&, std::uint64_t) { return {this}; }
  Value number(std::uint64_t) const { return {}; }
  Value constant(const Felt&) const { return {}; }
  Value global(stark::Global) { return {this}; }
  Value periodic(stark::PeriodicId) { return {this}; }
  void constrain(stark::ConstraintName, Value, const stark::Domain&) { ++count; }
};

int count(const char* layout_name, unsigned log_steps, unsigned log_cosets) {
  const stark::Layout* layout = stark::find_layout(layout_name);
  if (layout == nullptr) return complain("no such layout");
  const stark::Air air(*layout, std::uint64_t{1} << log_steps);
  Multiplications row;
  air.evaluate(row);
  const auto rows = static_cast<double>(air.trace_length());
  const auto cosets = static_cast<double>(std::uint64_t{1} << log_cosets);
  const double transform = rows / 2 * air.log_trace_length();
  const double columns = layout->columns();
  const double fri = 16.0 / 15;  // layers of rows of 16 cells, each a sixteenth of the one before
  const double interpolations = transform * (columns + 3);
  const double extensions = transform * cosets * (columns + 2 + fri);
  const double composition = 2 * rows * static_cast<double>(row.count + air.domains().size());
  const double points = rows * static_cast<double>(2 * air.mask().size() + 2 + air.mask().size() / 2);
  const auto permutations = [](double felts) {
    return static_cast<double>(static_cast<std::uint64_t>(felts * 32) / 136 + 1);
  };
  const auto table = [&](double felts, double leaves) {
    return leaves * (felts == 1 ? 1 : permutations(felts) + 1);  // as many nodes above the leaves
  };
  const double hashes =
      rows * cosets *
      (table(layout->columns_first, 1) + table(layout->columns_second, 1) + table(2, 1) + table(16, 1.0 / 16) * fri);
  std::printf(
      "multiplications %.1f M: interpolation %.1f extension %.1f composition %.1f sampling and DEEP %.1f; "
      "permutations %.1f M\n",
      (interpolations + extensions + composition + points) * 1e-6, interpolations * 1e-6, extensions * 1e-6,
      composition * 1e-6, points * 1e-6, hashes * 1e-6);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto number = [&](std::size_t i, unsigned otherwise) {
    return i < arguments.size() ? static_cast<unsigned>(std::stoul(arguments[i])) : otherwise;
  };
  if (arguments.size() == 5 && arguments[0] == "make")
    return make(arguments[1], arguments[2].c_str(), number(3, 0), arguments[4]);
  if (arguments.size() >= 3 && arguments[0] == "prove")
    return prove(arguments[1], arguments[2], number(3, 1), number(4, 0));
  if (arguments.size() == 4 && arguments[0] == "count") return count(arguments[1].c_str(), number(2, 0), number(3, 0));
  return complain(
      "make PROGRAM LAYOUT LOG_STEPS FOLDER | prove FOLDER PARAMETERS [THREADS [MEMORY_MIB]] | count LAYOUT LOG_STEPS "
      "LOG_COSETS");
}
