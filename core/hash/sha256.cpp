#include "core/hash/sha256.hpp"

#include <sodium.h>

namespace asterism::core {

Word sha256(ByteView data) {
  Word out;
  crypto_hash_sha256(out.data(), data.data(), data.size());
  return out;
}

}  // namespace asterism::core
