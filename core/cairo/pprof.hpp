// The profile of a run in pprof's format (profile.proto), as the official runner's --profile_output writes it: one
// sample of the whole call stack for each step.
#pragma once
#include <cstdint>

#include "core/cairo/runner.hpp"

namespace asterism::core::cairo {

// The serialized Profile message, in pieces, not compressed. Needs the trace and the program's debug information.
Expected<void> write_pprof(const Runner& runner, std::uint64_t time_nanos, const Runner::Sink& sink);

}  // namespace asterism::core::cairo
