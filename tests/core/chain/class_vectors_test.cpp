// Class hashes, data availability and fees of vectors/starknet-chain.
#include <sodium.h>

#include "core/chain/blob.hpp"
#include "core/chain/class_hash.hpp"
#include "core/chain/data_availability.hpp"
#include "tests/core/chain/feeder.hpp"

namespace asterism::core {
namespace {

std::vector<SierraEntryPoint> sierra_points(const json& list) {
  std::vector<SierraEntryPoint> out;
  for (const auto& p : list) out.push_back({felt(p["selector"]), Felt(p["function_idx"].get<std::uint64_t>())});
  return out;
}

std::vector<CasmEntryPoint> casm_points(const json& list) {
  std::vector<CasmEntryPoint> out;
  for (const auto& p : list) {
    out.push_back(
        {felt(p["selector"]), p["offset"].get<std::uint64_t>(), p["builtins"].get<std::vector<std::string>>()});
  }
  return out;
}

std::vector<BytecodeSegment> segments_of(const json& list) {
  std::vector<BytecodeSegment> out;
  for (const auto& item : list) {
    out.push_back(item.is_array() ? BytecodeSegment{0, segments_of(item)}
                                  : BytecodeSegment{item.get<std::uint64_t>(), {}});
  }
  return out;
}

TEST(ClassVectors, SierraCasmAndBlake) {
  const auto file = tests::load_vectors("starknet-chain/classes.json");
  if (!file) GTEST_SKIP();
  int hashes = 0;
  for (const auto& entry : (*file)["classes"]) {
    if (entry.contains("sierra")) {
      const json& s = entry["sierra"];
      const json& points = s["entry_points_by_type"];
      const SierraClass contract{.external = sierra_points(points["EXTERNAL"]),
                                 .l1_handler = sierra_points(points["L1_HANDLER"]),
                                 .constructor = sierra_points(points["CONSTRUCTOR"]),
                                 .abi = s["abi"],
                                 .program = felts(s["sierra_program"])};
      EXPECT_EQ(sierra_class_hash(contract), felt(entry["class_hash"])) << entry["name"];
      ++hashes;
    }
    if (!entry.contains("casm")) continue;
    const json& c = entry["casm"];
    const json& points = c["entry_points_by_type"];
    CasmClass contract{.external = casm_points(points["EXTERNAL"]),
                       .l1_handler = casm_points(points["L1_HANDLER"]),
                       .constructor = casm_points(points["CONSTRUCTOR"]),
                       .bytecode = felts(c["bytecode"]),
                       .segments = {}};
    if (c.contains("bytecode_segment_lengths")) contract.segments = segments_of(c["bytecode_segment_lengths"]);
    EXPECT_EQ(compiled_class_hash(contract, CasmHash::kPoseidon), felt(entry["compiled_class_hash_poseidon"]));
    EXPECT_EQ(compiled_class_hash(contract, CasmHash::kBlake), felt(entry["compiled_class_hash_blake"]));
    hashes += 2;
    contract.segments = {{contract.bytecode.size() + 1, {}}};
    EXPECT_FALSE(compiled_class_hash(contract, CasmHash::kPoseidon));
  }
  for (const auto& entry : (*file)["blake2s_felts"]) {
    EXPECT_EQ(blake_felts(felts(entry["felts"])), felt(entry["hash"]));
    ++hashes;
  }
  EXPECT_EQ(hashes, 13);
}

TEST(DataAvailabilityVectors, Compression) {
  const auto file = tests::load_vectors("starknet-chain/da-compression.json");
  if (!file) GTEST_SKIP();
  for (const auto& entry : (*file)["cases"]) {
    EXPECT_EQ(compress_felts(felts(entry["data"])), felts(entry["compressed"])) << entry["name"];
  }
  for (const auto& entry : (*file)["contract_header_words"]) {
    EXPECT_EQ(contract_header_word(entry["class_updated"].get<bool>(), entry["n_updates"].get<std::uint64_t>(),
                                   entry["new_nonce"].get<std::uint64_t>()),
              felt(entry["word"]));
  }
  EXPECT_EQ((*file)["cases"].size(), 7U);
}

std::string sha256(ByteView bytes) {
  Word out;
  crypto_hash_sha256(out.data(), bytes.data(), bytes.size());
  return to_hex(out);
}

TEST(DataAvailabilityVectors, EncodingWithAndWithoutAliases) {
  const auto file = tests::load_vectors("starknet-chain/da-encoding.json");
  if (!file) GTEST_SKIP();
  int blocks = 0;
  for (const auto& sequence : (*file)["sequences"]) {
    std::map<Felt, Felt> aliases;
    for (const auto& entry : sequence) {
      ClassChanges classes;
      const StateDiff diff = diff_of(entry["state_diff"], classes);
      if (const auto cells = diff.storage.find(Felt(2)); cells != diff.storage.end()) {
        for (const auto& [key, value] : cells->second) aliases[key] = value;
      }
      const auto plain = encode_state_diff(diff, classes);
      EXPECT_EQ(plain, felts(entry["felts_without_aliases"]));
      const auto named = encode_state_diff(diff, classes, [&](const Felt& key) { return aliases.at(key); });
      EXPECT_EQ(named, felts(entry["felts_with_aliases"]));
      EXPECT_EQ(compress_felts(plain), felts(entry["compressed_without_aliases"]));
      EXPECT_EQ(compress_felts(named), felts(entry["compressed_with_aliases"]));
      const auto blobs = blobs_of(compress_felts(named));
      ASSERT_EQ(blobs.size(), 1U);
      for (std::size_t i = 0; i < entry["blob_first_words"].size(); ++i) {
        const auto word = ByteView(blobs[0]).subspan(32 * i).first<32>();
        EXPECT_EQ(U256::from_be(word), U256::from_hex(entry["blob_first_words"][i].get<std::string>()));
      }
      EXPECT_EQ(sha256(blobs[0]), entry["blob_sha256"]);
      ++blocks;
    }
  }
  EXPECT_EQ(blocks, 4);
}

}  // namespace
}  // namespace asterism::core
