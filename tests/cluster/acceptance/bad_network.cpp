#include "tests/cluster/acceptance/bad_network.hpp"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "tests/cluster/acceptance/ip_command.hpp"

namespace asterism::acceptance {
namespace {

constexpr std::size_t kMostPacket = 65'536, kIpv4Destination = 16, kIpv4Header = 20;
constexpr unsigned kFirstMachine = 10;  // last byte of its address; the host's is 1

// An interface whose packets are read from and written to the descriptor; it stays attached when it moves elsewhere.
int open_tun(const std::string& interface) {
  const int fd = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return -1;
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(request.ifr_name, interface.c_str(), IFNAMSIZ - 1);
  if (::ioctl(fd, TUNSETIFF, &request) == 0) return fd;
  ::close(fd);
  return -1;
}

}  // namespace

std::string BadNetwork::make(const std::vector<std::string>& names) {
  if (::geteuid() != 0) return "not root";
  const unsigned id = static_cast<unsigned>(::getpid());
  tag_ = "an" + std::to_string(id % 100'000);
  net_ = "10." + std::to_string(160 + id % 90) + "." + std::to_string(id / 90 % 250);
  const auto open = [&](const std::string& interface) {
    const int fd = open_tun(interface);
    if (fd >= 0) descriptors_.push_back(fd);
    return fd >= 0;
  };
  const std::string host = tag_ + "h";
  if (!open(host)) return "no /dev/net/tun";
  std::vector<std::string> lines{"addr add " + net_ + ".1/24 dev " + host, "link set " + host + " up"};
  for (const std::string& name : names) {
    names_.push_back(name);
    const std::string space = tag_ + name, interface = tag_ + "t" + std::to_string(names_.size());
    if (!open(interface)) return "no tun device for " + name;
    lines.push_back("netns add " + space);
    lines.push_back("link set " + interface + " netns " + space);
    lines.push_back("-n " + space + " addr add " + address(name) + "/24 dev " + interface);
    lines.push_back("-n " + space + " link set " + interface + " up");
    lines.push_back("-n " + space + " link set lo up");
  }
  for (const std::string& line : lines) {
    if (const std::string fault = ip_command(line); !fault.empty()) return fault;
  }
  thread_ = std::thread([this] { run(); });
  return "";
}

BadNetwork::~BadNetwork() {
  stopped_ = true;
  if (thread_.joinable()) thread_.join();
  for (const int fd : descriptors_) ::close(fd);
  for (const std::string& name : names_) static_cast<void>(ip_command("netns del " + tag_ + name));
}

void BadNetwork::set(Weather weather) {
  const std::lock_guard lock(mutex_);
  weather_ = std::move(weather);
}

std::size_t BadNetwork::index_of(const std::string& name) const {
  return static_cast<std::size_t>(std::ranges::find(names_, name) - names_.begin());
}

std::string BadNetwork::address(const std::string& name) const {
  return net_ + "." + std::to_string(kFirstMachine + index_of(name));
}

std::vector<std::string> BadNetwork::prefix(const std::string& name) const {
  return {"ip", "netns", "exec", tag_ + name};
}

// Descriptor 0 is the host's.
bool BadNetwork::passes(std::size_t from, std::size_t to) {
  if (from == 0 || to == 0) return true;
  if (weather_.cut.contains(names_[from - 1]) != weather_.cut.contains(names_[to - 1])) return false;
  return random_() % 100 >= weather_.loss_percent;
}

void BadNetwork::receive(std::size_t from) {
  std::array<char, kMostPacket> buffer;
  for (;;) {
    const auto got = ::read(descriptors_[from], buffer.data(), buffer.size());
    if (got <= 0) return;
    const auto size = static_cast<std::size_t>(got);
    if (size < kIpv4Header || (buffer[0] >> 4) != 4) continue;  // IPv6 neighbours and the like
    const auto last = static_cast<unsigned char>(buffer[kIpv4Destination + 3]);
    const std::size_t to = last == 1 ? 0 : std::size_t{last} - kFirstMachine + 1;
    if (last != 1 && (last < kFirstMachine || to >= descriptors_.size())) continue;
    const std::lock_guard lock(mutex_);
    if (!passes(from, to)) {
      ++lost_;
      continue;
    }
    const bool disturbed = from != 0 && to != 0;
    if (disturbed) ++carried_;
    travelling_.push({.due = Clock::now() + (disturbed ? weather_.delay : Millis(0)),
                      .order = order_++,
                      .to = descriptors_[to],
                      .bytes = std::string(buffer.data(), size)});
  }
}

void BadNetwork::deliver_due() {
  const auto now = Clock::now();
  while (!travelling_.empty() && travelling_.top().due <= now) {
    const Packet& packet = travelling_.top();
    // A full queue of the interface loses it, as a router's would.
    if (::write(packet.to, packet.bytes.data(), packet.bytes.size()) < 0) ++lost_;
    travelling_.pop();
  }
}

void BadNetwork::run() {
  std::vector<pollfd> wanted;
  for (const int fd : descriptors_) wanted.push_back({fd, POLLIN, 0});
  while (!stopped_) {
    int patience = 50;
    if (!travelling_.empty()) {
      const auto wait = std::chrono::ceil<Millis>(travelling_.top().due - Clock::now()).count();
      patience = static_cast<int>(std::clamp<long long>(wait, 0, patience));
    }
    ::poll(wanted.data(), wanted.size(), patience);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if ((wanted[i].revents & POLLIN) != 0) receive(i);
    }
    deliver_due();
  }
}

}  // namespace asterism::acceptance
