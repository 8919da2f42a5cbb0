// The zip around a PIE, in memory, by libzip.
#pragma once
#include <map>
#include <string>

#include "core/base/bytes.hpp"
#include "core/cairo/fault.hpp"

namespace asterism::core::cairo {

// Throws Fault kProgram: not a zip, other names than expected, not deflated, too large; no libzip.
std::map<std::string, std::string> unzip(ByteView zip, std::uint64_t max_bytes);
Bytes zip(const std::map<std::string, std::string>& files);

}  // namespace asterism::core::cairo
