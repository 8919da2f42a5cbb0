// The shell's commands and the control of links.
#pragma once
#include "core/chain/genesis.hpp"
#include "messages/define.hpp"

namespace asterism::messages {

// msgpack of this is what an admin signs (with the prefix of protocol.md, "Links", Admin command).
struct AdminCommand {
  std::string what;
  std::vector<std::string> arguments;
  MSGPACK_DEFINE(what, arguments)
};
// Shell -> any node; a node that is not the target passes it on unchanged.
struct SignedCommand {
  std::uint64_t request = 0;
  core::LinkKey target{};
  std::array<std::uint8_t, 16> nonce{};
  std::uint64_t expiry = 0;  // unix seconds
  core::AdminKey admin{};
  core::Bytes command;  // msgpack of AdminCommand
  core::Ed25519Signature signature{};
  MSGPACK_DEFINE(request, target, nonce, expiry, admin, command, signature)
};
struct CommandReply {
  std::uint64_t request = 0;
  std::array<std::uint8_t, 16> nonce{};
  std::string json;
  MSGPACK_DEFINE(request, nonce, json)
};
// Admin actor -> roles in sibling processes of its validator, and back.
struct RemoteInquiry {
  std::uint64_t request = 0;
  std::uint8_t role = 0;
  std::string what;
  std::vector<std::string> arguments;
  MSGPACK_DEFINE(request, role, what, arguments)
};
struct RemoteInquiryReply {
  std::uint64_t request = 0;
  std::string json;
  MSGPACK_DEFINE(request, json)
};

// For a process that genesis does not know (protocol.md, "Identity"). The consensus key of its validator signs
// "asterism/process/1" ‖ genesis hash ‖ link key ‖ roles u16 ‖ serial; name and addresses are not signed: wrong ones
// only mislead people and dialers. The highest serial of a link key wins; no roles: the process is taken out.
struct ProcessCertificate {
  std::uint16_t validator = 0;
  std::string name;
  core::LinkKey key{};
  std::uint16_t roles = 0;  // bits by core::Role
  std::uint64_t serial = 0;
  core::Ed25519Signature signature{};
  std::vector<std::string> addresses;
  bool operator==(const ProcessCertificate&) const = default;
  MSGPACK_DEFINE(validator, name, key, roles, serial, signature, addresses)
};
// What one process knows of the others, at most 16 at a time; said when a link comes up, and when something new was
// learned.
struct ProcessCertificates {
  std::vector<ProcessCertificate> certificates;
  MSGPACK_DEFINE(certificates)
};

struct Ping {
  std::uint64_t stamp = 0;
  MSGPACK_DEFINE(stamp)
};
struct Pong {
  std::uint64_t stamp = 0;
  MSGPACK_DEFINE(stamp)
};
// A message above kChunkBytes travels as one BlobStart and chunks of it; the receiver grants credit.
struct BlobStart {
  std::uint32_t id = 0;
  std::uint8_t kind = 0;  // of the message inside
  std::uint64_t size = 0;
  MSGPACK_DEFINE(id, kind, size)
};
struct BlobChunk {
  std::uint32_t id = 0;
  core::Bytes bytes;
  MSGPACK_DEFINE(id, bytes)
};
struct BlobCredit {
  std::uint32_t id = 0;
  std::uint32_t chunks = 0;
  MSGPACK_DEFINE(id, chunks)
};

}  // namespace asterism::messages
