// What `prove` proves: Stone's files, or a run of a program in memory.
#pragma once
#include <atomic>
#include <string>

#include "core/stark/parameters.hpp"
#include "core/stark/public_input.hpp"
#include "core/stark/trace/private_input.hpp"

namespace asterism::cluster {

struct InputFiles {
  std::string parameters, prover_config, private_input, public_input;
};

struct ProgramRun {
  std::string program, layout, program_input;
  std::string parameters;  // a file; else default_parameters
  std::uint64_t min_steps = 0;
  std::uint64_t max_memory = 0;  // bytes; 0: the virtual machine's own limit
  bool evm = false;              // the layout as StarkWare's contracts on Ethereum check it
};

// As the prover takes them, and as text for the output file.
struct ProveInputs {
  std::string parameters_text, public_text, private_text = "{}", config_text = "{}";
  core::stark::Parameters parameters;
  core::stark::PublicInput public_input;
  core::stark::PrivateInput secret;
};

core::stark::Expected<ProveInputs> read_inputs(const InputFiles& files);
// Fails with malformed_input (the file), bad_trace (the run; the machine's report is the detail), no_room, cancelled.
core::stark::Expected<ProveInputs> run_program(const ProgramRun& run, const std::atomic<bool>& cancel);

}  // namespace asterism::cluster
