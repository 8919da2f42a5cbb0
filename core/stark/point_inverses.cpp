#include "core/stark/point_inverses.hpp"

#include "core/stark/domains.hpp"

namespace asterism::core::stark {
namespace {

constexpr std::size_t kGrain = 1024;

bool use_wide(std::uint64_t length) { return wide::usable() && length % 8 == 0; }

}  // namespace

PointInverses::PointInverses(ThreadPool& pool, std::uint64_t the_length, const Felt& the_z)
    : length(the_length), z(the_z) {
  const Felt g = root_of_unity(length);
  const Felt first(kCosetOffset);
  if (!use_wide(length)) {
    felts.resize(length);
    invert_differences(pool, first, g, z, length, felts.data());
    return;
  }
  limbs = wide::LimbTable(length);
  pool.ranges(length, kGrain,
              [&](std::size_t begin, std::size_t end) { wide::inverses(first, g, z, begin, end, limbs); });
  limbs.pad();
}

void invert_differences(ThreadPool& pool, const Felt& first, const Felt& g, const Felt& z, std::uint64_t length,
                        Felt* out) {
  pool.ranges(length, kGrain, [&](std::size_t begin, std::size_t end) {
    if (use_wide(length)) return wide::inverses(first, g, z, begin, end, out);
    Felt x = first * power(g, begin);
    for (std::size_t i = begin; i < end; ++i) {
      out[i] = x - z;
      x *= g;
    }
    batch_inverse(std::span(out + begin, end - begin));
  });
}

}  // namespace asterism::core::stark
