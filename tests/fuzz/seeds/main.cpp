#include <cstdio>
#include <fstream>

#include "tests/fuzz/seeds/seeds.hpp"

namespace asterism::fuzz {

void Seeds::add(const std::string& target, core::ByteView bytes) {
  const auto folder = folder_ / target;
  std::filesystem::create_directories(folder);
  std::size_t number = 0;
  while (std::filesystem::exists(folder / ("seed-" + std::to_string(number)))) ++number;
  std::ofstream out(folder / ("seed-" + std::to_string(number)), std::ios::binary);
  out << core::as_text(bytes);
}

}  // namespace asterism::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  asterism::fuzz::Seeds seeds(argv[1]);
  asterism::fuzz::add_all(seeds);
  return 0;
}
