// Typed configuration of one process: what its TOML file may say, with defaults, ranges and explanations.
//
// A file is parsed into a Config or into the list of everything that is wrong with it, each problem with file, line and
// key. Unknown keys are problems: a misspelt limit must not silently be the default. Relative paths are relative to the
// folder of the file. This library knows nothing of the rest of the project: keys and addresses are text here.
// The one list of keys is bindings.cpp; parsing, checking, rendering and the documentation all come from it.
#pragma once
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace asterism::config {

struct Sibling {  // [[siblings]]: processes of the same validator
  std::string name;
  std::string key;  // link key, 64 hex digits
  std::vector<std::string> roles;
  std::vector<std::string> addresses;  // "host:port"
};
struct Peer {  // [[peers]]: addresses that take the place of those in genesis
  std::string name;
  std::vector<std::string> addresses;
};

struct Config {
  // Where it was read from; empty for one that was made by the program.
  std::filesystem::path file;

  std::string name;
  std::vector<std::string> roles;
  std::string data_dir;
  std::string genesis;
  std::string validator;                  // whose process this is; empty: found by the link key
  std::vector<std::string> certificates;  // files

  struct {
    std::string peers, clients, metrics;  // "host:port"; empty: no such listener
  } listen;
  struct {
    std::string link, consensus, attester, submitter, operator_, admin;  // files
  } keys;
  struct {
    std::uint64_t deadline_ms = 200, empty_interval_ms = 1000;
    bool empty = true;
  } blocks;
  struct {
    std::uint64_t propose_ms = 3000, propose_step_ms = 500, prevote_ms = 300, prevote_step_ms = 100;
    std::uint64_t precommit_ms = 300, precommit_step_ms = 500;
  } consensus;
  struct {
    std::uint64_t max_transactions = 120'000, max_bytes = 256ULL << 20, max_nonce_gap = 200, max_per_account = 1000;
    std::uint64_t ttl_s = 300;
  } mempool;
  struct {
    std::uint64_t max_in_flight = 4096, timeout_ms = 5000;
    std::uint64_t rate_per_address = 1'000, rate_total = 10'000;  // requests a second; 0: no limit
    bool limit_loopback = true;
  } gateway;
  struct {
    std::uint64_t max_transactions = 20'000, max_witness_bytes = 64ULL << 20;
    std::uint64_t memory_limit_bytes = 2ULL << 30, proof_timeout_s = 600;
    std::string join_token;
  } worker;
  struct {
    std::uint64_t lease_ms = 10'000, heartbeat_ms = 1000, backoff_first_ms = 500, backoff_most_ms = 60'000;
    std::uint64_t max_strikes = 3, max_witnesses = 8;
  } coordinator;
  struct {
    std::uint64_t poll_ms = 300;
    std::string head = "depth";  // or "finalized"
  } l1;
  struct {
    std::uint64_t block_ms = 1000, finalized_depth = 8;
    bool allow_reorg = false;
  } ledger;
  struct {
    std::uint64_t history_blocks = 1000, cache_bytes = 32ULL << 20;
  } storage;
  struct {
    std::string level = "info", file;  // empty file: stderr
  } log;
  std::vector<Sibling> siblings;
  std::vector<Peer> peers;

  std::map<std::string, std::uint64_t> lines;  // of the file, by key ("listen.peers", "siblings[1].name")
};

struct Problem {
  std::string file;
  std::uint64_t line = 0;  // 0: the file as a whole
  std::string key;         // "section.key", "siblings[1].key"; empty when it is none
  std::string text;
};
// file:line: key: text
std::string to_string(const Problem& problem);
// With the line of the key, when the file has it.
Problem problem_at(const Config& config, std::string key, std::string text);

// Every problem of the text, or the configuration.
std::expected<Config, std::vector<Problem>> parse(std::string_view toml, const std::filesystem::path& file);
std::expected<Config, std::vector<Problem>> load(const std::filesystem::path& file);
// What a Config may get wrong however it was made: required keys, ranges, names of roles, addresses.
std::vector<Problem> validate(const Config& config);
// The files that it names: genesis and the keys that its roles need.
std::vector<Problem> check_files(const Config& config);

// The resolved configuration as TOML that parses back to the same: every key, with its explanation when `explain`.
std::string render(const Config& config, bool explain = false);

// The roles by name, in the frozen order of core::Role.
std::vector<std::string_view> role_names();

}  // namespace asterism::config
