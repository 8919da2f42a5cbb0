// Felts as a Cairo 1 program prints them: byte arrays as strings, other felts in hexadecimal with the short string that
// they spell, if any. The wording is that of the Cairo compiler's own runner.
#pragma once
#include <span>
#include <string>

#include "core/felt/felt.hpp"

namespace asterism::core::cairo {

// What `println!` and its like show: a single string as it is, anything else a line for each item.
std::string debug_text(std::span<const Felt> felts);
// "Panicked with ..."
std::string panic_text(std::span<const Felt> felts);

}  // namespace asterism::core::cairo
