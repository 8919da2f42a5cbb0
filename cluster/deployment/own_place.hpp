// The place of a process in its deployment: what its configuration, its keys and genesis must agree on. A node refuses
// to start on the first problem, `asterism config check` shows them all.
#pragma once
#include <vector>

#include "cluster/membership.hpp"
#include "config/config.hpp"

namespace asterism::cluster {

// Problems of a configuration whose files are all there.
std::vector<config::Problem> check_place(const config::Config& config);
// The same for a node, which has opened them already.
std::vector<config::Problem> check_roles(const config::Config& config, const core::Genesis& genesis,
                                         const Membership& membership);

}  // namespace asterism::cluster
