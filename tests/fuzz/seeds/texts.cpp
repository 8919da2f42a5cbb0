#include "cluster/deployment/certificate.hpp"
#include "cluster/deployment/deployment.hpp"
#include "cluster/shell/join_token.hpp"
#include "core/chain/transaction_json.hpp"
#include "tests/core/state/transition_fixture.hpp"
#include "tests/fuzz/seeds/seeds.hpp"

namespace asterism::fuzz {
namespace {

using cluster::PublicRecord;

PublicRecord record(std::uint8_t number, std::vector<std::string> roles) {
  PublicRecord out;
  out.name = "r" + std::to_string(number);
  out.validator = roles.front() == "ledger" ? "" : out.name;
  out.roles = std::move(roles);
  out.link_key.bytes.fill(number);
  out.peers = "127.0.0.1:700" + std::to_string(number);
  out.clients = "[::1]:710" + std::to_string(number);
  if (out.validator.empty()) return out;
  out.consensus_key.bytes.fill(static_cast<std::uint8_t>(100 + number));
  out.submitter.bytes.fill(1);
  out.operator_.bytes.fill(2);
  out.admin.bytes.fill(static_cast<std::uint8_t>(200 + number));
  out.fee_account = {.public_key = core::Felt(5), .salt = core::Felt(number), .balance = 0};
  return out;
}

void add_deployment(Seeds& seeds) {
  const std::vector<std::string> all{"gateway", "mempool", "consensus", "sequencer", "coordinator", "l1", "admin"};
  const std::vector<PublicRecord> records{record(1, all), record(2, all), record(3, {"ledger"})};
  for (const PublicRecord& one : records) {
    seeds.add("fuzz_public_record", cluster::encode_record(one));
    for (const bool explain : {false, true}) {
      seeds.add("fuzz_config", config::render(cluster::compose_config(one, records), explain));
    }
  }
  cluster::JoinToken token{
      .addresses = {"127.0.0.1:7001"}, .coordinator = records[0].link_key, .expiry = 1'700'000'000};
  seeds.add("fuzz_join_token", cluster::encode_token(token));
  cluster::DeploymentOptions options;
  options.accounts = {{.public_key = core::Felt(7), .salt = core::Felt(8), .balance = 9}};
  const auto genesis = cluster::compose_genesis(records, options);
  if (!genesis) return;
  seeds.add("fuzz_genesis", core::encode_genesis(*genesis));
  messages::ProcessCertificate certificate;
  certificate.name = "door";
  certificate.roles = cluster::bit(core::Role::kGateway);
  certificate.serial = 1;
  certificate.addresses = {"127.0.0.1:7009"};
  seeds.add("fuzz_public_record", cluster::encode_certificate(*genesis, certificate));
}

void add_transactions(Seeds& seeds) {
  const core::Felt chain = core::parse_chain_id("SN_SEPOLIA").value();
  const core::test::TestAccount alice(1);
  const auto transfer = core::test::transfer_call(core::Felt(9), 5);
  for (const core::Transaction& transaction :
       {core::test::invoke(alice, 3, {transfer}, chain), core::Transaction(core::test::unsigned_deploy(alice)),
        core::Transaction(core::test::deposit(1, core::Felt(2), alice.address, 4))}) {
    seeds.add("fuzz_transaction_json", core::transaction_to_json(transaction, chain));
  }
}

}  // namespace

void add_texts(Seeds& seeds) {
  add_deployment(seeds);
  add_transactions(seeds);
  const std::string digits(64, '2');
  seeds.add("fuzz_key_file", chosen(0, core::as_bytes(digits + "\n")));
  seeds.add("fuzz_key_file", chosen(1, core::as_bytes(digits + "\n")));
  seeds.add("fuzz_key_file", chosen(2, core::as_bytes("0" + digits.substr(1) + "\n0x123\n")));
  seeds.add("fuzz_render", R"({"head":{"number":7,"hash":"0x1"},"list":[1,"two",null,true],"none":[]})");
  seeds.add("fuzz_render", R"({"workers":[{"worker":"w0","state":"idle"},{"worker":"w\u00fc","span":7}]})");
}

}  // namespace asterism::fuzz
