// The shell's end of an admin link: signs commands, finds the process that must answer, waits for the answer.
#pragma once
#include <nlohmann/json.hpp>

#include "actors/admin/commands.hpp"
#include "cluster/client_link.hpp"
#include "core/crypto/ed25519.hpp"

namespace asterism::cluster {

using Json = nlohmann::ordered_json;

std::uint64_t unix_seconds();  // the wall clock
inline Json error_answer(std::string text) { return Json{{"error", std::move(text)}}; }

struct NodeInfo {
  std::string name;
  core::LinkKey key{};
  std::optional<std::uint16_t> validator;
  std::vector<std::string> roles;
};

class AdminClient {
 public:
  // `addresses`: peers' listeners of nodes; the first that answers. `deployment` must outlive the client.
  static std::expected<std::unique_ptr<AdminClient>, std::string> connect(std::vector<std::string> addresses,
                                                                          const DeploymentView& deployment,
                                                                          const core::Ed25519Secret& admin);

  // One command at one process; `{"error": ...}` for everything that goes wrong on the way.
  Json ask(const core::LinkKey& wanted, const std::string& what, const std::vector<std::string>& arguments,
           Millis timeout = Millis(12'000));
  // The same where the command's answerer is (the connected replica's process for roles that each replica has).
  Json ask(const actors::CommandInfo& command, const std::vector<std::string>& arguments);
  // By name, or nullptr.
  const NodeInfo* node(std::string_view name) const;
  const std::vector<NodeInfo>& nodes() const { return nodes_; }
  core::LinkKey connected_to() const { return link_->peer(); }

 private:
  AdminClient(std::vector<std::string> addresses, const DeploymentView& deployment, const core::Ed25519Secret& admin)
      : addresses_(std::move(addresses)), deployment_(deployment), admin_(admin) {}
  // A link that has ended since the last command (the node restarted, another shell of this key came) is made anew.
  std::expected<void, std::string> ensure_link();
  std::expected<void, std::string> learn_nodes();
  const NodeInfo* holder(std::string_view role) const;

  std::vector<std::string> addresses_;
  DeploymentView deployment_;
  std::unique_ptr<ClientLink> link_;
  core::Ed25519Secret admin_;
  std::vector<NodeInfo> nodes_;
  std::uint64_t next_request_ = 1;
};

}  // namespace asterism::cluster
