// How a run ends that does not succeed.
//
// Inside core/cairo an error travels as the exception Fault: hints are translations of Python code in which every
// operation may raise, and a machine step can fail in any operand. It never leaves the module: every public function
// catches it (see `guarded`) and returns std::expected<..., Error>.
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace asterism::core::cairo {

// What failed, in the terms of the official runner's exceptions.
enum class ErrorKind : std::uint8_t {
  kProgram = 1,      // the program, input or PIE file is malformed
  kUsage = 2,        // arguments that exclude each other, a builtin that the layout lacks
  kInstruction = 3,  // an encoding the machine refuses
  kMemory = 4,       // unknown cell, inconsistent assignment, address that is none
  kPureValue = 5,    // an operation on a pointer that only felts have
  kAssertEq = 6,     // an assert_eq, call or deduction assertion
  kHint = 7,         // a hint raised
  kUnknownHint = 8,  // no C++ function for a hint's text
  kBuiltin = 9,      // a builtin's validation or deduction rule
  kSecurity = 10,    // the checks of secure_run
  kResources = 11,   // step budget used up, end of program not reached
  kLimit = 12,       // memory limit of this run
  kCancelled = 13,
  kFinal = 14,  // checks at the end of the run (stop pointers, sizes, scopes)
};
std::string_view to_string(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::kProgram;
  std::string message;  // one line or several: what went wrong
  std::string report;   // as the official runner prints it: location, pc, traceback (empty: the message)
  std::optional<std::uint64_t> pc_offset;  // where, when a step failed; in segment pc_segment
  std::int64_t pc_segment = 0;
  const std::string& text() const { return report.empty() ? message : report; }
};

struct Fault {
  ErrorKind kind;
  std::string message;
  std::string notes;  // a hint's Python-style last line: "AssertionError: ..."
  int hint_index = -1;
};

[[noreturn]] void fail(ErrorKind kind, std::string message);

template <class T>
using Expected = std::expected<T, Error>;

// Runs f inside the module's boundary; `error_of` makes the error of a fault.
template <class F, class ErrorOf>
auto guarded(F&& f, ErrorOf&& error_of) -> Expected<decltype(f())> {
  try {
    if constexpr (std::is_void_v<decltype(f())>) {
      f();
      return {};
    } else {
      return f();
    }
  } catch (Fault& fault) {
    return std::unexpected(error_of(fault));
  }
}
template <class F>
auto guarded(F&& f) -> Expected<decltype(f())> {
  return guarded(f, [](Fault& fault) { return Error{.kind = fault.kind, .message = std::move(fault.message)}; });
}

}  // namespace asterism::core::cairo
