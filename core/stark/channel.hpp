// The two ends of the non-interactive conversation. The prover's channel writes the proof, the verifier's reads it;
// both keep the same transcript and may keep the same annotations. After begin_queries() nothing more is drawn and
// what is sent no longer changes the transcript.
//
// A failure of the verifier's channel sticks: from then on it returns zeros and `failure()` says why, so the protocol
// asks once per phase. It never reads or allocates more than the caller's counts, which come from the parameters.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/stark/annotations.hpp"
#include "core/stark/failure.hpp"
#include "core/stark/transcript.hpp"

namespace asterism::core::stark {

class ProverChannel {
 public:
  ProverChannel(std::unique_ptr<Transcript> transcript, bool annotate)
      : transcript_(std::move(transcript)), annotations_(annotate) {}

  void send_commitment(HashKind kind, const Word& root);
  void send_felt(const Felt& value, std::string_view label);
  // As one message.
  void send_felts(std::span<const Felt> values, std::string_view label);
  void send_node(HashKind kind, const Word& node, std::string_view label);
  // A cell that stands for a node, in a tree over a single column.
  void send_sibling_cell(const Word& cell, std::string_view label);
  void send_nonce(std::uint64_t nonce);
  Felt draw_felt(std::string_view label);
  std::uint64_t draw_number(std::uint64_t bound, std::string_view label);
  void begin_queries() { queries_ = true; }

  Annotations& annotations() { return annotations_; }
  Word state() const { return transcript_->state(); }
  const Bytes& proof() const { return proof_; }
  Bytes take_proof() { return std::move(proof_); }

 private:
  void send(ByteView message);

  std::unique_ptr<Transcript> transcript_;
  Annotations annotations_;
  Bytes proof_;
  bool queries_ = false;
};

class VerifierChannel {
 public:
  VerifierChannel(std::unique_ptr<Transcript> transcript, ByteView proof, bool annotate)
      : transcript_(std::move(transcript)), annotations_(annotate), rest_(proof) {}

  Word receive_commitment(HashKind kind);
  Felt receive_felt(std::string_view label);
  void receive_felts(std::span<Felt> out, std::string_view label);
  Word receive_node(HashKind kind, std::string_view label);
  Word receive_sibling_cell(std::string_view label);
  std::uint64_t receive_nonce();
  Felt draw_felt(std::string_view label);
  std::uint64_t draw_number(std::uint64_t bound, std::string_view label);
  void begin_queries() { queries_ = true; }

  Annotations& annotations() { return annotations_; }
  Word state() const { return transcript_->state(); }
  bool at_end() const { return rest_.empty(); }
  std::size_t remaining() const { return rest_.size(); }
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  std::optional<ByteView> receive(std::size_t size);
  void refuse(Error error);

  std::unique_ptr<Transcript> transcript_;
  Annotations annotations_;
  ByteView rest_;
  bool queries_ = false;
  std::optional<Failure> failure_;
};

}  // namespace asterism::core::stark
