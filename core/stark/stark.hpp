// A STARK prover and verifier whose proofs are, byte for byte, those of StarkWare's Stone.
//
// prove: trace -> commit -> challenges -> interaction trace -> commit -> composition polynomial -> commit -> values out
// of domain -> DEEP -> FRI -> proof of work -> openings (prover.cpp reads like that). verify replays the conversation
// from the proof and shares with the prover the AIR, the channel and nothing else.
// Purpose: the library that commands and workers call. No files, no clock, no logging; a verdict is a value.
// Ownership: inputs are read only; a Proof owns its bytes. Thread-safe: calls share nothing mutable.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "core/stark/air/air.hpp"
#include "core/stark/channel.hpp"
#include "core/stark/parameters.hpp"
#include "core/stark/public_input.hpp"
#include "core/stark/trace/private_input.hpp"

namespace asterism::core::stark {

enum class Phase : std::uint8_t { trace, commit, interaction, composition, sampling, fri, grinding, opening };
constexpr std::size_t kPhases = 8;
std::string_view phase_name(Phase phase);

struct Progress {
  Phase phase = Phase::trace;
  std::uint64_t done = 0;  // of the estimated work
  std::uint64_t total = 1;
};

class Backend;

// What a proof may cost, and who is told how it goes on.
struct Budget {
  unsigned threads = 1;
  std::uint64_t memory = 0;                       // bytes; 0: no limit. Decides what is computed twice instead of kept.
  std::function<void(const Progress&)> progress;  // at the start of each phase and within the long ones
  const std::atomic<bool>* cancel = nullptr;      // asked within each step
  bool force = false;          // go on with a trace that violates a constraint; the proof is worthless
  Backend* backend = nullptr;  // what takes the long steps; none: the processors, with `threads`
};

struct Proof {
  Bytes bytes;
  std::vector<std::string> annotations;  // when asked for
};

Expected<Proof> prove(const PublicInput& input, const PrivateInput& secret, const Parameters& parameters,
                      const Budget& budget = {}, bool annotate = false);

struct Verdict {
  unsigned security_bits = 0;
  std::vector<std::string> annotations;  // when asked for
};

// The most bytes that `verify`, without annotations, has allocated at once, whatever proof, parameters and input say:
// what layout and queries take, and a multiple of what was given.
constexpr std::size_t verification_bound(std::size_t proof_bytes, std::size_t public_cells) {
  return (std::size_t{32} << 20) + 8 * proof_bytes + 512 * public_cells;
}

// Accepts or says why not.
Expected<Verdict> verify(ByteView proof, const Parameters& parameters, const PublicInput& input, bool annotate = false);

}  // namespace asterism::core::stark
