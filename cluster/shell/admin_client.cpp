#include "cluster/shell/admin_client.hpp"

#include <sodium.h>

#include <algorithm>
#include <chrono>

#include "actors/admin/admin.hpp"
#include "config/config.hpp"
#include "messages/codec.hpp"

namespace asterism::cluster {
namespace {

constexpr std::uint64_t kValidSeconds = 30;

}  // namespace

std::uint64_t unix_seconds() {
  return static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
}

std::expected<std::unique_ptr<AdminClient>, std::string> AdminClient::connect(std::vector<std::string> addresses,
                                                                              const DeploymentView& deployment,
                                                                              const core::Ed25519Secret& admin) {
  std::unique_ptr<AdminClient> client(new AdminClient(std::move(addresses), deployment, admin));
  if (auto linked = client->ensure_link(); !linked) return std::unexpected(linked.error());
  if (auto learned = client->learn_nodes(); !learned) return std::unexpected(learned.error());
  return client;
}

std::expected<void, std::string> AdminClient::ensure_link() {
  if (link_ && link_->alive()) return {};
  const LinkIdentity identity{.genesis_hash = deployment_.genesis_hash, .key = admin_};
  std::string last = "genesis names no address of a node";
  for (const std::string& address : addresses_) {
    ClientLinkOptions options{.address = address, .listener = ListenerKind::kPeers, .expected = {}};
    options.deployment.emplace(deployment_);
    auto link = ClientLink::connect(identity, options);
    if (link) {
      link_ = std::move(*link);
      return {};
    }
    last = unreachable(address, link.error(), "peers' listener of a node (`listen.peers`)");
  }
  return std::unexpected(addresses_.size() == 1 ? last : "no node answers; last: " + last);
}

Json AdminClient::ask(const core::LinkKey& wanted, const std::string& what, const std::vector<std::string>& arguments,
                      Millis timeout) {
  const bool here = wanted == connected_to();
  if (auto linked = ensure_link(); !linked) return error_answer(linked.error());
  const core::LinkKey target = here ? connected_to() : wanted;
  messages::SignedCommand command{.request = next_request_++,
                                  .target = target,
                                  .nonce = {},
                                  .expiry = unix_seconds() + kValidSeconds,
                                  .admin = {},
                                  .command = messages::encode_value(messages::AdminCommand{what, arguments}),
                                  .signature = {}};
  randombytes_buf(command.nonce.data(), command.nonce.size());
  command.admin.bytes = admin_.public_bytes();
  command.signature = admin_.sign(actors::admin_signing_bytes(deployment_.genesis_hash, command));
  const auto nonce = command.nonce;
  if (auto sent = link_->send(std::move(command)); !sent) return error_answer("the link is gone: " + sent.error().text);
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::duration_cast<Millis>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return error_answer("no answer in time");
    const auto message = link_->receive(left);
    if (!message) return error_answer("the link is gone: " + message.error().text);
    if (!*message) return error_answer("no answer in time");
    const auto* reply = std::get_if<messages::CommandReply>(message->get());
    if (!reply || reply->nonce != nonce) continue;
    Json json = Json::parse(reply->json, nullptr, false);
    return json.is_discarded() ? error_answer("the answer is not JSON") : json;
  }
}

Json AdminClient::ask(const actors::CommandInfo& command, const std::vector<std::string>& arguments) {
  if (auto linked = ensure_link(); !linked) return error_answer(linked.error());
  const auto role = actors::role_of(command.answerer);
  if (!role || command.answerer == actors::Answerer::kAdmin)
    return ask(connected_to(), std::string(command.name), arguments);
  const NodeInfo* target = holder(config::role_names()[static_cast<std::size_t>(*role)]);
  if (!target)
    return error_answer("no process of this deployment has the role that answers `" + std::string(command.name) + "`");
  return ask(target->key, std::string(command.name), arguments);
}

std::expected<void, std::string> AdminClient::learn_nodes() {
  const Json answer = ask(connected_to(), "nodes", {});
  if (answer.contains("error")) return std::unexpected(answer["error"].get<std::string>());
  for (const Json& one : answer["nodes"]) {
    NodeInfo info;
    info.name = one.value("node", "");
    const auto key = core::array_from_hex<32>(one.value("key", ""));
    if (!key) continue;
    info.key.bytes = *key;
    if (one["validator"].is_number()) info.validator = one["validator"].get<std::uint16_t>();
    info.roles = one["roles"].get<std::vector<std::string>>();
    nodes_.push_back(std::move(info));
  }
  return {};
}

const NodeInfo* AdminClient::node(std::string_view name) const {
  const auto it = std::ranges::find(nodes_, name, &NodeInfo::name);
  return it == nodes_.end() ? nullptr : &*it;
}

// The connected process when it has the role, else another of its validator, else any.
const NodeInfo* AdminClient::holder(std::string_view role) const {
  const auto has = [&](const NodeInfo& info) { return std::ranges::find(info.roles, role) != info.roles.end(); };
  const auto here = std::ranges::find(nodes_, connected_to(), &NodeInfo::key);
  const NodeInfo* best = nullptr;
  int best_rank = 0;
  for (const NodeInfo& info : nodes_) {
    if (!has(info)) continue;
    const bool same = here != nodes_.end() && info.validator == here->validator;
    const int rank = info.key == connected_to() ? 3 : same ? 2 : 1;
    if (rank > best_rank) best = &info, best_rank = rank;
  }
  return best;
}

}  // namespace asterism::cluster
