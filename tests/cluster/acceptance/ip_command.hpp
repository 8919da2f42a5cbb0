#pragma once
#include <sstream>

#include "tests/cluster/acceptance/process.hpp"

namespace asterism::acceptance {

// `ip` with these words; empty, or what it complained of.
inline std::string ip_command(const std::string& line) {
  std::vector<std::string> words{"ip"};
  std::istringstream in(line);
  for (std::string word; in >> word;) words.push_back(word);
  const Finished done = run_command(words, Millis(10'000));
  return done.code == 0 ? "" : "ip " + line + ": " + done.all();
}

}  // namespace asterism::acceptance
