// The transition: a pure function (state view, block) -> (receipts, state difference), with the native account and fee
// token of protocol.md. Replicas call it over their database, workers over a witness; both run this same code.
// Invariants: the outcome depends on the view and the inputs only; a rejected transaction leaves no trace; a reverted
// one pays, bumps its nonce and changes nothing else.
#pragma once
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "core/chain/block.hpp"
#include "core/chain/genesis.hpp"
#include "core/chain/span.hpp"

namespace asterism::core {

// Reads of the state after some block. Absent is zero. Throws nothing; a view over a witness that lacks a needed node
// reports it by `missing()` and returns zero: the caller must check it after execution.
class StateView {
 public:
  virtual ~StateView() = default;
  virtual Felt nonce(const Felt& address) const = 0;
  virtual Felt class_hash(const Felt& address) const = 0;
  virtual Felt storage(const Felt& address, const Felt& key) const = 0;
  virtual bool missing() const { return false; }
};

// Frozen: on the wire to clients and in the shell.
enum class Rejection : std::uint8_t {
  kUnsupportedType = 1,
  kUnsupportedField = 2,  // data availability mode L2, paymaster data, ...
  kWrongNonce = 3,
  kUnknownAccount = 4,
  kAccountExists = 5,
  kInvalidSignature = 6,
  kMaxPriceTooLow = 7,
  kMaxAmountTooLow = 8,
  kInsufficientBalance = 9,
  kUnknownClass = 10,
  kInvalidCalldata = 11,
  kWrongL1Nonce = 12,
  kBlockFull = 13,
};
std::string_view to_string(Rejection rejection);

struct BlockContext {
  BlockNumber number;
  std::uint64_t timestamp = 0;
  Felt sequencer;
  GasPrices gas_prices;
  Felt chain_id;
  Felt hash_of_tenth_before;  // block number - 10; zero when there is none
};

// The fixed part of a deployment that execution needs.
struct ExecutionRules {
  explicit ExecutionRules(const Genesis& genesis);
  Felt chain_id;
  EthAddress bridge;
  GasPrices gas_prices;
  std::map<std::string, GasVector, std::less<>> gas;  // by native call
  Limits limits;
};

// Signatures that were already checked (core/state/signature_cache.hpp): the mempool's work is not done again by the
// sequencer. Asked with everything that a verification depends on; it may forget, never err.
using SignatureKnownGood =
    std::function<bool(const Felt& hash, const Felt& public_key, std::span<const Felt> signature)>;

// What was read or written, ascending: the leaves that a witness must open.
struct TouchedState {
  std::vector<Felt> contracts;
  std::vector<std::pair<Felt, Felt>> cells;  // address, storage key
};

// The gas table of genesis may leave calls out: they cost what stands here. Frozen: part of what every replica agrees
// on.
std::vector<GasTableEntry> default_gas_table();

// How much of Limits::block_bytes a transaction takes: a bound of its size on the wire.
std::uint64_t transaction_bytes(const Transaction& transaction);

// fri; the tip is paid per unit of L2 gas (starknet-formats.md, "Execution, receipts, fees"). Saturates.
Uint128 fee_of(const GasVector& gas, const GasPrices& prices, std::uint64_t tip);

// What needs no state: what a mempool refuses at once. An L1_HANDLER is never submitted by a client.
std::optional<Rejection> check_submission(const Transaction& transaction, const ExecutionRules& rules);

// The greatest amount that may be charged: sum of max_amount * (max_price, tip added for L2 gas). Saturates.
U256 greatest_fee(const V3Fields& fields);

struct ExecutedTransaction {
  Felt hash;
  Receipt receipt;
};

// Executes transactions one after the other on top of a view; accumulates the difference.
class BlockExecutor {
 public:
  BlockExecutor(const StateView& view, const ExecutionRules& rules, const BlockContext& context,
                SignatureKnownGood known_good = {});
  ~BlockExecutor();
  // On rejection the block is as if the transaction had never been tried. `hash`: the transaction's.
  std::expected<ExecutedTransaction, Rejection> execute(const Transaction& transaction, const Felt& hash);
  std::expected<ExecutedTransaction, Rejection> execute(const Transaction& transaction);
  const std::vector<Receipt>& receipts() const;
  // Changes against the view only (a value written back to what it was is no change).
  StateDiff state_diff() const;
  MessageSegment messages() const;
  TouchedState touched() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Fills the counts and commitments of a header from what was executed; the root must be set by the caller.
void seal_header(BlockHeader& header, const std::vector<Transaction>& transactions,
                 const std::vector<Receipt>& receipts, const StateDiff& diff);

// Block 0: parent 0, sequencer 0, timestamp of genesis, no transactions; its difference is the whole initial state.
StateDiff genesis_state(const Genesis& genesis);

// The native classes and well-known places.
namespace native {
Felt account_class();      // starknet_keccak("asterism/account/1")
Felt fee_token_class();    // starknet_keccak("asterism/fee_token/1")
Felt fee_token_address();  // STRK's on Starknet
Felt account_address(const Felt& public_key, const Felt& salt);
Felt balance_key(const Felt& account);  // low 128 bits; + 1 for the high ones
Felt public_key_key();                  // storage of an account
Felt next_l1_nonce_key();               // storage of the fee token
Felt total_supply_key();                // storage of the fee token; + 1 for the high bits
}  // namespace native

}  // namespace asterism::core
