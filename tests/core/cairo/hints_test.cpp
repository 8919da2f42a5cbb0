// The registry knows every text of hints.json, in each form that compilers write it.
#include <gtest/gtest.h>

#include "core/cairo/hint.hpp"
#include "core/cairo/hint_registry.hpp"
#include "tests/core/cairo/assembly.hpp"
#include "tests/core/cairo/vectors.hpp"

namespace asterism::test {
namespace {

TEST(CairoHints, EveryTextHasAFunction) {
  const auto texts = nlohmann::json::parse(read_file(vectors_folder() / "hints.json"));
  int found = 0;
  for (const char* list : {"hints", "stdlib_without_program"}) {
    for (const auto& hint : texts.at(list)) {
      const std::string code = hint.at("code");
      EXPECT_TRUE(HintRegistry::standard().find(code)) << code;
      ++found;
    }
  }
  EXPECT_EQ(found, 281);
}

TEST(CairoHints, NondetTextsMatchWithAnyOffsetAndWithAp) {
  const auto& registry = HintRegistry::standard();
  EXPECT_EQ(registry.find("memory[fp + 17] = to_felt_or_relocatable(nibbles.pop())")->parameter, 17);
  EXPECT_EQ(registry.find("memory[ap] = to_felt_or_relocatable(nibbles.pop())")->parameter, -1);
  EXPECT_FALSE(registry.find("memory[fp + 17] = to_felt_or_relocatable(nibbles.pop()"));
  EXPECT_FALSE(registry.find("memory[fp + x] = to_felt_or_relocatable(nibbles.pop())"));
  EXPECT_TRUE(registry.find("\nvm_exit_scope()  \n"));
  EXPECT_FALSE(registry.find("vm_exit_scope();"));
}

const char* const kProgram = R"json({"prime": "0x800000000000011000000000000000000000000000000000000000000000001",
  "data": ["0x40780017fff7fff", "0x1", "0x208b7fff7fff7ffe"], "builtins": [], "main_scope": "__main__",
  "identifiers": {"__main__.main": {"type": "function", "pc": 0, "decorators": []}}, "reference_manager": {"references": []},
  "hints": {"0": [{"code": "do_magic()", "accessible_scopes": ["__main__", "__main__.main"],
  "flow_tracking_data": {"ap_tracking": {"group": 0, "offset": 0}, "reference_ids": {}}}]},
  "attributes": [], "debug_info": null, "compiler_version": "0.14.0.1"})json";

TEST(CairoHints, AnUnknownHintIsNamedAtLoadOrWhenReached) {
  const auto refused = load_program(kProgram);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnknownHint);
  EXPECT_NE(refused.error().text().find("do_magic()"), std::string::npos);
  EXPECT_NE(refused.error().text().find("__main__.main"), std::string::npos);
  LoadOptions lenient;
  lenient.allow_unknown_hints = true;
  const auto program = load_program(kProgram, lenient);
  ASSERT_TRUE(program);
  auto runner = Runner::create(*program, plain());
  ASSERT_TRUE(runner);
  const auto done = (*runner)->run();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, ErrorKind::kUnknownHint);
  EXPECT_EQ(done.error().pc_offset, 0U);
}

// A hint of the embedding program, and a handler it reaches.
struct Counter : HintHost {
  int calls = 0;
  void system_call(Hint&, std::string_view, const Value&) override { ++calls; }
};
void magic(Hint& h) { h.host()->system_call(h, "magic", h.ap()); }

TEST(CairoHints, EmbeddersAddHintsWithoutTouchingTheStandardOnes) {
  const HintRow rows[] = {{"do_magic()", magic}};
  const HintRegistry registry = HintRegistry::standard().with(rows);
  LoadOptions options;
  options.registry = &registry;
  const auto program = load_program(kProgram, options);
  ASSERT_TRUE(program) << program.error().text();
  Counter counter;
  RunOptions run = plain();
  run.host = &counter;
  auto runner = Runner::create(*program, run);
  ASSERT_TRUE((*runner)->run());
  EXPECT_EQ(counter.calls, 1);
  EXPECT_FALSE(HintRegistry::standard().find("do_magic()"));
}

// Prints a name that is no text, as the official runner does not (differential seed 60040311).
TEST(CairoHints, ANameThatIsNoTextEndsTheHint) {
  const auto run = [](const std::string& name) {
    auto text = nlohmann::json::parse(kProgram);
    text["data"] = {"0x480680017fff8000", name,  "0x480680017fff8000", "0x0",
                    "0x40780017fff7fff",  "0x0", "0x208b7fff7fff7ffe"};
    const auto reference = [&](const std::string& id, int back) {
      const std::string full = "__main__.main." + id;
      const nlohmann::json made = {{"ap_tracking_data", {{"group", 0}, {"offset", 0}}},
                                   {"pc", 4},
                                   {"value", "[cast(ap + (" + std::to_string(back) + "), felt*)]"}};
      text["identifiers"][full] = {
          {"type", "reference"}, {"cairo_type", "felt"}, {"full_name", full}, {"references", {made}}};
      auto& list = text["reference_manager"]["references"];
      text["hints"]["0"][0]["flow_tracking_data"]["reference_ids"][full] = list.size();
      list.push_back(made);
    };
    reference("name", -2);
    reference("arr", -1);
    reference("arr_len", -1);
    text["hints"]["0"][0]["code"] =
        "print(bytes.fromhex(f\"{ids.name:062x}\").decode().replace('\\x00',''))\n"
        "arr = [memory[ids.arr + i] for i in range(ids.arr_len)]\nprint(arr)";
    text["hints"]["4"] = text["hints"]["0"];
    text["hints"].erase("0");
    const auto program = load_program(text.dump());
    if (!program) return program.error().text();
    auto runner = Runner::create(*program, plain());
    const auto done = (*runner)->run();
    return done ? (*runner)->machine().printed : done.error().text();
  };
  EXPECT_EQ(run("0x6100c3a9"), "a\u00e9\n[]\n");
  EXPECT_NE(run("0xffff").find("UnicodeDecodeError"), std::string::npos) << run("0xffff");
  EXPECT_NE(run("0xc300a9").find("UnicodeDecodeError"), std::string::npos);  // zero bytes go after the decoding
  EXPECT_NE(run("0x1" + std::string(62, '0')).find("ValueError"), std::string::npos);
}

}  // namespace
}  // namespace asterism::test
