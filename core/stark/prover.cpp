// The prover, in the order of the protocol. Each step is one function of Prover; what it takes to do it fast stands in
// the files they call.
#include "core/stark/prover.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/stark/check.hpp"
#include "core/stark/cpu_backend.hpp"
#include "core/stark/domains.hpp"
#include "core/stark/fri.hpp"
#include "core/stark/memory_plan.hpp"
#include "core/stark/seed.hpp"
#include "core/stark/stark.hpp"
#include "core/stark/table_prover.hpp"
#include "core/stark/trace/trace.hpp"
#include "core/stark/work_estimate.hpp"

namespace asterism::core::stark {
namespace {

// Why a proof is given up between two steps; caught in prove_trace().
struct GivenUp {
  Failure failure;
};

class Prover {
 public:
  Prover(Backend& backend, const Air& air, const Parameters& parameters, const Budget& budget, const MemoryPlan& plan,
         ProverChannel& channel)
      : backend_(backend),
        air_(air),
        parameters_(parameters),
        budget_(budget),
        channel_(channel),
        work_(air, parameters),
        log_domain_(air.log_trace_length() + parameters.log_n_cosets),
        keep_(plan.keep),
        deep_parts_(plan.deep_parts) {}

  void run(Trace trace, const PublicInput& input) {
    const Heading statement(notes(), kStatementName);
    const Heading stark(notes(), "STARK");
    commit_trace(trace);
    commit_interaction(std::move(trace), input);
    commit_composition();
    sample_out_of_domain();
    low_degree_test();
  }

 private:
  Annotations& notes() { return channel_.annotations(); }

  void enter(Phase phase) {
    progress_ = {phase, work_.before(phase), work_.total()};
    advance(0);
  }

  // Within a phase, `cost` further on.
  void advance(std::uint64_t cost) {
    if (budget_.cancel != nullptr && budget_.cancel->load()) throw GivenUp{{Error::cancelled}};
    progress_.done += cost;
    if (budget_.progress) budget_.progress(progress_);
  }

  // Columns on the trace domain become a committed table.
  std::unique_ptr<TableProver> commit(std::vector<Column> columns, const Felt& domain_offset, TableSpec::Keep keep) {
    const Heading heading(notes(), "Commit on Trace");
    backend_.interpolate(columns, domain_offset);
    const std::uint64_t coset_cost = WorkEstimate::coset(columns.size());
    auto table = std::make_unique<TableProver>(
        backend_, parameters_, TableSpec{parameters_.log_n_cosets, 0, Felt(kCosetOffset), keep}, std::move(columns));
    table->commit(channel_, [&] { advance(coset_cost); });
    return table;
  }

  void commit_trace(Trace& trace) {
    enter(Phase::commit);
    const Heading heading(notes(), "Original");
    tables_[0] = commit(std::move(trace.columns()), Felt::one(), keep_);
  }

  void commit_interaction(Trace trace, const PublicInput& input) {
    enter(Phase::interaction);
    const Heading heading(notes(), "Interaction");
    std::vector<Felt> challenges;
    for (unsigned i = 0; i < air_.challenges(); ++i) {
      challenges.push_back(channel_.draw_felt("Interaction element #" + std::to_string(i)));
    }
    globals_ = air_.globals(input, challenges);
    std::vector<Column> columns = generate_interaction(trace, globals_);
    {
      const Trace done = std::move(trace);
    }  // its pools are as large as several columns
    tables_[1] = commit(std::move(columns), Felt::one(), keep_);
  }

  // f on the two cosets of 3*<g_2N>, broken into f(x) = h0(x^2) + x*h1(x^2).
  void commit_composition() {
    enter(Phase::composition);
    {
      const Heading heading(notes(), "Original");
      alpha_ = channel_.draw_felt("Constraint polynomial random element");
    }
    const std::uint64_t half_cosets = std::uint64_t{1} << (parameters_.log_n_cosets - 1);
    std::array<Column, 2> f;
    f[1] = composition_on(half_cosets);
    advance(work_.coset_of_composition());
    if (keep_ != TableSpec::Keep::all) {
      for (std::size_t t = 0; t < 2; ++t) tables_[t]->forget_coset(half_cosets);
    }
    f[0] = composition_on(0);
    advance(work_.coset_of_composition());
    std::vector<Column> h = backend_.break_in_halves(std::move(f), Felt(kCosetOffset));
    const Heading heading(notes(), "Out Of Domain Sampling");
    // DEEP wants its first coset, or makes it again.
    const bool keep_first = keep_ == TableSpec::Keep::two || keep_ == TableSpec::Keep::all;
    tables_[2] = commit(std::move(h), Felt(kCosetOffset).square(), keep_first ? keep_ : TableSpec::Keep::none);
  }

  Column composition_on(std::uint64_t coset) {
    const Felt offset = Felt(kCosetOffset) * power(root_of_unity(std::uint64_t{1} << log_domain_), coset);
    std::vector<std::vector<Column>> made;
    std::vector<const Felt*> columns;
    for (std::size_t t = 0; t < 2; ++t) append_coset(*tables_[t], coset, made, columns);
    Column f = backend_.compose({air_, globals_, alpha_, offset, columns});
    if (coset == 0 && deep_parts_ != 1) {
      first_part_ = std::move(made.front());
      first_part_.resize(std::min(first_part_.size(), MemoryPlan::columns_of_part(air_, deep_parts_)));
    }
    return f;
  }

  // Pointers to a table's columns on a coset, kept ones or those that are made here.
  static void append_coset(const TableProver& table, std::uint64_t coset, std::vector<std::vector<Column>>& made,
                           std::vector<const Felt*>& columns) {
    const auto* values = table.kept_coset(coset);
    if (values == nullptr) {
      made.push_back(table.coset(coset, 0, table.coefficients().size()));
      values = &made.back();
    }
    for (const Column& column : *values) columns.push_back(column.data());
  }

  void sample_out_of_domain() {
    enter(Phase::sampling);
    const Heading sampling(notes(), "Out Of Domain Sampling");
    {
      const Heading heading(notes(), "OODS values");
      z_ = channel_.draw_felt("Evaluation point");
      std::vector<const Felt*> coefficients;
      for (std::size_t t = 0; t < 2; ++t) {
        for (const Column& column : tables_[t]->coefficients()) coefficients.push_back(column.data());
      }
      values_ = backend_.sample({air_, z_, coefficients});
      for (const Column& h : tables_[2]->coefficients()) values_.push_back(evaluate_reversed(h, z_.square()));
      if (!budget_.force) check_values();
      if (parameters_.friendly_channel_updates) {
        channel_.send_felts(values_, "");
      } else {
        for (std::size_t i = 0; i < values_.size(); ++i) channel_.send_felt(values_[i], std::to_string(i));
      }
    }
    beta_ = channel_.draw_felt("Constraint polynomial random element");
  }

  // The verifier's question, asked before the costly rest: a trace that violates a constraint has no composition
  // polynomial, and what was committed instead disagrees with its columns at z.
  void check_values() {
    const Felt expected =
        evaluate_composition(air_, globals_, std::span(values_).first(air_.mask().size()), z_, alpha_);
    if (expected == values_[values_.size() - 2] + z_ * values_.back()) return;
    std::vector<Column> columns;
    for (std::size_t t = 0; t < 2; ++t) {
      for (const Column& coefficients : tables_[t]->coefficients()) {
        columns.emplace_back(coefficients.size());
        evaluate(Twiddles::forward(air_.log_trace_length(), Felt::one()), coefficients, columns.back());
      }
    }
    std::vector<const Felt*> pointers;
    for (const Column& column : columns) pointers.push_back(column.data());
    const auto violation = first_violation(air_, globals_, pointers);
    if (!violation) throw GivenUp{{Error::constraint_violated}};
    throw GivenUp{{Error::constraint_violated, violation->constraint, violation->row}};
  }

  void low_degree_test() {
    enter(Phase::fri);
    const Heading fri(notes(), "FRI");
    commit_fri_layers();
    enter(Phase::grinding);
    if (const unsigned bits = parameters_.fri.proof_of_work_bits; bits != 0) {
      const Heading heading(notes(), "Proof of Work");
      const ProofOfWork work(parameters_.proof_of_work_hash(), channel_.state(), bits);
      const auto nonce = backend_.grind(work, budget_.cancel);
      if (!nonce) throw GivenUp{{Error::cancelled}};
      channel_.send_nonce(*nonce);
    }
    queries_ = draw_queries(channel_, parameters_, log_domain_);
    channel_.begin_queries();
    enter(Phase::opening);
    const Heading decommitment(notes(), "Decommitment");
    open_traces();
    open_fri_layers();
  }

  // Coefficients of the DEEP function of 3X: FRI's domain has no offset. A fold of the function is 2*(even + e*odd) of
  // the coefficients, and the even ones are the first half.
  void commit_fri_layers() {
    const Heading commitment(notes(), "Commitment");
    Column layer = deep_coefficients();
    const auto& steps = parameters_.fri.step_list;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Heading heading(notes(), "Layer " + std::to_string(i + 1));
      Felt e = draw_fri_challenge(channel_, steps[i]);
      for (unsigned k = 0; k < steps[i]; ++k) {
        backend_.fold(layer, e);
        e = e.square();
      }
      if (i + 1 == steps.size()) break;
      layers_.push_back(
          std::make_unique<TableProver>(backend_, parameters_,
                                        TableSpec{parameters_.log_n_cosets, steps[i + 1], Felt::one(),
                                                  keep_ == TableSpec::Keep::all ? keep_ : TableSpec::Keep::none},
                                        std::vector<Column>{layer}));
      layers_.back()->commit(channel_);
    }
    const Heading last(notes(), "Last Layer");
    Column coefficients(layer.size());
    const unsigned bits = static_cast<unsigned>(std::countr_zero(layer.size()));
    for (std::size_t i = 0; i < layer.size(); ++i) coefficients[i] = layer[bit_reverse(i, bits)];
    channel_.send_felts(coefficients, "Coefficients");
  }

  Column deep_coefficients() {
    std::vector<Column> deep(1, Column(air_.trace_length()));
    const std::size_t traces = air_.layout().columns();
    std::vector<const Felt*> columns(traces + 2);
    const auto add = [&] {
      const std::span<const Felt* const> all(columns);
      backend_.add_deep({air_, values_, z_, beta_, all.first(traces), all.last(2)}, deep.front());
      std::ranges::fill(columns, nullptr);
    };
    if (deep_parts_ == 1) {
      std::vector<std::vector<Column>> made;
      columns.clear();
      for (const auto& table : tables_) append_coset(*table, 0, made, columns);
      add();
    } else {
      add_deep_in_parts(columns, add);
    }
    backend_.interpolate(deep, Felt::one());
    return std::move(deep.front());
  }

  // So that not all columns are there at once.
  template <class Add>
  void add_deep_in_parts(std::vector<const Felt*>& columns, const Add& add) {
    const std::size_t most = MemoryPlan::columns_of_part(air_, deep_parts_);
    std::size_t place = 0;  // of a table's first column
    for (const auto& table : tables_) {
      const std::size_t size = table->coefficients().size();
      for (std::size_t first = 0; first < size; first += most) {
        const std::vector<Column> made =
            place + first == 0 ? std::exchange(first_part_, {}) : table->coset(0, first, std::min(most, size - first));
        for (std::size_t i = 0; i < made.size(); ++i) columns[place + first + i] = made[i].data();
        add();
      }
      place += size;
    }
  }

  void open_traces() {
    const Heading layer(notes(), "Layer 0");
    const Heading oracle(notes(), "Virtual Oracle");
    const unsigned step = parameters_.fri.step_list[0];
    std::vector<std::uint64_t> rows;
    for (const std::uint64_t query : queries_) {
      if (!rows.empty() && rows.back() >> step == query) continue;
      for (std::uint64_t i = query << step; i < (query + 1) << step; ++i) rows.push_back(i);
    }
    for (std::size_t t = 0; t < 3; ++t) {
      const Heading heading(notes(), "Trace " + std::to_string(t));
      tables_[t]->open(channel_, rows, {});
    }
  }

  void open_fri_layers() {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const Heading heading(notes(), "Layer " + std::to_string(i + 1));
      LayerQueries at = layer_queries(parameters_, queries_, i + 1);
      at.positions.erase(std::unique(at.positions.begin(), at.positions.end()), at.positions.end());
      layers_[i]->open(channel_, at.rows, at.positions);
    }
  }

  Backend& backend_;
  const Air& air_;
  const Parameters& parameters_;
  const Budget& budget_;
  ProverChannel& channel_;
  WorkEstimate work_;
  Progress progress_;
  unsigned log_domain_;
  TableSpec::Keep keep_;
  unsigned deep_parts_;
  std::array<std::unique_ptr<TableProver>, 3> tables_;  // trace, interaction, composition
  std::vector<Column> first_part_;                      // of the first coset, from the composition to the parts of DEEP
  std::vector<std::unique_ptr<TableProver>> layers_;
  Globals globals_{};
  Felt alpha_, beta_, z_;
  std::vector<Felt> values_;
  std::vector<std::uint64_t> queries_;
};

}  // namespace

std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::trace:
      return "trace";
    case Phase::commit:
      return "commit";
    case Phase::interaction:
      return "interaction";
    case Phase::composition:
      return "composition";
    case Phase::sampling:
      return "sampling";
    case Phase::fri:
      return "fri";
    case Phase::grinding:
      return "grinding";
    case Phase::opening:
      return "opening";
  }
  return "";
}

Expected<Proof> prove(const PublicInput& input, const PrivateInput& secret, const Parameters& parameters,
                      const Budget& budget, bool annotate) {
  const Layout* layout = find_layout(input.layout, parameters.evm);
  if (layout == nullptr) return fail(Error::unknown_layout, input.layout);
  auto checked = check_public_input(*layout, input, parameters.evm);
  if (!checked) return std::unexpected(checked.error());
  const Air air(*layout, input.n_steps);
  if (checked = validate(parameters, air.log_trace_length()); !checked) return std::unexpected(checked.error());
  if (const auto plan = plan_memory(air, parameters, budget); !plan) return std::unexpected(plan.error());
  if (budget.progress) budget.progress({Phase::trace, 0, WorkEstimate(air, parameters).total()});
  auto trace = generate_trace(*layout, input, secret, budget.cancel);
  if (!trace) return std::unexpected(trace.error());
  return prove_trace(air, std::move(*trace), input, parameters, budget, annotate);
}

Expected<Proof> prove_trace(const Air& air, Trace trace, const PublicInput& input, const Parameters& parameters,
                            const Budget& budget, bool annotate) {
  auto transcript = start_transcript(air.layout(), input, parameters);
  if (!transcript) return std::unexpected(transcript.error());
  const auto plan = plan_memory(air, parameters, budget);
  if (!plan) return std::unexpected(plan.error());
  ProverChannel channel(std::move(*transcript), annotate);
  ThreadPool pool(std::max(1U, budget.threads), budget.cancel);
  struct Release {
    ~Release() { release_pages(); }
  } const at_the_end;
  try {
    CpuBackend cpu(pool);
    Backend& backend = budget.backend != nullptr ? *budget.backend : cpu;
    Prover(backend, air, parameters, budget, *plan, channel).run(std::move(trace), input);
  } catch (const GivenUp& given_up) {
    return std::unexpected(given_up.failure);
  } catch (const ThreadPool::Cancelled&) {
    return fail(Error::cancelled);
  }
  return Proof{channel.take_proof(), channel.annotations().lines()};
}

}  // namespace asterism::core::stark
