// The steps of a proof as their definitions say them, with no thought for time: what the prover makes with it must be
// what it makes with CpuBackend.
#pragma once
#include <bit>

#include "core/stark/backend.hpp"
#include "core/stark/domains.hpp"

namespace asterism::core::stark {

class ReferenceBackend final : public Backend {
 public:
  ThreadPool& pool() override { return pool_; }

  void interpolate(std::span<Column> columns, const Felt& offset) override {
    for (Column& column : columns) {
      const unsigned bits = log2_of(column.size());
      const Felt g = root_of_unity(column.size());
      auto coefficients = transform({column.begin(), column.end()}, g.inverse());
      Felt factor = Felt(column.size()).inverse();
      for (std::size_t i = 0; i < column.size(); ++i) {
        column[bit_reverse(i, bits)] = coefficients[i] * factor;
        factor *= offset.inverse();
      }
    }
  }

  void evaluate(std::span<const Column> coefficients, const Felt& offset, std::vector<Column>& out) override {
    out.clear();
    for (const Column& column : coefficients) {
      const unsigned bits = log2_of(column.size());
      std::vector<Felt> scaled;
      Felt factor = Felt::one();
      for (std::size_t i = 0; i < column.size(); ++i) {
        scaled.push_back(column[bit_reverse(i, bits)] * factor);
        factor *= offset;
      }
      const auto values = transform(scaled, root_of_unity(column.size()));
      out.emplace_back(values.begin(), values.end());
      for (std::size_t i = 0; i < kColumnPadding; ++i) out.back().push_back(values[i % values.size()]);
    }
  }

  Layer hash_rows(const Parameters& parameters, const CosetRows& rows) override {
    Layer out{rows.depth, std::vector<Word>(std::size_t{1} << rows.log_rows)};
    for (std::size_t row = 0; row < out.nodes.size(); ++row) {
      Bytes message;
      for (const Felt* cell : rows.cells) {
        const Word bytes = felt_bytes(cell[row]);
        message.insert(message.end(), bytes.begin(), bytes.end());
      }
      Word& leaf = out.nodes[bit_reverse(row, rows.log_rows)];
      leaf = rows.cells.size() == 1 ? felt_bytes(rows.cells[0][row])
                                    : hash_bytes(parameters.layer_hash(rows.depth), message);
    }
    return out;
  }

  Column compose(const CompositionInput& input) override {
    const std::uint64_t n = input.air.trace_length();
    Column out(n);
    Felt x = input.offset;
    for (std::uint64_t i = 0; i < n; ++i, x *= root_of_unity(n)) {
      std::vector<Felt> cells;
      for (const MaskCell& cell : input.air.mask()) cells.push_back(input.columns[cell.column][(i + cell.row) % n]);
      out[i] = evaluate_composition(input.air, input.globals, cells, x, input.alpha);
    }
    return out;
  }

  std::vector<Column> break_in_halves(std::array<Column, 2> f, const Felt& first) override {
    const std::size_t n = f[0].size();
    std::vector<Column> h(2, Column(n));
    for (std::size_t j = 0; j < n; ++j) {
      const Felt x = first * power(root_of_unity(2 * n), j);
      const Felt plus = f[j % 2][j / 2];
      const Felt minus = f[j % 2][j / 2 + n / 2];
      h[0][j] = (plus + minus) * Felt(2).inverse();
      h[1][j] = (plus - minus) * (Felt(2) * x).inverse();
    }
    return h;
  }

  std::vector<Felt> sample(const SamplingInput& input) override {
    const std::uint64_t n = input.air.trace_length();
    std::vector<Felt> out;
    for (const MaskCell& cell : input.air.mask()) {
      const Felt point = input.z * power(root_of_unity(n), cell.row);
      Felt value;
      for (std::size_t i = n; i-- > 0;) {
        value = value * point + input.coefficients[cell.column][bit_reverse(i, log2_of(n))];
      }
      out.push_back(value);
    }
    return out;
  }

  void add_deep(const DeepInput& input, Column& out) override {
    const std::uint64_t n = input.air.trace_length();
    const auto& mask = input.air.mask();
    Felt x(kCosetOffset);
    for (std::size_t i = 0; i < n; ++i, x *= root_of_unity(n)) {
      Felt coefficient = Felt::one();
      for (std::size_t j = 0; j < input.values.size(); ++j) {
        const bool in_mask = j < mask.size();
        const Felt* column = in_mask ? input.columns[mask[j].column] : input.composition[j - mask.size()];
        const Felt point = in_mask ? input.z * power(root_of_unity(n), mask[j].row) : input.z.square();
        if (column != nullptr) out[i] += coefficient * (column[i] - input.values[j]) * (x - point).inverse();
        coefficient *= input.beta;
      }
    }
  }

  void fold(Column& coefficients, const Felt& challenge) override {
    const std::size_t half = coefficients.size() / 2;
    for (std::size_t i = 0; i < half; ++i) {
      coefficients[i] = Felt(2) * (coefficients[i] + challenge * coefficients[half + i]);
    }
    coefficients.resize(half);
  }

  std::optional<std::uint64_t> grind(const ProofOfWork& work, const std::atomic<bool>*) override {
    std::uint64_t nonce = 0;
    while (!work.fits(nonce)) ++nonce;
    return nonce;
  }

 private:
  static unsigned log2_of(std::size_t size) { return static_cast<unsigned>(std::countr_zero(size)); }

  // out[i] = the sum of in[k] * root^(i k), halved again and again.
  static std::vector<Felt> transform(const std::vector<Felt>& in, const Felt& root) {
    if (in.size() == 1) return in;
    std::vector<Felt> even, odd;
    for (std::size_t i = 0; i < in.size(); ++i) (i % 2 == 0 ? even : odd).push_back(in[i]);
    even = transform(even, root.square());
    odd = transform(odd, root.square());
    std::vector<Felt> out(in.size());
    Felt factor = Felt::one();
    for (std::size_t i = 0; i < even.size(); ++i) {
      out[i] = even[i] + factor * odd[i];
      out[i + even.size()] = even[i] - factor * odd[i];
      factor *= root;
    }
    return out;
  }

  ThreadPool pool_{1};
};

}  // namespace asterism::core::stark
