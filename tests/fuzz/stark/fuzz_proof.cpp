// The verifier on changed proofs of plain-512-keccak. The first byte says what the input is: 0, a whole proof; 1, a
// statement and parameters (see `Reader`) and then edits of the proof; else edits. An edit is an offset of two bytes
// and a value to xor there. What verifies must be Stone's proof of the unchanged statement.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/stark/stark.hpp"
#include "core/stark/stone_json.hpp"
#include "tests/paths.hpp"

namespace {

using namespace asterism::core;

std::string read(const char* name) {
  std::ifstream file(asterism::tests::source_folder() / "tests/vectors/stone/plain-512-keccak" / name);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

struct Statement {
  stark::Parameters parameters = stark::parse_parameters(read("params.json")).value();
  stark::PublicInput input = stark::parse_public_input(read("air_public_input.json")).value();
  Bytes proof = from_hex(read("proof.hex")).value();
};

class Reader {
 public:
  Reader(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::size_t left() const { return size_; }
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::uint16_t pair() {
    const std::uint8_t high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }
  Bytes rest() const { return {data_, data_ + size_}; }

  void into(stark::Parameters& parameters) {
    const auto hash = [&] { return static_cast<stark::HashKind>(byte() % 8); };
    parameters.log_n_cosets = byte() % 20;
    parameters.fri.step_list.resize(byte() % 12);
    for (unsigned& step : parameters.fri.step_list) step = byte() % 12;
    parameters.fri.last_layer_degree_bound = std::uint64_t{1} << byte() % 64;
    parameters.fri.n_queries = pair();
    parameters.fri.proof_of_work_bits = byte() % 64;
    parameters.channel_hash = hash();
    parameters.commitment_hash = hash();
    parameters.friendly_hash = hash();
    parameters.page_hash = hash();
    parameters.n_friendly_layers = byte();
    const std::uint8_t flags = byte();
    parameters.friendly_channel_updates = (flags & 1) != 0;
    parameters.short_seed = (flags & 2) != 0;
    parameters.evm = (flags & 4) != 0;
  }
  void into(stark::PublicInput& input) {
    const stark::Layout& layout = *stark::all_layouts()[byte() % stark::all_layouts().size()];
    input.layout = layout.name;
    input.n_steps = std::uint64_t{1} << byte() % 64;
    input.segments.clear();
    for (const std::string_view name : layout.segment_names()) input.segments[std::string(name)] = {pair(), pair()};
    input.memory.resize(byte());
    for (stark::PublicCell& cell : input.memory) cell = {pair(), Felt(pair()), byte()};
  }
  void edit(Bytes& proof) {
    while (left() >= 3) {
      const std::uint16_t at = pair();
      proof[at % proof.size()] ^= byte();
    }
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Statement statement;
  Reader reader(data, size);
  Statement changed = statement;
  switch (reader.byte()) {
    case 0:
      changed.proof = reader.rest();
      break;
    case 1:
      reader.into(changed.parameters);
      if (reader.byte() % 2 == 0) reader.into(changed.input);
      reader.edit(changed.proof);
      if (stark::verify(changed.proof, changed.parameters, changed.input)) std::abort();
      return 0;
    default:
      reader.edit(changed.proof);
  }
  const bool accepted = stark::verify(changed.proof, changed.parameters, changed.input).has_value();
  if (accepted && changed.proof != statement.proof) std::abort();
  return 0;
}
