#include "core/stark/transcript.hpp"

#include <algorithm>
#include <vector>

#include "core/base/check.hpp"
#include "core/hash/poseidon.hpp"

namespace asterism::core::stark {
namespace {

// 31p: the largest multiple of p below 2^256 (2^256 = 31p + r), so that x mod p is uniform for x below it.
constexpr U256 largest_multiple() {
  U256 out;
  for (int i = 0; i < 31; ++i) out = out + Felt::kModulus;
  return out;
}
constexpr U256 kDrawBound = largest_multiple();

class HashTranscript final : public Transcript {
 public:
  HashTranscript(HashKind hash, const Word& initial) : hash_(hash), state_(initial) {}

  void absorb(ByteView message) override {
    Word next = state_;
    for (std::size_t i = 32; i-- > 0 && ++next[i] == 0;) {
    }
    ByteWriter writer;
    writer.raw(next).raw(message);
    state_ = hash_bytes(hash_, writer.bytes());
    counter_ = 0;
    spare_ = 0;
  }

  Felt draw_felt() override {
    for (;;) {
      const Word digest = block();
      U256 number = U256::from_be(digest);
      if (number >= kDrawBound) continue;
      while (number >= Felt::kModulus) number = number - Felt::kModulus;
      return Felt::from_montgomery(number.limb);
    }
  }

  // A block holds four numbers; those left over serve the next draws until something is absorbed.
  std::uint64_t draw_number(std::uint64_t bound) override {
    if (spare_ == 0) {
      numbers_ = block();
      spare_ = 4;
    }
    const std::size_t at = 8 * (4 - spare_--);
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 8; ++i) out = (out << 8) | numbers_[at + i];
    return out % bound;
  }

  Word span_word(const Felt& value) const override { return felt_bytes(value); }
  std::optional<Felt> felt_of_span_word(std::span<const std::uint8_t, 32> word) const override {
    return felt_from_bytes(word);
  }
  Word state() const override { return state_; }
  std::size_t nonce_bytes() const override { return 8; }
  bool felts_only() const override { return false; }

 private:
  Word block() {
    ByteWriter writer;
    writer.raw(state_).word(counter_++);
    return hash_bytes(hash_, writer.bytes());
  }

  HashKind hash_;
  Word state_;
  Word numbers_{};
  std::uint64_t counter_ = 0;
  std::size_t spare_ = 0;
};

class FeltTranscript final : public Transcript {
 public:
  explicit FeltTranscript(const Word& initial) : state_(Felt::reduce_be(initial)) {}

  void absorb(ByteView message) override {
    ASTERISM_CHECK(message.size() % 32 == 0, "the felt chain takes whole words");
    std::vector<Felt> felts{state_ + Felt::one()};
    felts.reserve(1 + message.size() / 32);
    for (std::size_t i = 0; i < message.size(); i += 32) {
      felts.push_back(Felt::reduce_be(std::span<const std::uint8_t, 32>(message.subspan(i, 32))));
    }
    state_ = poseidon_many(felts);
    counter_ = 0;
  }
  Felt draw_felt() override { return poseidon(state_, Felt(counter_++)); }
  std::uint64_t draw_number(std::uint64_t bound) override { return draw_felt().to_u256().limb[0] % bound; }

  Word span_word(const Felt& value) const override { return value.to_be(); }
  std::optional<Felt> felt_of_span_word(std::span<const std::uint8_t, 32> word) const override {
    return Felt::from_be(word);
  }
  Word state() const override { return state_.to_be(); }
  std::size_t nonce_bytes() const override { return 32; }
  bool felts_only() const override { return true; }

 private:
  Felt state_;
  std::uint64_t counter_ = 0;
};

}  // namespace

std::unique_ptr<Transcript> make_hash_transcript(HashKind hash, const Word& initial) {
  return std::make_unique<HashTranscript>(hash, initial);
}
std::unique_ptr<Transcript> make_felt_transcript(const Word& initial) {
  return std::make_unique<FeltTranscript>(initial);
}

}  // namespace asterism::core::stark
