// Steps by function, from the trace: where a program spends its run.
#pragma once
#include <string>

#include "core/cairo/runner.hpp"

namespace asterism::core::cairo {

// One line a call path, "main;foo;bar 123": the folded stacks that flame-graph tools read, by first occurrence. Needs
// the trace. Steps outside the program segment count as "[dynamic]".
std::string folded_profile(const Runner& runner);

}  // namespace asterism::core::cairo
