// fsync_bench FILE: how long fdatasync takes after 200 bytes were appended, as a vote log does.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  const int fd = ::open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string record(200, 'v');
  std::vector<double> took;
  for (int i = 0; i < 1000; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    if (::write(fd, record.data(), record.size()) < 0 || ::fdatasync(fd) != 0) {
      std::perror(argv[1]);
      return 1;
    }
    took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  }
  ::close(fd);
  ::unlink(argv[1]);
  std::ranges::sort(took);
  std::printf("fdatasync of 200 bytes: p50 %.2f ms, p99 %.2f ms\n", took[500], took[990]);
  return 0;
}
