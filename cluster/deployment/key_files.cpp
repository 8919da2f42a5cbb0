#include "cluster/deployment/key_files.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/curve/ecdsa.hpp"
#include "core/state/transition.hpp"

namespace asterism::cluster {
namespace {

namespace fs = std::filesystem;

std::string problem(std::string_view what, const fs::path& file) {
  return std::string(what) + " " + file.string() + ": " + std::strerror(errno);
}

// A descriptor that closes itself.
struct Descriptor {
  int fd;
  explicit Descriptor(int f) : fd(f) {}
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void sync_folder(const fs::path& file) {
  const Descriptor folder(::open((file.has_parent_path() ? file.parent_path() : fs::path(".")).c_str(),
                                 O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd >= 0) ::fsync(folder.fd);
}

KeyResult<std::string> read_secret(const fs::path& file) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (in.fd < 0)
    return std::unexpected(
        KeyFault{errno == ENOENT ? KeyError::kMissing : KeyError::kIo, problem("cannot open key", file)});
  struct stat info{};
  ::fstat(in.fd, &info);
  if ((info.st_mode & 0077) != 0)
    return std::unexpected(KeyFault{
        KeyError::kReadable, "key " + file.string() + " can be read by others; run: chmod 600 " + file.string()});
  std::array<char, 512> buffer;
  const ssize_t n = ::read(in.fd, buffer.data(), buffer.size());
  if (n < 0) return std::unexpected(KeyFault{KeyError::kIo, problem("cannot read key", file)});
  std::string out(buffer.data(), static_cast<std::size_t>(n));
  sodium_memzero(buffer.data(), buffer.size());
  return out;
}

KeyResult<void> write_secret(const fs::path& file, std::string_view content) {
  std::error_code ignored;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (out.fd < 0)
    return std::unexpected(
        KeyFault{errno == EEXIST ? KeyError::kExists : KeyError::kIo, problem("cannot create key", file)});
  if (!write_all(out.fd, content) || ::fsync(out.fd) != 0)
    return std::unexpected(KeyFault{KeyError::kIo, problem("cannot write key", file)});
  sync_folder(file);
  return {};
}

KeyFault malformed(const fs::path& file) {
  return {KeyError::kMalformed, "key " + file.string() + " is not 64 hex digits"};
}

KeyResult<core::Word> load_word(const fs::path& file) {
  auto text = read_secret(file);
  if (!text) return std::unexpected(text.error());
  while (!text->empty() && text->back() == '\n') text->pop_back();
  const auto word = core::array_from_hex<32>(*text);
  sodium_memzero(text->data(), text->size());
  if (!word) return std::unexpected(malformed(file));
  return *word;
}

KeyResult<void> store_word(const fs::path& file, const core::Word& word) {
  std::string text = core::to_hex(word) + "\n";
  auto out = write_secret(file, text);
  sodium_memzero(text.data(), text.size());
  return out;
}

AccountKey account_of(const core::Felt& secret, const core::Felt& salt) {
  const core::Felt key = core::public_key(secret).x;
  return {.private_key = secret, .public_key = key, .salt = salt, .address = core::native::account_address(key, salt)};
}

}  // namespace

KeyResult<core::Ed25519Secret> load_ed25519(const fs::path& file) {
  const auto word = load_word(file);
  if (!word) return std::unexpected(word.error());
  return core::Ed25519Secret::from_seed(*word);
}

KeyResult<core::Ed25519Secret> load_or_create_ed25519(const fs::path& file) {
  auto existing = load_ed25519(file);
  if (existing || existing.error().error != KeyError::kMissing) return existing;
  const core::Ed25519Secret made = core::Ed25519Secret::generate();
  if (auto stored = store_word(file, made.seed()); !stored) return std::unexpected(stored.error());
  return made;
}

KeyResult<core::Secp256k1Secret> load_secp256k1(const fs::path& file) {
  const auto word = load_word(file);
  if (!word) return std::unexpected(word.error());
  auto key = core::Secp256k1Secret::from_bytes(*word);
  if (!key) return std::unexpected(malformed(file));
  return *key;
}

KeyResult<core::Secp256k1Secret> load_or_create_secp256k1(const fs::path& file) {
  auto existing = load_secp256k1(file);
  if (existing || existing.error().error != KeyError::kMissing) return existing;
  const core::Secp256k1Secret made = core::Secp256k1Secret::generate();
  if (auto stored = store_word(file, made.bytes()); !stored) return std::unexpected(stored.error());
  return made;
}

KeyResult<AccountKey> load_account(const fs::path& file) {
  const auto text = read_secret(file);
  if (!text) return std::unexpected(text.error());
  const std::size_t end = text->find('\n');
  const auto secret = core::Felt::from_hex("0x" + text->substr(0, end));
  std::string rest = end == std::string::npos ? "" : text->substr(end + 1);
  while (!rest.empty() && rest.back() == '\n') rest.pop_back();
  const auto salt = core::Felt::from_hex(rest);
  if (!secret || !salt || !core::valid_private_key(*secret))
    return std::unexpected(
        KeyFault{KeyError::kMalformed, "account key " + file.string() + " is not a secret and a salt, one a line"});
  return account_of(*secret, *salt);
}

KeyResult<AccountKey> create_account(const fs::path& file) {
  const auto draw = [] {
    core::Word word;
    randombytes_buf(word.data(), word.size());
    word[0] &= 3;  // below 2^250: no bias worth a retry, always below the order
    return core::Felt::reduce_be(word);
  };
  core::Felt secret = draw();
  while (!core::valid_private_key(secret)) secret = draw();
  const core::Felt salt = draw();
  const std::string text = core::to_hex(secret.to_be()) + "\n" + salt.to_hex() + "\n";
  if (auto stored = write_secret(file, text); !stored) return std::unexpected(stored.error());
  return account_of(secret, salt);
}

std::expected<void, std::string> write_file(const fs::path& file, std::string_view content, unsigned mode) {
  std::error_code ignored;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), ignored);
  const fs::path beside = file.string() + ".new";
  {
    const Descriptor out(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (out.fd < 0) return std::unexpected(problem("cannot create", beside));
    if (!write_all(out.fd, content) || ::fsync(out.fd) != 0) return std::unexpected(problem("cannot write", beside));
  }
  if (::rename(beside.c_str(), file.c_str()) != 0) return std::unexpected(problem("cannot rename to", file));
  sync_folder(file);
  return {};
}

std::expected<std::string, std::string> read_file(const fs::path& file, std::size_t limit) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.fd < 0) return std::unexpected(problem("cannot open", file));
  std::string out;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t n = ::read(in.fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(problem("cannot read", file));
    if (n == 0) return out;
    if (out.size() + static_cast<std::size_t>(n) > limit)
      return std::unexpected(file.string() + " is larger than " + std::to_string(limit) + " bytes");
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace asterism::cluster
