#include "cluster/deployment/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/memory_store.hpp"
#include "tests/cluster/deployment.hpp"

namespace asterism::cluster {
namespace {

using core::Role;
using testing::HasSubstr;

PublicRecord door() {
  PublicRecord out{.name = "v1-door", .validator = "v1", .weight = 1, .roles = {"gateway", "admin"}};
  out.link_key = test::link_key(20);
  out.peers = "10.0.0.9:7000";
  return out;
}

struct Certificates : testing::Test {
  core::Genesis genesis = test::deployment(3);
  core::Ed25519Secret key = test::secret(51);  // of validator 1
  std::expected<ProcessCertificate, std::string> make(const PublicRecord& record, std::uint64_t serial = 7,
                                                      bool take_out = false) const {
    return certify(record, {.genesis = genesis, .consensus_key = key, .serial = serial, .take_out = take_out});
  }
};

TEST_F(Certificates, WhatTheConsensusKeySignsIsReadBackAndAccepted) {
  const auto made = make(door());
  ASSERT_TRUE(made) << made.error();
  const auto read = decode_certificate(genesis, encode_certificate(genesis, *made));
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(*read, *made);
  Membership members(genesis, core::genesis_hash(genesis), test::link_key(10), bit(Role::kConsensus));
  ASSERT_TRUE(members.add(*read));
  const auto access = members.admit(test::link_key(20), ListenerKind::kPeers, Side::kResponder);
  ASSERT_TRUE(access);
  EXPECT_EQ(access->sender.validator, core::ValidatorIndex(1));
  EXPECT_EQ(access->roles, bit(Role::kGateway) | bit(Role::kAdmin));
  EXPECT_EQ(members.find(test::link_key(20))->addresses, std::vector<std::string>{"10.0.0.9:7000"});
  // A higher serial takes it out, and a lower one does not bring it back.
  const auto out = make(door(), 8, true);
  ASSERT_TRUE(out && members.add(*out));
  EXPECT_FALSE(members.admit(test::link_key(20), ListenerKind::kPeers, Side::kResponder));
  EXPECT_FALSE(members.add(*made));
}

TEST_F(Certificates, AlteredOnesAreRefused) {
  const std::string good = encode_certificate(genesis, *make(door()));
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return decode_certificate(genesis, text);
  };
  EXPECT_THAT(replaced("\"serial\":7", "\"serial\":8").error(), HasSubstr("signature"));
  EXPECT_THAT(replaced("gateway", "sequencer").error(), HasSubstr("signature"));
  EXPECT_THAT(replaced("\"validator\":\"v1\"", "\"validator\":\"v2\"").error(), HasSubstr("signature"));
  EXPECT_THAT(replaced("\"validator\":\"v1\"", "\"validator\":\"v9\"").error(), HasSubstr("v9"));
  EXPECT_THAT(replaced("gateway", "gatway").error(), HasSubstr("gatway"));
  EXPECT_THAT(replaced("\"serial\":7", "\"serial\":\"7\"").error(), HasSubstr("certificate"));
  EXPECT_FALSE(decode_certificate(genesis, "[]"));
  genesis.time += 1;  // another deployment
  EXPECT_FALSE(decode_certificate(genesis, good));
}

TEST_F(Certificates, WhatCannotBeCertifiedSaysWhy) {
  PublicRecord record = door();
  EXPECT_THAT(make(record, 0).error(), HasSubstr("serial"));
  record.roles.push_back("consensus");
  EXPECT_THAT(make(record).error(), HasSubstr("role consensus"));
  record.roles = {"mempool"};
  EXPECT_THAT(make(record).error(), HasSubstr("runs in node1 already"));
  EXPECT_TRUE(certify(record, {.genesis = genesis, .consensus_key = key, .serial = 7, .force = true}));
  record = door();
  record.validator = "v2";
  EXPECT_THAT(make(record).error(), HasSubstr("consensus key"));
  record.validator = "nobody";
  EXPECT_THAT(make(record).error(), HasSubstr("nobody"));
}

TEST_F(Certificates, TheNewestOfEachProcessIsKept) {
  storage::MemoryStore store;
  for (const std::uint64_t serial : {7U, 9U}) {
    storage::WriteBatch batch;
    store_certificate(*make(door(), serial), batch);
    ASSERT_TRUE(store.write(batch, true));
  }
  const auto kept = stored_certificates(store);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0], *make(door(), 9));
}

TEST(Deployment, TheCoordinatorIsPlacedWhereSettlementsAreSubmitted) {
  PublicRecord ledger{.name = "l1", .validator = "", .weight = 1, .roles = {"ledger"}};
  PublicRecord front{.name = "a-front", .validator = "a", .weight = 1, .roles = {"gateway"}};
  PublicRecord back{.name = "a-back", .validator = "a", .weight = 1, .roles = {"consensus", "l1"}};
  PublicRecord other{.name = "b", .validator = "b", .weight = 1, .roles = {"consensus", "l1"}};
  const auto holders = [](const std::vector<PublicRecord>& records) {
    std::vector<std::string> out;
    for (const auto& record : records) {
      if (std::ranges::find(record.roles, "coordinator") != record.roles.end()) out.push_back(record.name);
    }
    return out;
  };
  std::vector<PublicRecord> records{ledger, front, back, other};
  place_coordinator(records, "");
  EXPECT_EQ(holders(records), std::vector<std::string>{"a-back"});
  place_coordinator(records, "");
  EXPECT_EQ(holders(records), std::vector<std::string>{"a-back"});
  records = {ledger, front, back, other};
  records[1].roles.push_back("coordinator");
  place_coordinator(records, "a");
  EXPECT_EQ(holders(records), std::vector<std::string>{"a-front"});
  records = {ledger, front, back, other};
  place_coordinator(records, "b");
  EXPECT_EQ(holders(records), std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace asterism::cluster
