// Parts of `client` that have files of their own.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "cluster/client/node_client.hpp"
#include "cluster/shell/deployment_folder.hpp"

namespace asterism::cluster {

struct ClientContext {
  DeploymentFolder folder;
  std::string address;     // of a clients' listener; empty: those of the folder
  std::string wait;        // empty: do not
  unsigned timeout = 120;  // seconds
  std::expected<std::unique_ptr<NodeClient>, std::string> connect() const;
};

struct LoadArguments {
  double rate = 100;
  unsigned duration = 30;    // seconds
  std::size_t accounts = 0;  // 0: all
  bool json = false;
};

std::expected<core::Uint128, std::string> parse_amount(const std::string& text);
std::expected<std::uint64_t, std::string> nonce_of(NodeClient& client, const core::Felt& address);
int wait_for_status(const ClientContext& context, const core::Felt& hash);
int submit_and_wait(const ClientContext& context, NodeClient& client, const core::Transaction& transaction);

int deposit_command(const ClientContext& context, const std::string& to, const std::string& amount);
int withdraw_command(const ClientContext& context, const std::string& from, const std::string& to,
                     const std::string& amount);
CLI::App* add_load_command(CLI::App& app, LoadArguments& arguments, const std::string& codes);
int load_command(const ClientContext& context, const LoadArguments& arguments);

// The clients' listener of the embedded L1, from the configuration in the folder.
std::expected<std::string, std::string> ledger_address(const DeploymentFolder& folder);

}  // namespace asterism::cluster
