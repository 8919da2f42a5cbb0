#include "cluster/client/node_client.hpp"

#include <chrono>

namespace asterism::cluster {

std::expected<std::unique_ptr<NodeClient>, std::string> NodeClient::connect(const std::string& address,
                                                                            const DeploymentView& deployment) {
  const LinkIdentity identity{.genesis_hash = deployment.genesis_hash, .key = core::Ed25519Secret::generate()};
  ClientLinkOptions options{.address = address, .listener = ListenerKind::kClients, .expected = {}};
  options.deployment.emplace(deployment);
  auto link = ClientLink::connect(identity, options);
  if (!link) return std::unexpected(unreachable(address, link.error(), "clients' listener (`listen.clients`)"));
  return std::unique_ptr<NodeClient>(new NodeClient(std::move(*link)));
}

std::expected<std::unique_ptr<NodeClient>, std::string> NodeClient::connect_any(
    const std::vector<std::string>& addresses, const DeploymentView& deployment) {
  std::string last = "no address of a clients' listener is known (--connect host:port)";
  for (const std::string& address : addresses) {
    auto client = connect(address, deployment);
    if (client) return client;
    last = client.error();
  }
  return std::unexpected(last);
}

std::expected<std::uint64_t, std::string> NodeClient::send(const core::Transaction& transaction) {
  const std::uint64_t request = next_++;
  if (auto sent = link_->send(messages::SubmitTransaction{request, transaction}); !sent)
    return std::unexpected(sent.error().text);
  return request;
}

std::expected<std::uint64_t, std::string> NodeClient::ask(const std::string& what,
                                                          const std::vector<std::string>& arguments) {
  const std::uint64_t request = next_++;
  if (auto sent = link_->send(messages::Query{request, what, arguments}); !sent)
    return std::unexpected(sent.error().text);
  return request;
}

std::expected<messages::MessagePtr, std::string> NodeClient::poll(Millis timeout) {
  if (!early_.empty()) {
    auto message = early_.front();
    early_.pop_front();
    return message;
  }
  auto message = link_->receive(timeout);
  if (!message) return std::unexpected(message.error().text);
  return *message;
}

template <class Reply>
std::expected<messages::MessagePtr, std::string> NodeClient::wait_for(std::uint64_t request, Millis timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::duration_cast<Millis>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::unexpected("no answer in time");
    auto message = link_->receive(left);
    if (!message) return std::unexpected(message.error().text);
    if (!*message) continue;
    const auto* reply = std::get_if<Reply>(message->get());
    if (reply && reply->request == request) return *message;
    early_.push_back(*message);
  }
}

std::expected<messages::SubmitReply, std::string> NodeClient::submit(const core::Transaction& transaction,
                                                                     Millis timeout) {
  const auto request = send(transaction);
  if (!request) return std::unexpected(request.error());
  const auto message = wait_for<messages::SubmitReply>(*request, timeout);
  if (!message) return std::unexpected(message.error());
  return std::get<messages::SubmitReply>(**message);
}

std::expected<nlohmann::ordered_json, std::string> NodeClient::query(const std::string& what,
                                                                     const std::vector<std::string>& arguments,
                                                                     Millis timeout) {
  const auto request = ask(what, arguments);
  if (!request) return std::unexpected(request.error());
  const auto message = wait_for<messages::QueryReply>(*request, timeout);
  if (!message) return std::unexpected(message.error());
  auto json = nlohmann::ordered_json::parse(std::get<messages::QueryReply>(**message).json, nullptr, false);
  if (json.is_discarded()) return std::unexpected("the answer is not JSON");
  return json;
}

std::string_view to_string(messages::SubmitCode code) {
  using enum messages::SubmitCode;
  switch (code) {
    case kReceived:
      return "RECEIVED";
    case kTryAgain:
      return "try again";
    case kDuplicate:
      return "duplicate";
    case kOldNonce:
      return "old nonce";
    case kNonceTooFar:
      return "nonce too far ahead";
    case kUnderpriced:
      return "underpriced replacement";
    case kPoolFull:
      return "pool full";
    case kTooLarge:
      return "too large";
    case kInvalid:
      return "invalid";
    case kUnavailable:
      return "unavailable";
  }
  return "unknown";
}

}  // namespace asterism::cluster
