#include "messages/table.hpp"

#include <array>

namespace asterism::messages {

namespace {

using core::Role;

constexpr ReceiverSet kGateway = to(Role::kGateway), kMempool = to(Role::kMempool), kConsensus = to(Role::kConsensus),
                      kSequencer = to(Role::kSequencer), kCoordinator = to(Role::kCoordinator), kL1 = to(Role::kL1),
                      kAdmin = to(Role::kAdmin), kWorker = to(Role::kWorker), kLedger = to(Role::kLedger);
constexpr std::size_t kKiB = 1024, kMiB = kKiB * kKiB;
constexpr std::size_t kBlockCap = 16 * kMiB;  // a block of the greatest allowed size, with room
constexpr std::size_t kCatchUpCap = 64 * kMiB;
constexpr std::size_t kWitnessCap = 72 * kMiB;  // a span's witness and messages
constexpr std::size_t kTransactionCap = 256 * kKiB;
constexpr SenderSet kFromAny = kFromOwn | kFromValidator | kFromWorker | kFromLedger | kFromAdmin | kFromClient;
using enum Priority;

struct Row {
  std::size_t alternative;
  KindInfo info;
};

template <class T>
consteval Row row(KindInfo info) {
  return {alternative_of<T>(), info};
}
#define ROW(Type, number, cap, priority, receivers, senders) \
  row<Type>({number, #Type, cap, priority, receivers, senders})

constexpr std::array kRows{
    ROW(VoteMessage, 1, 512, kVotes, kConsensus, kFromValidator),
    ROW(Proposal, 2, kBlockCap, kProposals, kConsensus, kFromValidator),
    ROW(VoteSet, 3, 256 * kKiB, kVotes, kConsensus, kFromValidator),
    ROW(ConsensusStatus, 4, 64, kVotes, kConsensus, kFromValidator),
    ROW(CatchUpRequest, 5, 64, kProposals, kSequencer, kFromValidator),
    ROW(CatchUpReply, 6, kCatchUpCap, kProposals, kConsensus, kFromValidator),
    ROW(BuildBlock, 7, 64, kVotes, kSequencer, kFromOwn),
    ROW(BlockBuilt, 8, kBlockCap, kProposals, kConsensus, kFromOwn),
    ROW(CheckBlock, 9, kBlockCap, kProposals, kSequencer, kFromOwn),
    ROW(BlockChecked, 10, 4 * kKiB, kVotes, kConsensus, kFromOwn),
    ROW(CommitBlock, 11, kBlockCap, kProposals, kSequencer, kFromOwn),
    ROW(BlockCommitted, 12, 4 * kMiB, kProposals, kConsensus | kMempool | kGateway | kCoordinator | kL1, kFromOwn),

    ROW(SubmitTransaction, 20, kTransactionCap, kTransactions, kGateway, kFromOwn | kFromClient | kFromAdmin),
    ROW(AdmitTransaction, 21, kTransactionCap, kTransactions, kMempool, kFromOwn),
    ROW(SubmitReply, 22, 4 * kKiB, kTransactions, kToClient, kFromOwn | kFromValidator),
    ROW(AdmitReply, 23, 4 * kKiB, kTransactions, kGateway, kFromOwn),
    ROW(TransactionGossip, 24, kMiB, kTransactions, kMempool, kFromValidator),
    ROW(TakeTransactions, 25, 64, kControl, kMempool, kFromOwn),
    ROW(TransactionsTaken, 26, kBlockCap, kTransactions, kSequencer, kFromOwn),
    ROW(TransactionsRejected, 27, 4 * kMiB, kTransactions, kMempool, kFromOwn),
    ROW(WorkPending, 28, 16, kControl, kConsensus, kFromOwn),
    ROW(AccountRead, 29, 64, kTransactions, kSequencer, kFromOwn),
    ROW(AccountInfo, 30, 256, kTransactions, kMempool, kFromOwn),
    ROW(Query, 31, 16 * kKiB, kTransactions, kGateway, kFromOwn | kFromClient | kFromAdmin),
    ROW(QueryReply, 32, kBlockCap, kTransactions, kToClient | kAdmin, kFromOwn | kFromValidator),
    ROW(StateQuery, 33, 16 * kKiB, kTransactions, kSequencer, kFromOwn),
    ROW(PoolQuery, 34, 16 * kKiB, kTransactions, kMempool, kFromOwn),
    ROW(StateQueryReply, 35, kBlockCap, kTransactions, kGateway, kFromOwn),
    ROW(PoolQueryReply, 36, kBlockCap, kTransactions, kGateway, kFromOwn),

    ROW(WitnessRequest, 40, 64, kControl, kSequencer, kFromOwn),
    ROW(WitnessReply, 41, kWitnessCap, kProofs, kCoordinator, kFromOwn),
    ROW(WorkerHello, 42, 256, kControl, kCoordinator, kFromWorker),
    ROW(WorkerWelcome, 43, 64, kControl, kWorker, kFromCoordinator),
    ROW(AssignSpan, 44, kWitnessCap, kProofs, kWorker, kFromCoordinator),
    ROW(WorkerHeartbeat, 45, 64, kControl, kCoordinator, kFromWorker),
    ROW(SpanDone, 46, 4 * kKiB, kControl, kCoordinator, kFromWorker),
    ROW(SpanFailed, 47, 4 * kKiB, kControl, kCoordinator, kFromWorker),
    ROW(CancelSpan, 48, 64, kControl, kWorker, kFromCoordinator),
    ROW(DrainWorker, 49, 64, kControl, kWorker, kFromCoordinator),
    ROW(WorkerLeaving, 50, 64, kControl, kCoordinator, kFromWorker),
    ROW(Join, 51, 2 * kKiB, kControl, kCoordinator, kFromJoiner | kFromWorker),
    ROW(JoinReply, 52, 4 * kMiB + 64 * kKiB, kControl, kWorker, kFromCoordinator),
    ROW(ProofOutcome, 53, 8 * kKiB, kControl, kWorker, kFromSelf),
    ROW(BlockSummariesRequest, 54, 64, kControl, kSequencer, kFromOwn),
    ROW(BlockSummaries, 55, kMiB, kControl, kCoordinator, kFromOwn),

    ROW(LedgerSubmit, 60, 8 * kMiB, kControl, kLedger, kFromSelf | kFromValidator | kFromClient | kFromAdmin),
    ROW(LedgerSubmitReply, 61, 4 * kKiB, kControl, kL1 | kToClient, kFromLedger),
    ROW(LedgerBlocksRequest, 62, 64, kControl, kLedger, kFromSelf | kFromValidator | kFromClient | kFromAdmin),
    ROW(LedgerBlocksReply, 63, kBlockCap, kControl, kL1 | kToClient, kFromLedger),
    ROW(LedgerStateRequest, 64, 128, kControl, kLedger, kFromSelf | kFromValidator | kFromClient | kFromAdmin),
    ROW(LedgerStateReply, 65, 256 * kKiB, kControl, kL1 | kToClient, kFromLedger),
    ROW(LedgerReorg, 66, 64, kControl, kLedger, kFromAdmin),
    ROW(LedgerReorgReply, 67, 4 * kKiB, kControl, kToClient, kFromLedger),
    ROW(SettlementView, 68, 256 * kKiB, kControl, kCoordinator, kFromOwn),
    ROW(SettleSpans, 69, 8 * kMiB, kControl, kL1, kFromOwn),
    ROW(RegisterAttester, 70, 128, kControl, kL1, kFromOwn),
    ROW(L1Messages, 71, 4 * kMiB, kControl, kSequencer, kFromOwn),
    ROW(ChainPointsRequest, 73, kKiB, kControl, kSequencer, kFromOwn),
    ROW(ChainPoints, 74, 16 * kKiB, kControl, kL1, kFromOwn),
    ROW(Heads, 72, 128, kControl, kSequencer | kGateway | kCoordinator | kAdmin, kFromOwn),

    ROW(SignedCommand, 80, 64 * kKiB, kControl, kAdmin, kFromOwn | kFromValidator | kFromAdmin),
    ROW(CommandReply, 81, kBlockCap, kControl, kAdmin | kToClient,
        kFromOwn | kFromValidator | kFromWorker | kFromLedger),
    ROW(RemoteInquiry, 82, 64 * kKiB, kControl, kAdmin, kFromOwn),
    ROW(RemoteInquiryReply, 83, kBlockCap, kControl, kAdmin, kFromOwn),

    ROW(Ping, 100, 16, kVotes, kToLink, kFromAny),
    ROW(Pong, 101, 16, kVotes, kToLink, kFromAny),
    ROW(BlobStart, 102, 64, kControl, kToLink, kFromAny),
    ROW(BlobChunk, 103, kChunkBytes + 16, kProofs, kToLink, kFromAny),
    ROW(BlobCredit, 104, 64, kVotes, kToLink, kFromAny),
    ROW(ProcessCertificates, 105, 60 * kKiB, kControl, kToLink, kFromValidator | kFromSibling),
};
#undef ROW

constexpr std::size_t kKinds = std::variant_size_v<Message>;

// kRows put into the order of Message's alternatives; does not compile when one is missing or there twice.
consteval std::array<KindInfo, kKinds> build() {
  std::array<KindInfo, kKinds> out{};
  for (const Row& row : kRows) {
    if (row.info.number == 0 || out[row.alternative].number != 0) throw "a kind stands twice, or without a number";
    out[row.alternative] = row.info;
  }
  for (const KindInfo& info : out) {
    if (info.number == 0) throw "a kind is missing";
  }
  return out;
}
constexpr std::array<KindInfo, kKinds> kTable = build();

consteval std::array<std::uint8_t, 256> build_index() {
  std::array<std::uint8_t, 256> out{};
  for (auto& entry : out) entry = 255;
  for (std::size_t i = 0; i < kKinds; ++i) {
    if (out[kTable[i].number] != 255) throw "a number stands twice";
    out[kTable[i].number] = static_cast<std::uint8_t>(i);
  }
  return out;
}
constexpr std::array<std::uint8_t, 256> kByNumber = build_index();

void append(std::string& text, std::string_view word) {
  if (!text.empty()) text += ", ";
  text += word;
}

std::string bytes_text(std::size_t bytes) {
  if (bytes % kMiB == 0) return std::to_string(bytes / kMiB) + " MiB";
  if (bytes % kKiB == 0) return std::to_string(bytes / kKiB) + " KiB";
  return std::to_string(bytes) + " B";
}

}  // namespace

std::span<const KindInfo> all_kinds() { return kTable; }
const KindInfo& kind_of(const Message& message) { return kTable[message.index()]; }
const KindInfo* find_kind(std::uint8_t number) {
  const std::uint8_t index = kByNumber[number];
  return index == 255 ? nullptr : &kTable[index];
}
std::size_t index_of(const KindInfo& kind) { return kByNumber[kind.number]; }

std::string_view to_string(Priority priority) {
  switch (priority) {
    case kVotes:
      return "votes";
    case kProposals:
      return "proposals";
    case kControl:
      return "control";
    case kTransactions:
      return "transactions";
    case kProofs:
      return "proofs";
  }
  return "?";
}

std::string receivers_text(ReceiverSet receivers) {
  constexpr std::array<std::string_view, 9> kNames{"gateway", "mempool", "consensus", "sequencer", "coordinator",
                                                   "l1",      "admin",   "worker",    "ledger"};
  std::string out;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((receivers >> i & 1U) != 0) append(out, kNames[i]);
  }
  if ((receivers & kToClient) != 0) append(out, "client");
  if ((receivers & kToLink) != 0) append(out, "link");
  return out;
}

std::string senders_text(SenderSet senders) {
  if (senders == kFromAny) return "any";
  constexpr std::array<std::string_view, 9> kNames{"self",  "sibling", "validator", "worker",     "ledger",
                                                   "admin", "client",  "joiner",    "coordinator"};
  std::string out;
  if ((senders & kFromOwn) == kFromOwn) {
    append(out, "own validator");
    senders &= static_cast<SenderSet>(~kFromOwn);
  }
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((senders >> i & 1U) != 0) append(out, kNames[i]);
  }
  return out;
}

std::string table_markdown() {
  std::string out = "| number | message | cap | priority | to | from |\n|---|---|---|---|---|---|\n";
  for (unsigned number = 0; number < 256; ++number) {
    const KindInfo* kind = find_kind(static_cast<std::uint8_t>(number));
    if (kind == nullptr) continue;
    out += "| " + std::to_string(number) + " | " + std::string(kind->name) + " | " + bytes_text(kind->cap) + " | " +
           std::string(to_string(kind->priority)) + " | " + receivers_text(kind->receivers) + " | " +
           senders_text(kind->senders) + " |\n";
  }
  return out;
}

}  // namespace asterism::messages
