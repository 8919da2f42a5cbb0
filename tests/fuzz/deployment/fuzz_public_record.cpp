// A record that `keygen` printed elsewhere, and the deployment that `init` composes from it; certificates; addresses.
#include "cluster/deployment/certificate.hpp"
#include "cluster/deployment/deployment.hpp"
#include "cluster/link/sockets.hpp"
#include "core/base/check.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace asterism;
  const auto text = fuzz::text_of(data, size);
  (void)cluster::parse_host_port(text);
  static const core::Genesis genesis = [] {
    core::Genesis out;
    out.validators = {{.name = "r1", .weight = 1, .consensus_key = {}, .fee_account = {}, .processes = {}}};
    return out;
  }();
  (void)cluster::decode_certificate(genesis, text);
  const auto record = cluster::decode_record(text);
  if (!record) return 0;
  const std::string written = cluster::encode_record(*record);
  const auto again = cluster::decode_record(written);
  ASTERISM_CHECK(again && cluster::encode_record(*again) == written, "a record does not read back");
  (void)cluster::compose_genesis({*record}, {});
  (void)config::render(cluster::compose_config(*record, {*record}));
  return 0;
}
