#include "core/cairo/pie.hpp"
#include "tests/core/cairo/vectors.hpp"
#include "tests/core/stark/vectors.hpp"
#include "tests/fuzz/seeds/seeds.hpp"

namespace asterism::fuzz {
namespace {

namespace fs = std::filesystem;

void add_cairo(Seeds& seeds) {
  const fs::path folder = test::vectors_folder();
  const auto manifest = nlohmann::json::parse(test::read_file(folder / "manifest.json"));
  for (const auto& vector : manifest.at("vectors")) {
    const std::string text = test::read_file(folder / vector.at("program").get<std::string>());
    if (text.size() > (1U << 16)) continue;
    seeds.add("cairo_program_fuzz", text);
    if (vector.contains("cairo_layout_params")) seeds.add("cairo_input_fuzz", vector["cairo_layout_params"].dump());
    if (vector.at("mode") == "proof") continue;
    const auto program = core::cairo::load_program(text);
    if (!program) continue;
    auto runner = core::cairo::Runner::create(*program, test::run_options(vector, folder));
    if (!runner || !(*runner)->run()) continue;
    const auto pie = core::cairo::make_pie(**runner);
    if (!pie) continue;
    const auto bytes = core::cairo::write_pie(*pie, true);
    if (bytes && bytes->size() < (1U << 16)) seeds.add("cairo_pie_fuzz", *bytes);
  }
  for (const std::string_view text : {"[cast(fp + (-3), felt*)]", "cast([[fp + (-4)] + 1] + 2, starkware.cairo.T)",
                                      "[cast(ap, (a: felt, b: felt)*)]", "cast(115792, felt)"}) {
    seeds.add("cairo_input_fuzz", text);
  }
}

void add_stone(Seeds& seeds) {
  const fs::path folder = tests::source_folder() / "tests/vectors/stone";
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_directory()) continue;
    std::uint8_t kind = 0;
    for (const std::string file :
         {"params.json", "air_public_input.json", "air_private_input.json", "trace.bin", "memory.bin"}) {
      seeds.add("fuzz_stone_json", chosen(kind++, core::as_bytes(test::read_file(entry.path() / file))));
    }
    const auto read = [&](const char* file) {
      return nlohmann::ordered_json::parse(test::read_file(entry.path() / file), nullptr, false);
    };
    std::string proof = test::read_file(entry.path() / "proof.hex");
    while (!proof.empty() && proof.back() == '\n') proof.pop_back();
    nlohmann::ordered_json whole{{"proof_parameters", read("params.json")},
                                 {"public_input", read("air_public_input.json")},
                                 {"proof_hex", "0x" + proof}};
    seeds.add("fuzz_proof_file", whole.dump());
    if (entry.path().filename() == "plain-512-keccak") seeds.add("fuzz_proof", core::Bytes{2, 0, 5, 7});
  }
}

}  // namespace

void add_all(Seeds& seeds) {
  add_cairo(seeds);
  add_stone(seeds);
}

}  // namespace asterism::fuzz
