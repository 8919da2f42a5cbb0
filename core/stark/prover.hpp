// The prover from a trace on: what prove() does once it has one. Tests give it traces that no run makes.
#pragma once
#include "core/stark/stark.hpp"
#include "core/stark/trace/trace.hpp"

namespace asterism::core::stark {

Expected<Proof> prove_trace(const Air& air, Trace trace, const PublicInput& input, const Parameters& parameters,
                            const Budget& budget, bool annotate);

}  // namespace asterism::core::stark
