#include "cluster/crash_point.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace asterism::cluster {
namespace {

struct Point {
  std::string name;
  std::uint64_t at = 0;  // 0: none
};

Point read_point() {
  const char* text = std::getenv("ASTERISM_CRASH_AT");
  const std::string_view all = text == nullptr ? "" : text;
  const auto colon = all.rfind(':');
  if (colon == std::string_view::npos) return {};
  Point out{std::string(all.substr(0, colon)), 0};
  std::from_chars(all.data() + colon + 1, all.data() + all.size(), out.at);
  return out;
}

}  // namespace

void crash_point(std::string_view role, std::string_view position) {
  static const Point kPoint = read_point();
  if (kPoint.at == 0) return;
  if (kPoint.name.size() != role.size() + position.size()) return;
  if (!kPoint.name.starts_with(role) || !kPoint.name.ends_with(position)) return;
  static std::atomic<std::uint64_t> passed{0};
  if (++passed == kPoint.at) kill(getpid(), SIGKILL);
}

}  // namespace asterism::cluster
