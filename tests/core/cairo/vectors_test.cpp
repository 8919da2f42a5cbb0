// Every program of vectors/cairo against what the official runner made of it: trace, memory, inputs and output byte for
// byte or value for value; every failing program with its error class and pc. Prints a table of what ran; skips
// nothing.
#include "tests/core/cairo/vectors.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <array>
#include <map>
#include <thread>
#include <vector>

#include "core/base/bytes.hpp"

namespace asterism::test {
namespace {

using namespace core::cairo;
using nlohmann::json;

std::string sha256_hex(const std::string& bytes) {
  std::array<unsigned char, 32> out{};
  crypto_hash_sha256(out.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return core::to_hex(out);
}

Runner::Sink appender(std::string& out) {
  return [&out](core::ByteView piece) { out.append(reinterpret_cast<const char*>(piece.data()), piece.size()); };
}

std::string signed_decimal(const Value& value) {
  if (!value.is_felt()) return value.is_empty() ? "<missing>" : to_string(value);
  const BigInt number = BigInt::from_felt(value.felt());
  return (number > BigInt::prime() / BigInt(2) ? number - BigInt::prime() : number).to_decimal();
}

std::string compare_json(const std::string& text, const json& vector, const std::string& name,
                         const std::filesystem::path& folder) {
  json ours = json::parse(text);
  for (const char* key : {"trace_path", "memory_path"}) {
    if (ours.contains(key)) ours[key] = std::string(key) == "trace_path" ? "trace.bin" : "memory.bin";
  }
  if (!vector["files"].contains(name)) return "no file for " + name;
  const json theirs = json::parse(read_file(folder / vector["files"][name].get<std::string>()));
  if (ours == theirs) return {};
  const json difference = json::diff(theirs, ours);
  return name + " differs: " + difference.dump().substr(0, 400);
}

// Empty when everything agrees.
std::string run_vector(const json& vector, const std::filesystem::path& folder) {
  const auto program = load_program(read_file(folder / vector.at("program").get<std::string>()));
  if (!program) return "load: " + program.error().text();
  auto runner = Runner::create(*program, run_options(vector, folder));
  if (!runner) return "create: " + runner.error().text();
  if (const auto done = (*runner)->run(); !done) return "run: " + done.error().text();
  Runner& run = **runner;
  if (run.steps() != vector.at("n_steps")) return "n_steps is " + std::to_string(run.steps());

  std::vector<std::string> output;
  for (const Value& value : run.output()) output.push_back(signed_decimal(value));
  const json expected_output = vector.at("output").is_null() ? json::array() : vector["output"];
  if (json(output) != expected_output) return "output is " + json(output).dump();
  if (vector.contains("segment_bases") && json(run.segment_bases()) != vector["segment_bases"]) {
    return "segment bases are " + json(run.segment_bases()).dump();
  }
  std::string trace;
  if (const auto written = run.write_trace(appender(trace)); !written) return written.error().text();
  if (sha256_hex(trace) != vector.at("trace_sha256")) return "trace differs";
  std::string memory;
  if (const auto written = run.write_memory(appender(memory)); !written) return written.error().text();
  if (memory.size() / 40 != vector.at("memory_cells")) return "memory cells: " + std::to_string(memory.size() / 40);
  if (sha256_hex(memory) != vector.at("memory_sorted_sha256")) return "memory differs";

  if (vector.contains("n_memory_holes")) {
    const auto resources = run.resources();
    if (!resources) return resources.error().text();
    if (resources->memory_holes != vector["n_memory_holes"]) {
      return "memory holes: " + std::to_string(resources->memory_holes);
    }
    json counters = json::object();
    for (const auto& [name, count] : resources->builtin_instances) counters[name] = count;
    if (counters != vector["builtin_instance_counter"]) return "instances: " + counters.dump();
  }
  if (vector.at("mode") == "proof") {
    json warnings(run.warnings());
    if (vector.contains("warnings") && warnings != vector["warnings"]) return "warnings: " + warnings.dump();
    const auto public_input = run.public_input();
    if (!public_input) return public_input.error().text();
    const auto private_input = run.private_input("trace.bin", "memory.bin");
    if (!private_input) return private_input.error().text();
    for (const auto& [name, text] :
         {std::pair{"air_public_input", &*public_input}, {"air_private_input", &*private_input}}) {
      const std::string problem = compare_json(*text, vector, name, folder);
      if (!problem.empty()) return problem;
    }
  }
  return {};
}

TEST(CairoVectors, EveryProgramAgreesWithTheOfficialRunner) {
  const auto folder = vectors_folder();
  ASSERT_TRUE(std::filesystem::exists(folder / "manifest.json")) << "no vectors in " << folder;
  const json manifest = json::parse(read_file(folder / "manifest.json"));
  const char* filter = std::getenv("CAIRO_VECTOR");
  std::map<std::string, std::pair<int, int>> table;
  int passed = 0;
  for (const json& vector : manifest.at("vectors")) {
    const std::string name = vector.at("name");
    if (filter != nullptr && name.find(filter) == std::string::npos) continue;
    const std::string problem = run_vector(vector, folder);
    auto& row = table[vector.at("mode").get<std::string>() + " " + vector.at("layout").get<std::string>()];
    ++row.second;
    if (problem.empty()) {
      ++row.first;
      ++passed;
    }
    EXPECT_EQ(problem, "") << name << " " << vector.at("layout");
  }
  for (const auto& [what, counts] : table) std::printf("%-45s %4d of %4d\n", what.c_str(), counts.first, counts.second);
  std::printf("%-45s %4d\n", "all", passed);
  if (!has_all_vectors()) std::puts("skipped: vectors/cairo beyond those of the repository are absent");
}

std::string memory_after_run(const std::shared_ptr<const Program>& program, const RunOptions& options) {
  auto runner = Runner::create(program, options);
  if (!runner) return runner.error().text();
  if (const auto done = (*runner)->run(); !done) return done.error().text();
  std::string memory;
  if (const auto written = (*runner)->write_memory(appender(memory)); !written) return written.error().text();
  return memory;
}

// Hints, dictionaries, builtins and their tables included; TSan and helgrind look on when they are asked to.
TEST(CairoVectors, ManyThreadsRunOneLoadedProgram) {
  const auto folder = vectors_folder();
  const json manifest = json::parse(read_file(folder / "manifest.json"));
  int programs = 0;
  for (std::size_t i = 0; i < manifest.at("vectors").size(); i += 7) {
    const json& vector = manifest["vectors"][i];
    if (vector.at("mode") != "execution" || vector.at("n_steps") > 5000) continue;
    const auto program = load_program(read_file(folder / vector.at("program").get<std::string>()));
    ASSERT_TRUE(program) << program.error().text();
    const RunOptions options = run_options(vector, folder);
    std::array<std::string, 4> memories;
    std::vector<std::thread> threads;
    for (std::string& memory : memories) {
      threads.emplace_back([&] { memory = memory_after_run(*program, options); });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& memory : memories) {
      EXPECT_EQ(sha256_hex(memory), vector.at("memory_sorted_sha256")) << vector.at("name");
    }
    ++programs;
  }
  std::printf("%-45s %4d\n", "programs run by four threads at once", programs);
  EXPECT_GT(programs, 0);
}

// The lines before the Python traceback; class and pc are what must agree, and more does.
std::string head(const std::string& text) { return text.substr(0, text.find("\n\nTraceback")); }

TEST(CairoVectors, EveryBadProgramFailsAsItShould) {
  const auto folder = vectors_folder();
  const json manifest = json::parse(read_file(folder / "manifest.json"));
  int count = 0;
  for (const json& bad : manifest.at("bad")) {
    const std::string name = bad.at("name");
    SCOPED_TRACE(name);
    const auto program = load_program(read_file(folder / bad.at("program").get<std::string>()));
    ASSERT_TRUE(program) << program.error().text();
    auto runner = Runner::create(*program, run_options(bad, folder));
    ASSERT_TRUE(runner) << runner.error().text();
    const auto done = (*runner)->run();
    ASSERT_FALSE(done);
    const std::string expected = read_file(folder / bad.at("error_file").get<std::string>());
    std::string theirs = head(expected);
    std::string ours = done.error().text();
    if (done.error().kind == ErrorKind::kSecurity) ours = "SecurityError: " + ours;
    const std::size_t notes = ours.find("\n\n");
    if (theirs.find("executing a hint") != std::string::npos) {
      ours = ours.substr(0, notes);
      // The exception's last line, which carries its class.
      std::string last = expected;
      while (!last.empty() && last.back() == '\n') last.pop_back();
      last = last.substr(last.rfind('\n') + 1);
      EXPECT_NE(done.error().text().find(last), std::string::npos) << last << "\n" << done.error().text();
    }
    while (!theirs.empty() && theirs.back() == '\n') theirs.pop_back();
    EXPECT_EQ(ours, theirs);
    ++count;
  }
  std::printf("%-45s %4d\n", "failing programs", count);
}

}  // namespace
}  // namespace asterism::test
