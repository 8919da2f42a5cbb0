// Machines on a network that can be made bad. Each is a network namespace whose only interface is a TUN device that
// ends in this process: every packet between two machines passes through here and may be delayed, lost or cut off, as
// TCP on real lines sees it. The test itself sits on the same network (host_address) and is never disturbed. Needs
// root, ip(8) and /dev/net/tun.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <queue>
#include <random>
#include <set>
#include <thread>

#include "tests/cluster/acceptance/process.hpp"

namespace asterism::acceptance {

struct Weather {
  Millis delay{0};            // one way
  unsigned loss_percent = 0;  // of packets
  std::set<std::string> cut;  // these machines and the others do not hear each other
};

class BadNetwork {
 public:
  explicit BadNetwork(std::uint64_t seed) : random_(seed) {}
  ~BadNetwork();
  // Empty, or why there is none here.
  std::string make(const std::vector<std::string>& names);
  void set(Weather weather);

  std::string host_address() const { return net_ + ".1"; }
  std::string address(const std::string& name) const;
  // What goes before a command to run it there.
  std::vector<std::string> prefix(const std::string& name) const;
  // Packets between machines.
  std::uint64_t carried() const { return carried_; }
  std::uint64_t lost() const { return lost_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Packet {
    Clock::time_point due;
    std::uint64_t order = 0;
    int to = -1;  // descriptor
    std::string bytes;
    bool operator>(const Packet& other) const { return std::tie(due, order) > std::tie(other.due, other.order); }
  };

  void run();
  void receive(std::size_t from);
  void deliver_due();
  bool passes(std::size_t from, std::size_t to);
  std::size_t index_of(const std::string& name) const;

  std::string tag_, net_;
  std::vector<std::string> names_;  // of the machines; descriptors_[0] is the host's, then theirs
  std::vector<int> descriptors_;
  std::mt19937_64 random_;
  std::priority_queue<Packet, std::vector<Packet>, std::greater<>> travelling_;
  std::uint64_t order_ = 0;
  std::mutex mutex_;
  Weather weather_;
  std::atomic<std::uint64_t> carried_{0}, lost_{0};
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace asterism::acceptance
