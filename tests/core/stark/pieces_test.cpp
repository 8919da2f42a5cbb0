// The small pieces on their own: transcripts, tables and openings, threads, the diluted pool's last value.
#include <gtest/gtest.h>

#include <atomic>

#include "core/stark/air/diluted.hpp"
#include "core/stark/cpu_backend.hpp"
#include "core/stark/domains.hpp"
#include "core/stark/fri.hpp"
#include "core/stark/grinding.hpp"
#include "core/stark/table_prover.hpp"

namespace asterism::core::stark {
namespace {

TEST(Diluted, LastValueIsThatOfTheCairoVerifiersTest) {
  EXPECT_EQ(diluted_final_value(Felt(0x12345678), Felt(0x87654321)),
            Felt::literal("0x3f070f6a2364e6900cc19fa78f05596c776f474786d6769a7b91410352ba644"));
}

TEST(Domains, RootsHaveTheirOrder) {
  for (const unsigned bits : {0U, 1U, 5U, 40U}) {
    Felt root = root_of_unity(std::uint64_t{1} << bits);
    for (unsigned i = 1; i < bits; ++i) root = root.square();
    EXPECT_EQ(bits == 0 ? root : root.square(), Felt::one());
    if (bits > 0) {
      EXPECT_EQ(root, -Felt::one());
    }
  }
  EXPECT_EQ(bit_reverse(0b0011, 4), 0b1100U);
  EXPECT_EQ(bit_reverse(1, 1), 1U);
  EXPECT_EQ(bit_reverse(5, 0), 0U);
}

TEST(Transcripts, SplittingAMessageChangesWhatIsDrawn) {
  const Word seed = hash_bytes(HashKind::keccak256, as_bytes("seed"));
  const Bytes message(64, 7);
  const auto whole = make_hash_transcript(HashKind::keccak256, seed);
  whole->absorb(message);
  const auto halves = make_hash_transcript(HashKind::keccak256, seed);
  halves->absorb(ByteView(message).first(32));
  halves->absorb(ByteView(message).subspan(32));
  EXPECT_NE(whole->draw_felt(), halves->draw_felt());
}

TEST(Transcripts, FourNumbersComeFromOneBlock) {
  const Word seed = hash_bytes(HashKind::keccak256, as_bytes("seed"));
  const auto one = make_hash_transcript(HashKind::keccak256, seed);
  const auto other = make_hash_transcript(HashKind::keccak256, seed);
  for (int i = 0; i < 4; ++i) one->draw_number(1 << 20);
  other->draw_number(1 << 20);
  EXPECT_EQ(one->draw_felt(), other->draw_felt());  // both used one block, felts take a whole one
}

// Tables of several shapes, hashes and plans: the verifier accepts the opening, and not with one cell changed.
TEST(Tables, OpeningsAreCheckedAgainstTheRoot) {
  ThreadPool pool(2);
  CpuBackend backend(pool);
  for (const unsigned width : {0U, 3U}) {
    for (const std::size_t n_columns : {1U, 2U, 3U}) {
      for (const auto keep :
           {TableSpec::Keep::none, TableSpec::Keep::half, TableSpec::Keep::two, TableSpec::Keep::all}) {
        Parameters parameters;
        parameters.commitment_hash = HashKind::blake256_masked248_lsb;
        parameters.friendly_hash = HashKind::poseidon3;
        parameters.n_friendly_layers = 3;
        std::vector<Column> columns(n_columns, Column(128));
        Felt value(99);
        for (Column& column : columns) {
          for (Felt& cell : column) cell = value = value.square() + Felt(1);
        }
        const Word seed{};
        ProverChannel prover(make_hash_transcript(HashKind::keccak256, seed), false);
        TableProver table(backend, parameters, {2, width, Felt(3), keep}, columns);
        table.commit(prover);
        prover.begin_queries();
        const std::vector<std::uint64_t> rows{0, 1, 17, 63};
        table.open(prover, rows, {});
        for (const bool change : {false, true}) {
          Bytes proof = prover.proof();
          if (change) proof[32 + 31] ^= 1;
          VerifierChannel verifier(make_hash_transcript(HashKind::keccak256, seed), proof, false);
          const Word root = verifier.receive_commitment(HashKind::poseidon3);
          verifier.begin_queries();
          const TableShape shape{9 - width, static_cast<std::uint32_t>(n_columns << width)};
          std::vector<Felt> cells;
          for (std::size_t i = 0; i < rows.size() * shape.columns; ++i) cells.push_back(verifier.receive_felt(""));
          EXPECT_EQ(check_opening(verifier, parameters, root, shape, rows, cells), !change);
          EXPECT_TRUE(verifier.at_end());
        }
      }
    }
  }
}

std::vector<Column> random_columns(std::size_t count, std::size_t size) {
  std::vector<Column> out(count, Column(size));
  Felt value(12345);
  for (Column& column : out) {
    for (Felt& cell : column) cell = value = value.square() + Felt(7);
  }
  return out;
}

// Layers made in blocks are those of the tree over the rows in bit-reversed order, hashed one by one.
TEST(Tables, LowLayersAreThoseOfTheTree) {
  ThreadPool pool(2);
  for (const HashKind kind : {HashKind::keccak256_masked160_msb, HashKind::blake256_masked248_lsb}) {
    for (const unsigned log_rows : {3U, 9U, 10U}) {
      for (const std::size_t n_cells : {1U, 2U, 3U, 9U}) {
        Parameters parameters;
        parameters.commitment_hash = kind;
        parameters.n_friendly_layers = 9;
        parameters.friendly_hash = HashKind::keccak256;
        const auto columns = random_columns(n_cells, std::size_t{1} << log_rows);
        std::vector<const Felt*> cells;
        for (const Column& column : columns) cells.push_back(column.data());
        const Layer layer = low_layers(pool, parameters, {cells, log_rows, log_rows + 1});

        std::vector<Word> nodes;
        for (std::size_t i = 0; i < columns[0].size(); ++i) {
          Bytes row(32 * n_cells);
          for (std::size_t c = 0; c < n_cells; ++c)
            store_felt(columns[c][bit_reverse(i, log_rows)], row.data() + 32 * c);
          Word leaf;
          std::copy_n(row.begin(), 32, leaf.begin());
          nodes.push_back(n_cells == 1 ? leaf : hash_bytes(parameters.layer_hash(log_rows + 1), row));
        }
        for (unsigned depth = log_rows + 1; depth > layer.depth; --depth) {
          std::vector<Word> parents;
          for (std::size_t i = 0; i < nodes.size(); i += 2)
            parents.push_back(hash_pair(parameters.layer_hash(depth - 1), nodes[i], nodes[i + 1]));
          nodes = std::move(parents);
        }
        EXPECT_TRUE(layer.nodes == nodes) << log_rows << " " << n_cells;
      }
    }
  }
}

// Every value out of domain is that of the column's polynomial.
TEST(Sampling, IsEvaluationOfTheCoefficients) {
  constexpr std::uint64_t kSteps = 128;
  const Air air(*find_layout("plain"), kSteps);
  ThreadPool pool(2);
  const auto coefficients = random_columns(air.layout().columns(), air.trace_length());
  std::vector<const Felt*> columns;
  for (const Column& column : coefficients) columns.push_back(column.data());
  const Felt z(987654321);
  const auto sampled = sample_mask(pool, {air, z, columns});
  const Felt g = root_of_unity(air.trace_length());
  for (std::size_t i = 0; i < sampled.size(); ++i) {
    const MaskCell& cell = air.mask()[i];
    ASSERT_EQ(sampled[i], evaluate_reversed(coefficients[cell.column], z * power(g, cell.row))) << i;
  }
}

TEST(Fri, FoldingValuesIsFoldingCoefficients) {
  // f of degree < 8 on <g_16>: one step of 2 folds; 2*(even + e*odd) of the coefficients, twice.
  const std::vector<Felt> f{Felt(3), Felt(1), Felt(4), Felt(1), Felt(5), Felt(9), Felt(2), Felt(6)};
  const Felt e(1234567);
  std::vector<Felt> folded = f;
  Felt challenge = e;
  for (int k = 0; k < 2; ++k) {
    for (std::size_t i = 0; i < folded.size() / 2; ++i) {
      folded[i] = (folded[2 * i] + challenge * folded[2 * i + 1]).double_();
    }
    folded.resize(folded.size() / 2);
    challenge = challenge.square();
  }
  const Felt g = root_of_unity(16);
  for (std::uint64_t row = 0; row < 4; ++row) {
    std::vector<Felt> values;
    for (std::uint64_t i = 4 * row; i < 4 * row + 4; ++i)
      values.push_back(evaluate_polynomial(f, power(g, bit_reverse(i, 4))));
    const Felt x = power(root_of_unity(4), bit_reverse(row, 2));
    EXPECT_EQ(fold_row(values, 4 * row, 4, e), evaluate_polynomial(folded, x));
  }
}

TEST(Grinding, FindsTheSmallestNonceOnAnyNumberOfThreads) {
  const ProofOfWork work(HashKind::keccak256, Word{}, 14);
  std::uint64_t smallest = 0;
  while (!work.fits(smallest)) ++smallest;
  for (const unsigned threads : {1U, 3U}) {
    ThreadPool pool(threads);
    EXPECT_EQ(grind(pool, work, nullptr), smallest);
  }
}

TEST(Threads, EveryPartRunsOnce) {
  ThreadPool pool(3);
  std::vector<std::atomic<int>> seen(1000);
  for (int round = 0; round < 20; ++round) {
    pool.ranges(seen.size(), 7, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++seen[i];
    });
  }
  for (const auto& count : seen) EXPECT_EQ(count, 20);
}

TEST(Threads, ACancelledJobIsLeft) {
  for (const unsigned threads : {1U, 3U}) {
    std::atomic<bool> cancel{false};
    ThreadPool pool(threads, &cancel);
    std::atomic<int> begun{0};
    EXPECT_THROW(pool.run(1000,
                          [&](std::size_t) {
                            ++begun;
                            cancel = true;
                          }),
                 ThreadPool::Cancelled);
    EXPECT_LE(begun, 3);
  }
}

}  // namespace
}  // namespace asterism::core::stark
