#include "actors/consensus/vote_log.hpp"

#include "core/crypto/ed25519.hpp"
#include "messages/codec.hpp"

namespace asterism::actors::consensus {

using core::BlockNumber;
using core::ByteView;
using core::ByteWriter;

namespace {

constexpr std::string_view kVotePrefix = "v/";
constexpr std::size_t kChecksum = 8;
constexpr std::size_t kMaxRecord = std::size_t{64} << 20;

// Frozen: on disk.
enum class Type : std::uint8_t {
  kStarted = 1,
  kVote = 2,
  kCertifiedVote = 3,
  kOwnVote = 4,
  kProposal = 5,
  kKnownProposal = 6,
  kOwnProposal = 7,
  kBuilt = 8,
  kVerdict = 9,
  kTimeout = 10,
};

std::string height_prefix(BlockNumber height) {
  ByteWriter out;
  out.text(kVotePrefix).u64(height.value);
  return std::string(core::as_text(out.bytes()));
}

std::string record_key(BlockNumber height, std::uint64_t sequence) {
  ByteWriter out;
  out.text(kVotePrefix).u64(height.value).u64(sequence);
  return std::string(core::as_text(out.bytes()));
}

std::string checksum(std::string_view key, std::string_view body) {
  std::string both(key);
  both.append(body);
  const auto hash = core::blake2b_256(core::as_bytes(both));
  return std::string(core::as_text(ByteView(hash).first(kChecksum)));
}

ByteWriter& type(ByteWriter& out, Type value) { return out.u8(static_cast<std::uint8_t>(value)); }

struct Encode {
  ByteWriter& out;

  void operator()(const StartedRecord&) { type(out, Type::kStarted); }
  void operator()(const VoteRecord& record) {
    type(out, record.certified ? Type::kCertifiedVote : Type::kVote).raw(messages::encode_value(record.vote));
  }
  void operator()(const OwnVoteRecord& record) { type(out, Type::kOwnVote).raw(messages::encode_value(record.vote)); }
  void operator()(const ProposalRecord& record) {
    if (record.block == nullptr) {
      type(out, Type::kKnownProposal).raw(messages::encode_value(record.header));
    } else {
      type(out, Type::kProposal).raw(messages::encode_value(messages::Proposal{record.header, *record.block}));
    }
  }
  void operator()(const OwnProposalRecord& record) {
    type(out, Type::kOwnProposal).raw(messages::encode_value(record.header));
  }
  void operator()(const BuiltRecord& record) {
    type(out, Type::kBuilt).u32(record.round.value).raw(record.value).raw(messages::encode_value(*record.block));
  }
  void operator()(const VerdictRecord& record) {
    type(out, Type::kVerdict).raw(record.value).u8(record.fresh ? 1 : 0).u8(record.valid ? 1 : 0);
  }
  void operator()(const TimeoutRecord& record) {
    type(out, Type::kTimeout).u8(static_cast<std::uint8_t>(record.step)).u32(record.round.value);
  }
};

// Reads fixed fields off the front; `good` turns false at the first that is not there.
struct Fields {
  ByteView rest;
  bool good = true;

  ByteView take(std::size_t count) {
    if (rest.size() < count) {
      good = false;
      return {};
    }
    const auto out = rest.first(count);
    rest = rest.subspan(count);
    return out;
  }
  std::uint32_t number(std::size_t width) {
    std::uint32_t value = 0;
    for (const auto byte : take(width)) value = value << 8 | byte;
    return value;
  }
  bool flag() {
    const std::uint32_t value = number(1);
    good = good && value <= 1;
    return value == 1;
  }
  core::ValueId value() {
    core::ValueId out{};
    const auto bytes = take(out.size());
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
  }
};

template <class T>
std::optional<T> whole(ByteView bytes) {
  auto value = messages::decode_value<T>(bytes, kMaxRecord);
  if (!value) return std::nullopt;
  return std::move(*value);
}

std::optional<Record> decode_proposal(ByteView body) {
  auto proposal = whole<messages::Proposal>(body);
  if (!proposal) return std::nullopt;
  return ProposalRecord{proposal->header, std::make_shared<const core::Block>(std::move(proposal->block))};
}

std::optional<Record> decode_built(ByteView body) {
  Fields fields{body};
  BuiltRecord record{.round = core::Round(fields.number(4)), .value = fields.value(), .block = {}};
  auto block = whole<core::Block>(fields.rest);
  if (!fields.good || !block) return std::nullopt;
  record.block = std::make_shared<const core::Block>(std::move(*block));
  return record;
}

std::optional<Record> decode_fixed(Type kind, ByteView body) {
  Fields fields{body};
  Record record;
  if (kind == Type::kVerdict) {
    const auto value = fields.value();
    const bool fresh = fields.flag();
    record = VerdictRecord{value, fresh, fields.flag()};
  } else if (kind == Type::kTimeout) {
    const std::uint32_t step = fields.number(1);
    fields.good = fields.good && step <= static_cast<std::uint32_t>(Step::kCommit);
    record = TimeoutRecord{static_cast<Step>(step), core::Round(fields.number(4))};
  }
  if (!fields.good || !fields.rest.empty()) return std::nullopt;
  return record;
}

std::optional<Record> decode(std::string_view key, std::string_view stored) {
  if (stored.size() <= kChecksum || checksum(key, stored.substr(kChecksum)) != stored.substr(0, kChecksum)) {
    return std::nullopt;
  }
  const auto kind = static_cast<Type>(stored[kChecksum]);
  const auto body = core::as_bytes(stored.substr(kChecksum + 1));
  switch (kind) {
    case Type::kVote:
    case Type::kCertifiedVote:
      if (auto vote = whole<core::Vote>(body)) return VoteRecord{*vote, kind == Type::kCertifiedVote};
      return std::nullopt;
    case Type::kOwnVote:
      if (auto vote = whole<core::Vote>(body)) return OwnVoteRecord{*vote};
      return std::nullopt;
    case Type::kKnownProposal:
      if (auto header = whole<core::ProposalHeader>(body)) return ProposalRecord{*header, nullptr};
      return std::nullopt;
    case Type::kOwnProposal:
      if (auto header = whole<core::ProposalHeader>(body)) return OwnProposalRecord{*header};
      return std::nullopt;
    case Type::kProposal:
      return decode_proposal(body);
    case Type::kBuilt:
      return decode_built(body);
    case Type::kStarted:
    case Type::kVerdict:
    case Type::kTimeout:
      return decode_fixed(kind, body);
  }
  return std::nullopt;
}

}  // namespace

void VoteLog::append(const Record& record, storage::WriteBatch& batch) {
  ByteWriter out;
  std::visit(Encode{out}, record);
  auto key = record_key(height_, next_++);
  const auto body = core::as_text(out.bytes());
  auto value = checksum(key, body);
  value.append(body);
  batch.put(std::move(key), std::move(value));
}

void VoteLog::erase(storage::WriteBatch& batch) const {
  for (std::uint64_t sequence = 0; sequence < next_; ++sequence) batch.erase(record_key(height_, sequence));
}

LoggedHeight read_vote_log(const storage::KeyValue& store, BlockNumber height) {
  LoggedHeight out;
  store.scan(height_prefix(height), {}, [&](std::string_view key, std::string_view value) {
    auto record = key == record_key(height, out.records.size()) ? decode(key, value) : std::nullopt;
    if (!record) {
      out.damaged = true;
      return false;
    }
    out.records.push_back(std::move(*record));
    return true;
  });
  return out;
}

void erase_vote_log_below(const storage::KeyValue& store, BlockNumber height, storage::WriteBatch& batch) {
  const auto end = height_prefix(height);
  store.scan(kVotePrefix, {}, [&](std::string_view key, std::string_view) {
    if (key >= end) return false;
    batch.erase(std::string(key));
    return true;
  });
}

std::optional<BlockNumber> last_logged_height(const storage::KeyValue& store) {
  const auto last = store.last(kVotePrefix);
  if (!last || last->first.size() < kVotePrefix.size() + 8) return std::nullopt;
  std::uint64_t height = 0;
  for (std::size_t i = 0; i < 8; ++i) height = height << 8 | static_cast<std::uint8_t>(last->first[kVotePrefix.size() + i]);
  return BlockNumber(height);
}

}  // namespace asterism::actors::consensus
