// SHA-256 (FIPS 180-4), by libsodium.
#pragma once
#include "core/base/bytes.hpp"

namespace asterism::core {
Word sha256(ByteView data);
}  // namespace asterism::core
