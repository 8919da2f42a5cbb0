// Commands of a holder of an admin key, signed: as bytes of any kind, or as a command line. Each gets one answer, which
// is JSON, and the audit stays readable.
#include <nlohmann/json.hpp>

#include "actors/admin/admin.hpp"
#include "core/base/check.hpp"
#include "core/crypto/ed25519.hpp"
#include "messages/codec.hpp"
#include "storage/memory_store.hpp"
#include "tests/actors/machine_probe.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace asterism;
using namespace asterism::actors;

void check_json(const std::string& text) {
  ASTERISM_CHECK(!nlohmann::json::parse(text, nullptr, false).is_discarded(), "an answer is not JSON");
}

messages::AdminCommand line(fuzz::Input& input) {
  const auto commands = all_commands();
  messages::AdminCommand out{std::string(commands[input.byte() % commands.size()].name), {}};
  for (unsigned count = input.byte() % 4; count > 0; --count) {
    out.arguments.emplace_back(core::as_text(input.take(input.byte())));
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto secret = core::Ed25519Secret::from_seed(core::Word{1});
  fuzz::Input input(data, size);
  AdminOptions options;
  options.admins = {core::AdminKey{secret.public_bytes()}};
  options.directory = [] { return std::vector<ProcessEntry>{{"r0", {}, {}, {core::Role::kAdmin}, {"h:1"}}}; };
  storage::MemoryStore store;
  test::Probe<Admin> probe{Admin(store, options)};
  for (std::uint8_t nonce = 0; !input.empty() && nonce < 16; ++nonce) {
    messages::SignedCommand command;
    command.nonce[0] = nonce;
    command.expiry = probe.now.unix_ms / 1000 + 10;
    command.admin = options.admins[0];
    if ((input.byte() & 1) == 0) {
      command.command = messages::encode_value(line(input));
    } else {
      const auto raw = input.counted();
      command.command.assign(raw.begin(), raw.end());
    }
    command.signature = secret.sign(admin_signing_bytes(options.genesis_hash, command));
    auto effects = probe.give(test::client(1), command);
    for (const auto& asked : test::sent<messages::RemoteInquiry>(effects)) {
      effects = probe.give(Sender{}, messages::RemoteInquiryReply{asked.request, R"({"ok":"ä"})"});
    }
    const auto answers = test::sent<messages::CommandReply>(effects);
    ASTERISM_CHECK(answers.size() == 1, "not one answer to a command");
    check_json(answers[0].json);
  }
  Effects effects;
  check_json(probe.machine.inquire({"audit", {}}, probe.now, effects));
  return 0;
}
