// The machine's side of the differential test: runs cases that compare.py sends and answers what came of them.
//
// Requests on standard input, answers on standard output, both a line of JSON each, in order:
//   {"load": name, "bytes": n}   then n bytes of a program's JSON    -> {"error": null | error}
//   {"run": name, "layout": .., "dynamic": .., "proof": .., "steps": .., "max_steps": .., "patch": [[index, hex]] or
//    "data": [hex, ..], ..}
//                                -> {"error": .., "registers": .., ..., "trace": n, "memory": m}  then n + m bytes
#include <cstdio>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/cairo/runner.hpp"

namespace {

using namespace asterism::core;
using namespace asterism::core::cairo;
using nlohmann::json;

struct Finished {
  json report;
  std::string trace;
  std::string memory;
};

json describe(const Error& error) {
  return {{"kind", static_cast<int>(error.kind)}, {"message", error.message}, {"text", error.text()}};
}

Runner::Sink appender(std::string& out) {
  return [&out](ByteView piece) { out.append(reinterpret_cast<const char*>(piece.data()), piece.size()); };
}

RunOptions options_of(const json& request) {
  RunOptions options{.layout = request.contains("dynamic") ? parse_dynamic_layout(request["dynamic"].dump()).value()
                                                           : *find_layout(request.at("layout").get<std::string>())};
  options.proof_mode = request.value("proof", false);
  options.min_steps = request.value("min_steps", std::uint64_t{0});
  options.limits.max_steps = request.at("max_steps").get<std::uint64_t>();
  options.limits.max_cells = std::uint64_t{1} << 24;
  options.program_input = request.value("input", std::string());
  if (request.contains("steps")) options.steps = request["steps"].get<std::uint64_t>();
  return options;
}

Value word(const json& hex) { return Value(BigInt::parse(hex.get<std::string>()).to_felt()); }

// The program with all or some words replaced; the hints' bindings go on pointing into the original.
std::shared_ptr<const Program> patched(const std::shared_ptr<const Program>& original, const json& request) {
  if (!request.contains("patch") && !request.contains("data")) return original;
  auto copy = std::make_shared<Program>(*original);
  if (request.contains("data")) {
    copy->data.clear();
    for (const json& hex : request["data"]) copy->data.push_back(word(hex));
  } else {
    for (const json& change : request["patch"]) copy->data.at(change.at(0).get<std::size_t>()) = word(change.at(1));
  }
  copy->finish();
  return copy;
}

void write_results(Runner& runner, bool proof_mode, Finished& out) {
  const auto note = [&](const Error& error) { out.report["error"] = describe(error); };
  if (const auto written = runner.write_trace(appender(out.trace)); !written) return note(written.error());
  if (const auto written = runner.write_memory(appender(out.memory)); !written) return note(written.error());
  const auto resources = runner.resources();
  if (!resources) return note(resources.error());
  json counters = json::object();
  for (const auto& [name, count] : resources->builtin_instances) counters[name] = count;
  out.report["resources"] = {
      {"steps", resources->steps}, {"memory_holes", resources->memory_holes}, {"instances", counters}};
  if (!proof_mode) return;
  const auto public_input = runner.public_input();
  if (!public_input) return note(public_input.error());
  const auto private_input = runner.private_input("trace", "memory");
  if (!private_input) return note(private_input.error());
  out.report["public"] = *public_input;
  out.report["private"] = *private_input;
}

Finished run_case(const std::shared_ptr<const Program>& original, const json& request) {
  Finished out;
  out.report = {{"error", nullptr}};
  const RunOptions options = options_of(request);
  auto made = Runner::create(patched(original, request), options);
  if (!made) {
    out.report["error"] = describe(made.error());
    return out;
  }
  Runner& runner = **made;
  const auto done = runner.run();
  out.report["steps"] = runner.steps();
  const Machine& machine = runner.machine();
  out.report["registers"] = {to_string(machine.pc), to_string(machine.ap), to_string(machine.fp)};
  out.report["printed"] = machine.printed;
  out.report["warnings"] = runner.warnings();
  if (done) {
    write_results(runner, options.proof_mode, out);
  } else {
    out.report["error"] = describe(done.error());
  }
  return out;
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  std::map<std::string, std::shared_ptr<const Program>> programs;
  std::string line;
  while (std::getline(std::cin, line)) {
    const json request = json::parse(line);
    Finished answer;
    if (request.contains("load")) {
      std::string text(request.at("bytes").get<std::size_t>(), '\0');
      std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
      auto program = load_program(text, LoadOptions{.allow_unknown_hints = true});
      answer.report = {{"error", program ? json(nullptr) : describe(program.error())}};
      if (program) programs[request["load"].get<std::string>()] = *program;
    } else {
      answer = run_case(programs.at(request.at("run").get<std::string>()), request);
    }
    answer.report["trace"] = answer.trace.size();
    answer.report["memory"] = answer.memory.size();
    std::cout << answer.report.dump(-1, ' ', false, json::error_handler_t::replace) << '\n'
              << answer.trace << answer.memory << std::flush;
  }
  return 0;
}
