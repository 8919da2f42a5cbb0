// What `cairo-run` prints: program output, information on the run, memory, segments, in the official runner's words.
#pragma once
#include <string>

#include "core/cairo/runner.hpp"

namespace asterism::cluster {

std::string output_report(const core::cairo::Runner& runner);
std::string info_report(core::cairo::Runner& runner, bool relocated);
std::string builtin_usage_report(core::cairo::Runner& runner);
std::string memory_report(core::cairo::Runner& runner, bool relocated);
std::string segments_report(core::cairo::Runner& runner);

}  // namespace asterism::cluster
