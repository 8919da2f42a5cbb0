// Secret keys on disk: one per file, mode 0600, created once and never overwritten, synced before anything uses them.
//   link.key, consensus.key, admin.key    Ed25519 seed, 64 hex digits
//   attester.key, submitter.key, operator.key, l1.key   secp256k1 secret, 64 hex digits
//   accounts/NAME.key                     STARK curve secret, 64 hex digits, and the salt of the address on a second
//   line
#pragma once
#include <expected>
#include <filesystem>
#include <string>

#include "core/crypto/ed25519.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/felt/felt.hpp"

namespace asterism::cluster {

enum class KeyError : std::uint8_t { kMissing, kExists, kReadable, kMalformed, kIo };
struct KeyFault {
  KeyError error;
  std::string text;  // what, where, what to do
};
template <class T>
using KeyResult = std::expected<T, KeyFault>;

KeyResult<core::Ed25519Secret> load_ed25519(const std::filesystem::path& file);
KeyResult<core::Ed25519Secret> load_or_create_ed25519(const std::filesystem::path& file);
KeyResult<core::Secp256k1Secret> load_secp256k1(const std::filesystem::path& file);
KeyResult<core::Secp256k1Secret> load_or_create_secp256k1(const std::filesystem::path& file);

struct AccountKey {
  core::Felt private_key;
  core::Felt public_key;
  core::Felt salt;
  core::Felt address;
};
KeyResult<AccountKey> load_account(const std::filesystem::path& file);
KeyResult<AccountKey> create_account(const std::filesystem::path& file);

// A whole file that appears at once or not at all: written beside, synced, renamed. `mode` as chmod.
std::expected<void, std::string> write_file(const std::filesystem::path& file, std::string_view content,
                                            unsigned mode = 0644);
// At most `limit` bytes.
std::expected<std::string, std::string> read_file(const std::filesystem::path& file, std::size_t limit = 16u << 20);

}  // namespace asterism::cluster
