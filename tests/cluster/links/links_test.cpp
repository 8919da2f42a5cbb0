#include "cluster/links.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cluster/client_link.hpp"
#include "cluster/link/sockets.hpp"
#include "tests/cluster/links/process.hpp"

namespace asterism::cluster {
namespace {

using actors::ToOthers;
using core::Role;
using test::eventually;
using test::link_key;
using test::Process;
using test::settings;

#ifdef ASTERISM_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// Two validators; the second knows where the first listens, and dials.
struct TwoNodes : testing::Test {
  void SetUp() override {
    first = std::make_unique<Process>(genesis, 10, settings());
    first->start();
    start_second();
  }
  void start_second(std::uint8_t hash = 3, std::uint8_t number = 11) {
    auto known = genesis;
    known.validators[0].processes[0].addresses = {first->address()};
    second = std::make_unique<Process>(known, number, settings(), hash);
    second->start();
  }
  void await_link() {
    ASSERT_TRUE(eventually([&] { return first->linked(11) && second->linked(10); }));
  }
  core::Genesis genesis = test::deployment(2);
  std::unique_ptr<Process> first, second;
};

template <class T>
void send(Process& from, Role role, T message) {
  from.router.send(role, ToOthers{}, messages::make_message(std::move(message)));
}

TEST_F(TwoNodes, EveryPriorityBothWays) {
  await_link();
  for (auto [from, to] : {std::pair(first.get(), second.get()), std::pair(second.get(), first.get())}) {
    send(*from, Role::kConsensus, messages::ConsensusStatus{7, 1, 2});
    send(*from, Role::kConsensus, messages::CatchUpRequest{3, 4});
    send(*from, Role::kMempool, messages::TransactionGossip{});
    const auto status = to->inbox[Role::kConsensus]->next();
    ASSERT_TRUE(status);
    EXPECT_EQ(std::get<messages::ConsensusStatus>(*status).height, 7U);
    EXPECT_EQ(to->inbox[Role::kConsensus]->last_sender().kind, actors::PeerKind::kValidator);
    EXPECT_TRUE(to->inbox[Role::kSequencer]->next());
    EXPECT_TRUE(to->inbox[Role::kMempool]->next());
  }
  // Control and proofs: the coordinator's validator to a process.
  first->router.send(Role::kCoordinator, actors::ToProcess{link_key(11)},
                     messages::make_message(messages::CancelSpan{0, 9, 1}));
  first->router.send(Role::kCoordinator, actors::ToProcess{link_key(11)},
                     messages::make_message(messages::AssignSpan{0, 1, 1, 0, 1, core::Bytes(100, 1), {}}));
  EXPECT_TRUE(second->inbox[Role::kWorker]->next());
  EXPECT_TRUE(second->inbox[Role::kWorker]->next());
}

// Votes one after the other until a blob that was sent before them has arrived: how long each took, in ms.
std::vector<double> votes_beside_a_blob(Process& from, Process& to, std::size_t bytes) {
  from.router.send(Role::kCoordinator, actors::ToProcess{link_key(11)},
                   messages::make_message(messages::AssignSpan{0, 1, 1, 0, 1, core::Bytes(bytes, 7), {}}));
  std::vector<double> took;
  messages::MessagePtr blob;
  for (std::uint64_t i = 0; !blob; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    send(from, Role::kConsensus, messages::ConsensusStatus{i, 0, 0});
    if (!to.inbox[Role::kConsensus]->next()) return {};
    took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
    blob = to.inbox[Role::kWorker]->next(std::chrono::milliseconds(0));
  }
  EXPECT_EQ(std::get<messages::AssignSpan>(*blob).witness.size(), bytes);
  std::ranges::sort(took);
  return took;
}

// Every vote, not the median. A vote that waited behind the blob would do so each time; one that a busy machine did not
// schedule does not, so one undisturbed blob of five is the proof.
TEST_F(TwoNodes, VotesPassWithinFiftyMillisecondsWhileTwentyMegabytesTravel) {
  await_link();
  double slowest = 0;
  for (int blob = 0; blob < 5; ++blob) {
    const auto took = votes_beside_a_blob(*first, *second, 20U << 20);
    ASSERT_GE(took.size(), 3U) << "no vote travelled beside the blob";
    slowest = took.back();
    std::printf("votes beside a 20 MiB blob: %zu, p50 %.2f ms, p99 %.2f ms, slowest %.2f ms\n", took.size(),
                took[took.size() / 2], took[took.size() * 99 / 100], slowest);
    if (slowest < 50 || kSanitized) return;  // a sanitizer takes ten times the time; there it is races that count
  }
  FAIL() << "in each of five blobs a vote took 50 ms or more, the last time " << slowest;
}

TEST_F(TwoNodes, APeerThatRestartsIsLinkedAgain) {
  await_link();
  second.reset();
  ASSERT_TRUE(eventually([&] { return !first->linked(11); }));
  start_second();
  await_link();
  send(*first, Role::kConsensus, messages::ConsensusStatus{1, 0, 0});
  EXPECT_TRUE(second->inbox[Role::kConsensus]->next());
}

// Who knows the genesis hash is not yet one of its processes.
TEST_F(TwoNodes, AClientTalksToProcessesOfItsGenesisOnly) {
  const LinkIdentity anybody{test::deployment_hash(), test::secret(77)};
  const core::Word hash = test::deployment_hash();
  const auto dial = [&](const core::Genesis& of) {
    ClientLinkOptions options{first->clients_address(), ListenerKind::kClients, std::nullopt};
    options.deployment.emplace(DeploymentView{of, hash});
    return ClientLink::connect(anybody, options);
  };
  EXPECT_TRUE(dial(genesis));
  core::Genesis other = genesis;
  other.validators[0].processes[0].link_key = link_key(99);
  const auto refused = dial(other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, LinkError::kWrongKey);
}

TEST_F(TwoNodes, OfTwoLinksOfOneKeyTheNewerWins) {
  await_link();
  const LinkIdentity same{test::deployment_hash(), test::secret(11)};
  const auto newer = ClientLink::connect(same, {first->address(), ListenerKind::kPeers, link_key(10)});
  ASSERT_TRUE(newer) << newer.error().text;
  ASSERT_TRUE(eventually([&] { return first->faults(LinkError::kSuperseded) >= 1; }));
  EXPECT_TRUE(first->linked(11));
}

TEST_F(TwoNodes, AnotherGenesisIsRefusedWithBothHashesOnBothSides) {
  await_link();
  const LinkIdentity other{test::deployment_hash(9), test::secret(11)};
  const auto refused = ClientLink::connect(other, {first->address(), ListenerKind::kPeers, link_key(10)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, LinkError::kWrongGenesis);
  EXPECT_NE(refused.error().text.find("0303"), std::string::npos);
  EXPECT_NE(refused.error().text.find("0909"), std::string::npos);
  ASSERT_TRUE(eventually([&] { return first->faults(LinkError::kWrongGenesis) == 1; }));
  EXPECT_NE(first->links.book().refusals().back().text.find("0909"), std::string::npos);
  EXPECT_TRUE(first->linked(11)) << "nothing else suffers";
}

TEST_F(TwoNodes, UnknownKeysAndForbiddenKindsAreCountedAndNothingElseSuffers) {
  await_link();
  const LinkIdentity stranger{test::deployment_hash(), test::secret(99)};
  EXPECT_FALSE(ClientLink::connect(stranger, {first->address(), ListenerKind::kPeers, link_key(10)}));
  EXPECT_TRUE(eventually([&] { return first->faults(LinkError::kUnknownKey) == 1; }));
  const auto client = ClientLink::connect(stranger, {first->clients_address(), ListenerKind::kClients, link_key(10)});
  ASSERT_TRUE(client) << client.error().text;
  ASSERT_TRUE((*client)->send(messages::Query{4, "heads", {}}));
  EXPECT_TRUE(first->inbox[Role::kGateway]->next());
  first->router.send(Role::kGateway, actors::ToProcess{link_key(99)},
                     messages::make_message(messages::QueryReply{4, "{}"}));
  const auto reply = (*client)->receive(test::kPatient);
  ASSERT_TRUE(reply && *reply);
  EXPECT_EQ(std::get<messages::QueryReply>(**reply).request, 4U);
  (void)(*client)->send(messages::ConsensusStatus{});
  EXPECT_TRUE(eventually([&] { return first->faults(LinkError::kKindNotAllowed) == 1; }));
  EXPECT_FALSE((*client)->receive(test::kPatient));
  EXPECT_TRUE(first->linked(11));
}

// A process that genesis does not know shows its certificate to whom it dials; a third one hears of it and dials it.
TEST_F(TwoNodes, ACertifiedProcessIsAdmittedAndMadeKnown) {
  await_link();
  LinkSettings quiet = settings();
  Process door(genesis, 20, quiet);
  ProcessCertificate certificate{.validator = 0,
                                 .name = "door",
                                 .key = link_key(20),
                                 .roles = static_cast<std::uint16_t>(bit(Role::kGateway) | bit(Role::kAdmin)),
                                 .serial = 4,
                                 .signature = {},
                                 .addresses = {}};
  certificate.signature = test::secret(50).sign(process_signing_bytes(test::deployment_hash(), certificate));
  std::atomic<int> told{0};
  for (Process* process : {first.get(), second.get()}) {
    process->members.on_learned([process, &told](const ProcessCertificate& learned) {
      ++told;
      process->links.adopt(learned);
    });
  }
  ASSERT_TRUE(door.members.add(certificate));
  door.identity.certificate = messages::encode_value(certificate);
  door.members.set_addresses(link_key(10), {first->address()});
  door.start();
  ASSERT_TRUE(eventually([&] { return first->linked(20) && door.linked(10); }));
  ASSERT_TRUE(eventually([&] { return second->members.find(link_key(20)).has_value(); }));
  EXPECT_EQ(second->members.find(link_key(20))->serial, 4U);
  EXPECT_EQ(told, 2);
  // It is a sibling of the first now, with the roles of its certificate and no others.
  for (const Role role : {Role::kMempool, Role::kSequencer}) door.router.detach(role);
  door.router.send(Role::kGateway, actors::ToOwn{}, messages::make_message(messages::AdmitTransaction{}));
  ASSERT_TRUE(first->inbox[Role::kMempool]->next());
  EXPECT_EQ(first->inbox[Role::kMempool]->last_sender().kind, actors::PeerKind::kSibling);
  door.router.send(Role::kConsensus, actors::ToOwn{}, messages::make_message(messages::CommitBlock{}));
  EXPECT_TRUE(eventually([&] { return first->faults(LinkError::kKindNotAllowed) == 1; }));
}

TEST_F(TwoNodes, ACertificateOfAnotherKeyOpensNothing) {
  await_link();
  ProcessCertificate certificate{.validator = 0,
                                 .name = "door",
                                 .key = link_key(20),
                                 .roles = bit(Role::kGateway),
                                 .serial = 4,
                                 .signature = {},
                                 .addresses = {}};
  certificate.signature = test::secret(50).sign(process_signing_bytes(test::deployment_hash(), certificate));
  LinkIdentity thief{test::deployment_hash(), test::secret(99), messages::encode_value(certificate)};
  EXPECT_FALSE(ClientLink::connect(thief, {first->address(), ListenerKind::kPeers, link_key(10)}));
  EXPECT_TRUE(eventually([&] { return first->faults(LinkError::kMalformed) == 1; }));
  certificate.key = link_key(99);  // its own key, but nobody signed that
  LinkIdentity forger{test::deployment_hash(), test::secret(99), messages::encode_value(certificate)};
  EXPECT_FALSE(ClientLink::connect(forger, {first->address(), ListenerKind::kPeers, link_key(10)}));
  EXPECT_TRUE(eventually([&] { return first->faults(LinkError::kUnknownKey) == 1; }));
  EXPECT_TRUE(first->members.certificates().empty());
}

// Raw bytes at the peers' listener: what the other side does is watched through its counters and our end of the socket.
void raw(Process& at, core::ByteView bytes, LinkError expected) {
  const auto fd = dial(at.address(), Millis(2000));
  ASSERT_TRUE(fd);
  const double before = at.faults(expected);
  ASSERT_EQ(::send(*fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  EXPECT_TRUE(eventually([&] { return at.faults(expected) > before; })) << to_string(expected);
  // The descriptor is given back, whatever the other side does with its end.
  std::array<std::uint8_t, 256> rest;
  EXPECT_TRUE(eventually([&] {
    const auto got = ::recv(*fd, rest.data(), rest.size(), MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno == ECONNRESET);
  }));
  close_socket(*fd);
}

TEST(Links, GarbageAndOversizedLengthsAreRefused) {
  Process node(test::deployment(1), 10, settings());
  node.start();
  raw(node, core::as_bytes("GET / HTTP/1.1\r\n\r\n"), LinkError::kOversized);
  core::ByteWriter huge;
  huge.u32(0xFFFFFFFF);
  raw(node, huge.bytes(), LinkError::kOversized);
  core::ByteWriter wrong;
  wrong.u32(3).raw(core::Bytes{0xEE, 2, 3});  // begins like no message of a handshake
  raw(node, wrong.bytes(), LinkError::kMalformed);
}

TEST(Links, SlowLorisIsCutOff) {
  LinkSettings quick = settings();
  quick.times.handshake = Millis(300);
  Process node(test::deployment(1), 10, quick);
  node.start();
  core::ByteWriter part;
  part.u32(100).u8(1);
  raw(node, part.bytes(), LinkError::kHandshakeTimeout);
}

TEST(Links, ClientsAreRateLimitedAndToldToTryAgain) {
  LinkSettings limited = settings();
  limited.client_limits = {1, 100, 4, 2, false};
  Process node(test::deployment(1), 10, limited);
  node.start();
  const LinkIdentity stranger{test::deployment_hash(), test::secret(99)};
  const auto client = ClientLink::connect(stranger, {node.clients_address(), ListenerKind::kClients, std::nullopt});
  ASSERT_TRUE(client);
  for (std::uint64_t i = 0; i < 4; ++i) ASSERT_TRUE((*client)->send(messages::Query{i, "heads", {}}));
  const auto reply = (*client)->receive(test::kPatient);
  ASSERT_TRUE(reply && *reply);
  EXPECT_NE(std::get<messages::QueryReply>(**reply).json.find("try again"), std::string::npos);
  const LinkIdentity second{test::deployment_hash(), test::secret(98)},
      third{test::deployment_hash(), test::secret(97)};
  const ClientLinkOptions where{node.clients_address(), ListenerKind::kClients, std::nullopt};
  const auto held = ClientLink::connect(second, where);
  EXPECT_TRUE(held);
  EXPECT_FALSE(ClientLink::connect(third, where)) << "a third connection from one address";
  EXPECT_TRUE(eventually([&] { return node.faults(LinkError::kTooManyLinks) == 1; }));
}

TEST(Links, APortInUseIsNamed) {
  Process node(test::deployment(1), 10, settings());
  node.start();
  LinkSettings same = settings();
  same.peers_listen = node.address();
  Process other(test::deployment(1), 10, same);
  const auto started = other.links.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().find(node.address()), std::string::npos);
}

}  // namespace
}  // namespace asterism::cluster
