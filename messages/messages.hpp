// All messages of the system as one variant. Kinds, caps, priorities, receivers and senders: table.hpp.
#pragma once
#include <memory>
#include <variant>

#include "messages/administration.hpp"
#include "messages/consensus.hpp"
#include "messages/proving.hpp"
#include "messages/settlement.hpp"
#include "messages/transactions.hpp"

namespace asterism::messages {

using Message =
    std::variant<VoteMessage, Proposal, VoteSet, ConsensusStatus, CatchUpRequest, CatchUpReply, BuildBlock, BlockBuilt,
                 CheckBlock, BlockChecked, CommitBlock, BlockCommitted, SubmitTransaction, AdmitTransaction,
                 SubmitReply, AdmitReply, TransactionGossip, TakeTransactions, TransactionsTaken, TransactionsRejected,
                 WorkPending, AccountRead, AccountInfo, Query, QueryReply, StateQuery, PoolQuery, StateQueryReply,
                 PoolQueryReply, WitnessRequest, WitnessReply, WorkerHello, WorkerWelcome, AssignSpan, WorkerHeartbeat,
                 SpanDone, SpanFailed, CancelSpan, DrainWorker, WorkerLeaving, Join, JoinReply, LedgerSubmit,
                 LedgerSubmitReply, LedgerBlocksRequest, LedgerBlocksReply, LedgerStateRequest, LedgerStateReply,
                 LedgerReorg, LedgerReorgReply, SettlementView, SettleSpans, RegisterAttester, L1Messages, Heads,
                 SignedCommand, CommandReply, RemoteInquiry, RemoteInquiryReply, Ping, Pong, BlobStart, BlobChunk,
                 BlobCredit, ProofOutcome, BlockSummariesRequest, BlockSummaries, ChainPointsRequest, ChainPoints,
                 ProcessCertificates>;

// Immutable and shared: a broadcast holds one copy.
using MessagePtr = std::shared_ptr<const Message>;

// Of each alternative (messages.cpp): a file that makes a message need not compile how all of them are destroyed.
template <class T>
MessagePtr make_message(T message);

}  // namespace asterism::messages
