#include "cluster/crash_point.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

namespace asterism::cluster {
namespace {

struct Point {
  std::string name;
  std::string prefix;    // of a key that the batch must have; empty: any batch counts
  std::uint64_t at = 0;  // 0: none
};

Point read_point() {
  const char* text = std::getenv("ASTERISM_CRASH_AT");
  const std::string_view all = text == nullptr ? "" : text;
  const auto colon = all.rfind(':');
  if (colon == std::string_view::npos) return {};
  const auto at_sign = std::min(all.find('@'), colon);
  Point out{std::string(all.substr(0, at_sign)), "", 0};
  if (at_sign < colon) out.prefix = all.substr(at_sign + 1, colon - at_sign - 1);
  std::from_chars(all.data() + colon + 1, all.data() + all.size(), out.at);
  return out;
}

// The kinds of keys in a batch, as storage/keys.hpp lists them: what comes before the first slash, or the whole key.
std::string kinds_of(const storage::WriteBatch& batch) {
  std::set<std::string> kinds;
  for (const auto& [key, value] : batch.operations()) kinds.insert(key.substr(0, key.find('/')));
  std::string out;
  for (const std::string& kind : kinds) out += (out.empty() ? "" : ",") + kind;
  return out;
}

}  // namespace

void crash_point(std::string_view role, std::string_view position, const storage::WriteBatch& batch) {
  static const Point kPoint = read_point();
  if (kPoint.at == 0) return;
  if (kPoint.name.size() != role.size() + position.size()) return;
  if (!kPoint.name.starts_with(role) || !kPoint.name.ends_with(position)) return;
  const auto counts = [](const auto& operation) { return operation.key.starts_with(kPoint.prefix); };
  if (std::ranges::none_of(batch.operations(), counts)) return;
  static std::atomic<std::uint64_t> passed{0};
  if (++passed != kPoint.at) return;
  std::fprintf(stderr, "event=crash_point at=%s batch=%llu keys=%s\n", kPoint.name.c_str(),
               static_cast<unsigned long long>(kPoint.at), kinds_of(batch).c_str());
  kill(getpid(), SIGKILL);
}

}  // namespace asterism::cluster
