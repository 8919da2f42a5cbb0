// The Fiat-Shamir transcript: what both sides have said so far, as a hash, and the random numbers drawn from it.
//
// Two kinds. The hash chain keeps a 32-byte digest; a felt is drawn by rejection from whole digests and read as a
// Montgomery form. The felt chain keeps a felt and hashes with Poseidon. Absorbing re-seeds, so what counts as one
// message matters. After the queries are drawn nothing is absorbed any more; the channels see to that.
#pragma once
#include <memory>
#include <span>

#include "core/base/bytes.hpp"
#include "core/felt/felt.hpp"
#include "core/stark/hashes.hpp"

namespace asterism::core::stark {

class Transcript {
 public:
  virtual ~Transcript() = default;

  // One message. For the felt chain: whole words below p.
  virtual void absorb(ByteView message) = 0;
  virtual Felt draw_felt() = 0;
  // Below `bound`, a power of two.
  virtual std::uint64_t draw_number(std::uint64_t bound) = 0;

  // How several felts sent as one message are written: Montgomery form, or standard form for the felt chain.
  virtual Word span_word(const Felt& value) const = 0;
  virtual std::optional<Felt> felt_of_span_word(std::span<const std::uint8_t, 32> word) const = 0;

  virtual Word state() const = 0;
  // The nonce of the proof of work takes so many bytes, the number in the last eight.
  virtual std::size_t nonce_bytes() const = 0;
  // Whether every message must consist of words below p.
  virtual bool felts_only() const = 0;
};

std::unique_ptr<Transcript> make_hash_transcript(HashKind hash, const Word& initial);
std::unique_ptr<Transcript> make_felt_transcript(const Word& initial);

}  // namespace asterism::core::stark
