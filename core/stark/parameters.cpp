#include "core/stark/parameters.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace asterism::core::stark {
namespace {

constexpr unsigned kLogDomainLimit = 36;  // 2^36 rows of 32 bytes: beyond any machine this runs on
constexpr unsigned kMostQueries = 4096;
constexpr unsigned kMostLayers = 32;

bool felt_hash(HashKind kind) { return kind == HashKind::pedersen || kind == HashKind::poseidon3; }

Expected<void> validate_hashes(const Parameters& p) {
  const HashKind channel = p.channel_hash;
  if (channel != HashKind::keccak256 && channel != HashKind::blake256 && channel != HashKind::poseidon3) {
    return fail(Error::bad_parameters, "channel_hash must be keccak256, blake256 or poseidon3");
  }
  if (p.page_hash != HashKind::keccak256 && p.page_hash != HashKind::pedersen) {
    return fail(Error::bad_parameters, "page_hash must be keccak256 or pedersen");
  }
  if (p.pow_hash != HashKind::keccak256 && p.pow_hash != HashKind::blake256) {
    return fail(Error::bad_parameters, "pow_hash must be keccak256 or blake256");
  }
  const bool felts = channel == HashKind::poseidon3;
  if ((felts || felt_hash(p.seed_hash())) && p.page_hash != HashKind::pedersen) {
    return fail(Error::bad_parameters, "a seed hashed from felts needs page_hash pedersen");
  }
  if (felts && p.seed_hash() != HashKind::poseidon3 && p.seed_hash() != HashKind::pedersen) {
    return fail(Error::bad_parameters, "the poseidon3 channel needs a seed that is a felt");
  }
  const auto root_fits = [](HashKind kind) {
    return kind != HashKind::keccak256 && kind != HashKind::blake256 && kind != HashKind::keccak256_masked160_msb &&
           kind != HashKind::blake256_masked160_msb;
  };
  if (felts && (!root_fits(p.commitment_hash) || !root_fits(p.layer_hash(0)))) {
    return fail(Error::bad_parameters, "the poseidon3 channel needs commitment hashes below p");
  }
  if (felt_hash(p.friendly_hash) && p.n_friendly_layers > 0 && !felt_hash(p.commitment_hash) &&
      !root_fits(p.commitment_hash)) {
    return fail(Error::bad_parameters, "nodes below the verifier-friendly layers must be numbers below p");
  }
  return {};
}

// What StarkWare's contracts on Ethereum take: StarkVerifier.sol and the layouts' MemoryMap.sol.
Expected<void> validate_evm(const Parameters& p) {
  const auto bad = [](std::string detail) { return fail(Error::bad_parameters, "the contracts take " + detail); };
  if (p.channel_hash != HashKind::keccak256 || p.commitment_hash != HashKind::keccak256_masked160_msb ||
      p.page_hash != HashKind::keccak256 || p.n_friendly_layers != 0 || p.friendly_channel_updates) {
    return bad("keccak256, keccak256_masked160_msb and no verifier-friendly options");
  }
  const auto& steps = p.fri.step_list;
  if (steps[0] != 0 || steps.size() < 2 || steps.size() > 10) return bad("a fri_step_list of 0 and 1 to 9 more steps");
  if (std::any_of(steps.begin() + 1, steps.end(), [](unsigned step) { return step < 2 || step > 4; })) {
    return bad("FRI steps of 2 to 4");
  }
  if (p.fri.last_layer_degree_bound > 1024) return bad("a last_layer_degree_bound of at most 1024");
  if (p.fri.n_queries > 48) return bad("at most 48 queries");
  if (p.fri.proof_of_work_bits > 50) return bad("at most 50 proof_of_work_bits");
  return {};
}

}  // namespace

Expected<void> validate(const Parameters& p, unsigned log_trace_length) {
  const FriParameters& fri = p.fri;
  if (p.log_n_cosets < 1 || p.log_n_cosets > 16) return fail(Error::bad_parameters, "log_n_cosets must be 1 to 16");
  if (log_trace_length + p.log_n_cosets > kLogDomainLimit)
    return fail(Error::bad_parameters, "the evaluation domain is too large");
  if (fri.step_list.empty() || fri.step_list.size() > kMostLayers)
    return fail(Error::bad_parameters, "fri_step_list must have 1 to 32 entries");
  for (std::size_t i = 0; i < fri.step_list.size(); ++i) {
    if (fri.step_list[i] > 10 || (i > 0 && fri.step_list[i] == 0)) {
      return fail(Error::bad_parameters, "each FRI step must be 1 to 10; the first may be 0");
    }
  }
  if (fri.last_layer_degree_bound == 0 || !std::has_single_bit(fri.last_layer_degree_bound)) {
    return fail(Error::bad_parameters, "last_layer_degree_bound must be a power of two");
  }
  const unsigned total = std::accumulate(fri.step_list.begin(), fri.step_list.end(), 0U) +
                         static_cast<unsigned>(std::countr_zero(fri.last_layer_degree_bound));
  if (total != log_trace_length) {
    return fail(Error::bad_parameters, "fri_step_list and last_layer_degree_bound reach 2^" + std::to_string(total) +
                                           ", the trace has 2^" + std::to_string(log_trace_length) + " rows");
  }
  if (fri.n_queries < 1 || fri.n_queries > kMostQueries)
    return fail(Error::bad_parameters, "n_queries must be 1 to 4096");
  if (fri.proof_of_work_bits > 60) return fail(Error::bad_parameters, "proof_of_work_bits must be at most 60");
  if (auto checked = validate_hashes(p); !checked) return checked;
  return p.evm ? validate_evm(p) : Expected<void>{};
}

Parameters default_parameters(unsigned log_trace_length) {
  Parameters out;
  out.log_n_cosets = 3;
  out.fri.n_queries = 26;
  out.fri.proof_of_work_bits = 20;
  unsigned left = std::max(log_trace_length, 6U) - 6;
  if (left % 4 == 1) --left;  // no step of 1
  out.fri.last_layer_degree_bound = std::uint64_t{1} << (log_trace_length - left);
  out.fri.step_list = {0};
  for (; left > 4; left -= 4) out.fri.step_list.push_back(4);
  if (left > 0) out.fri.step_list.push_back(left);
  return out;
}

unsigned security_bits(const Parameters& parameters) {
  return parameters.fri.n_queries * parameters.log_n_cosets + parameters.fri.proof_of_work_bits;
}

}  // namespace asterism::core::stark
