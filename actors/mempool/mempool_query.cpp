// What the mempool tells clients (through the gateway) and the shell.
#include <nlohmann/json.hpp>

#include "actors/mempool/mempool.hpp"

namespace asterism::actors {

using Json = nlohmann::ordered_json;

namespace {

std::string error_json(std::string_view text) { return Json{{"error", text}}.dump(); }

std::string_view name_of(mempool::Outcome outcome) {
  switch (outcome) {
    case mempool::Outcome::kCommitted:
      return "COMMITTED";
    case mempool::Outcome::kReplaced:
      return "REPLACED";
    case mempool::Outcome::kEvicted:
      return "EVICTED";
    case mempool::Outcome::kExpired:
      return "EXPIRED";
    case mempool::Outcome::kRejected:
      return "REJECTED";
  }
  return "UNKNOWN";
}

}  // namespace

void Mempool::on(const Sender& from, const messages::PoolQuery& message, Step& step) {
  messages::PoolQueryReply out{message.request, ""};
  const std::string argument = message.arguments.empty() ? "" : message.arguments[0];
  if (message.what == "transaction") {
    out.json = transaction_json(argument, step.now);
  } else if (message.what == "account") {
    out.json = account_json(argument);
  } else if (message.what == "mempool") {
    out.json = summary_json();
  } else {
    out.json = error_json("the mempool does not know the query \"" + message.what + "\"");
  }
  step.effects.reply(from, std::move(out));
}

std::string Mempool::inquire(const Inquiry& inquiry, const Now& now, Effects&) {
  const std::string argument = inquiry.arguments.empty() ? "" : inquiry.arguments[0];
  if (inquiry.what == "mempool" && argument.empty()) return summary_json();
  if (inquiry.what == "mempool") {  // a hash that was heard of, else an address
    const auto hash = core::Felt::from_hex(argument);
    const bool known = hash && (pool_.find(*hash) != nullptr || fates_.find(*hash));
    return known ? transaction_json(argument, now) : account_json(argument);
  }
  if (inquiry.what == "tx") return transaction_json(argument, now);
  if (inquiry.what == "account") return account_json(argument);
  return error_json("the mempool does not know the command \"" + inquiry.what + "\"");
}

std::string Mempool::transaction_json(const std::string& text, const Now& now) const {
  const auto hash = core::Felt::from_hex(text);
  if (!hash) return error_json("a transaction hash is 0x and up to 64 hex digits");
  Json out{{"hash", hash->to_hex()}};
  if (const auto* pooled = pool_.find(*hash)) {
    out["status"] = "RECEIVED";
    out["account"] = pooled->sender.to_hex();
    out["nonce"] = pooled->nonce;
    out["received_ms_ago"] = (now.monotonic - pooled->arrived).count();
    out["waits_for_nonce"] = pooled->nonce >= pool_.next_nonce(pooled->sender, 0);
    return out.dump();
  }
  const auto fate = fates_.find(*hash);
  out["status"] = fate ? name_of(fate->outcome) : "UNKNOWN";
  if (fate && fate->outcome == mempool::Outcome::kRejected) {
    out["reason"] = core::to_string(static_cast<core::Rejection>(fate->rejection));
  }
  if (fate && fate->outcome == mempool::Outcome::kReplaced) {
    out["replaced_by"] =
        fate->by == core::Word{} ? "another transaction with this nonce" : "0x" + core::to_hex(fate->by);
  }
  return out.dump();
}

std::string Mempool::account_json(const std::string& text) const {
  const auto address = core::Felt::from_hex(text);
  if (!address) return error_json("an address is 0x and up to 64 hex digits");
  const std::size_t queued = pool_.count_of(*address);
  Json out{{"address", address->to_hex()}, {"queued", queued}};
  if (queued > 0) out["next_nonce"] = pool_.next_nonce(*address, 0);
  return out.dump();
}

std::string Mempool::summary_json() const {
  return Json{{"transactions", pool_.size()},
              {"bytes", pool_.memory()},
              {"accounts", pool_.account_count()},
              {"ready_accounts", pool_.ready_accounts()},
              {"gapped_accounts", pool_.gapped_accounts()},
              {"waiting_for_state", waiting_count_},
              {"known_accounts", accounts_.size()},
              {"max_transactions", options_.limits.max_transactions},
              {"max_bytes", options_.limits.max_bytes}}
      .dump();
}

}  // namespace asterism::actors
