// Steps a second and peak memory of the Cairo machine on vectors/cairo/bench, checked against the expected hashes.
//   cairo_bench [name part] [--check] [--no-files]
// CPU time of the run alone, and of the run with its trace and memory records made (not written to a disk).
#include <sodium.h>
#include <sys/resource.h>

#include <cstdio>

#include "tests/core/cairo/vectors.hpp"

namespace {

using namespace asterism;
using namespace asterism::core::cairo;
using nlohmann::json;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

// Hashes what passes, or only counts it.
struct Records {
  bool check;
  crypto_hash_sha256_state state{};
  std::uint64_t bytes = 0;
  explicit Records(bool c) : check(c) { crypto_hash_sha256_init(&state); }
  Runner::Sink sink() {
    return [this](core::ByteView piece) {
      bytes += piece.size();
      if (check) crypto_hash_sha256_update(&state, piece.data(), piece.size());
    };
  }
  std::string hash() {
    std::array<unsigned char, 32> out{};
    crypto_hash_sha256_final(&state, out.data());
    return core::to_hex(out);
  }
};

// Replaces one word of a program's data in the text: a JSON library would round its large constants.
void set_word(std::string& text, std::size_t index, const std::string& word) {
  std::size_t at = text.find('[', text.find("\"data\""));
  for (std::size_t i = 0; i < index; ++i) at = text.find(',', at + 1);
  const std::size_t open = text.find('"', at);
  const std::size_t close = text.find('"', open + 1);
  text.replace(open + 1, close - open - 1, word);
}

bool run(const json& bench, const std::filesystem::path& folder, bool check, bool files) {
  std::string text = test::read_file(folder / bench.at("program").get<std::string>());
  char hex[32];
  std::snprintf(hex, sizeof hex, "0x%llx", bench.at("N").get<unsigned long long>());
  for (const auto& index : bench.at("data_index_of_N")) set_word(text, index.get<std::size_t>(), hex);

  const double start = cpu_seconds();
  const auto program = load_program(text);
  if (!program) return std::printf("%s\n", program.error().text().c_str()), false;
  const double loaded = cpu_seconds();
  RunOptions options = test::run_options(bench, folder);
  options.keep_trace = files || options.proof_mode;
  auto runner = Runner::create(*program, options);
  if (!runner) return std::printf("%s\n", runner.error().text().c_str()), false;
  if (const auto done = (*runner)->run(); !done) return std::printf("%s\n", done.error().text().c_str()), false;
  const double ran = cpu_seconds();
  Records trace(check);
  Records memory(check);
  if (files) {
    if (!(*runner)->write_trace(trace.sink())) return false;
    if (!(*runner)->write_memory(memory.sink())) return false;
  }
  const double written = cpu_seconds();
  const auto steps = static_cast<double>((*runner)->original_steps());
  std::printf(
      "%-22s %-5s %9.0f steps  load %6.1f ms  run %7.1f ms %7.2f M/s  records %7.1f ms  all %7.2f M/s  peak %5.0f MB "
      "%5.0f B/step",
      bench.at("name").get<std::string>().c_str(), bench.at("mode") == "proof" ? "proof" : "exec", steps,
      (loaded - start) * 1e3, (ran - loaded) * 1e3, steps / (ran - loaded) * 1e-6, (written - ran) * 1e3,
      steps / (written - loaded) * 1e-6, peak_megabytes(), peak_megabytes() * 1048576 / steps);
  bool good = (*runner)->steps() == bench.at("n_steps");
  if (check && files)
    good = good && trace.hash() == bench.at("trace_sha256") && memory.hash() == bench.at("memory_sorted_sha256");
  std::printf("  %s\n", good ? (check ? "equal" : "") : "DIFFERS");
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  std::string part;
  bool check = false;
  bool files = true;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--check")
      check = true;
    else if (argument == "--no-files")
      files = false;
    else
      part = argument;
  }
  const auto folder = test::vectors_folder() / "bench";
  const json manifest = json::parse(test::read_file(folder / "manifest.json"));
  bool good = true;
  for (const json& bench : manifest.at("programs")) {
    const std::string name = bench.at("name").get<std::string>() + "." + bench.at("mode").get<std::string>();
    if (!part.empty() && name.find(part) == std::string::npos) continue;
    good = run(bench, folder, check, files) && good;
  }
  return good ? 0 : 1;
}
