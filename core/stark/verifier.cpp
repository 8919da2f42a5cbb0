// The verifier: the conversation of prover.cpp, heard from the other side.
#include <algorithm>

#include "core/stark/domains.hpp"
#include "core/stark/fri.hpp"
#include "core/stark/seed.hpp"
#include "core/stark/stark.hpp"

namespace asterism::core::stark {
namespace {

class Verifier {
 public:
  Verifier(const Air& air, const Parameters& parameters, const PublicInput& input, VerifierChannel& channel)
      : air_(air),
        parameters_(parameters),
        input_(input),
        channel_(channel),
        log_domain_(air.log_trace_length() + parameters.log_n_cosets) {}

  Expected<void> run() {
    const Heading statement(channel_.annotations(), kStatementName);
    const Heading stark(channel_.annotations(), "STARK");
    read_traces();
    if (auto read = out_of_domain(); !read) return read;
    const Heading fri(channel_.annotations(), "FRI");
    fri_commitments();
    if (channel_.failure()) return std::unexpected(*channel_.failure());
    if (auto read = proof_of_work(); !read) return read;
    queries_ = draw_queries(channel_, parameters_, log_domain_);
    channel_.begin_queries();
    const Heading decommitment(channel_.annotations(), "Decommitment");
    if (auto read = open_traces(); !read) return read;
    if (auto read = open_fri_layers(); !read) return read;
    if (auto read = last_layer(); !read) return read;
    if (!channel_.at_end()) return fail(Error::proof_too_long);
    return {};
  }

 private:
  Annotations& notes() { return channel_.annotations(); }

  void read_root(std::size_t trace) {
    const Heading heading(notes(), "Commit on Trace");
    roots_[trace] = channel_.receive_commitment(parameters_.layer_hash(0));
  }

  void read_traces() {
    {
      const Heading heading(notes(), "Original");
      read_root(0);
    }
    {
      const Heading heading(notes(), "Interaction");
      for (unsigned i = 0; i < air_.challenges(); ++i) {
        challenges_.push_back(channel_.draw_felt("Interaction element #" + std::to_string(i)));
      }
      read_root(1);
    }
    const Heading heading(notes(), "Original");
    alpha_ = channel_.draw_felt("Constraint polynomial random element");
  }

  // The values at z satisfy f(z) = h0(z^2) + z*h1(z^2).
  Expected<void> out_of_domain() {
    const Heading sampling(notes(), "Out Of Domain Sampling");
    read_root(2);
    values_.resize(air_.mask().size() + 2);
    {
      const Heading heading(notes(), "OODS values");
      z_ = channel_.draw_felt("Evaluation point");
      if (parameters_.friendly_channel_updates) {
        channel_.receive_felts(values_, "");
      } else {
        for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = channel_.receive_felt(std::to_string(i));
      }
    }
    if (channel_.failure()) return std::unexpected(*channel_.failure());
    const Globals globals = air_.globals(input_, challenges_);
    const Felt expected = evaluate_composition(air_, globals, std::span(values_).first(air_.mask().size()), z_, alpha_);
    if (expected != values_[values_.size() - 2] + z_ * values_.back()) return fail(Error::oods_mismatch);
    beta_ = channel_.draw_felt("Constraint polynomial random element");
    return {};
  }

  void fri_commitments() {
    const Heading commitment(notes(), "Commitment");
    const auto& steps = parameters_.fri.step_list;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const Heading layer(notes(), "Layer " + std::to_string(i + 1));
      fri_challenges_.push_back(draw_fri_challenge(channel_, steps[i]));
      if (i + 1 < steps.size()) fri_roots_.push_back(channel_.receive_commitment(parameters_.layer_hash(0)));
    }
    const Heading last(notes(), "Last Layer");
    coefficients_.resize(parameters_.fri.last_layer_degree_bound);
    channel_.receive_felts(coefficients_, "Coefficients");
  }

  Expected<void> proof_of_work() {
    const unsigned bits = parameters_.fri.proof_of_work_bits;
    if (bits == 0) return {};
    const Heading heading(notes(), "Proof of Work");
    const ProofOfWork work(parameters_.proof_of_work_hash(), channel_.state(), bits);
    const std::uint64_t nonce = channel_.receive_nonce();
    if (channel_.failure()) return std::unexpected(*channel_.failure());
    if (!work.fits(nonce)) return fail(Error::proof_of_work);
    return {};
  }

  // Layer 0 is virtual: its values follow from the rows of the three tables.
  Expected<void> open_traces() {
    const Heading layer(notes(), "Layer 0");
    const unsigned step = parameters_.fri.step_list[0];
    const std::array<std::uint32_t, 3> columns{air_.layout().columns_first, air_.layout().columns_second, 2};
    std::vector<std::uint64_t> distinct = queries_;
    distinct.erase(std::ranges::unique(distinct).begin(), distinct.end());
    // All cells of these rows are in the proof: a short one must not make us list them.
    if (channel_.remaining() / 32 / (air_.layout().columns() + 2) < distinct.size() << step) {
      return fail(Error::proof_too_short);
    }
    std::vector<std::uint64_t> rows;
    rows.reserve(distinct.size() << step);
    for (const std::uint64_t query : distinct) {
      for (std::uint64_t i = query << step; i < (query + 1) << step; ++i) rows.push_back(i);
    }
    std::array<std::vector<Felt>, 3> cells;
    {
      const Heading oracle(notes(), "Virtual Oracle");
      for (std::size_t t = 0; t < 3; ++t) {
        const Heading trace(notes(), "Trace " + std::to_string(t));
        for (const std::uint64_t row : rows) {
          for (std::uint32_t c = 0; c < columns[t]; ++c) cells[t].push_back(channel_.receive_felt(cell_label(row, c)));
          if (channel_.failure()) return std::unexpected(*channel_.failure());
        }
        const bool good = check_opening(channel_, parameters_, roots_[t], {log_domain_, columns[t]}, rows, cells[t]);
        if (channel_.failure()) return std::unexpected(*channel_.failure());
        if (!good) return fail(Error::trace_decommitment, "table " + std::to_string(t));
      }
    }
    const std::vector<Felt> layer0 = deep_values(rows, cells);
    for (std::size_t i = 0; i < rows.size(); i += std::size_t{1} << step) {
      const Felt folded =
          fold_row(std::span(layer0).subspan(i, std::size_t{1} << step), rows[i], log_domain_, fri_challenges_[0]);
      computed_.push_back({rows[i] >> step, folded});
    }
    return {};
  }

  // sum of beta^j * (t_j(x) - y_j)/(x - x_j) for each row's x.
  std::vector<Felt> deep_values(std::span<const std::uint64_t> rows,
                                const std::array<std::vector<Felt>, 3>& cells) const {
    const Felt g = root_of_unity(air_.trace_length());
    const Felt domain_generator = root_of_unity(std::uint64_t{1} << log_domain_);
    const std::size_t mask_size = air_.mask().size();
    std::vector<Felt> points;
    for (const MaskCell& cell : air_.mask()) points.push_back(z_ * power(g, cell.row));
    points.resize(mask_size + 2, z_.square());
    const std::array<std::uint32_t, 3> columns{air_.layout().columns_first, air_.layout().columns_second, 2};
    std::vector<Felt> out;
    std::vector<Felt> inverses(points.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Felt x = Felt(kCosetOffset) * power(domain_generator, bit_reverse(rows[i], log_domain_));
      for (std::size_t j = 0; j < points.size(); ++j) inverses[j] = x - points[j];
      batch_inverse(inverses);
      Felt sum;
      Felt coefficient = Felt::one();
      for (std::size_t j = 0; j < points.size(); ++j) {
        const std::uint32_t column = j < mask_size ? air_.mask()[j].column : static_cast<std::uint32_t>(j - mask_size);
        const std::size_t t = j >= mask_size ? 2 : (column < columns[0] ? 0 : 1);
        const Felt& value = cells[t][i * columns[t] + (t == 1 ? column - columns[0] : column)];
        sum += coefficient * (value - values_[j]) * inverses[j];
        coefficient *= beta_;
      }
      out.push_back(sum);
    }
    return out;
  }

  struct Value {
    std::uint64_t position;
    Felt value;
  };

  Expected<void> open_fri_layers() {
    const auto& steps = parameters_.fri.step_list;
    for (std::size_t layer = 1; layer < steps.size(); ++layer) {
      const Heading heading(notes(), "Layer " + std::to_string(layer));
      const TableShape shape = fri_layer_shape(parameters_, log_domain_, layer);
      const LayerQueries at = layer_queries(parameters_, queries_, layer);
      std::vector<Felt> cells;
      std::size_t next = 0;
      for (const std::uint64_t row : at.rows) {
        for (std::uint32_t c = 0; c < shape.columns; ++c) {
          const std::uint64_t position = row * shape.columns + c;
          const bool known = next < computed_.size() && computed_[next].position == position;
          cells.push_back(known ? computed_[next++].value : channel_.receive_felt(cell_label(row, c)));
        }
        if (channel_.failure()) return std::unexpected(*channel_.failure());
      }
      const bool good = check_opening(channel_, parameters_, fri_roots_[layer - 1], shape, at.rows, cells);
      if (channel_.failure()) return std::unexpected(*channel_.failure());
      if (!good) return fail(Error::fri_decommitment, "layer " + std::to_string(layer));
      computed_.clear();
      const unsigned log_size = fri_layer_log_size(parameters_, log_domain_, layer);
      for (std::size_t i = 0; i < at.rows.size(); ++i) {
        const auto row = std::span(cells).subspan(i * shape.columns, shape.columns);
        computed_.push_back({at.rows[i], fold_row(row, at.rows[i] * shape.columns, log_size, fri_challenges_[layer])});
      }
    }
    return {};
  }

  Expected<void> last_layer() {
    const unsigned log_size = fri_layer_log_size(parameters_, log_domain_, parameters_.fri.step_list.size());
    const Felt g = root_of_unity(std::uint64_t{1} << log_size);
    for (const Value& query : computed_) {
      const Felt x = power(g, bit_reverse(query.position, log_size));
      if (evaluate_polynomial(coefficients_, x) != query.value) {
        return fail(Error::last_layer, "position " + std::to_string(query.position));
      }
    }
    return {};
  }

  const Air& air_;
  const Parameters& parameters_;
  const PublicInput& input_;
  VerifierChannel& channel_;
  unsigned log_domain_;
  std::array<Word, 3> roots_{};
  std::vector<Felt> challenges_, values_, fri_challenges_, coefficients_;
  std::vector<Word> fri_roots_;
  Felt alpha_, beta_, z_;
  std::vector<std::uint64_t> queries_;
  std::vector<Value> computed_;  // of the next layer, by position, distinct
};

}  // namespace

Expected<Verdict> verify(ByteView proof, const Parameters& parameters, const PublicInput& input, bool annotate) {
  const Layout* layout = find_layout(input.layout, parameters.evm);
  if (layout == nullptr) return fail(Error::unknown_layout, input.layout);
  auto checked = check_public_input(*layout, input, parameters.evm);
  if (!checked) return std::unexpected(checked.error());
  const Air air(*layout, input.n_steps);
  if (checked = validate(parameters, air.log_trace_length()); !checked) return std::unexpected(checked.error());
  if (proof.size() / 32 < parameters.fri.last_layer_degree_bound) return fail(Error::proof_too_short);
  auto transcript = start_transcript(*layout, input, parameters);
  if (!transcript) return std::unexpected(transcript.error());
  VerifierChannel channel(std::move(*transcript), proof, annotate);
  Verifier verifier(air, parameters, input, channel);
  if (auto accepted = verifier.run(); !accepted) return std::unexpected(accepted.error());
  return Verdict{security_bits(parameters), channel.annotations().lines()};
}

}  // namespace asterism::core::stark
