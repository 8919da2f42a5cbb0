// The composition polynomial on one coset of the trace domain, eight points at a time.
//
// What does not depend on the columns is prepared per coset: the periodic columns, and for each group of constraints
// its factor, split into a part that repeats with the largest step of its row sets and boundary factors x - g^r, whose
// inverses are one table read at shifted places: 1/(x*g^i - g^r) = g^-r / (x*g^(i-r) - 1).
#pragma once
#include <span>
#include <vector>

#include "core/stark/air/evaluation.hpp"
#include "core/stark/column.hpp"
#include "core/stark/thread_pool.hpp"

namespace asterism::core::stark {

class Air;

constexpr std::size_t kMostGroups = 128;  // starknet_with_keccak has the most

struct CompositionInput {
  const Air& air;
  const Globals& globals;
  Felt alpha;
  Felt offset;                           // of the coset
  std::span<const Felt* const> columns;  // of both traces on it, natural order, padded
};

struct CosetTables {
  CosetTables(ThreadPool& pool, const CompositionInput& input);
  // About what the tables take.
  static std::uint64_t bytes(const Air& air);

  struct Periodic {
    std::vector<Felt> values;  // padded by repetition to at least eight
    std::uint64_t mask;        // of the row
  };
  struct Boundary {
    std::uint64_t shift;  // of the table of inverses, or the power of g
    Felt factor;
  };
  struct Group {
    Periodic factor;
    std::vector<Felt> excluded;      // g^r for each factor x - g^r
    std::vector<Boundary> included;  // for each factor 1/(x - g^r)
  };

  const Air& air;
  const Globals& globals;
  std::uint64_t length;
  std::vector<Felt> coefficients;  // alpha^i
  std::vector<Periodic> columns;
  std::vector<Group> groups;
  std::vector<std::uint32_t> group_of;  // by constraint
  Column inverses;                      // 1/(x_i - 1), padded
  std::vector<Felt> points;             // offset * g^i for i < 8
  Felt stride;                          // g^8
};

// out[i] for rows begin <= i < end, multiples of eight; columns[c] are values on the coset, natural order, padded.
void compose_portable(const CosetTables& tables, std::span<const Felt* const> columns, std::size_t begin,
                      std::size_t end, Felt* out);
void compose_ifma(const CosetTables& tables, std::span<const Felt* const> columns, std::size_t begin, std::size_t end,
                  Felt* out);

}  // namespace asterism::core::stark
