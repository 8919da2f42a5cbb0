#include "actors/sequencer/sequencer.hpp"
#include "core/base/check.hpp"
#include "core/state/native.hpp"
#include "messages/codec.hpp"

namespace asterism::actors::sequencer {

using core::BlockNumber;
using core::Felt;

namespace {

constexpr std::uint64_t kMostCatchUpBlocks = 16;
constexpr std::size_t kMostCatchUpBytes = 4U << 20;
constexpr std::uint64_t kMostSummaries = 1000;
constexpr std::uint64_t kAncestors = 10;
constexpr std::size_t kMostSegmentBytes = 4U << 20;  // several spans settle in one message of L1

core::ChainPoint point_of(const storage::BlockInfo& info) {
  return {info.header.number, info.hash, info.header.state_root};
}

}  // namespace

void Sequencer::on(const messages::WitnessRequest& request, const Sender& from, Effects& effects) const {
  messages::WitnessReply out;
  out.start = request.start;
  out.end = request.end;
  const auto refuse = [&](messages::WitnessOutcome why) {
    effects.reply(from, messages::WitnessReply{.start = request.start,
                                               .end = request.end,
                                               .outcome = static_cast<std::uint8_t>(why),
                                               .header = {},
                                               .messages = {},
                                               .transactions = 0,
                                               .witness = {},
                                               .certificate = {}});
  };
  if (request.start >= request.end || request.end > head().number.value)
    return refuse(messages::WitnessOutcome::kNotYet);

  std::vector<core::BlockHeader> ancestors;
  for (std::uint64_t n = request.start - std::min(request.start, kAncestors - 1); n <= request.start; ++n) {
    const auto info = blocks_.info(BlockNumber(n));
    ASTERISM_CHECK(info.has_value(), "heights are dense");
    if (n == request.start) out.header.start = point_of(*info);
    ancestors.push_back(info->header);
  }
  std::vector<core::BlockWitness> witnesses;
  std::size_t bytes = 0, segment = 0;
  for (std::uint64_t n = request.start + 1; n <= request.end; ++n) {
    const auto info = blocks_.info(BlockNumber(n));
    ASTERISM_CHECK(info.has_value(), "heights are dense");
    bytes += info->witness_bytes;
    segment += core::message_segment_words(info->messages).size() * sizeof(core::Word);
    if (bytes > context_.settings.most_witness_bytes || segment > kMostSegmentBytes)
      return refuse(messages::WitnessOutcome::kTooLarge);
    auto witness = blocks_.witness(BlockNumber(n));
    if (!witness) return refuse(messages::WitnessOutcome::kNotYet);
    out.transactions += witness->block.transactions.size();
    witnesses.push_back(std::move(*witness));
    out.messages.to_l1.insert(out.messages.to_l1.end(), info->messages.to_l1.begin(), info->messages.to_l1.end());
    out.messages.to_l2.insert(out.messages.to_l2.end(), info->messages.to_l2.begin(), info->messages.to_l2.end());
    out.header.end = point_of(*info);
  }
  const auto last = blocks_.block(BlockNumber(request.end));
  ASTERISM_CHECK(last.has_value(), "heights are dense");
  out.certificate = last->certificate;
  out.header.message_hash = core::message_segment_hash(out.messages);
  out.witness = core::encode_span_witness(core::merge_witnesses(std::move(ancestors), std::move(witnesses)));
  out.outcome = static_cast<std::uint8_t>(messages::WitnessOutcome::kFound);
  effects.reply(from, std::move(out));
}

void Sequencer::on(const messages::CatchUpRequest& request, const Sender& from, Effects& effects) const {
  messages::CatchUpReply out;
  std::size_t bytes = 0;
  const std::uint64_t most = std::min<std::uint64_t>(request.max_blocks, kMostCatchUpBlocks);
  // Block 0 comes from genesis, never from a peer.
  for (std::uint64_t i = 0; i < most && request.from_height > 0; ++i) {
    if (request.from_height > head().number.value || i > head().number.value - request.from_height) break;
    const auto stored = blocks_.block_bytes(BlockNumber(request.from_height + i));
    ASTERISM_CHECK(stored.has_value(), "heights are dense");
    bytes += stored->size();
    if (bytes > kMostCatchUpBytes && !out.blocks.empty()) break;
    auto decided = messages::decode_text<core::DecidedBlock>(*stored);
    ASTERISM_CHECK(decided.has_value(), "a stored block");
    out.blocks.push_back(std::move(*decided));
  }
  effects.reply(from, std::move(out));
}

void Sequencer::on(const messages::ChainPointsRequest& request, const Sender& from, Effects& effects) const {
  messages::ChainPoints out{.latest = head().number.value, .next_l1_nonce = 0, .points = {}};
  out.next_l1_nonce = next_l1_nonce().to_u64().value_or(0);
  for (const std::uint64_t height : request.heights) {
    if (height > head().number.value) continue;
    const auto info = blocks_.info(BlockNumber(height));
    ASTERISM_CHECK(info.has_value(), "heights are dense");
    out.points.push_back(point_of(*info));
  }
  effects.reply(from, std::move(out));
}

void Sequencer::on(const messages::BlockSummariesRequest& request, const Sender& from, Effects& effects) const {
  messages::BlockSummaries out;
  out.latest = head().number.value;
  for (std::uint64_t i = 0; i < kMostSummaries; ++i) {
    if (request.from_height > out.latest || i > out.latest - request.from_height) break;
    const auto info = blocks_.info(BlockNumber(request.from_height + i));
    ASTERISM_CHECK(info.has_value(), "heights are dense");
    out.blocks.push_back({info->header.number.value, info->header.transaction_count, info->witness_bytes});
  }
  effects.reply(from, std::move(out));
}

void Sequencer::on(const messages::AccountRead& read, const Sender& from, Effects& effects) const {
  messages::AccountInfo out;
  out.address = read.address;
  out.height = head().number.value;
  if (core::native::is_contract_address(read.address)) {
    out.nonce = state_.nonce(read.address);
    out.class_hash = state_.class_hash(read.address);
    out.public_key = state_.storage(read.address, core::native::public_key_key());
    core::StateOverlay view(state_);
    const core::U256 balance = core::native::balance_of(view, read.address);
    constexpr core::Uint128 kMost = ~static_cast<core::Uint128>(0);
    const bool fits = (balance.limb[2] | balance.limb[3]) == 0;
    out.balance = fits ? (static_cast<core::Uint128>(balance.limb[1]) << 64) | balance.limb[0] : kMost;
  }
  effects.reply(from, std::move(out));
}

}  // namespace asterism::actors::sequencer
