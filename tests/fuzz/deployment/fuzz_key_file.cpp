// The files of secret keys, of each kind.
#include <fcntl.h>
#include <unistd.h>

#include "cluster/deployment/key_files.hpp"
#include "core/base/check.hpp"
#include "tests/fuzz/input.hpp"

namespace {

std::filesystem::path written(asterism::core::ByteView content) {
  static const std::filesystem::path file = "/dev/shm/asterism-fuzz-key-" + std::to_string(::getpid());
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ASTERISM_CHECK(fd >= 0 && ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
                 "no file in memory");
  ::close(fd);
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  fuzz::Input input(data, size);
  const std::uint8_t kind = input.byte();
  const auto file = written(input.all());
  if (kind % 3 == 0) {
    (void)cluster::load_ed25519(file);
  } else if (kind % 3 == 1) {
    (void)cluster::load_secp256k1(file);
  } else {
    const auto account = cluster::load_account(file);
    ASTERISM_CHECK(!account || !account->private_key.is_zero(), "zero is no key");
  }
  return 0;
}
