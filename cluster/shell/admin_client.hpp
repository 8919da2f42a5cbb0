// The shell's end of an admin link: signs commands, finds the process that must answer, waits for the answer.
#pragma once
#include <nlohmann/json.hpp>

#include "actors/admin/commands.hpp"
#include "cluster/client_link.hpp"
#include "core/crypto/ed25519.hpp"

namespace asterism::cluster {

using Json = nlohmann::ordered_json;

struct NodeInfo {
  std::string name;
  core::LinkKey key{};
  std::optional<std::uint16_t> validator;
  std::vector<std::string> roles;
};

class AdminClient {
 public:
  // `address`: a peers' listener of any node.
  static std::expected<std::unique_ptr<AdminClient>, std::string> connect(const std::string& address,
                                                                          const core::Word& genesis_hash,
                                                                          const core::Ed25519Secret& admin);

  // One command at one process; `{"error": ...}` for everything that goes wrong on the way.
  Json ask(const core::LinkKey& target, const std::string& what, const std::vector<std::string>& arguments,
           Millis timeout = Millis(12'000));
  // The same where the command's answerer is (the connected replica's process for roles that each replica has).
  Json ask(const actors::CommandInfo& command, const std::vector<std::string>& arguments);
  // By name, or nullptr.
  const NodeInfo* node(std::string_view name) const;
  const std::vector<NodeInfo>& nodes() const { return nodes_; }
  core::LinkKey connected_to() const { return link_->peer(); }

 private:
  AdminClient(std::unique_ptr<ClientLink> link, const core::Word& genesis_hash, const core::Ed25519Secret& admin)
      : link_(std::move(link)), genesis_hash_(genesis_hash), admin_(admin) {}
  std::expected<void, std::string> learn_nodes();
  const NodeInfo* holder(std::string_view role) const;

  std::unique_ptr<ClientLink> link_;
  core::Word genesis_hash_;
  core::Ed25519Secret admin_;
  std::vector<NodeInfo> nodes_;
  std::uint64_t next_request_ = 1;
};

}  // namespace asterism::cluster
