#include "core/chain/legacy_transaction.hpp"

#include "core/hash/keccak.hpp"
#include "core/hash/pedersen.hpp"

namespace asterism::core {
namespace {

// HE(prefix, version, address, selector, HE(data), max_fee, chain, rest..)
struct Parts {
  Felt prefix, address, selector;
  std::vector<Felt> data, rest;
  Felt max_fee;
};

std::optional<Parts> parts_of(const LegacyTransaction& t) {
  using Kind = LegacyTransaction::Kind;
  const auto deployed = [&] { return contract_address(Felt(), t.salt, t.class_hash, t.calldata); };
  switch (t.kind) {
    case Kind::kInvoke:
      if (t.version == 0) return Parts{short_string("invoke"), t.address, t.selector, t.calldata, {}, t.max_fee};
      if (t.version == 1) return Parts{short_string("invoke"), t.address, Felt(), t.calldata, {t.nonce}, t.max_fee};
      return std::nullopt;
    case Kind::kDeclare:
      if (t.version == 0) return Parts{short_string("declare"), t.address, Felt(), {}, {t.class_hash}, t.max_fee};
      if (t.version == 1)
        return Parts{short_string("declare"), t.address, Felt(), {t.class_hash}, {t.nonce}, t.max_fee};
      if (t.version == 2) {
        return Parts{short_string("declare"),          t.address, Felt(), {t.class_hash},
                     {t.nonce, t.compiled_class_hash}, t.max_fee};
      }
      return std::nullopt;
    case Kind::kDeployAccount: {
      if (t.version != 1) return std::nullopt;
      std::vector<Felt> data{t.class_hash, t.salt};
      data.insert(data.end(), t.calldata.begin(), t.calldata.end());
      return Parts{short_string("deploy_account"), deployed(), Felt(), data, {t.nonce}, t.max_fee};
    }
    case Kind::kDeploy:
      if (t.version > 1) return std::nullopt;
      return Parts{short_string("deploy"), deployed(), selector("constructor"), t.calldata, {}, Felt()};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Felt> legacy_transaction_hash(const LegacyTransaction& transaction, const Felt& chain_id,
                                            HashPurpose purpose) {
  const auto parts = parts_of(transaction);
  if (!parts) return std::nullopt;
  const Felt version = purpose == HashPurpose::kTransaction ? Felt(transaction.version)
                                                            : Felt::reduce(U256({transaction.version, 0, 1, 0}));
  std::vector<Felt> all{parts->prefix,  version, parts->address, parts->selector, pedersen_array(parts->data),
                        parts->max_fee, chain_id};
  all.insert(all.end(), parts->rest.begin(), parts->rest.end());
  return pedersen_array(all);
}

}  // namespace asterism::core
