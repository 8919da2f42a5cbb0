#include "cluster/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>
#include <mutex>

#include "actors/metrics.hpp"

namespace asterism::cluster {
namespace {

constexpr std::array kOwn{
    actors::MetricInfo{"asterism_messages_dropped_total", "messages", "Not delivered, by reason and kind"},
    actors::MetricInfo{"asterism_link_refused_total", "messages", "Refused by a link's full or closed queue, by peer"},
    actors::MetricInfo{"asterism_link_faults_total", "links", "Links refused or ended, by reason"},
    actors::MetricInfo{"asterism_links", "links", "Links that are up, by listener"},
    actors::MetricInfo{"asterism_mailbox_depth", "messages", "Waiting for a role, by role"},
    actors::MetricInfo{"asterism_role_restarts_total", "restarts", "Restarts of a role, by role"},
    actors::MetricInfo{"asterism_persist_seconds_total", "seconds", "Spent in writes to storage, by role"},
    actors::MetricInfo{"asterism_persist_total", "batches", "Batches written, by role"},
    actors::MetricInfo{"asterism_rate_limited_total", "requests", "Requests of clients over the limit"},
};

std::string help_of(std::string_view name) {
  for (const auto& info : kOwn) {
    if (info.name == name) return std::string(info.help) + " (" + std::string(info.unit) + ")";
  }
  for (const auto& info : actors::kMetrics) {
    if (info.name == name) return std::string(info.help) + " (" + std::string(info.unit) + ")";
  }
  return std::string(name);
}

}  // namespace

struct Metrics::State {
  mutable std::mutex mutex;
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::map<std::pair<std::string, std::string>, prometheus::Counter*> counters;
  std::map<std::pair<std::string, std::string>, prometheus::Gauge*> gauges;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::count(std::string_view name, double amount, std::string_view label, std::string_view value) {
  const std::lock_guard lock(state_->mutex);
  auto& counter = state_->counters[{std::string(name), std::string(value)}];
  if (counter == nullptr) {
    auto& family = prometheus::BuildCounter().Name(std::string(name)).Help(help_of(name)).Register(*state_->registry);
    counter = label.empty() ? &family.Add({}) : &family.Add({{std::string(label), std::string(value)}});
  }
  counter->Increment(amount);
}

void Metrics::gauge(std::string_view name, double level, std::string_view label, std::string_view value) {
  const std::lock_guard lock(state_->mutex);
  auto& gauge = state_->gauges[{std::string(name), std::string(value)}];
  if (gauge == nullptr) {
    auto& family = prometheus::BuildGauge().Name(std::string(name)).Help(help_of(name)).Register(*state_->registry);
    gauge = label.empty() ? &family.Add({}) : &family.Add({{std::string(label), std::string(value)}});
  }
  gauge->Set(level);
}

double Metrics::value(std::string_view name, std::string_view value) const {
  const std::lock_guard lock(state_->mutex);
  const std::pair<std::string, std::string> key{name, value};
  if (const auto it = state_->counters.find(key); it != state_->counters.end()) return it->second->Value();
  if (const auto it = state_->gauges.find(key); it != state_->gauges.end()) return it->second->Value();
  return 0;
}

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(state_->registry->Collect()); }

}  // namespace asterism::cluster
