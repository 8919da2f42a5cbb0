// What a proof makes the verifier allocate is bounded by its size, whatever it says.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <new>

#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"
#include "tests/core/stark/vectors.hpp"

namespace {

std::atomic<std::size_t> live{0};
std::atomic<std::size_t> peak{0};

void* counted(void* block) {
  if (block == nullptr) std::abort();
  const std::size_t now = live += malloc_usable_size(block);
  std::size_t before = peak;
  while (before < now && !peak.compare_exchange_weak(before, now)) {
  }
  return block;
}
void discount(void* block) {
  if (block != nullptr) live -= malloc_usable_size(block);
  std::free(block);
}

// The most that lived at once while `call` ran, beyond what lived before.
template <class F>
std::size_t peak_of(const F& call) {
  const std::size_t before = live;
  peak = before;
  call();
  return peak - before;
}

}  // namespace

void* operator new(std::size_t size) { return counted(std::malloc(size)); }
void* operator new(std::size_t size, std::align_val_t align) {
  const auto alignment = static_cast<std::size_t>(align);
  return counted(std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment));
}
void operator delete(void* block) noexcept { discount(block); }
void operator delete(void* block, std::size_t) noexcept { discount(block); }
void operator delete(void* block, std::align_val_t) noexcept { discount(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { discount(block); }

namespace asterism::core::stark {
namespace {

std::size_t verification_peak(ByteView proof, const Parameters& parameters, const PublicInput& input, bool accepted) {
  return peak_of([&] { EXPECT_EQ(verify(proof, parameters, input).has_value(), accepted); });
}

TEST(VerifierAllocation, CountsWhatIsAllocated) {
  std::vector<std::uint64_t> kept;
  EXPECT_GE(peak_of([&] { kept.resize(1 << 20); }), std::size_t{8} << 20);
  EXPECT_EQ(kept.size(), std::size_t{1} << 20);
}

TEST(VerifierAllocation, OfValidProofsIsWithinTheBound) {
  for (const char* name :
       {"plain-512-keccak", "plain-512-blake", "plain-512-poseidon-channel", "small-512-builtins", "small-512-pages"}) {
    const auto run = load_run(name);
    ASTERISM_REQUIRE_VECTOR(run);
    EXPECT_LE(verification_peak(run->proof, run->parameters, run->input, true),
              verification_bound(run->proof.size(), run->input.memory.size()))
        << name;
  }
}

// Parameters that ask for as much as they may, with proofs that end at each possible place.
TEST(VerifierAllocation, OfHostileProofsIsWithinTheBound) {
  const auto run = load_run("plain-512-keccak");
  ASTERISM_REQUIRE_VECTOR(run);
  for (const std::vector<unsigned>& steps : {std::vector<unsigned>{10, 3}, {0, 10, 3}, {1, 1, 1, 10}}) {
    Parameters parameters = run->parameters;
    parameters.log_n_cosets = 1;
    parameters.fri = {steps, 1, 4096, 0};
    const auto proof = prove(run->input, run->secret, parameters);
    ASSERT_TRUE(proof) << proof.error().text();
    const std::size_t bound = verification_bound(proof->bytes.size(), run->input.memory.size());
    EXPECT_LE(verification_peak(proof->bytes, parameters, run->input, true), bound);
    for (std::size_t size = 64; size < proof->bytes.size(); size += size / 4) {
      const ByteView head = ByteView(proof->bytes).first(size);
      EXPECT_LE(verification_peak(head, parameters, run->input, false),
                verification_bound(size, run->input.memory.size()));
    }
  }
}

TEST(VerifierAllocation, OfHostileStatementsIsWithinTheBound) {
  for (const Layout* layout : all_layouts()) {
    PublicInput input{.layout = std::string(layout->name), .n_steps = std::uint64_t{1} << 30, .rc_max = 0xffff};
    for (const std::string_view name : layout->segment_names()) input.segments[std::string(name)] = {};
    for (std::uint32_t i = 0; i < 3000; ++i) input.memory.push_back({i, Felt(i), i});
    Parameters parameters;
    parameters.log_n_cosets = 1;
    for (const std::uint64_t last : {std::uint64_t{1}, std::uint64_t{1} << 12, std::uint64_t{1} << 34}) {
      parameters.fri = {{0}, last, 4096, 0};
      for (unsigned left = 34 - static_cast<unsigned>(std::countr_zero(last)); left > 0;) {
        parameters.fri.step_list.push_back(std::min(left, 10U));
        left -= parameters.fri.step_list.back();
      }
      if (last >> 34 != 0) parameters.fri.step_list = {0};
      for (const std::size_t size : {std::size_t{0}, std::size_t{1} << 12, std::size_t{1} << 20}) {
        EXPECT_LE(verification_peak(Bytes(size), parameters, input, false),
                  verification_bound(size, input.memory.size()))
            << layout->name;
      }
    }
  }
}

// Texts that JSON readers blow up most; the ones with the right fields get to the end.
TEST(VerifierAllocation, OfHostileFilesIsWithinTheBound) {
  const auto repeated = [](std::string_view head, std::string_view part, std::string_view tail) {
    std::string out(head);
    while (out.size() < 1 << 20) out += part;
    return out + std::string(tail);
  };
  for (const std::string& text : {
           repeated("", "[", ""),
           repeated("{\"public_input\":", "{\"a\":", ""),
           repeated("[", "[],", "0]"),
           repeated("{\"public_input\":{\"public_memory\":[", "{},", "0]}}"),
           repeated("{\"public_input\":{\"public_memory\":[", "[],", "0]}}"),
           repeated("{\"public_input\":{\"public_memory\":[", "0,", "0]}}"),
           repeated("{\"public_input\":{\"public_memory\":[", "\"\",", "0]}}"),
           repeated("{\"public_input\":{\"public_memory\":[", "{\"a\":0},", "0]}}"),
           repeated("{\"private_input\":[", "[[[[]]]],", "0]}"),
           repeated("{\"proof_hex\":\"0x", "00", "\"}"),
       }) {
    const std::size_t most = peak_of([&] { EXPECT_FALSE(parse_proof_file(text)); });
    EXPECT_LE(most, proof_file_bound(text.size())) << text.substr(0, 60);
  }
}

}  // namespace
}  // namespace asterism::core::stark
