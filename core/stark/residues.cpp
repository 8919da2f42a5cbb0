#include "core/stark/residues.hpp"

#include <algorithm>

#include "core/stark/domains.hpp"
#include "core/stark/fft.hpp"

namespace asterism::core::stark {
namespace {

// A coefficient of the residue is a run of the polynomial's coefficients as a polynomial of its own, at w. Runs longer
// than kMostRun are cut into pieces: their values at w^pieces are the coefficients of one in w.
struct Pieces {
  std::size_t count;   // of a run
  std::size_t length;  // of each
  std::vector<Felt> powers;
  std::vector<Column> values;
  std::vector<std::span<Felt>> places;

  Pieces(std::size_t run, std::size_t size, std::span<const Felt> w)
      : count(std::max<std::size_t>(1, run / kMostRun)), length(run / count), values(w.size(), Column(size * count)) {
    for (const Felt& point : w) powers.push_back(power(point, count));
    places.assign(values.begin(), values.end());
  }

  void join(std::span<const Felt> w, std::span<const std::span<Felt>> out) const {
    for (std::size_t j = 0; j < w.size(); ++j) {
      const std::span<const Felt> from = values[j];
      for (std::size_t i = 0; i < out[j].size(); ++i) {
        out[j][i] = evaluate_reversed(from.subspan(i * count, count), w[j]);
      }
    }
  }
};

}  // namespace

void residues(std::span<const Felt> coefficients, std::span<const Felt> w, std::size_t size,
              std::span<const std::span<Felt>> values) {
  Pieces pieces(coefficients.size() / size, size, w);
  RunPowers(pieces.powers, pieces.length).evaluate(coefficients, 0, size * pieces.count, pieces.places);
  pieces.join(w, values);
}

void residues_of_parts(std::span<const Felt> coefficients, const Felt& base, std::span<const std::size_t> part,
                       std::span<const Felt> w, std::size_t size, std::span<const std::span<Felt>> values) {
  const std::size_t eighth = coefficients.size() / 8;
  const Twiddles twiddles = Twiddles::forward(3, base);
  Pieces pieces(eighth / size, size, w);
  if (wide::usable() && pieces.length % 8 == 0) {
    std::vector<wide::PartPowers> points;
    for (std::size_t j = 0; j < w.size(); ++j) {
      points.push_back({part[j], wide::reversed_powers(pieces.powers[j], pieces.length)});
    }
    wide::evaluate_parts(twiddles.level(1), coefficients, pieces.length, points, pieces.places);
  } else {
    Column parts(coefficients.size());
    split_in_eight(twiddles, coefficients, parts);
    for (std::size_t j = 0; j < w.size(); ++j) {
      RunPowers({&pieces.powers[j], 1}, pieces.length)
          .evaluate(std::span<const Felt>(parts).subspan(part[j] * eighth, eighth), 0, size * pieces.count,
                    {&pieces.places[j], 1});
    }
  }
  pieces.join(w, values);
}

}  // namespace asterism::core::stark
