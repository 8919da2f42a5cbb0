#include "core/stark/fri.hpp"

#include <algorithm>
#include <array>

#include "core/stark/domains.hpp"

namespace asterism::core::stark {

Felt fold_row(std::span<const Felt> values, std::uint64_t first, unsigned log_size, const Felt& challenge) {
  std::vector<Felt> row(values.begin(), values.end());
  Felt e = challenge;
  Felt g = root_of_unity(std::uint64_t{1} << log_size).inverse();
  for (; row.size() > 1; --log_size) {
    for (std::size_t i = 0; i < row.size() / 2; ++i) {
      const Felt x_inverse = power(g, bit_reverse(first + 2 * i, log_size));
      row[i] = row[2 * i] + row[2 * i + 1] + e * (row[2 * i] - row[2 * i + 1]) * x_inverse;
    }
    row.resize(row.size() / 2);
    first /= 2;
    e = e.square();
    g = g.square();
  }
  return row[0];
}

unsigned fri_layer_log_size(const Parameters& parameters, unsigned log_domain, std::size_t layer) {
  for (std::size_t i = 0; i < layer; ++i) log_domain -= parameters.fri.step_list[i];
  return log_domain;
}

TableShape fri_layer_shape(const Parameters& parameters, unsigned log_domain, std::size_t layer) {
  const unsigned step = parameters.fri.step_list[layer];
  return {fri_layer_log_size(parameters, log_domain, layer) - step, std::uint32_t{1} << step};
}

template <class Channel>
std::vector<std::uint64_t> draw_queries(Channel& channel, const Parameters& parameters, unsigned log_domain) {
  const Heading heading(channel.annotations(), "QueryIndices");
  std::vector<std::uint64_t> out(parameters.fri.n_queries);
  const std::uint64_t bound = std::uint64_t{1} << (log_domain - parameters.fri.step_list[0]);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = channel.draw_number(bound, std::to_string(i));
  std::ranges::sort(out);
  return out;
}
template std::vector<std::uint64_t> draw_queries(ProverChannel&, const Parameters&, unsigned);
template std::vector<std::uint64_t> draw_queries(VerifierChannel&, const Parameters&, unsigned);

ProofOfWork::ProofOfWork(HashKind hash, const Word& state, unsigned bits) : hash_(hash), bits_(bits) {
  ByteWriter writer;
  writer.u64(0x0123456789abcdedULL).raw(state).u8(static_cast<std::uint8_t>(bits));
  prefix_ = hash_bytes(hash, writer.bytes());
}

namespace {
constexpr std::size_t kMessageBytes = 40;

void write_message(const Word& prefix, std::uint64_t nonce, std::uint8_t* out) {
  std::ranges::copy(prefix, out);
  for (unsigned i = 0; i < 8; ++i) out[32 + i] = static_cast<std::uint8_t>(nonce >> (56 - 8 * i));
}

bool has_leading_zeros(const Word& digest, unsigned bits) {
  std::uint64_t head = 0;
  for (unsigned i = 0; i < 8; ++i) head = (head << 8) | digest[i];
  return bits == 0 || head >> (64 - bits) == 0;
}
}  // namespace

bool ProofOfWork::fits(std::uint64_t nonce) const {
  std::array<std::uint8_t, kMessageBytes> message;
  write_message(prefix_, nonce, message.data());
  return has_leading_zeros(hash_bytes(hash_, message), bits_);
}

std::optional<std::uint64_t> ProofOfWork::search(std::uint64_t begin, std::uint64_t end) const {
  constexpr std::size_t kAtOnce = 64;
  std::array<std::uint8_t, kAtOnce * kMessageBytes> messages;
  std::array<Word, kAtOnce> digests;
  for (std::uint64_t nonce = begin; nonce < end; nonce += kAtOnce) {
    const std::size_t count = std::min<std::uint64_t>(kAtOnce, end - nonce);
    for (std::size_t i = 0; i < count; ++i) write_message(prefix_, nonce + i, messages.data() + kMessageBytes * i);
    hash_rows(hash_, ByteView(messages).first(count * kMessageBytes), kMessageBytes, std::span(digests).first(count));
    for (std::size_t i = 0; i < count; ++i) {
      if (has_leading_zeros(digests[i], bits_)) return nonce + i;
    }
  }
  return std::nullopt;
}

LayerQueries layer_queries(const Parameters& parameters, std::span<const std::uint64_t> queries, std::size_t layer) {
  unsigned shift = 0;
  for (std::size_t i = 1; i < layer; ++i) shift += parameters.fri.step_list[i];
  LayerQueries out;
  for (const std::uint64_t query : queries) {
    out.positions.push_back(query >> shift);
    const std::uint64_t row = out.positions.back() >> parameters.fri.step_list[layer];
    if (out.rows.empty() || out.rows.back() != row) out.rows.push_back(row);
  }
  return out;
}

}  // namespace asterism::core::stark
