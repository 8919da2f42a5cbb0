// Why a proof could not be made or is refused: one enum for the module, and a sentence for a human.
#pragma once
#include <expected>
#include <string>
#include <string_view>

namespace asterism::core::stark {

enum class Error : std::uint8_t {
  malformed_input = 1,  // a parameter, public or private input file that cannot be read
  unknown_layout,       // not one of the layouts of air/layouts.hpp
  bad_parameters,       // inconsistent with each other or with the length of the trace
  bad_public_input,     // segments, pages or ranges that no trace can have
  bad_trace,            // memory cells or instances that the trace refers to are missing or wrong
  no_room,              // a pool of the layout is too small for what must be placed there
  constraint_violated,  // the trace does not satisfy the AIR: `detail` is the constraint, `row` the first such row
  out_of_memory,        // the predicted peak, `bytes`, is above the budget
  cancelled,            // by the caller
  proof_too_short,      // the proof ends before the last message
  proof_too_long,       // bytes follow the last message
  not_a_felt,           // a number that is not below p
  oods_mismatch,        // the out-of-domain values do not satisfy the constraints
  proof_of_work,        // the nonce does not fit
  trace_decommitment,   // a trace table's cells do not hash to its root
  fri_decommitment,     // a FRI layer's cells do not hash to its root
  last_layer,           // a query disagrees with the last layer's polynomial
};

std::string_view describe(Error error);

struct Failure {
  Error error;
  std::string detail = {};
  std::uint64_t row = 0;    // constraint_violated
  std::uint64_t bytes = 0;  // out_of_memory
  std::string text() const {
    std::string out(describe(error));
    if (!detail.empty()) out += ": " + detail;
    if (error == Error::constraint_violated && !detail.empty()) out += " at row " + std::to_string(row);
    return out;
  }
};

template <class T>
using Expected = std::expected<T, Failure>;

inline std::unexpected<Failure> fail(Error error, std::string detail = {}) {
  return std::unexpected(Failure{error, std::move(detail)});
}

}  // namespace asterism::core::stark
