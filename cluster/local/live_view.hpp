// The cluster as `up` shows it: a redrawn table with progress bars on a terminal, one line a second elsewhere.
#pragma once
#include "cluster/client/load.hpp"
#include "cluster/local/observer.hpp"

namespace asterism::cluster {

struct Moment {
  double seconds = 0;      // since the start
  double tx_per_s = 0;     // over the last seconds
  std::uint64_t goal = 0;  // --until-safe; 0: none
};

std::string draw_table(const ClusterView& view, const LoadReport& load, const Moment& moment,
                       const std::vector<std::string>& events);
std::string draw_line(const ClusterView& view, const LoadReport& load, const Moment& moment);

}  // namespace asterism::cluster
