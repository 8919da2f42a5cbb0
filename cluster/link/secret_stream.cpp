#include "cluster/link/secret_stream.hpp"

#include "core/base/wipe.hpp"

namespace asterism::cluster {

using core::Bytes;
using core::ByteView;

SealingStream::SealingStream(const core::Word& key) {
  crypto_secretstream_xchacha20poly1305_init_push(&state_, header_.data(), key.data());
}

SealingStream::~SealingStream() { core::wipe(state_); }

Bytes SealingStream::seal(ByteView plain, bool final) {
  Bytes out(plain.size() + kStreamOverhead);
  const std::uint8_t tag =
      final ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  crypto_secretstream_xchacha20poly1305_push(&state_, out.data(), nullptr, plain.data(), plain.size(), nullptr, 0, tag);
  return out;
}

OpeningStream::OpeningStream(const core::Word& key, const StreamHeader& header) {
  crypto_secretstream_xchacha20poly1305_init_pull(&state_, header.data(), key.data());
}

OpeningStream::~OpeningStream() { core::wipe(state_); }

std::optional<OpenedFrame> OpeningStream::open(ByteView cipher) {
  if (finished_ || cipher.size() < kStreamOverhead) return std::nullopt;
  OpenedFrame out{Bytes(cipher.size() - kStreamOverhead), false};
  std::uint8_t tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(&state_, out.plain.data(), nullptr, &tag, cipher.data(), cipher.size(),
                                                 nullptr, 0) != 0) {
    return std::nullopt;
  }
  out.final = finished_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  return out;
}

}  // namespace asterism::cluster
