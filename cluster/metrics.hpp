// The process's counters and gauges: a Prometheus registry behind names. Names, units and help texts of what machines
// count are in actors/metrics.hpp; what shells and links count is listed in metrics.cpp.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace asterism::cluster {

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Counters end in "_total".
  void count(std::string_view name, double amount = 1, std::string_view label = {}, std::string_view value = {});
  void gauge(std::string_view name, double level, std::string_view label = {}, std::string_view value = {});
  // 0 for what was never touched.
  double value(std::string_view name, std::string_view value = {}) const;
  // Prometheus text format.
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace asterism::cluster
