// Network namespaces on one bridge, each with an address of its own, as separate machines: needs root and ip(8).
#pragma once
#include "tests/cluster/acceptance/process.hpp"

namespace asterism::acceptance {

class Namespaces {
 public:
  // Empty, or why there are none here.
  std::string make(const std::vector<std::string>& names);
  ~Namespaces();

  std::string host_address() const { return net_ + ".1"; }
  std::string address(const std::string& name) const;
  // What goes before a command to run it there.
  std::vector<std::string> prefix(const std::string& name) const;

 private:
  std::string tag_, net_;
  std::vector<std::string> names_;
};

}  // namespace asterism::acceptance
