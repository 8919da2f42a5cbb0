#include "core/stark/annotations.hpp"

namespace asterism::core::stark {
namespace {

std::string trimmed_hex(ByteView bytes) {
  const std::string digits = to_hex(bytes);
  const std::size_t first = digits.find_first_not_of('0');
  return "0x" + (first == std::string::npos ? std::string("0") : digits.substr(first));
}

// Digests that keep their lowest bytes are written in full, numbers without leading zeros; pedersen's as a number.
std::string hash_text(HashKind kind, const Word& hash) {
  const bool full = kind == HashKind::keccak256_masked160_lsb || kind == HashKind::blake256_masked248_lsb;
  return "Hash(" + (full ? "0x" + to_hex(hash) : trimmed_hex(hash)) + ")";
}

}  // namespace

std::string Annotations::prefix() const {
  std::string out;
  for (const std::string& heading : headings_) out += "/" + heading;
  return out + ": ";
}

void Annotations::sent(std::string_view label, std::string value, std::size_t bytes) {
  const std::size_t end = bytes_ + bytes;
  if (enabled_) {
    if (title_.empty() && !headings_.empty()) title_ = headings_.front();
    messages_.push_back("P->V[" + std::to_string(bytes_) + ":" + std::to_string(end) + "]: " + prefix() +
                        std::string(label) + ": " + std::move(value));
  }
  bytes_ = end;
}

void Annotations::drawn(std::string_view label, std::string value) {
  messages_.push_back("V->P: " + prefix() + std::string(label) + ": " + std::move(value));
}

void Annotations::commitment(std::string_view label, HashKind kind, const Word& hash) {
  ++commitments_;
  node(label, kind, hash);
}

void Annotations::node(std::string_view label, HashKind kind, const Word& hash) {
  ++hashes_;
  sent(label, enabled_ ? hash_text(kind, hash) : std::string(), 32);
}

void Annotations::felt_sent(std::string_view label, const Felt& value) {
  ++felts_;
  sent(label, enabled_ ? "Field Element(" + value.to_hex() + ")" : std::string(), 32);
}

void Annotations::felts_sent(std::string_view label, std::span<const Felt> values) {
  felts_ += values.size();
  std::string text;
  if (enabled_) {
    text = "Field Elements(";
    for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : ", ") + values[i].to_hex();
    text += ")";
  }
  sent(label, std::move(text), 32 * values.size());
}

void Annotations::data(std::string_view label, ByteView bytes) {
  ++data_;
  sent(label, enabled_ ? "Data(" + trimmed_hex(bytes) + ")" : std::string(), bytes.size());
}

void Annotations::felt_drawn(std::string_view label, const Felt& value) {
  if (enabled_) drawn(label, "Field Element(" + value.to_hex() + ")");
}

void Annotations::number_drawn(std::string_view label, std::uint64_t value) {
  if (enabled_) drawn(label, "Number(" + std::to_string(value) + ")");
}

std::vector<std::string> Annotations::lines() const {
  if (!enabled_) return {};
  std::vector<std::string> out{"title " + title_ + " Proof Protocol", ""};
  out.insert(out.end(), messages_.begin(), messages_.end());
  out.insert(out.end(), {"", "Proof Statistics:", "", "Byte count: " + std::to_string(bytes_),
                         "Hash count: " + std::to_string(hashes_), "Commitment count: " + std::to_string(commitments_),
                         "Field element count: " + std::to_string(felts_), "Data count: " + std::to_string(data_)});
  return out;
}

}  // namespace asterism::core::stark
