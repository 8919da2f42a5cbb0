// What a proof is about: layout, number of steps, segments and the public part of the memory; and the seed of the
// transcript, which is a hash of it.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/stark/failure.hpp"
#include "core/stark/parameters.hpp"

namespace asterism::core::stark {

struct Segment {
  std::uint64_t begin_addr = 0;
  std::uint64_t stop_ptr = 0;
  bool operator==(const Segment&) const = default;
};

struct PublicCell {
  std::uint64_t address = 0;
  Felt value;
  std::uint32_t page = 0;
  bool operator==(const PublicCell&) const = default;
};

struct PublicInput {
  std::string layout;
  std::uint64_t n_steps = 0;
  std::uint64_t rc_min = 0;
  std::uint64_t rc_max = 0;
  std::map<std::string, Segment, std::less<>> segments;
  std::vector<PublicCell> memory;

  Segment segment(std::string_view name) const {
    const auto it = segments.find(name);
    return it == segments.end() ? Segment{} : it->second;
  }
  bool operator==(const PublicInput&) const = default;
};

// The serialised public input that seeds the transcript; `segment_names` in the layout's order.
Expected<Bytes> public_input_seed(const PublicInput& input, std::span<const std::string_view> segment_names,
                                  const Parameters& parameters);

}  // namespace asterism::core::stark
