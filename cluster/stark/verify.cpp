#include <CLI/CLI.hpp>
#include <cstdio>

#include "cluster/stark/files.hpp"
#include "cluster/stark/stark_command.hpp"
#include "core/stark/claim.hpp"
#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"

namespace asterism::cluster {
namespace {

namespace stark = core::stark;

constexpr int kInvalid = 1;
constexpr int kUsage = 2;
constexpr int kNotAProof = 3;

void print_claim(const stark::PublicInput& input, unsigned bits) {
  const stark::Claim claim = stark::claim_of(input);
  std::printf("program_hash=%s\n", claim.program_hash ? claim.program_hash->to_hex().c_str() : "unknown");
  std::printf("output=");
  for (std::size_t i = 0; i < claim.output.size(); ++i) {
    std::printf("%s%s", i == 0 ? "" : ",", claim.output[i].to_hex().c_str());
  }
  std::printf("\nlayout=%s\nsteps=%llu\nsecurity_bits=%u\n", input.layout.c_str(),
              static_cast<unsigned long long>(input.n_steps), bits);
}

}  // namespace

int verify_command(int argc, char** argv) {
  std::string path;
  bool annotations = false, insecure = false, evm = false;
  CLI::App app("Verifies a proof that this program or Stone made.", "verify");
  app.add_option("FILE,--in_file", path, "the proof, as JSON")->required();
  app.add_flag("--annotations", annotations, "explain the proof message by message");
  app.add_flag("--insecure", insecure, "accept less than 96 bits of security");
  app.add_flag("--evm", evm, "as StarkWare's contracts on Ethereum check it");
  app.footer("Example:\n  asterism verify proof.json\nExit codes: 0 valid, 1 not valid, 2 usage, 3 not a proof file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  const auto text = read_whole(path);
  if (!text) {
    std::fprintf(stderr, "verify: cannot read %s\n", path.c_str());
    return kUsage;
  }
  auto file = stark::parse_proof_file(*text);
  if (!file) {
    std::fprintf(stderr, "verify: not a proof: %s\n", file.error().detail.c_str());
    return kNotAProof;
  }
  file->parameters.evm = evm;
  const unsigned bits = stark::security_bits(file->parameters);
  if (bits < stark::kLeastSecurityBits && !insecure) {
    std::fprintf(stderr, "verify: invalid: %u bits of security are less than %u; --insecure accepts it\n", bits,
                 stark::kLeastSecurityBits);
    return kInvalid;
  }
  auto verdict = stark::verify(file->proof, file->parameters, file->public_input, annotations);
  if (!verdict && !evm) {
    // Stone's first two releases seed the transcript without the number of verifier-friendly layers; the file does not
    // say which release made it.
    file->parameters.short_seed = true;
    auto older = stark::verify(file->proof, file->parameters, file->public_input, annotations);
    if (older) verdict = std::move(older);
  }
  if (!verdict) {
    std::fprintf(stderr, "verify: invalid: %s\n", verdict.error().text().c_str());
    return kInvalid;
  }
  print_claim(file->public_input, bits);
  for (const std::string& line : verdict->annotations) std::printf("%s\n", line.c_str());
  return 0;
}

}  // namespace asterism::cluster
