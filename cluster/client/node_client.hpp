// A client of a node: submits transactions and asks, over the clients' listener. One link; answers by request number.
#pragma once
#include <deque>
#include <nlohmann/json.hpp>

#include "cluster/client_link.hpp"
#include "core/chain/transaction.hpp"

namespace asterism::cluster {

class NodeClient {
 public:
  static std::expected<std::unique_ptr<NodeClient>, std::string> connect(const std::string& address,
                                                                         const DeploymentView& deployment);
  // The first of `addresses` that answers.
  static std::expected<std::unique_ptr<NodeClient>, std::string> connect_any(const std::vector<std::string>& addresses,
                                                                             const DeploymentView& deployment);

  // Waits for the answer. The error is the link's.
  std::expected<messages::SubmitReply, std::string> submit(const core::Transaction& transaction,
                                                           Millis timeout = Millis(10'000));
  // {"error": ...} when it cannot be answered.
  std::expected<nlohmann::ordered_json, std::string> query(const std::string& what,
                                                           const std::vector<std::string>& arguments,
                                                           Millis timeout = Millis(10'000));

  // Without waiting: the request's number; answers come by poll().
  std::expected<std::uint64_t, std::string> send(const core::Transaction& transaction);
  std::expected<std::uint64_t, std::string> ask(const std::string& what, const std::vector<std::string>& arguments);
  // The next SubmitReply or QueryReply; null when none came in time.
  std::expected<messages::MessagePtr, std::string> poll(Millis timeout);

 private:
  explicit NodeClient(std::unique_ptr<ClientLink> link) : link_(std::move(link)) {}
  template <class Reply>
  std::expected<messages::MessagePtr, std::string> wait_for(std::uint64_t request, Millis timeout);

  std::unique_ptr<ClientLink> link_;
  std::deque<messages::MessagePtr> early_;  // answers to other requests, met while waiting
  std::uint64_t next_ = 1;
};

std::string_view to_string(messages::SubmitCode code);

}  // namespace asterism::cluster
