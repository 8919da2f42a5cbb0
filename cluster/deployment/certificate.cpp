#include "cluster/deployment/certificate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/check.hpp"
#include "messages/codec.hpp"

namespace asterism::cluster {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kPrefix = "c/";

// Why a process may not be given a role; empty when it may. A replica has as many doors and shells as it likes, of all
// else one: a second one would vote, write the chain or settle beside the first.
std::string why_not(core::Role role, const core::GenesisValidator& validator, bool force) {
  using enum core::Role;
  if (role == kGateway || role == kAdmin) return "";
  if (role == kConsensus || role == kSequencer || role == kWorker || role == kLedger) return "cannot be certified";
  for (const core::GenesisProcess& process : validator.processes) {
    if (!force && std::ranges::find(process.roles, role) != process.roles.end())
      return "runs in " + process.name + " already; take that out of service and use --force";
  }
  return "";
}

}  // namespace

std::string encode_certificate(const core::Genesis& genesis, const ProcessCertificate& certificate) {
  return Json{{"name", certificate.name},
              {"validator", genesis.validators[certificate.validator].name},
              {"link_key", "0x" + certificate.key.hex()},
              {"roles", role_names_of(certificate.roles)},
              {"serial", certificate.serial},
              {"addresses", certificate.addresses},
              {"signature", "0x" + core::to_hex(certificate.signature)}}
      .dump();
}

std::expected<ProcessCertificate, std::string> decode_certificate(const core::Genesis& genesis, std::string_view text) {
  const Json json = text.size() > 64 * 1024 ? Json() : Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::unexpected("not a certificate: `asterism keygen --certify` prints one");
  ProcessCertificate out;
  try {
    out.name = json.value("name", "");
    const auto validator =
        std::ranges::find(genesis.validators, json.value("validator", ""), &core::GenesisValidator::name);
    if (validator == genesis.validators.end())
      return std::unexpected("validator `" + json.value("validator", "") + "` is not in this genesis");
    out.validator = static_cast<std::uint16_t>(validator - genesis.validators.begin());
    const auto key = core::array_from_hex<32>(json.value("link_key", ""));
    const auto signature = core::array_from_hex<64>(json.value("signature", ""));
    if (!key || !signature) return std::unexpected("link_key has 32 and signature has 64 bytes of hex");
    out.key.bytes = *key;
    out.signature = *signature;
    for (const std::string& name : json.value("roles", std::vector<std::string>{})) {
      const auto role = role_from_name(name);
      if (!role) return std::unexpected("there is no role `" + name + "`");
      out.roles |= bit(*role);
    }
    out.serial = json.value("serial", std::uint64_t{0});
    out.addresses = json.value("addresses", std::vector<std::string>{});
  } catch (const Json::exception& fault) {
    return std::unexpected(std::string("certificate: ") + fault.what());
  }
  if (!core::ed25519_verify(genesis.validators[out.validator].consensus_key.bytes,
                            process_signing_bytes(core::genesis_hash(genesis), out), out.signature))
    return std::unexpected("the signature is not of the consensus key of " + genesis.validators[out.validator].name +
                           " over this genesis, key, roles and serial");
  return out;
}

std::expected<ProcessCertificate, std::string> certify(const PublicRecord& record, const Certifier& certifier) {
  const std::string who = "record " + record.name + ": ";
  const auto validator =
      std::ranges::find(certifier.genesis.validators, record.validator, &core::GenesisValidator::name);
  if (validator == certifier.genesis.validators.end())
    return std::unexpected(who + "validator `" + record.validator + "` is not in this genesis");
  if (validator->consensus_key.bytes != certifier.consensus_key.public_bytes())
    return std::unexpected(who + "the consensus key is not the one that genesis has for " + validator->name);
  ProcessCertificate out{.validator = static_cast<std::uint16_t>(validator - certifier.genesis.validators.begin()),
                         .name = record.name,
                         .key = record.link_key,
                         .roles = 0,
                         .serial = certifier.serial,
                         .signature = {},
                         .addresses = {}};
  if (out.serial == 0) return std::unexpected(who + "a serial is at least 1: genesis is 0");
  if (!record.peers.empty()) out.addresses.push_back(record.peers);
  for (const std::string& name : record.roles) {
    if (certifier.take_out) break;
    const core::Role role = *role_from_name(name);
    if (const auto why = why_not(role, *validator, certifier.force); !why.empty())
      return std::unexpected(who + "role " + name + " " + why);
    out.roles |= bit(role);
  }
  out.signature = certifier.consensus_key.sign(process_signing_bytes(core::genesis_hash(certifier.genesis), out));
  return out;
}

std::vector<ProcessCertificate> stored_certificates(const storage::KeyValue& store) {
  std::vector<ProcessCertificate> out;
  store.scan(kPrefix, "", [&](std::string_view, std::string_view value) {
    auto certificate = messages::decode_text<ProcessCertificate>(value);
    ASTERISM_CHECK(certificate, "a certificate in the database does not decode");
    out.push_back(std::move(*certificate));
    return true;
  });
  return out;
}

void store_certificate(const ProcessCertificate& certificate, storage::WriteBatch& batch) {
  batch.put(std::string(kPrefix) + std::string(core::as_text(certificate.key.bytes)),
            messages::encode_text(certificate));
}

}  // namespace asterism::cluster
