// A chain over the stores, beside one over plain maps: what a sequencer does with blocks, without the role.
#pragma once
#include "storage/block_store.hpp"
#include "storage/memory_store.hpp"
#include "storage/state_store.hpp"
#include "tests/core/state/transition_fixture.hpp"

namespace asterism::storage::test {

struct StoreChain {
  explicit StoreChain(const core::Genesis& g, StateStoreOptions o = {})
      : genesis(g), rules(g), options(o), state(std::in_place, kv, o) {
    const core::ExecutedBlock first = core::genesis_block(g);
    WriteBatch batch;
    state->commit(first, batch);
    core::DecidedBlock decided;
    decided.block.header = first.header;
    BlockStore::commit({decided, first, {}}, batch);
    (void)kv.write(batch, true);
  }

  // As after a restart.
  void reopen() { state.emplace(kv, options); }

  core::ParentBlock parent() const {
    const StateHead& head = *state->head();
    return {head.number, head.hash, head.timestamp, head.roots};
  }
  core::Felt tenth() const {
    const std::uint64_t next = state->head()->number.value + 1;
    return next < 10 ? core::Felt() : BlockStore(kv).info(core::BlockNumber(next - 10))->hash;
  }

  std::expected<core::ExecutedBlock, core::BlockFailure> commit(const core::Block& block) {
    StateRecorder reads(*state);
    auto executed = core::execute_block({reads, reads, rules, parent(), tenth(), {}}, block);
    if (!executed) return executed;
    const auto witness = core::encode_block_witness(reads.witness(*executed, block, state->head()->roots));
    WriteBatch batch;
    state->commit(*executed, batch);
    BlockStore::commit({core::DecidedBlock{block, {}}, *executed, witness}, batch);
    (void)kv.write(batch, true);
    return executed;
  }

  core::SpanWitness span(std::uint64_t start, std::uint64_t end) const {
    const BlockStore blocks(kv);
    std::vector<core::BlockHeader> ancestors;
    for (std::uint64_t n = start - std::min<std::uint64_t>(start, 9); n <= start; ++n) {
      ancestors.push_back(blocks.info(core::BlockNumber(n))->header);
    }
    std::vector<core::BlockWitness> witnesses;
    for (std::uint64_t n = start + 1; n <= end; ++n) witnesses.push_back(*blocks.witness(core::BlockNumber(n)));
    return core::merge_witnesses(std::move(ancestors), std::move(witnesses));
  }

  core::Genesis genesis;
  core::ChainRules rules;
  StateStoreOptions options;
  MemoryStore kv;
  std::optional<StateStore> state;
};

}  // namespace asterism::storage::test
