// Every metric that machines count or set, with unit and help text: the one list (/metrics, the shell's `metrics`,
// README). A name that is not here still counts, but shows up without help; a test of each role checks its names
// against this list.
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
    MetricInfo{"asterism_mempool_transactions", "transactions", "Transactions in the pool"},
    MetricInfo{"asterism_mempool_bytes", "bytes", "Memory that the pool counts"},
    MetricInfo{"asterism_mempool_admitted_total", "transactions", "Transactions that were taken into the pool"},
    MetricInfo{"asterism_mempool_refused_total", "transactions", "Transactions that were not taken into the pool"},
    MetricInfo{"asterism_mempool_rejected_total", "transactions", "Pooled transactions that the sequencer refused"},
    MetricInfo{"asterism_mempool_evicted_total", "transactions", "Pooled transactions that made place for others"},
    MetricInfo{"asterism_mempool_expired_total", "transactions", "Pooled transactions that became too old"},
    MetricInfo{"asterism_gateway_requests_total", "requests", "Requests of clients"},
    MetricInfo{"asterism_gateway_refused_total", "requests", "Requests that were told to try again"},
    MetricInfo{"asterism_gateway_timeouts_total", "requests", "Requests that a role did not answer in time"},
    MetricInfo{"asterism_gateway_in_flight", "requests", "Requests that are being answered"},
    MetricInfo{"asterism_consensus_blocks_total", "blocks", "Blocks that were decided and committed"},
    MetricInfo{"asterism_consensus_evidence_total", "pairs", "Equivocations that were seen and kept"},
    MetricInfo{"asterism_consensus_forged_catch_ups_total", "blocks", "Blocks of peers that failed their checks"},
    MetricInfo{"asterism_blocks_valid_total", "blocks", "Proposed or fetched blocks that execute to their header"},
    MetricInfo{"asterism_blocks_invalid_total", "blocks", "Blocks that were refused by the sequencer"},
    MetricInfo{"asterism_transactions_committed_total", "transactions", "Transactions in committed blocks"},
    MetricInfo{"asterism_transactions_rejected_total", "transactions", "Transactions that a block being built refused"},
    MetricInfo{"asterism_height", "blocks", "Highest committed block"},
};

}  // namespace asterism::actors
