// Certificates of processes that genesis does not know (protocol.md, "Identity"): a JSON file that the holder of a
// validator's consensus key makes (`asterism keygen --certify`), and what a process keeps of those it has learned.
//   c/<link key 32>   messages::ProcessCertificate, the newest of each process
#pragma once
#include <expected>
#include <string>
#include <vector>

#include "cluster/deployment/deployment.hpp"
#include "cluster/membership.hpp"
#include "core/crypto/ed25519.hpp"
#include "storage/key_value.hpp"

namespace asterism::cluster {

std::string encode_certificate(const core::Genesis& genesis, const ProcessCertificate& certificate);
std::expected<ProcessCertificate, std::string> decode_certificate(const core::Genesis& genesis, std::string_view json);

struct Certifier {
  const core::Genesis& genesis;
  const core::Ed25519Secret& consensus_key;  // of the record's validator
  std::uint64_t serial = 0;
  bool take_out = false;  // the process loses all roles
  bool force = false;     // roles that genesis gives to another process, which is out of service
};
// The error names the record and what is wrong with it.
std::expected<ProcessCertificate, std::string> certify(const PublicRecord& record, const Certifier& certifier);

std::vector<ProcessCertificate> stored_certificates(const storage::KeyValue& store);
void store_certificate(const ProcessCertificate& certificate, storage::WriteBatch& batch);

}  // namespace asterism::cluster
