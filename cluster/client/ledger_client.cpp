#include "cluster/client/ledger_client.hpp"

#include <chrono>

namespace asterism::cluster {

std::expected<std::unique_ptr<LedgerClient>, std::string> LedgerClient::connect(const std::string& address,
                                                                                const DeploymentView& deployment) {
  return open({.genesis_hash = deployment.genesis_hash, .key = core::Ed25519Secret::generate()},
              {.address = address, .listener = ListenerKind::kClients, .expected = {}}, deployment);
}

std::expected<std::unique_ptr<LedgerClient>, std::string> LedgerClient::connect_admin(
    const std::string& address, const DeploymentView& deployment, const core::Ed25519Secret& admin) {
  return open({.genesis_hash = deployment.genesis_hash, .key = admin},
              {.address = address, .listener = ListenerKind::kPeers, .expected = deployment.genesis.ledger_key},
              deployment);
}

std::expected<std::unique_ptr<LedgerClient>, std::string> LedgerClient::open(const LinkIdentity& identity,
                                                                             ClientLinkOptions options,
                                                                             const DeploymentView& deployment) {
  options.deployment.emplace(deployment);
  auto link = ClientLink::connect(identity, options);
  if (!link)
    return std::unexpected("the L1: " + unreachable(options.address, link.error(),
                                                    options.listener == ListenerKind::kPeers
                                                        ? "peers' listener of the embedded L1"
                                                        : "clients' listener of the embedded L1"));
  return std::unique_ptr<LedgerClient>(new LedgerClient(std::move(*link)));
}

template <class Reply, class Request>
std::expected<Reply, std::string> LedgerClient::ask(Request request, Millis bound) {
  request.request = next_++;
  const std::uint64_t number = request.request;
  if (auto sent = link_->send(std::move(request)); !sent) return std::unexpected(sent.error().text);
  const auto until = std::chrono::steady_clock::now() + bound;
  for (;;) {
    const auto left = std::chrono::duration_cast<Millis>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::unexpected("the L1 does not answer in time");
    const auto message = link_->receive(left);
    if (!message) return std::unexpected(message.error().text);
    if (!*message) continue;
    const auto* reply = std::get_if<Reply>(message->get());
    if (reply && reply->request == number) return *reply;
  }
}

std::expected<messages::LedgerStateReply, std::string> LedgerClient::state(const core::EthAddress& account) {
  return ask<messages::LedgerStateReply>(messages::LedgerStateRequest{.request = 0, .account = account});
}

std::expected<messages::LedgerBlocksReply, std::string> LedgerClient::blocks(std::uint64_t from, std::uint32_t most) {
  return ask<messages::LedgerBlocksReply>(
      messages::LedgerBlocksRequest{.request = 0, .from = from, .max_blocks = most});
}

std::expected<messages::LedgerReorgReply, std::string> LedgerClient::reorganise(std::uint64_t depth) {
  return ask<messages::LedgerReorgReply>(messages::LedgerReorg{.request = 0, .depth = depth});
}

std::expected<std::uint64_t, std::string> LedgerClient::execute(const messages::LedgerTransaction& transaction,
                                                                const core::Word& hash, Millis bound) {
  const auto head = blocks(0, 0);
  if (!head) return std::unexpected(head.error());
  std::uint64_t from = head->head + 1;
  const auto reply = ask<messages::LedgerSubmitReply>(messages::LedgerSubmit{.request = 0, .transaction = transaction});
  if (!reply) return std::unexpected(reply.error());
  if (!reply->accepted) return std::unexpected("the L1 refuses: " + reply->text);
  const auto until = std::chrono::steady_clock::now() + bound;
  while (std::chrono::steady_clock::now() < until) {
    const auto answer = blocks(from, 64);
    if (!answer) return std::unexpected(answer.error());
    for (const messages::LedgerBlock& block : answer->blocks) {
      from = block.number + 1;
      for (const messages::LedgerEvent& event : block.events) {
        if (event.kind != static_cast<std::uint8_t>(messages::LedgerEventKind::kTransaction) || event.hash != hash)
          continue;
        if (event.failed) return std::unexpected("the transaction failed on L1: " + event.text);
        return block.number;
      }
    }
    // The next block is up to a second away; receive() on an idle link is the wait.
    if (answer->blocks.empty()) static_cast<void>(link_->receive(Millis(200)));
  }
  return std::unexpected("not in an L1 block in time");
}

}  // namespace asterism::cluster
