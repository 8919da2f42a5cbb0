#include "cluster/deployment/own_place.hpp"

#include "cluster/deployment/certificate.hpp"
#include "cluster/deployment/key_files.hpp"

namespace asterism::cluster {

using config::Problem;
using config::problem_at;
using core::Role;

std::vector<Problem> check_roles(const config::Config& config, const core::Genesis& genesis,
                                 const Membership& membership) {
  std::vector<Problem> out;
  const RoleSet of_validator =
      membership.own_roles() & static_cast<RoleSet>(~(bit(Role::kWorker) | bit(Role::kLedger) | bit(Role::kAdmin)));
  const std::string key = "link key " + membership.own_key().hex();
  if ((membership.own_roles() & bit(Role::kLedger)) != 0 && membership.own_key() != genesis.ledger_key)
    out.push_back(problem_at(config, "keys.link", key + " is not the one that genesis has for the ledger"));
  if (of_validator == 0) return out;
  const auto own = membership.find(membership.own_key());
  if (!own || !own->validator) {
    out.push_back(problem_at(config, "keys.link",
                             key + " belongs to no validator of this genesis; `asterism keygen --certify` adds a "
                                   "process, and its certificate goes into `certificates`"));
    return out;
  }
  const std::string& validator = genesis.validators[own->validator->value].name;
  if (!config.validator.empty() && config.validator != validator)
    out.push_back(problem_at(config, "validator", "the " + key + " belongs to validator " + validator));
  for (const std::string& role : role_names_of(static_cast<RoleSet>(of_validator & ~own->roles)))
    out.push_back(problem_at(config, "roles",
                             "\"" + role + "\" is not among the roles that " +
                                 (own->serial == 0 ? std::string("genesis") : "its certificate") +
                                 " gives this process: others would refuse what it sends"));
  return out;
}

std::vector<Problem> check_place(const config::Config& config) {
  const auto one = [&](const std::string& key, const std::string& text) {
    return std::vector<Problem>{problem_at(config, key, text)};
  };
  const auto text = read_file(config.genesis);
  if (!text) return one("genesis", text.error());
  const auto genesis = core::decode_genesis(*text);
  if (!genesis) return one("genesis", config.genesis + ": " + genesis.error().where);
  const auto link = load_ed25519(config.keys.link);
  if (!link) return one("keys.link", link.error().text);
  RoleSet roles = 0;
  for (const std::string& name : config.roles) {
    if (const auto role = role_from_name(name)) roles |= bit(*role);
  }
  Membership membership(*genesis, core::genesis_hash(*genesis), {link->public_bytes()}, roles);
  std::vector<Problem> out;
  for (const std::string& file : config.certificates) {
    const auto bytes = read_file(file, 64 * 1024);
    const auto certificate = bytes ? decode_certificate(*genesis, *bytes)
                                   : std::expected<ProcessCertificate, std::string>(std::unexpected(bytes.error()));
    if (certificate)
      static_cast<void>(membership.add(*certificate));
    else
      out.push_back(problem_at(config, "certificates", file + ": " + certificate.error()));
  }
  for (Problem& problem : check_roles(config, *genesis, membership)) out.push_back(std::move(problem));
  const auto own = membership.find(membership.own_key());
  if ((roles & bit(Role::kConsensus)) == 0 || !own || !own->validator) return out;
  const auto consensus = load_ed25519(config.keys.consensus);
  if (!consensus)
    out.push_back(problem_at(config, "keys.consensus", consensus.error().text));
  else if (consensus->public_bytes() != genesis->validators[own->validator->value].consensus_key.bytes)
    out.push_back(problem_at(config, "keys.consensus", "is not the consensus key that genesis has for this validator"));
  return out;
}

}  // namespace asterism::cluster
