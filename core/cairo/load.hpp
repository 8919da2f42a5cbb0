// The readers of each format of programs (Fault kProgram, kUnknownHint), behind program.hpp's load functions.
#pragma once
#include "core/cairo/json_reader.hpp"
#include "core/cairo/program.hpp"

namespace asterism::core::cairo {

std::shared_ptr<const Program> read_program(json::Document& document, const LoadOptions& options);
std::shared_ptr<const Program> read_executable(json::Document& document, const LoadOptions& options);
std::shared_ptr<const Program> read_contract_class(json::Document& document, const LoadOptions& options);

}  // namespace asterism::core::cairo
