// Every metric that machines count or set, with unit and help text: the one list (/metrics, the shell's `metrics`, README).
// A name that is not here still counts, but shows up without help; a test of each role checks its names against this list.
#pragma once
#include <array>
#include <string_view>

namespace asterism::actors {

struct MetricInfo {
  std::string_view name, unit, help;
};

inline constexpr std::array kMetrics{
    MetricInfo{"asterism_spans_split_total", "spans", "Spans that were split in half"},
    MetricInfo{"asterism_spans_quarantined_total", "spans", "Spans that were put into quarantine"},
    MetricInfo{"asterism_spans_proven_total", "spans", "Spans with enough attested weight"},
    MetricInfo{"asterism_span_failures_total", "attempts", "Failed attempts to prove a span"},
    MetricInfo{"asterism_spans_open", "spans", "Spans that are neither complete nor quarantined"},
    MetricInfo{"asterism_spans_quarantined", "spans", "Spans in quarantine now"},
};

}  // namespace asterism::actors
