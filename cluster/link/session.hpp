// One connection's life as a pure machine: handshake, encrypted frames, priorities, blobs, ping, time-outs. Bytes and
// the monotonic time in; messages, bytes and at most one fault out. The broker (link_actor) and the blocking client
// (client_link) are shells around it. What is not allowed ends the session with a typed fault; nothing throws.
// Time-outs count bytes that arrive, not frames that are complete: a slow large transfer lives as long as it moves.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "cluster/link/admission.hpp"
#include "cluster/link/blobs.hpp"
#include "cluster/link/frames.hpp"
#include "cluster/link/handshake.hpp"
#include "cluster/link/outbound.hpp"

namespace asterism::cluster {

struct SessionTimes {
  Millis handshake{5000};
  Millis ping_after{2000};  // of silence
  Millis idle{10000};       // of silence, although pinged
  Millis frame{60000};      // for one frame to be complete
  Millis joiner{30000};     // the whole life of a link that may only join
  Millis visitor{600000};   // silence of clients and admins, who are not pinged: a person may think
};

struct SessionOptions {
  HandshakeOptions handshake;
  SessionTimes times;
};

class Session {
 public:
  Session(const LinkIdentity& identity, Admission& admission, const SessionOptions& options, Millis now);

  // Messages that arrived. After a fault nothing more comes.
  std::vector<messages::MessagePtr> feed(core::ByteView bytes, Millis now);
  void tick(Millis now);
  // Appends bytes for the socket while `out` is below `limit`.
  void produce(core::Bytes& out, std::size_t limit, Millis now);
  // The final tag goes out after what is under way; what waits is dropped.
  void say_goodbye();

  bool up() const { return state_ == State::kUp; }
  // It was up at some time: what it delivered counts, also when the same bytes ended it.
  bool established() const { return established_; }
  const std::optional<LinkFault>& fault() const { return fault_; }
  const std::optional<Access>& access() const { return access_; }
  core::LinkKey peer() const;
  const core::Word& transcript() const { return handshake_.keys().transcript; }
  // Where others put what shall go out.
  const std::shared_ptr<Outbound>& outbound() const { return outbound_; }
  std::optional<Millis> round_trip() const { return round_trip_; }
  std::uint64_t bytes_in() const { return bytes_in_; }
  std::uint64_t bytes_out() const { return bytes_out_; }

 private:
  enum class State : std::uint8_t { kHandshake, kConfirm, kUp, kEnded };
  void fail(LinkFault fault);
  void fail(LinkError error, std::string text) { fail(LinkFault{error, std::move(text)}); }
  void on_handshake(core::ByteView frame);
  void on_keys();
  bool learn_certificate();
  void on_encrypted(core::ByteView frame, Millis now);
  void on_plain(core::ByteView plain, Millis now);
  void on_link_message(const messages::Message& message, Millis now);
  void on_blob_start(const messages::BlobStart& start);
  void on_chunk(const messages::BlobChunk& chunk);
  void deliver(messages::MessagePtr message);
  bool join_proven(const messages::Message& message) const;
  void seal_into(core::Bytes& out, core::ByteView plain, bool final);
  void send_own(messages::Message message);

  const LinkIdentity& identity_;
  Admission& admission_;
  SessionOptions options_;
  mutable Handshake handshake_;
  State state_ = State::kHandshake;
  std::optional<LinkFault> fault_;
  std::optional<Access> access_;
  FrameReader reader_{messages::kMaxHandshakeBytes};
  BlobReader blobs_;
  std::shared_ptr<Outbound> outbound_ = std::make_shared<Outbound>();
  core::Bytes raw_;  // handshake and confirmation, before everything else
  std::vector<messages::MessagePtr> delivered_;
  Millis started_, last_heard_, last_ping_;
  std::optional<Millis> frame_since_;
  std::optional<Millis> round_trip_;
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0;
  bool goodbye_ = false, goodbye_sent_ = false, joined_ = false, established_ = false;
};

}  // namespace asterism::cluster
