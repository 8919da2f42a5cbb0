#include "core/stark/failure.hpp"

namespace asterism::core::stark {

std::string_view describe(Error error) {
  switch (error) {
    case Error::malformed_input:
      return "malformed input";
    case Error::unknown_layout:
      return "unknown layout";
    case Error::bad_parameters:
      return "bad parameters";
    case Error::bad_public_input:
      return "bad public input";
    case Error::bad_trace:
      return "bad trace";
    case Error::no_room:
      return "not enough room in the trace";
    case Error::constraint_violated:
      return "constraint violated";
    case Error::out_of_memory:
      return "not enough memory";
    case Error::cancelled:
      return "cancelled";
    case Error::proof_too_short:
      return "the proof is too short";
    case Error::proof_too_long:
      return "the proof is too long";
    case Error::not_a_felt:
      return "a number in the proof is not a field element";
    case Error::oods_mismatch:
      return "the out-of-domain values do not satisfy the constraints";
    case Error::proof_of_work:
      return "wrong proof of work";
    case Error::trace_decommitment:
      return "a trace decommitment does not match its root";
    case Error::fri_decommitment:
      return "a FRI decommitment does not match its root";
    case Error::last_layer:
      return "a FRI query does not agree with the last layer";
  }
  return "unknown error";
}

}  // namespace asterism::core::stark
