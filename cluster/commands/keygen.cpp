// keygen: makes keys where they will live and prints the public record of the process; or certifies such a record, so
// that a process that genesis does not know may join its validator.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/deployment/certificate.hpp"
#include "cluster/deployment/key_files.hpp"
#include "cluster/link/sockets.hpp"
#include "config/config.hpp"

namespace asterism::cluster {
namespace {

namespace fs = std::filesystem;

struct CertifyArguments {
  std::string record, genesis, consensus_key, out = ".";
  std::uint64_t serial = 0;
  bool take_out = false, force = false;
};

std::expected<void, std::string> make_admin(PublicRecord& record, const std::string& folder) {
  const auto admin = load_or_create_ed25519(fs::path(folder) / "admin.key");
  if (!admin) return std::unexpected(admin.error().text);
  record.admin.bytes = admin->public_bytes();
  return {};
}

int make_keys_of(PublicRecord record, const std::string& folder, bool admin) {
  if (folder.empty() || record.name.empty())
    return complain("keygen", "--dir (folder of the keys) and --name (of the process) are needed", kExitUsage);
  if (admin) {
    record.roles.clear();
    if (auto made = make_admin(record, folder); !made) return complain("keygen", made.error());
  } else {
    if (record.roles.empty()) record.roles = {"gateway", "mempool", "consensus", "sequencer", "l1", "admin"};
    for (const std::string& role : record.roles) {
      if (!role_from_name(role))
        return complain("keygen",
                        "there is no role `" + role + "`; roles are " + CLI::detail::join(config::role_names(), ", "),
                        kExitUsage);
    }
    const bool ledger = std::ranges::find(record.roles, "ledger") != record.roles.end();
    if (record.validator.empty() && !ledger)
      return complain("keygen", "--validator NAME is needed: the replica that the process belongs to", kExitUsage);
    if (record.peers.empty())
      return complain("keygen", "--peers host:port is needed: other processes must find this one", kExitUsage);
    for (const std::string& endpoint : {record.peers, record.clients}) {
      if (!endpoint.empty() && !parse_host_port(endpoint))
        return complain("keygen", "`" + endpoint + "` is not host:port", kExitUsage);
    }
    if (auto made = make_keys(record, folder); !made) return complain("keygen", made.error());
  }
  std::printf("%s\n", encode_record(record).c_str());
  return kExitDone;
}

std::expected<std::string, std::string> write_certified(const CertifyArguments& arguments) {
  const auto text = read_file(arguments.record, 64 * 1024);
  if (!text) return std::unexpected(text.error());
  auto record = decode_record(*text);
  if (!record) return std::unexpected(arguments.record + ": " + record.error());
  const auto json = read_file(arguments.genesis);
  if (!json) return std::unexpected(json.error());
  const auto genesis = core::decode_genesis(*json);
  if (!genesis) return std::unexpected(arguments.genesis + ": " + genesis.error().where);
  const auto key = load_ed25519(arguments.consensus_key);
  if (!key) return std::unexpected(key.error().text);
  const auto certificate = certify(*record, {.genesis = *genesis,
                                             .consensus_key = *key,
                                             .serial = arguments.serial,
                                             .take_out = arguments.take_out,
                                             .force = arguments.force});
  if (!certificate) return std::unexpected(certificate.error());
  const fs::path file = fs::path(arguments.out) / (record->name + ".certificate.json");
  if (auto written = write_file(file, encode_certificate(*genesis, *certificate)); !written)
    return std::unexpected(written.error());
  if (arguments.take_out)
    return file.string() +
           "\nname it in `certificates` of any running process's configuration and restart that: it "
           "tells the others";
  config::Config config = compose_config(*record, {*record});
  config.certificates = {file.filename().string()};
  const fs::path toml = fs::path(arguments.out) / (record->name + ".toml");
  if (auto written = write_file(toml, config::render(config, true)); !written) return std::unexpected(written.error());
  return file.string() + "\n" + toml.string() +
         "\ncopy both and genesis.json beside the process's keys, then: asterism node --config " + record->name +
         ".toml";
}

}  // namespace

int keygen_command(int argc, char** argv) {
  CommandLine app("keygen",
                  "Makes keys (mode 0600, existing ones are kept) and prints the public record that `init` takes.\n"
                  "With --certify: certifies the record of a process that genesis does not know, so that it may join "
                  "its validator;\nwrites NAME.certificate.json and NAME.toml.",
                  "asterism keygen --dir /var/lib/asterism/r0 --name r0 --validator r0 --peers 10.0.0.1:7000 --clients "
                  "10.0.0.1:7001 > r0.json\n"
                  "  asterism keygen --certify r0-door.json --genesis genesis.json --consensus-key consensus.key --out "
                  "r0-door");
  PublicRecord record;
  CertifyArguments certified;
  std::string folder;
  bool admin = false;
  app.add_option("--dir", folder, "folder of the keys");
  app.add_option("--name", record.name, "name of the process");
  app.add_option("--validator", record.validator, "replica that the process belongs to");
  app.add_option("--weight", record.weight, "voting weight of that replica")->check(CLI::Range(1, 1'000'000));
  app.add_option("--roles", record.roles,
                 "roles: " + CLI::detail::join(config::role_names(), ", ") + " (default: all of a replica)")
      ->delimiter(',');
  app.add_option("--peers", record.peers, "host:port that other processes dial");
  app.add_option("--clients", record.clients, "host:port that clients dial");
  app.add_flag("--admin", admin, "a person's key for the shell instead of a process");
  CLI::Option* certify_option =
      app.add_option("--certify", certified.record, "record of a process that genesis does not know: a file");
  app.add_option("--genesis", certified.genesis, "with --certify: the deployment's genesis.json")
      ->needs(certify_option);
  app.add_option("--consensus-key", certified.consensus_key, "with --certify: file of its validator's consensus key")
      ->needs(certify_option);
  app.add_option("--serial", certified.serial, "with --certify: the highest of a process wins (default: unix seconds)")
      ->needs(certify_option);
  app.add_flag("--take-out", certified.take_out, "with --certify: the process loses its roles")->needs(certify_option);
  app.add_flag("--force", certified.force, "with --certify: also roles of a genesis process that is out of service")
      ->needs(certify_option);
  app.add_option("--out", certified.out, "with --certify: folder to write to")
      ->capture_default_str()
      ->needs(certify_option);
  if (const auto code = app.read(argc, argv)) return *code;
  if (certified.record.empty()) return make_keys_of(std::move(record), folder, admin);
  if (certified.genesis.empty() || certified.consensus_key.empty())
    return complain("keygen", "--certify needs --genesis FILE and --consensus-key FILE", kExitUsage);
  if (certified.serial == 0)
    certified.serial =
        static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
  const auto written = write_certified(certified);
  if (!written) return complain("keygen", written.error());
  std::printf("%s\n", written->c_str());
  return kExitDone;
}

}  // namespace asterism::cluster
