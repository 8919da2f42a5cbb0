#include "tests/cluster/acceptance/namespaces.hpp"

#include <unistd.h>

#include <algorithm>

#include "tests/cluster/acceptance/ip_command.hpp"

namespace asterism::acceptance {

std::string Namespaces::make(const std::vector<std::string>& names) {
  if (::geteuid() != 0) return "not root";
  tag_ = "as" + std::to_string(::getpid() % 100'000);
  net_ = "10." + std::to_string(60 + ::getpid() % 100) + "." + std::to_string(::getpid() / 100 % 250);
  std::vector<std::string> lines{"link add " + tag_ + "b type bridge", "addr add " + net_ + ".1/24 dev " + tag_ + "b",
                                 "link set " + tag_ + "b up"};
  for (const std::string& name : names) {
    names_.push_back(name);
    const std::string space = tag_ + name, veth = tag_ + "v" + std::to_string(names_.size());
    lines.push_back("netns add " + space);
    lines.push_back("link add " + veth + " type veth peer name eth0 netns " + space);
    lines.push_back("link set " + veth + " master " + tag_ + "b up");
    lines.push_back("-n " + space + " addr add " + address(name) + "/24 dev eth0");
    lines.push_back("-n " + space + " link set eth0 up");
    lines.push_back("-n " + space + " link set lo up");
  }
  for (const std::string& line : lines) {
    if (const std::string fault = ip_command(line); !fault.empty()) return fault;
  }
  return "";
}

Namespaces::~Namespaces() {
  for (const std::string& name : names_) static_cast<void>(ip_command("netns del " + tag_ + name));
  if (!tag_.empty()) static_cast<void>(ip_command("link del " + tag_ + "b"));
}

std::string Namespaces::address(const std::string& name) const {
  const auto at = std::ranges::find(names_, name) - names_.begin();
  return net_ + "." + std::to_string(10 + at);
}

std::vector<std::string> Namespaces::prefix(const std::string& name) const {
  return {"ip", "netns", "exec", tag_ + name};
}

}  // namespace asterism::acceptance
