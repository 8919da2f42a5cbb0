// One shell at a cluster: a line in, an answer out. Puts together what several processes know (`status`, `tx`), makes
// the seed of a join token, and sends everything else to the role that answers.
#pragma once
#include "cluster/shell/admin_client.hpp"

namespace asterism::cluster {

class ShellSession {
 public:
  ShellSession(AdminClient& client, const core::Word& genesis_hash) : client_(client), genesis_hash_(genesis_hash) {}

  // `@NODE command ...` asks that node instead of the connected one. {"error": ...} on failure.
  Json run(const std::string& line);
  // `help` and `help COMMAND`; the error says that there is no such command.
  static std::expected<std::string, std::string> help(const std::string& command);

 private:
  Json ask_at(const NodeInfo* node, const actors::ParsedCommand& command);
  Json status();
  Json heads(const NodeInfo* node);
  std::string why_safe(const Json& heads);
  Json open_alarms();
  Json transaction(const std::string& hash);
  Json invite(const std::vector<std::string>& arguments);
  std::vector<const NodeInfo*> replicas(std::string_view role) const;

  AdminClient& client_;
  core::Word genesis_hash_;
};

// Words of a line; quotes group.
std::vector<std::string> split_words(const std::string& line);

}  // namespace asterism::cluster
