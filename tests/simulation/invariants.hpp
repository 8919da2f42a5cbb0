// What must hold at every moment of a run, checked from outside with nothing of the code under test.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "actors/consensus/signatures.hpp"
#include "core/chain/genesis.hpp"
#include "messages/messages.hpp"
#include "storage/memory_store.hpp"

namespace asterism::simulation {

// Ed25519, remembering what was signed and verified: four nodes verify the same few signatures again and again.
class SignatureMemory {
 public:
  bool verify(const core::ConsensusKey& key, core::ByteView message, const core::Ed25519Signature& signature);
  core::Ed25519Signature sign(const core::Ed25519Secret& secret, core::ByteView message);

 private:
  std::unordered_map<std::string, bool> verified_;
  std::unordered_map<std::string, core::Ed25519Signature> signed_;
};

class MemorisedSignatures final : public actors::consensus::Signatures {
 public:
  MemorisedSignatures(core::Ed25519Secret secret, SignatureMemory& memory)
      : secret_(std::move(secret)), memory_(&memory) {}
  core::Ed25519Signature sign(core::ByteView message) const override { return memory_->sign(secret_, message); }
  bool verify(const core::ConsensusKey& key, core::ByteView message,
              const core::Ed25519Signature& signature) const override {
    return memory_->verify(key, message, signature);
  }

 private:
  core::Ed25519Secret secret_;
  SignatureMemory* memory_;
};

class Invariants {
 public:
  Invariants(const core::Genesis& genesis, const core::Word& genesis_hash, SignatureMemory& memory)
      : genesis_(&genesis), genesis_hash_(genesis_hash), memory_(&memory) {}

  // An honest validator puts a message on the wire: everything in it that is signed with its own key was durable
  // before, and is the only one of its (height, round, type). `committed`: its durable height, whose log is gone.
  void sent(core::ValidatorIndex from, const messages::Message& message, const storage::MemoryStore& store,
            std::uint64_t committed);
  // An honest validator's sequencer is told to commit.
  void committed(core::ValidatorIndex at, const core::DecidedBlock& decided);
  void fail(std::string text) {
    if (!violation_) violation_ = std::move(text);
  }
  const std::optional<std::string>& violation() const { return violation_; }

 private:
  using Slot = std::tuple<std::uint16_t, std::uint64_t, std::uint32_t, core::VoteType>;
  void signed_once(const Slot& slot, const core::Bytes& content, const core::Ed25519Signature& signature,
                   const storage::MemoryStore* store);
  void check_certificate(const core::DecidedBlock& decided);

  const core::Genesis* genesis_;
  core::Word genesis_hash_{};
  SignatureMemory* memory_;
  std::map<Slot, core::Bytes> signed_;
  std::set<core::Ed25519Signature> durable_;
  std::map<std::uint64_t, core::ValueId> decided_;
  std::optional<std::string> violation_;
};

}  // namespace asterism::simulation
