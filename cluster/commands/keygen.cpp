// keygen: makes keys where they will live and prints the public record of the process.
#include <cstdio>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/deployment/deployment.hpp"
#include "cluster/deployment/key_files.hpp"
#include "cluster/link/sockets.hpp"
#include "config/config.hpp"

namespace asterism::cluster {
namespace {

std::expected<void, std::string> make_admin(PublicRecord& record, const std::string& folder) {
  const auto admin = load_or_create_ed25519(std::filesystem::path(folder) / "admin.key");
  if (!admin) return std::unexpected(admin.error().text);
  record.admin.bytes = admin->public_bytes();
  return {};
}

}  // namespace

int keygen_command(int argc, char** argv) {
  CommandLine app("keygen",
                  "Makes keys (mode 0600, existing ones are kept) and prints the public record that `init` takes.",
                  "asterism keygen --dir /var/lib/asterism/r0 --name r0 --validator r0 --peers 10.0.0.1:7000 --clients "
                  "10.0.0.1:7001 > r0.json");
  PublicRecord record;
  std::string folder;
  bool admin = false;
  app.add_option("--dir", folder, "folder of the keys")->required();
  app.add_option("--name", record.name, "name of the process")->required();
  app.add_option("--validator", record.validator, "replica that the process belongs to");
  app.add_option("--weight", record.weight, "voting weight of that replica")->check(CLI::Range(1, 1'000'000));
  app.add_option("--roles", record.roles,
                 "roles: " + CLI::detail::join(config::role_names(), ", ") + " (default: all of a replica)")
      ->delimiter(',');
  app.add_option("--peers", record.peers, "host:port that other processes dial");
  app.add_option("--clients", record.clients, "host:port that clients dial");
  app.add_flag("--admin", admin, "a person's key for the shell instead of a process");
  if (const auto code = app.read(argc, argv)) return *code;
  if (admin) {
    record.roles.clear();
    if (auto made = make_admin(record, folder); !made) return complain("keygen", made.error());
  } else {
    if (record.roles.empty()) record.roles = {"gateway", "mempool", "consensus", "sequencer", "l1", "admin"};
    for (const std::string& role : record.roles) {
      const auto names = config::role_names();
      if (std::find(names.begin(), names.end(), role) == names.end())
        return complain("keygen", "there is no role `" + role + "`", kExitUsage);
    }
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

}  // namespace asterism::cluster
