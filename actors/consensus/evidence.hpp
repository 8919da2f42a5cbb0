// Proofs of equivocation, kept under "e/": two different messages of one validator for one (height, round, type), both
// with its signature. Key "e/" ‖ validator u16 ‖ height u64 ‖ round u32 ‖ type u8; value msgpack of the two.
// At most kPerValidator of one validator are kept, the first ones: they say all there is to say about it.
#pragma once
#include "actors/consensus/height.hpp"

namespace asterism::actors::consensus {

class EvidenceBook {
 public:
  static constexpr std::size_t kPerValidator = 64;

  // Counts what the store has.
  EvidenceBook(const storage::KeyValue& store, std::size_t validators);
  // False: known, or over the bound.
  bool add(const Evidence& evidence, storage::WriteBatch& batch);
  std::string json(const core::Genesis& genesis) const;

 private:
  const storage::KeyValue* store_;
  std::vector<std::set<std::string>> known_;  // keys by validator
};

core::ValidatorIndex offender(const Evidence& evidence);

}  // namespace asterism::actors::consensus
