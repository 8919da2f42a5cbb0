// Blocks of transfers between 10,000 accounts through the stores: CPU time of each step of a replica's work, without
// signature checks (the mempool's) and without fsync. state_bench [transfers a block] [blocks] [folder for LevelDB]
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>

#include "core/base/check.hpp"
#include "storage/block_store.hpp"
#include "storage/leveldb_store.hpp"
#include "storage/memory_store.hpp"
#include "storage/state_store.hpp"
#include "tests/core/state/transition_fixture.hpp"

namespace {

using namespace asterism;
using namespace asterism::core;
using namespace asterism::core::test;

double cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

struct Steps {
  double execute = 0, close = 0, seal = 0, witness = 0, store = 0, write = 0;
  std::size_t witness_bytes = 0, batch_operations = 0;
};

// The accounts of the load test need no real keys here: signatures count as known.
struct Load {
  std::vector<Felt> addresses;
  std::vector<std::uint64_t> nonces;
  Genesis genesis;

  explicit Load(std::size_t count) : nonces(count, 0), genesis(make_genesis({}, 0)) {
    for (std::size_t i = 0; i < count; ++i) {
      const Felt key(i + 1);
      genesis.accounts.push_back({key, Felt(i), strk(1'000'000)});
      addresses.push_back(native::account_address(key, Felt(i)));
    }
  }
  Transaction transfer(std::mt19937_64& random) {
    const std::size_t from = random() % addresses.size();
    InvokeTransaction tx;
    tx.v3 = fields_of(nonces[from]++);
    tx.v3.signature = {Felt(random()), Felt(random())};
    tx.sender = addresses[from];
    tx.calldata = encode_calls({transfer_call(addresses[random() % addresses.size()], 1 + random() % 1000)});
    return tx;
  }
};

class Bench {
 public:
  Bench(storage::KeyValue& kv, Load& load) : kv_(kv), load_(load), rules_(load.genesis), state_(kv) {
    const ExecutedBlock first = genesis_block(load.genesis);
    storage::WriteBatch batch;
    state_.commit(first, batch);
    DecidedBlock decided;
    decided.block.header = first.header;
    storage::BlockStore::commit({decided, first, {}}, batch);
    ASTERISM_CHECK(kv_.write(batch, true).has_value(), "genesis is written");
    hashes_.push_back(first.hash);
  }

  void block(std::size_t transfers, Steps& steps) {
    std::vector<Transaction> transactions;
    for (std::size_t i = 0; i < transfers; ++i) transactions.push_back(load_.transfer(random_));
    const storage::StateHead head = *state_.head();
    const ParentBlock parent{head.number, head.hash, head.timestamp, head.roots};
    const std::uint64_t number = head.number.value + 1;
    const Felt tenth = number < 10 ? Felt() : hashes_[number - 10];
    storage::StateRecorder reads(state_);
    double at = cpu_ms();
    const auto lap = [&](double& sum) {
      const double now = cpu_ms();
      sum += now - at;
      at = now;
    };
    BlockHeader header = open_header(rules_, parent, load_.genesis.validators[0].fee_account, head.timestamp + 1);
    BlockExecutor executor(reads, rules_.execution, context_of(rules_, header, tenth),
                           [](const Felt&, const Felt&, std::span<const Felt>) { return true; });
    for (const Transaction& tx : transactions) ASTERISM_CHECK(executor.execute(tx).has_value(), "a good transfer");
    lap(steps.execute);
    auto executed = close_block(std::move(header), transactions, executor, reads, head.roots);
    ASTERISM_CHECK(executed.has_value(), "closed");
    lap(steps.close);
    BlockHeader again = executed->header;
    seal_header(again, transactions, executed->receipts, executed->difference);
    lap(steps.seal);
    Block block{executed->header, std::move(transactions)};
    at = cpu_ms();
    const Bytes witness = encode_block_witness(reads.witness(*executed, block, head.roots));
    lap(steps.witness);
    storage::WriteBatch batch;
    state_.commit(*executed, batch);
    storage::BlockStore::commit({DecidedBlock{block, {}}, *executed, witness}, batch);
    lap(steps.store);
    ASTERISM_CHECK(kv_.write(batch, false).has_value(), "written");
    lap(steps.write);
    steps.witness_bytes += witness.size();
    steps.batch_operations += batch.operations().size();
    hashes_.push_back(executed->hash);
  }

 private:
  storage::KeyValue& kv_;
  Load& load_;
  ChainRules rules_;
  storage::StateStore state_;
  std::mt19937_64 random_{7};
  std::vector<Felt> hashes_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t transfers = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
  const std::size_t blocks = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10;
  std::unique_ptr<storage::KeyValue> kv = std::make_unique<storage::MemoryStore>();
  if (argc > 3) {
    auto opened = storage::LevelDbStore::open(argv[3]);
    ASTERISM_CHECK(opened.has_value(), "the folder can be opened");
    kv = std::move(*opened);
  }
  Load load(10'000);
  double at = cpu_ms();
  Bench bench(*kv, load);
  std::printf("genesis of 10000 accounts: %.0f ms\n", cpu_ms() - at);
  Steps warm;
  bench.block(transfers, warm);
  Steps sum;
  for (std::size_t i = 0; i < blocks; ++i) bench.block(transfers, sum);
  const double n = static_cast<double>(blocks);
  const double per = n * static_cast<double>(transfers);
  std::printf("%zu transfers a block, %zu blocks, CPU ms a block (us a transfer):\n", transfers, blocks);
  const auto line = [&](const char* name, double ms) {
    std::printf("  %-34s %8.2f  %7.1f\n", name, ms / n, ms * 1e3 / per);
  };
  line("execute", sum.execute);
  line("close (difference, root, header)", sum.close);
  line("  of which sealing the header", sum.seal);
  line("witness", sum.witness);
  line("store batch", sum.store);
  line("write (no sync)", sum.write);
  line("all", sum.execute + sum.close + sum.witness + sum.store + sum.write);
  std::printf("  state commitments a second: %.1f; witness %zu bytes, %zu writes a block\n",
              1e3 * n / (sum.close - sum.seal), sum.witness_bytes / blocks, sum.batch_operations / blocks);
  return 0;
}
