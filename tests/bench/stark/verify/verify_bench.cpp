// stark_verify_bench PROOF.json [TIMES]: CPU time of one verification, the file read and the verdict given, apart.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"

namespace {

double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int argc, char** argv) {
  namespace stark = asterism::core::stark;
  if (argc < 2) {
    std::fprintf(stderr, "usage: stark_verify_bench PROOF.json [TIMES]\n");
    return 2;
  }
  std::ifstream stream(argv[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const int times = argc > 2 ? std::atoi(argv[2]) : 100;
  double read = 0, verified = 0;
  for (int i = 0; i < times; ++i) {
    const double start = milliseconds();
    const auto file = stark::parse_proof_file(text);
    if (!file) {
      std::fprintf(stderr, "%s\n", file.error().text().c_str());
      return 1;
    }
    const double parsed = milliseconds();
    const auto verdict = stark::verify(file->proof, file->parameters, file->public_input);
    if (!verdict) {
      std::fprintf(stderr, "%s\n", verdict.error().text().c_str());
      return 1;
    }
    read += parsed - start;
    verified += milliseconds() - parsed;
  }
  std::printf("file_bytes=%zu read_ms=%.2f verify_ms=%.2f\n", text.size(), read / times, verified / times);
  return 0;
}
