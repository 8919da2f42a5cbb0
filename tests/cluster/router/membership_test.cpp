#include "cluster/membership.hpp"

#include <gtest/gtest.h>

#include "tests/cluster/deployment.hpp"

namespace asterism::cluster {
namespace {

using actors::PeerKind;
using core::Role;
using test::deployment;
using test::deployment_hash;
using test::link_key;

Membership at(std::uint8_t process, std::vector<Role> roles = test::kReplicaRoles) {
  return Membership(deployment(4), deployment_hash(), link_key(process), role_set(roles));
}
template <class T>
const messages::KindInfo& kind() {
  return messages::kind_of_type<T>();
}

TEST(Membership, EveryKeyIsWhatGenesisSays) {
  const Membership members = at(11);
  const auto who = [&](std::uint8_t number, ListenerKind listener = ListenerKind::kPeers) {
    return members.admit(link_key(number), listener, Side::kResponder);
  };
  EXPECT_EQ(who(10)->sender.kind, PeerKind::kValidator);
  EXPECT_EQ(who(10)->sender.validator, core::ValidatorIndex(0));
  EXPECT_EQ(who(40)->sender.kind, PeerKind::kLedger);
  EXPECT_EQ(who(41)->sender.kind, PeerKind::kAdmin);
  EXPECT_EQ(who(99, ListenerKind::kClients)->sender.kind, PeerKind::kClient);
  EXPECT_EQ(who(10, ListenerKind::kClients)->sender.kind, PeerKind::kClient) << "a validator's key is nothing there";
  EXPECT_EQ(who(99).error().error, LinkError::kUnknownKey);
}

TEST(Membership, OnlyTheCoordinatorHearsAStranger) {
  Membership members = at(10, {Role::kCoordinator});
  EXPECT_EQ(members.admit(link_key(99), ListenerKind::kPeers, Side::kResponder)->sender.kind, PeerKind::kJoiner);
  members.admit_worker(link_key(99));
  EXPECT_EQ(members.admit(link_key(99), ListenerKind::kPeers, Side::kResponder)->sender.kind, PeerKind::kWorker);
  members.forget_worker(link_key(99));
  EXPECT_EQ(members.admit(link_key(99), ListenerKind::kPeers, Side::kResponder)->sender.kind, PeerKind::kJoiner);
}

TEST(Membership, FramesByRole) {
  const Membership members = at(11);
  const auto may = [&](std::uint8_t number, const messages::KindInfo& info) {
    return members.allows(*members.admit(link_key(number), ListenerKind::kPeers, Side::kResponder), info);
  };
  EXPECT_TRUE(may(10, kind<messages::VoteMessage>()));
  EXPECT_TRUE(may(10, kind<messages::AssignSpan>())) << "from the coordinator's validator";
  EXPECT_FALSE(may(12, kind<messages::AssignSpan>()));
  EXPECT_FALSE(may(12, kind<messages::CommitBlock>())) << "only own processes";
  EXPECT_FALSE(may(12, kind<messages::SubmitTransaction>()));
  EXPECT_FALSE(may(40, kind<messages::VoteMessage>()));
  EXPECT_TRUE(may(40, kind<messages::LedgerBlocksReply>()));
  EXPECT_TRUE(may(41, kind<messages::SignedCommand>()));
  EXPECT_FALSE(may(41, kind<messages::VoteMessage>()));
}

TEST(Membership, ASplitOffProcessSendsOnlyWhatItsRolesSend) {
  Membership members = at(10);
  ProcessCertificate added{0, "l1-only", link_key(20), bit(Role::kL1), 5, {}, {"h:1"}};
  added.signature = test::secret(50).sign(process_signing_bytes(deployment_hash(), added));
  ASSERT_TRUE(members.add(added));
  const auto access = members.admit(link_key(20), ListenerKind::kPeers, Side::kResponder);
  ASSERT_TRUE(access);
  EXPECT_EQ(access->sender.kind, PeerKind::kSibling);
  EXPECT_TRUE(members.allows(*access, kind<messages::SettlementView>()));
  EXPECT_FALSE(members.allows(*access, kind<messages::VoteMessage>()));
  EXPECT_FALSE(members.allows(*access, kind<messages::BlockCommitted>()));
}

TEST(Membership, CertificatesAreSignedByTheValidatorAndTheHighestSerialWins) {
  Membership members = at(11);
  const auto certificate = [&](std::uint64_t serial, std::uint8_t signer, Role role) {
    ProcessCertificate out{1, "p", link_key(20), bit(role), serial, {}, {}};
    out.signature = test::secret(signer).sign(process_signing_bytes(deployment_hash(), out));
    return out;
  };
  using Fault = Membership::CertificateFault;
  EXPECT_EQ(members.add(certificate(1, 50, Role::kL1)).error(), Fault::kBadSignature);
  EXPECT_TRUE(members.add(certificate(2, 51, Role::kL1)));
  EXPECT_EQ(members.add(certificate(2, 51, Role::kGateway)).error(), Fault::kOldSerial);
  EXPECT_EQ(members.add(certificate(1, 51, Role::kGateway)).error(), Fault::kOldSerial);
  EXPECT_TRUE(members.add(certificate(3, 51, Role::kGateway)));
  EXPECT_EQ(members.find(link_key(20))->roles, bit(Role::kGateway));
  auto altered = certificate(4, 51, Role::kGateway);
  altered.roles = bit(Role::kConsensus);
  EXPECT_EQ(members.add(altered).error(), Fault::kBadSignature);
  for (const std::string& name : {std::string(), std::string("a\nevent=forged"), std::string(300, 'a')}) {
    altered = certificate(4, 51, Role::kGateway);
    altered.name = name;
    EXPECT_EQ(members.add(altered).error(), Fault::kMalformed) << name;
  }
  altered = certificate(4, 51, Role::kGateway);
  altered.validator = 9;
  EXPECT_EQ(members.add(altered).error(), Fault::kUnknownValidator);
}

TEST(Membership, WhoDialsWhom) {
  EXPECT_EQ(at(11).to_dial().size(), 4U) << "three validators and the ledger";
  EXPECT_EQ(at(11, {Role::kGateway}).to_dial().size(), 3U) << "without the L1 role no ledger";
  EXPECT_TRUE(at(40, {Role::kLedger}).to_dial().empty());
  const auto worker = at(99, {Role::kWorker}).to_dial();
  ASSERT_EQ(worker.size(), 1U);
  EXPECT_EQ(worker[0].key, link_key(10));
}

}  // namespace
}  // namespace asterism::cluster
