#include "cluster/proving/memory_cage.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace asterism::cluster {
namespace {

namespace fs = std::filesystem;

bool write_file(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text << std::flush;
  return static_cast<bool>(out);
}

std::uint64_t number_in(const fs::path& file) {
  std::ifstream in(file);
  std::uint64_t out = 0;
  in >> out;
  return out;
}

// The value after `name` in a file of "name value" lines.
std::uint64_t field_in(const fs::path& file, const std::string& name) {
  std::ifstream in(file);
  std::string key;
  std::uint64_t value = 0;
  while (in >> key >> value) {
    if (key == name) return value;
  }
  return 0;
}

struct Parent {
  MemoryHold kind = MemoryHold::kAddressSpace;
  fs::path folder;
};

// Where this process may make cgroups with a memory limit, found by making one.
Parent find_parent() {
  std::ifstream in("/proc/self/cgroup");
  std::string line;
  std::vector<Parent> candidates;
  while (std::getline(in, line)) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), path = line.substr(second + 1);
    if (controllers.empty()) candidates.push_back({MemoryHold::kCgroupV2, fs::path("/sys/fs/cgroup" + path)});
    if (controllers == "memory")
      candidates.push_back({MemoryHold::kCgroupV1, fs::path("/sys/fs/cgroup/memory" + path)});
  }
  for (const Parent& candidate : candidates) {
    const fs::path probe = candidate.folder / ("asterism-probe-" + std::to_string(::getpid()));
    if (::mkdir(probe.c_str(), 0755) != 0) continue;
    const fs::path limit = probe / (candidate.kind == MemoryHold::kCgroupV2 ? "memory.max" : "memory.limit_in_bytes");
    const bool works =
        fs::exists(limit) && write_file(limit, std::to_string(1ull << 30)) && fs::exists(probe / "cgroup.procs");
    ::rmdir(probe.c_str());
    if (works) return candidate;
  }
  return {};
}

const Parent& parent() {
  static const Parent found = find_parent();
  return found;
}

}  // namespace

MemoryHold memory_hold() { return parent().kind; }

std::string_view to_string(MemoryHold hold) {
  switch (hold) {
    case MemoryHold::kNone:
      return "none";
    case MemoryHold::kCgroupV2:
      return "cgroup-v2";
    case MemoryHold::kCgroupV1:
      return "cgroup-v1";
    case MemoryHold::kAddressSpace:
      return "address-space";
  }
  return "unknown";
}

MemoryCage::MemoryCage(std::string folder, MemoryHold kind)
    : folder_(std::move(folder)), procs_(folder_ + "/cgroup.procs"), kind_(kind) {}

std::unique_ptr<MemoryCage> MemoryCage::make(std::uint64_t bytes) {
  static std::atomic<unsigned> serial{0};
  if (bytes == 0 || parent().kind == MemoryHold::kAddressSpace) return nullptr;
  const fs::path folder = parent().folder / ("asterism-" + std::to_string(::getpid()) + "-" + std::to_string(serial++));
  if (::mkdir(folder.c_str(), 0755) != 0) return nullptr;
  std::unique_ptr<MemoryCage> cage(new MemoryCage(folder.string(), parent().kind));
  const bool limited = parent().kind == MemoryHold::kCgroupV2
                           ? write_file(folder / "memory.max", std::to_string(bytes))
                           : write_file(folder / "memory.limit_in_bytes", std::to_string(bytes));
  if (!limited) return nullptr;
  // Swap would turn a hard limit into a slow one; absent where the kernel does not account for it.
  write_file(folder / (parent().kind == MemoryHold::kCgroupV2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes"),
             parent().kind == MemoryHold::kCgroupV2 ? "0" : std::to_string(bytes));
  return cage;
}

MemoryCage::~MemoryCage() { ::rmdir(folder_.c_str()); }

bool MemoryCage::hit_limit() const {
  const fs::path folder(folder_);
  if (kind_ == MemoryHold::kCgroupV2) return field_in(folder / "memory.events", "oom_kill") > 0;
  return field_in(folder / "memory.oom_control", "oom_kill") > 0;
}

std::uint64_t MemoryCage::peak_bytes() const {
  const fs::path folder(folder_);
  return number_in(folder / (kind_ == MemoryHold::kCgroupV2 ? "memory.peak" : "memory.max_usage_in_bytes"));
}

}  // namespace asterism::cluster
