#include "core/stark/channel.hpp"

#include <algorithm>
#include <array>

#include "core/base/check.hpp"

namespace asterism::core::stark {

void ProverChannel::send(ByteView message) {
  proof_.insert(proof_.end(), message.begin(), message.end());
  if (!queries_) transcript_->absorb(message);
}

void ProverChannel::send_commitment(HashKind kind, const Word& root) {
  send(root);
  annotations_.commitment("Commitment", kind, root);
}

void ProverChannel::send_felt(const Felt& value, std::string_view label) {
  send(felt_bytes(value));
  annotations_.felt_sent(label, value);
}

void ProverChannel::send_felts(std::span<const Felt> values, std::string_view label) {
  Bytes message;
  message.reserve(32 * values.size());
  for (const Felt& value : values) {
    const Word word = transcript_->span_word(value);
    message.insert(message.end(), word.begin(), word.end());
  }
  send(message);
  annotations_.felts_sent(label, values);
}

void ProverChannel::send_node(HashKind kind, const Word& node, std::string_view label) {
  send(node);
  annotations_.node(label, kind, node);
}

void ProverChannel::send_sibling_cell(const Word& cell, std::string_view label) {
  send(cell);
  annotations_.data(label, cell);
}

void ProverChannel::send_nonce(std::uint64_t nonce) {
  ByteWriter writer;
  for (std::size_t i = 8; i < transcript_->nonce_bytes(); ++i) writer.u8(0);
  writer.u64(nonce);
  send(writer.bytes());
  annotations_.data("POW", writer.bytes());
}

Felt ProverChannel::draw_felt(std::string_view label) {
  ASTERISM_CHECK(!queries_, "nothing is drawn after the queries");
  const Felt out = transcript_->draw_felt();
  annotations_.felt_drawn(label, out);
  return out;
}

std::uint64_t ProverChannel::draw_number(std::uint64_t bound, std::string_view label) {
  const std::uint64_t out = transcript_->draw_number(bound);
  annotations_.number_drawn(label, out);
  return out;
}

void VerifierChannel::refuse(Error error) {
  if (!failure_) failure_ = Failure{error};
}

std::optional<ByteView> VerifierChannel::receive(std::size_t size) {
  if (failure_) return std::nullopt;
  if (rest_.size() < size) {
    refuse(Error::proof_too_short);
    return std::nullopt;
  }
  const ByteView message = rest_.first(size);
  if (transcript_->felts_only()) {
    for (std::size_t i = 0; i < size; i += 32) {
      if (!Felt::from_be(std::span<const std::uint8_t, 32>(message.subspan(i, 32)))) {
        refuse(Error::not_a_felt);
        return std::nullopt;
      }
    }
  }
  rest_ = rest_.subspan(size);
  if (!queries_) transcript_->absorb(message);
  return message;
}

Word VerifierChannel::receive_commitment(HashKind kind) {
  Word root{};
  if (const auto message = receive(32)) std::copy(message->begin(), message->end(), root.begin());
  annotations_.commitment("Commitment", kind, root);
  return root;
}

Felt VerifierChannel::receive_felt(std::string_view label) {
  const auto message = receive(32);
  if (!message) return {};
  const auto value = felt_from_bytes(message->first<32>());
  if (!value) refuse(Error::not_a_felt);
  annotations_.felt_sent(label, value.value_or(Felt()));
  return value.value_or(Felt());
}

void VerifierChannel::receive_felts(std::span<Felt> out, std::string_view label) {
  std::ranges::fill(out, Felt());
  const auto message = receive(32 * out.size());
  if (!message) return;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto value = transcript_->felt_of_span_word(std::span<const std::uint8_t, 32>(message->subspan(32 * i, 32)));
    if (!value) return refuse(Error::not_a_felt);
    out[i] = *value;
  }
  annotations_.felts_sent(label, out);
}

Word VerifierChannel::receive_node(HashKind kind, std::string_view label) {
  Word node{};
  if (const auto message = receive(32)) std::copy(message->begin(), message->end(), node.begin());
  annotations_.node(label, kind, node);
  return node;
}

Word VerifierChannel::receive_sibling_cell(std::string_view label) {
  Word cell{};
  if (const auto message = receive(32)) std::copy(message->begin(), message->end(), cell.begin());
  annotations_.data(label, cell);
  return cell;
}

std::uint64_t VerifierChannel::receive_nonce() {
  const auto message = receive(transcript_->nonce_bytes());
  if (!message) return 0;
  annotations_.data("POW", *message);
  // A message longer than the nonce is padded with zeros. Other padding, which Stone's verifier takes, would draw other
  // queries without new work.
  if (std::ranges::any_of(message->first(message->size() - 8), [](std::uint8_t byte) { return byte != 0; })) {
    refuse(Error::proof_of_work);
  }
  std::uint64_t nonce = 0;
  for (const std::uint8_t byte : message->last(8)) nonce = (nonce << 8) | byte;
  return nonce;
}

Felt VerifierChannel::draw_felt(std::string_view label) {
  ASTERISM_CHECK(!queries_, "nothing is drawn after the queries");
  const Felt out = transcript_->draw_felt();
  annotations_.felt_drawn(label, out);
  return out;
}

std::uint64_t VerifierChannel::draw_number(std::uint64_t bound, std::string_view label) {
  const std::uint64_t out = transcript_->draw_number(bound);
  annotations_.number_drawn(label, out);
  return out;
}

}  // namespace asterism::core::stark
