// Which role of a process sends which kind: a process that holds only the L1 role cannot vote, whatever its key is.
#include "cluster/membership.hpp"

namespace asterism::cluster {
namespace {

using core::Role;
using namespace messages;

template <class... Ts>
RoleSet among(std::size_t alternative, RoleSet roles) {
  return ((alternative_of<Ts>() == alternative) || ...) ? roles : RoleSet{0};
}

}  // namespace

RoleSet sending_roles(const KindInfo& kind) {
  const std::size_t at = index_of(kind);
  RoleSet out = 0;
  out |= among<VoteMessage, Proposal, VoteSet, ConsensusStatus, CatchUpRequest, BuildBlock, CheckBlock, CommitBlock>(
      at, bit(Role::kConsensus));
  out |= among<CatchUpReply, BlockBuilt, BlockChecked, BlockCommitted, TakeTransactions, TransactionsRejected,
               AccountInfo, StateQueryReply, WitnessReply, ChainPoints>(at, bit(Role::kSequencer));
  out |= among<AdmitReply, TransactionGossip, TransactionsTaken, WorkPending, AccountRead, PoolQueryReply>(
      at, bit(Role::kMempool));
  out |= among<AdmitTransaction, SubmitReply>(at, bit(Role::kGateway));
  out |= among<WitnessRequest, SettleSpans, WorkerWelcome, AssignSpan, CancelSpan, DrainWorker, JoinReply>(
      at, bit(Role::kCoordinator));
  out |= among<SettlementView, L1Messages, Heads, ChainPointsRequest>(at, bit(Role::kL1));
  return out;
}

}  // namespace asterism::cluster
