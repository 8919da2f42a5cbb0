#include "cluster/router.hpp"

#include <gtest/gtest.h>

#include "messages/codec.hpp"
#include "tests/cluster/deployment.hpp"

namespace asterism::cluster {
namespace {

using actors::PeerKind;
using core::Role;
using test::link_key;

class Inbox : public Mailbox {
 public:
  void deliver(actors::Inbound inbound) override { messages.push_back(std::move(inbound)); }
  void link_changed(const actors::Sender& peer, bool up) override { links.emplace_back(peer.process, up); }
  std::size_t depth() const override { return pretended ? pretended : messages.size(); }
  std::vector<actors::Inbound> messages;
  std::vector<std::pair<core::LinkKey, bool>> links;
  std::size_t pretended = 0;
};
class Wire : public LinkPort {
 public:
  std::expected<void, QueueError> push(Packet packet) override {
    if (full) return std::unexpected(QueueError::kFull);
    packets.push_back(std::move(packet));
    return {};
  }
  std::vector<Packet> packets;
  bool full = false;
};

// Node 0 of three: everything here but the gateway and mempool, which run in a sibling (key 20).
class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    ProcessCertificate sibling{0, "front", link_key(20), 0, 1, {}, {}};
    sibling.roles = static_cast<RoleSet>(bit(Role::kGateway) | bit(Role::kMempool));
    sibling.signature = test::secret(50).sign(process_signing_bytes(test::deployment_hash(), sibling));
    EXPECT_TRUE(members.add(sibling));
    for (const Role role : {Role::kConsensus, Role::kSequencer, Role::kL1, Role::kAdmin, Role::kCoordinator}) {
      router.attach(role, inbox[role] = std::make_shared<Inbox>());
    }
    for (const int number : {11, 12, 20, 40}) up(static_cast<std::uint8_t>(number));
  }
  void up(std::uint8_t number) {
    wire[number] = std::make_shared<Wire>();
    const auto access = members.admit(link_key(number), ListenerKind::kPeers, Side::kResponder);
    router.link_up(*access, ListenerKind::kPeers, wire[number]);
  }
  template <class T>
  void send(Role from, actors::Destination to, T message) {
    router.send(from, to, messages::make_message(std::move(message)));
  }
  double dropped(const std::string& why) { return metrics.value("asterism_messages_dropped_total", why); }

  Membership members{test::deployment(3), test::deployment_hash(), link_key(10),
                     role_set({Role::kConsensus, Role::kSequencer, Role::kL1, Role::kAdmin, Role::kCoordinator})};
  Metrics metrics;
  Router router{members, metrics, 10};
  std::map<Role, std::shared_ptr<Inbox>> inbox;
  std::map<std::uint8_t, std::shared_ptr<Wire>> wire;
};

TEST_F(RouterTest, OwnRoleHereOrInASibling) {
  send(Role::kConsensus, actors::ToOwn{}, messages::BuildBlock{5, 0, 0, 0});
  ASSERT_EQ(inbox[Role::kSequencer]->messages.size(), 1U);
  EXPECT_EQ(inbox[Role::kSequencer]->messages[0].from.kind, PeerKind::kSelf);
  send(Role::kSequencer, actors::ToOwn{}, messages::TakeTransactions{1, 2, 3, 4});
  EXPECT_EQ(wire[20]->packets.size(), 1U);
  EXPECT_TRUE(wire[11]->packets.empty());
}

TEST_F(RouterTest, AKindOfManyRolesReachesEachOnce) {
  send(Role::kSequencer, actors::ToOwn{}, messages::BlockCommitted{});
  for (const Role role : {Role::kConsensus, Role::kL1, Role::kCoordinator}) EXPECT_EQ(inbox[role]->messages.size(), 1U);
  EXPECT_EQ(wire[20]->packets.size(), 1U) << "one packet for gateway and mempool";
  EXPECT_TRUE(inbox[Role::kSequencer]->messages.empty());
}

// A second door of the validator: it must hear of blocks, and get the answers to its own questions and no others.
TEST_F(RouterTest, ARoleInTwoProcessesHearsNewsTwiceAndAnswersOnce) {
  router.attach(Role::kGateway, inbox[Role::kGateway] = std::make_shared<Inbox>());
  for (const auto& news :
       {messages::make_message(messages::BlockCommitted{}), messages::make_message(messages::Heads{})})
    router.send(Role::kSequencer, actors::ToOwn{}, news);
  EXPECT_EQ(inbox[Role::kGateway]->messages.size(), 2U);
  EXPECT_EQ(wire[20]->packets.size(), 2U);
  actors::Effects effects;
  effects.reply(actors::Sender{PeerKind::kSibling, link_key(20), core::ValidatorIndex(0)}, messages::AdmitReply{});
  effects.reply(actors::Sender{}, messages::AdmitReply{});
  for (actors::Effect& effect : effects.take()) {
    const auto& reply = std::get<actors::Send>(effect);
    router.send(Role::kMempool, reply.to, reply.message);
  }
  EXPECT_EQ(inbox[Role::kGateway]->messages.size(), 3U);
  EXPECT_EQ(wire[20]->packets.size(), 3U);
}

TEST_F(RouterTest, BroadcastEncodesOnce) {
  send(Role::kConsensus, actors::ToOthers{}, messages::ConsensusStatus{1, 2, 3});
  ASSERT_EQ(wire[11]->packets.size(), 1U);
  ASSERT_EQ(wire[12]->packets.size(), 1U);
  EXPECT_EQ(wire[11]->packets[0].body, wire[12]->packets[0].body);
  EXPECT_TRUE(inbox[Role::kConsensus]->messages.empty());
}

TEST_F(RouterTest, ValidatorProcessLedgerCoordinator) {
  send(Role::kConsensus, actors::ToValidator{core::ValidatorIndex(2)}, messages::CatchUpRequest{1, 2});
  EXPECT_EQ(wire[12]->packets.size(), 1U);
  send(Role::kL1, actors::ToLedger{}, messages::LedgerBlocksRequest{1, 2, 3});
  EXPECT_EQ(wire[40]->packets.size(), 1U);
  send(Role::kL1, actors::ToOwn{}, messages::SettlementView{});
  EXPECT_EQ(inbox[Role::kCoordinator]->messages.size(), 1U);
  send(Role::kAdmin, actors::ToProcess{link_key(11)}, messages::SignedCommand{});
  EXPECT_EQ(wire[11]->packets.size(), 1U);
}

TEST_F(RouterTest, DownLinksAreCountedAndRequestersToldAtOnce) {
  router.link_down(*members.admit(link_key(40), ListenerKind::kPeers, Side::kResponder), ListenerKind::kPeers,
                   wire[40].get());
  send(Role::kL1, actors::ToLedger{}, messages::LedgerSubmit{77, {}});
  EXPECT_EQ(dropped("link_down:LedgerSubmit"), 1);
  ASSERT_EQ(inbox[Role::kL1]->messages.size(), 1U);
  EXPECT_EQ(std::get<messages::LedgerSubmitReply>(*inbox[Role::kL1]->messages[0].message).request, 77U);
  wire[11]->full = true;
  send(Role::kConsensus, actors::ToOthers{}, messages::ConsensusStatus{});
  EXPECT_EQ(dropped("link_full:ConsensusStatus"), 1);
  EXPECT_EQ(wire[12]->packets.size(), 1U) << "the others do not suffer";
}

TEST_F(RouterTest, AFullMailboxRefusesClientsAndNeverVotes) {
  const auto gateway = std::make_shared<Inbox>();
  router.attach(Role::kGateway, gateway);
  gateway->pretended = inbox[Role::kConsensus]->pretended = 10;
  Wire client;
  const actors::Sender from{PeerKind::kClient, link_key(90), std::nullopt};
  router.arrive(from, messages::make_message(messages::SubmitTransaction{5, core::InvokeTransaction{}}), client);
  ASSERT_EQ(client.packets.size(), 1U);
  const auto reply = messages::decode_with_kind(*client.packets[0].body);
  ASSERT_TRUE(reply);
  const auto& submit = std::get<messages::SubmitReply>(**reply);
  EXPECT_EQ(submit.request, 5U);
  EXPECT_EQ(submit.code, static_cast<std::uint8_t>(messages::SubmitCode::kTryAgain));
  EXPECT_TRUE(gateway->messages.empty());
  const actors::Sender validator{PeerKind::kValidator, link_key(11), core::ValidatorIndex(1)};
  router.arrive(validator, messages::make_message(messages::VoteMessage{}), client);
  EXPECT_EQ(inbox[Role::kConsensus]->messages.size(), 1U);
}

TEST_F(RouterTest, ARoleThatIsNotThereIsUnavailable) {
  Wire client;
  router.arrive({PeerKind::kClient, link_key(90), std::nullopt},
                messages::make_message(messages::Query{8, "heads", {}}), client);
  ASSERT_EQ(client.packets.size(), 1U);
  const auto reply = messages::decode_with_kind(*client.packets[0].body);
  EXPECT_EQ(std::get<messages::QueryReply>(**reply).request, 8U);
  EXPECT_EQ(dropped("unroutable:Query"), 1);
}

TEST_F(RouterTest, InquiriesGoToTheRoleTheyName) {
  send(Role::kAdmin, actors::ToOwn{}, messages::RemoteInquiry{1, static_cast<std::uint8_t>(Role::kSequencer), "x", {}});
  EXPECT_EQ(inbox[Role::kSequencer]->messages.size(), 1U);
  send(Role::kAdmin, actors::ToOwn{}, messages::RemoteInquiry{1, static_cast<std::uint8_t>(Role::kMempool), "x", {}});
  EXPECT_EQ(wire[20]->packets.size(), 1U);
  const auto process = std::make_shared<Inbox>();
  router.attach_process(process);
  send(Role::kAdmin, actors::ToOwn{}, messages::RemoteInquiry{1, kProcessRole, "peers", {}});
  EXPECT_EQ(process->messages.size(), 1U);
  EXPECT_EQ(wire[20]->packets.size(), 1U);
  // An answer goes to the process that asked, and only there.
  send(Role::kSequencer, actors::ToProcess{}, messages::RemoteInquiryReply{1, "{}"});
  EXPECT_EQ(inbox[Role::kAdmin]->messages.size(), 1U);
}

TEST_F(RouterTest, RolesHearOfTheLinksTheyReceiveFrom) {
  const auto of = [&](Role role, std::uint8_t number) {
    std::size_t count = 0;
    for (const auto& [key, is_up] : inbox[role]->links) count += key == link_key(number) ? 1 : 0;
    return count;
  };
  EXPECT_EQ(of(Role::kConsensus, 11), 1U);
  EXPECT_EQ(of(Role::kConsensus, 40), 0U);
  EXPECT_EQ(of(Role::kL1, 40), 1U);
  const auto old = wire[11];
  up(11);  // a newer link takes the place; the older one's end changes nothing
  const auto access = members.admit(link_key(11), ListenerKind::kPeers, Side::kResponder);
  router.link_down(*access, ListenerKind::kPeers, old.get());
  EXPECT_TRUE(router.linked(link_key(11)));
  router.link_down(*access, ListenerKind::kPeers, wire[11].get());
  EXPECT_FALSE(router.linked(link_key(11)));
  EXPECT_EQ(inbox[Role::kConsensus]->links.back(), std::pair(link_key(11), false));
}

}  // namespace
}  // namespace asterism::cluster
