#include "cluster/link/session.hpp"

#include <algorithm>

#include "messages/codec.hpp"

namespace asterism::cluster {

using core::Bytes;
using core::ByteView;

Session::Session(const LinkIdentity& identity, Admission& admission, const SessionOptions& options, Millis now)
    : identity_(identity),
      admission_(admission),
      options_(options),
      handshake_(identity, options.handshake),
      started_(now),
      last_heard_(now),
      last_ping_(now) {
  if (const auto first = handshake_.first()) append_frame(raw_, *first);
}

core::LinkKey Session::peer() const {
  return handshake_.done() ? handshake_.keys().peer : handshake_.claimed().value_or(core::LinkKey{});
}

void Session::fail(LinkFault fault) {
  if (fault_) return;
  fault_ = std::move(fault);
  state_ = State::kEnded;
  outbound_->close();
}

std::vector<messages::MessagePtr> Session::feed(ByteView bytes, Millis now) {
  delivered_.clear();
  if (fault_ || bytes.empty()) return {};
  last_heard_ = now;
  bytes_in_ += bytes.size();
  reader_.feed(bytes);
  while (!fault_) {
    auto frame = reader_.next();
    if (!frame) {
      fail(std::move(frame.error()));
      break;
    }
    if (!*frame) break;
    frame_since_.reset();
    if (state_ == State::kHandshake) {
      on_handshake(**frame);
    } else {
      on_encrypted(**frame, now);
    }
  }
  if (!reader_.pending()) {
    frame_since_.reset();
  } else if (!frame_since_) {
    frame_since_ = now;
  }
  return std::move(delivered_);
}

void Session::on_handshake(ByteView frame) {
  auto step = handshake_.receive(frame);
  // A responder's proof leaves only once the proven key is admitted.
  const bool responder_done = handshake_.done() && options_.handshake.side == Side::kResponder;
  if (step.fault) {
    if (step.reply) append_frame(raw_, *step.reply);
    fail(std::move(*step.fault));
    return;
  }
  if (responder_done || handshake_.done()) {
    if (!learn_certificate()) return;
    auto access = admission_.admit(handshake_.keys().peer, options_.handshake.listener, options_.handshake.side);
    if (!access) {
      fail(std::move(access.error()));
      return;
    }
    access_ = std::move(*access);
  }
  if (step.reply) append_frame(raw_, *step.reply);
  if (handshake_.done()) on_keys();
}

bool Session::learn_certificate() {
  const Bytes& bytes = handshake_.certificate();
  if (bytes.empty()) return true;
  const auto certificate = messages::decode_value<messages::ProcessCertificate>(bytes, messages::kMaxHandshakeBytes);
  if (!certificate || certificate->key != handshake_.keys().peer) {
    fail(LinkError::kMalformed, "the certificate is not one of this key");
    return false;
  }
  admission_.learn(*certificate);
  return true;
}

void Session::on_keys() {
  seal_into(raw_, handshake_.keys().transcript, false);
  reader_.set_cap(messages::kMaxFrameBytes);
  state_ = State::kConfirm;
}

void Session::on_encrypted(ByteView frame, Millis now) {
  const auto opened = handshake_.keys().open.open(frame);
  if (!opened) {
    fail(LinkError::kTampered, "a frame does not open");
    return;
  }
  if (opened->final) {
    fail(LinkError::kClosed, "closed by the other side");
    return;
  }
  if (state_ == State::kUp) {
    on_plain(opened->plain, now);
    return;
  }
  if (!std::ranges::equal(opened->plain, handshake_.keys().transcript)) {
    fail(LinkError::kTampered, "the first frame does not confirm");
    return;
  }
  state_ = State::kUp;
  established_ = true;
}

void Session::on_plain(ByteView plain, Millis now) {
  const messages::KindInfo* kind = plain.empty() ? nullptr : messages::find_kind(plain[0]);
  if (kind == nullptr || !admission_.allows(*access_, *kind)) {
    fail(LinkError::kKindNotAllowed, kind == nullptr ? std::string("unknown kind") : std::string(kind->name));
    return;
  }
  if (plain.size() - 1 > kind->cap) {
    fail(LinkError::kKindTooLarge, std::string(kind->name));
    return;
  }
  auto message = messages::decode(plain[0], plain.subspan(1));
  if (!message) {
    fail(LinkError::kUndecodable, std::string(kind->name) + ": " + std::string(messages::to_string(message.error())));
    return;
  }
  if ((kind->receivers & messages::kToLink) != 0) {
    on_link_message(**message, now);
  } else {
    deliver(std::move(*message));
  }
}

void Session::deliver(messages::MessagePtr message) {
  if (access_->join_only()) {
    if (joined_ || !join_proven(*message)) {
      fail(LinkError::kKindNotAllowed, joined_ ? "a second frame of a joiner" : "join without proof");
      return;
    }
    joined_ = true;
  }
  delivered_.push_back(std::move(message));
}

// The token's one-time key has signed this very handshake: a join that was recorded elsewhere proves nothing here.
bool Session::join_proven(const messages::Message& message) const {
  const auto* join = std::get_if<messages::Join>(&message);
  return join != nullptr && core::ed25519_verify(join->token_key, handshake_.keys().transcript, join->proof);
}

void Session::on_link_message(const messages::Message& message, Millis now) {
  if (const auto* ping = std::get_if<messages::Ping>(&message)) {
    send_own(messages::Pong{ping->stamp});
  } else if (const auto* pong = std::get_if<messages::Pong>(&message)) {
    const auto sent = Millis(pong->stamp);
    if (sent == last_ping_) round_trip_ = now - sent;
  } else if (const auto* start = std::get_if<messages::BlobStart>(&message)) {
    on_blob_start(*start);
  } else if (const auto* chunk = std::get_if<messages::BlobChunk>(&message)) {
    on_chunk(*chunk);
  } else if (const auto* credit = std::get_if<messages::BlobCredit>(&message)) {
    outbound_->credit(credit->id, credit->chunks);
  } else if (const auto* known = std::get_if<messages::ProcessCertificates>(&message)) {
    for (const auto& certificate : known->certificates) admission_.learn(certificate);
  }
}

void Session::on_blob_start(const messages::BlobStart& start) {
  const messages::KindInfo* kind = messages::find_kind(start.kind);
  if (kind == nullptr || !admission_.allows(*access_, *kind) || (kind->receivers & messages::kToLink) != 0) {
    fail(LinkError::kKindNotAllowed, "blob of kind " + std::to_string(start.kind));
    return;
  }
  if (auto good = blobs_.start(start, *kind); !good) fail(std::move(good.error()));
}

void Session::on_chunk(const messages::BlobChunk& chunk) {
  auto progress = blobs_.chunk(chunk);
  if (!progress) {
    fail(std::move(progress.error()));
    return;
  }
  if (progress->grant > 0) send_own(messages::BlobCredit{chunk.id, progress->grant});
  if (!progress->whole) return;
  auto message = messages::decode(progress->whole->kind, progress->whole->bytes);
  if (!message) {
    fail(LinkError::kUndecodable, "blob: " + std::string(messages::to_string(message.error())));
    return;
  }
  deliver(std::move(*message));
}

void Session::send_own(messages::Message message) {
  const auto priority = messages::kind_of(message).priority;
  auto body = std::make_shared<const Bytes>(messages::encode_with_kind(message));
  // A peer that floods pings until the queue of votes is full gets no more pongs.
  (void)outbound_->push({priority, std::move(body)});
}

void Session::tick(Millis now) {
  if (fault_) return;
  if (state_ != State::kUp) {
    if (now - started_ >= options_.times.handshake) fail(LinkError::kHandshakeTimeout, "handshake took too long");
    return;
  }
  if (frame_since_ && now - *frame_since_ >= options_.times.frame) {
    fail(LinkError::kStalled, "a frame took too long to arrive");
  } else if (access_->join_only()) {
    if (now - started_ >= options_.times.joiner) fail(LinkError::kIdle, "joiner's time is over");
  } else if (access_->visitor()) {
    if (now - last_heard_ >= options_.times.visitor) fail(LinkError::kIdle, "visitor said nothing for long");
  } else if (now - last_heard_ >= options_.times.idle) {
    fail(LinkError::kIdle, "nothing heard for " + std::to_string((now - last_heard_).count()) + " ms");
  } else if (now - last_heard_ >= options_.times.ping_after && now - last_ping_ >= options_.times.ping_after) {
    last_ping_ = now;
    send_own(messages::Ping{static_cast<std::uint64_t>(now.count())});
  }
}

void Session::seal_into(Bytes& out, ByteView plain, bool final) {
  append_frame(out, handshake_.keys().seal.seal(plain, final));
}

void Session::produce(Bytes& out, std::size_t limit, Millis now) {
  const std::size_t before = out.size();
  out.insert(out.end(), raw_.begin(), raw_.end());
  raw_.clear();
  while (state_ == State::kUp && !goodbye_ && out.size() < limit) {
    const auto next = outbound_->next(now);
    if (!next) break;
    if (next->whole) {
      seal_into(out, *next->whole, false);
    } else {
      seal_into(out, messages::encode_with_kind(*next->part), false);
    }
  }
  if (goodbye_ && !goodbye_sent_ && handshake_.done()) {
    goodbye_sent_ = true;
    seal_into(out, {}, true);
  }
  bytes_out_ += out.size() - before;
}

void Session::say_goodbye() {
  goodbye_ = true;
  outbound_->close();
}

}  // namespace asterism::cluster
