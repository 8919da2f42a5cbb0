// A client of the embedded L1, over its clients' listener: deposits, withdrawals, its state; and of an admin: drills.
#pragma once
#include "actors/l1/ledger_transaction.hpp"
#include "cluster/client_link.hpp"
#include "core/chain/genesis.hpp"

namespace asterism::cluster {

class LedgerClient {
 public:
  static std::expected<std::unique_ptr<LedgerClient>, std::string> connect(const std::string& address,
                                                                           const DeploymentView& deployment);
  // Over its peers' listener, as an admin: for drills.
  static std::expected<std::unique_ptr<LedgerClient>, std::string> connect_admin(const std::string& address,
                                                                                 const DeploymentView& deployment,
                                                                                 const core::Ed25519Secret& admin);

  std::expected<messages::LedgerStateReply, std::string> state(const core::EthAddress& account);
  std::expected<messages::LedgerBlocksReply, std::string> blocks(std::uint64_t from, std::uint32_t most);
  std::expected<messages::LedgerReorgReply, std::string> reorganise(std::uint64_t depth);
  // Sends, and waits until a block has it: that block's number. A failed transaction is an error with its reason.
  std::expected<std::uint64_t, std::string> execute(const messages::LedgerTransaction& transaction,
                                                    const core::Word& hash, Millis bound);

 private:
  static std::expected<std::unique_ptr<LedgerClient>, std::string> open(const LinkIdentity& identity,
                                                                        ClientLinkOptions options,
                                                                        const DeploymentView& deployment);
  explicit LedgerClient(std::unique_ptr<ClientLink> link) : link_(std::move(link)) {}
  template <class Reply, class Request>
  std::expected<Reply, std::string> ask(Request request, Millis bound = Millis(5'000));

  std::unique_ptr<ClientLink> link_;
  std::uint64_t next_ = 1;
};

}  // namespace asterism::cluster
