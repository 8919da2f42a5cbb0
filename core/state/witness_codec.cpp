#include "core/state/witness_codec.hpp"

namespace asterism::core::witness_codec {

namespace {

constexpr std::uint8_t kBinary = 0;
constexpr std::uint8_t kEdge = 1;

// Lists as long as the syntax of transactions allows, no longer.
template <class Archive, class List>
void bounded_felts(Archive& archive, List& items, std::size_t most) {
  felts(archive, items);
  if constexpr (Archive::kReading) {
    if (items.size() > most) archive.fail();
  }
}

template <class Archive, class Mode>
void mode(Archive& archive, Mode& value) {
  auto number = static_cast<std::uint8_t>(value);
  archive.number(number);
  if constexpr (Archive::kReading) {
    if (number > 1) return archive.fail();
    value = static_cast<DataAvailabilityMode>(number);
  }
}

template <class Archive, class Bounds>
void bounds(Archive& archive, Bounds& value) {
  archive.number(value.max_amount);
  archive.number(value.max_price);
}

template <class Archive, class Fields>
void v3(Archive& archive, Fields& f) {
  archive.felt(f.nonce);
  archive.number(f.tip);
  bounds(archive, f.bounds.l1_gas);
  bounds(archive, f.bounds.l2_gas);
  std::uint8_t has_data = f.bounds.l1_data_gas.has_value() ? 1 : 0;
  archive.number(has_data);
  if constexpr (Archive::kReading) {
    if (has_data > 1) return archive.fail();
    if (has_data == 1) bounds(archive, f.bounds.l1_data_gas.emplace());
  } else if (has_data == 1) {
    bounds(archive, *f.bounds.l1_data_gas);
  }
  bounded_felts(archive, f.paymaster_data, kMaxShortList);
  mode(archive, f.nonce_da_mode);
  mode(archive, f.fee_da_mode);
  bounded_felts(archive, f.signature, kMaxSignature);
}

template <class Archive, class Tx>
void invoke(Archive& archive, Tx& tx) {
  v3(archive, tx.v3);
  archive.felt(tx.sender);
  bounded_felts(archive, tx.calldata, kMaxCalldata);
  bounded_felts(archive, tx.account_deployment_data, kMaxShortList);
  bounded_felts(archive, tx.proof_facts, kMaxShortList);
}

template <class Archive, class Tx>
void deploy(Archive& archive, Tx& tx) {
  v3(archive, tx.v3);
  archive.felt(tx.class_hash);
  archive.felt(tx.salt);
  bounded_felts(archive, tx.constructor_calldata, kMaxCalldata);
}

template <class Archive, class Tx>
void handler(Archive& archive, Tx& tx) {
  archive.felt(tx.nonce);
  archive.felt(tx.contract);
  archive.felt(tx.selector);
  bounded_felts(archive, tx.calldata, kMaxCalldata);
}

}  // namespace

void write_transaction(WitnessWriter& out, const Transaction& transaction) {
  out.number(static_cast<std::uint8_t>(transaction.index()));
  if (const auto* a = std::get_if<InvokeTransaction>(&transaction)) invoke(out, *a);
  if (const auto* b = std::get_if<DeployAccountTransaction>(&transaction)) deploy(out, *b);
  if (const auto* c = std::get_if<L1HandlerTransaction>(&transaction)) handler(out, *c);
}

void read_transaction(WitnessReader& in, Transaction& transaction) {
  std::uint8_t type = 0;
  in.number(type);
  switch (type) {
    case 0:
      return invoke(in, transaction.emplace<InvokeTransaction>());
    case 1:
      return deploy(in, transaction.emplace<DeployAccountTransaction>());
    case 2:
      return handler(in, transaction.emplace<L1HandlerTransaction>());
    default:
      return in.fail();
  }
}

void write_node(WitnessWriter& out, const TrieNode& node) {
  if (const auto* binary = std::get_if<BinaryNode>(&node)) {
    out.number(kBinary);
    out.felt(binary->left);
    out.felt(binary->right);
    return;
  }
  const auto& edge = std::get<EdgeNode>(node);
  out.number(kEdge);
  out.number(static_cast<std::uint8_t>(edge.length));
  out.felt(edge.child);
  // Only as many bytes of the path as its length has.
  const Word path = edge.path.to_be();
  const std::size_t bytes = (edge.length + 7) / 8;
  out.raw(ByteView(path).last(bytes));
}

void read_node(WitnessReader& in, TrieNode& node) {
  std::uint8_t kind = 0;
  in.number(kind);
  if (kind == kBinary) {
    auto& binary = node.emplace<BinaryNode>();
    in.felt(binary.left);
    in.felt(binary.right);
    return;
  }
  if (kind != kEdge) return in.fail();
  auto& edge = node.emplace<EdgeNode>();
  std::uint8_t length = 0;
  in.number(length);
  if (length == 0 || length > kStateTrieHeight) return in.fail();
  edge.length = length;
  in.felt(edge.child);
  const ByteView path = in.take((length + 7U) / 8U);
  for (const std::uint8_t byte : path) {
    edge.path = edge.path << 8;
    edge.path.limb[0] |= byte;
  }
  if (edge.path.bit_length() > length) in.fail();
}

}  // namespace asterism::core::witness_codec
