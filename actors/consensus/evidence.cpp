#include "actors/consensus/evidence.hpp"

#include <nlohmann/json.hpp>

#include "messages/codec.hpp"

namespace asterism::actors::consensus {
namespace {

constexpr std::string_view kEvidencePrefix = "e/";

struct Place {
  core::ValidatorIndex validator;
  core::BlockNumber height;
  core::Round round;
  core::VoteType type = core::VoteType::kProposal;
};

Place place_of(const core::Vote& vote) { return {vote.validator, vote.height, vote.round, vote.type}; }
Place place_of(const core::ProposalHeader& proposal) {
  return {proposal.validator, proposal.height, proposal.round, core::VoteType::kProposal};
}

std::string key_of(const Place& place) {
  core::ByteWriter out;
  out.text(kEvidencePrefix).u16(place.validator.value).u64(place.height.value).u32(place.round.value);
  out.u8(static_cast<std::uint8_t>(place.type));
  return std::string(core::as_text(out.bytes()));
}

template <class Message>
nlohmann::ordered_json describe(const Message& message) {
  nlohmann::ordered_json out;
  out["value"] = message.value == core::kNil ? std::string("nil") : "0x" + core::to_hex(message.value);
  if constexpr (requires { message.valid_round; }) out["valid_round"] = message.valid_round;
  out["signature"] = "0x" + core::to_hex(message.signature);
  return out;
}

template <class Message>
nlohmann::ordered_json describe(const std::vector<Message>& pair, std::string_view type, const core::Genesis& genesis) {
  const auto place = place_of(pair[0]);
  nlohmann::ordered_json out;
  out["validator"] = place.validator.value;
  out["name"] = genesis.validators[place.validator.value].name;
  out["height"] = place.height.value;
  out["round"] = place.round.value;
  out["type"] = type;
  out["first"] = describe(pair[0]);
  out["second"] = describe(pair[1]);
  return out;
}

}  // namespace

core::ValidatorIndex offender(const Evidence& evidence) {
  return std::visit([](const auto& pair) { return pair.first.validator; }, evidence.pair);
}

EvidenceBook::EvidenceBook(const storage::KeyValue& store, std::size_t validators)
    : store_(&store), known_(validators) {
  store.scan(kEvidencePrefix, {}, [&](std::string_view key, std::string_view) {
    if (key.size() < kEvidencePrefix.size() + 2) return true;
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(key[kEvidencePrefix.size() + i]); };
    const std::size_t validator = static_cast<std::size_t>(at(0)) << 8 | at(1);
    if (validator < known_.size()) known_[validator].insert(std::string(key));
    return true;
  });
}

bool EvidenceBook::add(const Evidence& evidence, storage::WriteBatch& batch) {
  return std::visit(
      [&](const auto& pair) {
        auto key = key_of(place_of(pair.first));
        auto& known = known_[pair.first.validator.value];
        if (known.size() >= kPerValidator || !known.insert(key).second) return false;
        batch.put(std::move(key), messages::encode_text(std::vector{pair.first, pair.second}));
        return true;
      },
      evidence.pair);
}

std::string EvidenceBook::json(const core::Genesis& genesis) const {
  auto out = nlohmann::ordered_json::array();
  store_->scan(kEvidencePrefix, {}, [&](std::string_view key, std::string_view value) {
    const auto type = static_cast<core::VoteType>(key.back());
    if (type == core::VoteType::kProposal) {
      const auto pair = messages::decode_text<std::vector<core::ProposalHeader>>(value);
      if (pair && pair->size() == 2) out.push_back(describe(*pair, "proposal", genesis));
    } else {
      const auto pair = messages::decode_text<std::vector<core::Vote>>(value);
      if (pair && pair->size() == 2) {
        out.push_back(describe(*pair, type == core::VoteType::kPrevote ? "prevote" : "precommit", genesis));
      }
    }
    return true;
  });
  return out.dump();
}

}  // namespace asterism::actors::consensus
