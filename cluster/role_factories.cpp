#include "cluster/role_factories.hpp"

#include "actors/admin/admin.hpp"
#include "actors/consensus/consensus.hpp"
#include "actors/gateway/gateway.hpp"
#include "actors/l1/l1.hpp"
#include "actors/l1/ledger.hpp"
#include "actors/mempool/mempool.hpp"
#include "actors/prover/coordinator.hpp"
#include "actors/prover/worker.hpp"
#include "actors/sequencer/sequencer.hpp"
#include "cluster/deployment/key_files.hpp"
#include "core/base/check.hpp"
#include "storage/state_store.hpp"

namespace asterism::cluster {

using actors::Millis;
using core::Role;

namespace {

using Made = std::unique_ptr<actors::Machine>;

Millis millis(std::uint64_t value) { return Millis(static_cast<std::int64_t>(value)); }

core::ValidatorIndex self_of(const RoleMaterial& material) {
  const auto self = material.membership.own_validator();
  ASTERISM_CHECK(self.has_value(), "a validator's role in a process of no validator");
  return *self;
}

core::AttestationDomain domain_of(const RoleMaterial& material) {
  return {material.genesis_hash, material.genesis.l1_chain_id, material.genesis.core_contract,
          core::configuration_hash(material.genesis)};
}

core::LinkKey coordinator_process(const RoleMaterial& material) {
  for (const auto& process : material.genesis.validators[material.genesis.coordinator].processes) {
    if ((role_set(process.roles) & bit(Role::kCoordinator)) != 0) return process.link_key;
  }
  return {};
}

Made make_gateway(const RoleMaterial& material) {
  const auto& from = material.config.gateway;
  actors::GatewayOptions out;
  out.max_in_flight = from.max_in_flight;
  out.timeout = millis(from.timeout_ms);
  return std::make_unique<actors::Gateway>(out);
}

Made make_mempool(const RoleMaterial& material) {
  const auto& from = material.config.mempool;
  actors::MempoolOptions out{.rules = core::ExecutionRules(material.genesis)};
  out.limits.max_transactions = from.max_transactions;
  out.limits.max_bytes = from.max_bytes;
  out.limits.max_per_account = from.max_per_account;
  out.limits.max_nonce_gap = from.max_nonce_gap;
  out.ttl = millis(from.ttl_s * 1000);
  out.signature_good = [verified = material.verified](const core::Felt& hash, const core::Felt& key,
                                                      std::span<const core::Felt> signature) {
    verified->insert(hash, key, signature);
  };
  return std::make_unique<actors::Mempool>(std::move(out));
}

Made make_consensus(const RoleMaterial& material) {
  const auto& times = material.config.consensus;
  actors::consensus::ConsensusSettings out;
  out.propose = millis(times.propose_ms);
  out.propose_step = millis(times.propose_step_ms);
  out.prevote = millis(times.prevote_ms);
  out.prevote_step = millis(times.prevote_step_ms);
  out.precommit = millis(times.precommit_ms);
  out.precommit_step = millis(times.precommit_step_ms);
  out.empty_blocks = material.config.blocks.empty;
  out.empty_block_interval = millis(material.config.blocks.empty_interval_ms);
  // Its sequencer lives in this process: what that has stored is where consensus goes on.
  const auto head = storage::StateStore(material.store).head();
  return std::make_unique<actors::consensus::Consensus>(actors::consensus::ConsensusContext{
      material.genesis, material.genesis_hash, self_of(material), *material.signatures, material.store,
      head ? head->number : core::BlockNumber(0), out});
}

Made make_sequencer(const RoleMaterial& material) {
  actors::sequencer::SequencerSettings out;
  out.state.history = material.config.storage.history_blocks;
  out.block_deadline = millis(material.config.blocks.deadline_ms);
  return std::make_unique<actors::sequencer::Sequencer>(
      actors::sequencer::SequencerContext{material.genesis, self_of(material), material.store, material.verified, out});
}

Made make_l1(const RoleMaterial& material) {
  auto out = actors::l1_options(material.genesis);
  out.poll = millis(material.config.l1.poll_ms);
  out.sync.safe_when_finalized = material.config.l1.head == "finalized";
  out.submitter.submitter = material.submitter;
  out.submitter.operator_ = material.operator_;
  return std::make_unique<actors::L1>(material.store, std::move(out));
}

Made make_ledger(const RoleMaterial& material) {
  auto out = actors::ledger_options(material.genesis);
  out.block_time = millis(material.config.ledger.block_ms);
  out.finality = material.config.ledger.finalized_depth;
  out.may_reorganise = material.config.ledger.allow_reorg;
  return std::make_unique<actors::Ledger>(material.store, std::move(out));
}

Made make_coordinator(const RoleMaterial& material) {
  const auto& from = material.config.coordinator;
  actors::CoordinatorOptions out;
  out.limits = material.genesis.limits;
  out.domain = domain_of(material);
  out.genesis_json = material.genesis_json;
  out.own_process = material.membership.own_key();
  if (const auto own = material.membership.find(out.own_process)) out.addresses = own->addresses;
  out.threshold = material.genesis.settlement.attestation_threshold;
  out.lease = millis(from.lease_ms);
  out.heartbeat = millis(from.heartbeat_ms);
  out.backoff_first = millis(from.backoff_first_ms);
  out.backoff_most = millis(from.backoff_most_ms);
  out.max_strikes = static_cast<std::uint32_t>(from.max_strikes);
  out.max_witnesses = from.max_witnesses;
  return std::make_unique<actors::Coordinator>(material.store, std::move(out));
}

Made make_worker(const RoleMaterial& material) {
  const auto& from = material.config.worker;
  actors::WorkerOptions out;
  out.domain = domain_of(material);
  out.genesis = material.genesis;
  out.coordinator = coordinator_process(material);
  out.max_transactions = from.max_transactions;
  out.max_witness_bytes = from.max_witness_bytes;
  out.proof_timeout = millis(from.proof_timeout_s * 1000);
  return std::make_unique<actors::Worker>(material.store, std::move(out), *material.attester);
}

Made make_admin(const RoleMaterial& material) {
  actors::AdminOptions out;
  out.genesis_hash = material.genesis_hash;
  out.own_process = material.membership.own_key();
  out.admins = material.genesis.admins;
  out.directory = [&material] {
    std::vector<actors::ProcessEntry> entries;
    for (const Member& member : material.membership.members()) {
      actors::ProcessEntry entry{member.name, member.key, member.validator, {}, member.addresses, member.serial};
      for (unsigned i = 0; i <= static_cast<unsigned>(Role::kLedger); ++i) {
        if ((member.roles & bit(static_cast<Role>(i))) != 0) entry.roles.push_back(static_cast<Role>(i));
      }
      entries.push_back(std::move(entry));
    }
    return entries;
  };
  return std::make_unique<actors::Admin>(material.store, std::move(out));
}

template <class Secret, class Load>
std::expected<void, std::string> load_into(std::optional<Secret>& into, const std::string& file, Load load) {
  if (file.empty()) return {};
  auto loaded = load(file);
  if (!loaded) return std::unexpected(loaded.error().text);
  into = std::move(*loaded);
  return {};
}

}  // namespace

std::expected<void, std::string> load_keys(RoleMaterial& material, RoleSet roles) {
  const auto& files = material.config.keys;
  if ((roles & bit(Role::kConsensus)) != 0) {
    auto secret = load_ed25519(files.consensus);
    if (!secret) return std::unexpected(secret.error().text);
    const auto self = material.membership.own_validator();
    if (!self || core::ConsensusKey{secret->public_bytes()} != material.genesis.validators[self->value].consensus_key) {
      return std::unexpected(files.consensus + ": not the consensus key that genesis has for this process's validator");
    }
    material.signatures = std::make_unique<actors::consensus::Ed25519Signatures>(std::move(*secret));
  }
  if ((roles & bit(Role::kWorker)) != 0) {
    if (auto loaded = load_into(material.attester, files.attester, load_secp256k1); !loaded) return loaded;
    if (!material.attester) return std::unexpected("keys.attester: a worker needs one");
  }
  if ((roles & bit(Role::kL1)) == 0) return {};
  if (auto loaded = load_into(material.submitter, files.submitter, load_secp256k1); !loaded) return loaded;
  return load_into(material.operator_, files.operator_, load_secp256k1);
}

MachineFactory machine_factory(Role role, const RoleMaterial& material) {
  using Make = Made (*)(const RoleMaterial&);
  static constexpr Make kMakers[] = {make_gateway, make_mempool, make_consensus, make_sequencer, make_coordinator,
                                     make_l1,      make_admin,   make_worker,    make_ledger};
  return [make = kMakers[static_cast<std::size_t>(role)], &material] { return make(material); };
}

}  // namespace asterism::cluster
