// Hints that stand in programs rather than in the library, starknet's system calls, and pages of the output.
#include <simdjson.h>

#include <nlohmann/json.hpp>

#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/hints/dict.hpp"
#include "core/cairo/hints/merkle.hpp"
#include "core/cairo/runner.hpp"

namespace asterism::core::cairo::hints {

namespace {

constexpr std::string_view kDigits = "0123456789";
using ArenaIndex = std::unordered_map<std::int64_t, BigInt>;

// bytes.fromhex(f"{ids.name:062x}").decode() without zero bytes.
std::string short_name(Hint& h) {
  const Word bytes = h.felt("name").to_be();
  if (bytes[0] != 0) raise("ValueError: non-hexadecimal number found in fromhex() arg at position 63");
  if (!simdjson::validate_utf8(reinterpret_cast<const char*>(bytes.data()), bytes.size())) {
    raise("UnicodeDecodeError: 'utf-8' codec can't decode the name");
  }
  std::string out;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    if (bytes[i] != 0) out.push_back(static_cast<char>(bytes[i]));
  }
  return out;
}
std::string list_of(Hint& h, const Value& start, std::uint64_t size) {
  std::string out = "[";
  for (std::uint64_t i = 0; i < size; ++i) {
    out += (i == 0 ? "" : ", ") + to_string(h.read(advance(start, static_cast<std::int64_t>(i))));
  }
  return out + "]";
}

// program_input[...] as JSON.
nlohmann::json program_input(Hint& h) {
  const auto& text = h.object<std::string>("program_input");
  auto parsed = nlohmann::json::parse(text.empty() ? "{}" : text, nullptr, false);
  if (!parsed.is_object()) raise("TypeError: program_input is no object");
  return parsed;
}
const nlohmann::json& member(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) raise("KeyError: '" + std::string(key) + "'");
  return *found;
}
// int(x, 16)
Felt hex_number(const nlohmann::json& value) {
  if (!value.is_string()) raise("TypeError: int() can't convert non-string with explicit base");
  std::string text = value.get<std::string>();
  if (!text.starts_with("0x")) text = "0x" + text;
  return BigInt::parse(text).to_felt();
}
BigInt number(const nlohmann::json& value) {
  if (!value.is_number_integer()) raise("TypeError: expected an integer");
  return BigInt(value.get<std::int64_t>());
}

OutputBuiltin& output(Hint& h) {
  auto* builtin = dynamic_cast<OutputBuiltin*>(h.runner().find_builtin("output"));
  if (builtin == nullptr) raise("NameError: name 'output_builtin' is not defined");
  return *builtin;
}

}  // namespace

void program_merkle_multi_input(Hint& h) {
  const nlohmann::json input = program_input(h);
  const auto& updates = member(input, "updates");
  h.set("n_updates", BigInt::from_u64(updates.size()));
  h.set("height", number(member(input, "height")));
  h.set("prev_root", Value(hex_number(member(input, "prev_root"))));
  h.set("new_root", Value(hex_number(member(input, "new_root"))));
  const Value target = h.address("updates");
  std::int64_t at = 0;
  for (const auto& update : updates) {
    for (const auto& word : update) h.memory().load(advance(target, at++), Value(hex_number(word)));
  }
  Preimage known;
  for (const auto& [key, values] : member(input, "preimage").items()) {
    auto& entry = known[hex_number(nlohmann::json(key))];
    for (const auto& word : values) entry.push_back(hex_number(word));
  }
  h.let_object("preimage", std::move(known));
}

void program_merkle_input(Hint& h) {
  const nlohmann::json input = program_input(h);
  const auto& path = member(input, "auth_path");
  h.set("index", number(member(input, "index")));
  h.set("height", BigInt::from_u64(path.size()));
  h.set("prev_leaf", Value(hex_number(member(input, "prev_leaf"))));
  h.set("new_leaf", Value(hex_number(member(input, "new_leaf"))));
  std::vector<Felt> siblings;
  for (const auto& word : path) siblings.push_back(hex_number(word));
  h.let_object("auth_path", std::move(siblings));
}

void program_output_page_1(Hint& h) { output(h).add_page(1, advance(h.value("output_ptr"), 1), 2); }
void program_output_page_2(Hint& h) {
  output(h).add_page(2, advance(h.value("output_ptr"), 4), 3);
  output(h).add_attribute("gps_fact_topology", "[3, 2, 0, 2, 1, 2]");
}

void program_initial_dict(Hint& h) {
  // The text is `initial_dict = {number: number, ...}`.
  std::vector<BigInt> numbers;
  const std::string_view code = h.code();
  for (std::size_t at = code.find_first_of(kDigits); at < code.size(); at = code.find_first_of(kDigits, at)) {
    const std::size_t end = std::min(code.find_first_not_of(kDigits, at), code.size());
    numbers.push_back(BigInt::parse(code.substr(at, end - at)));
    at = end;
  }
  Dict dict;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    dict.set(Value(numbers[i].to_felt()), Value(numbers[i + 1].to_felt()));
  }
  h.let_object("initial_dict", std::move(dict));
}

void program_print_dict(Hint& h) {
  h.print(short_name(h));
  Dict& dict = h.object<DictManager>("__dict_manager").tracker(h.value("dict_ptr")).data;
  std::string out = "{";
  for (std::size_t i = 0; i < dict.keys().size(); ++i) {
    const Value& key = dict.keys()[i];
    const Value& value = dict.values()[i];
    out += (out.size() == 1 ? "" : ", ") + to_string(key) + ": ";
    out += value.is_felt() ? to_string(value) : list_of(h, value, h.small("pointer_size", 1U << 20));
  }
  h.print(out + "}");
}
void program_print_array(Hint& h) {
  h.print(short_name(h));
  h.print(list_of(h, h.value("arr"), h.small("arr_len", 1U << 20)));
}
void program_print_x(Hint& h) { h.print(to_string(h.value("x"))); }

void program_skip_next_instruction(Hint& h) { h.machine().skip_next_instruction(); }

void program_lowest_bits(Hint& h) {
  h.set("a_lsb", h.integer("a").is_odd() ? 1 : 0);
  h.set("b_lsb", h.integer("b").is_odd() ? 1 : 0);
}
void program_bit_length(Hint& h) {
  const BigInt x = h.integer("x");
  h.let("x", x);
  h.set("bit_length", BigInt(std::int64_t{x.bit_length()}));
}

// A simulated builtin's segment is made by a runner that this is not: the name is unknown, as in the official runner.
void program_simulated_base(Hint&) { raise("NameError: name 'get_simulated_builtin_base' is not defined"); }

// --- a segment arena written in Cairo

void program_new_segment(Hint& h) {
  if (!h.has("segment_index_to_arena_index")) h.let_object("segment_index_to_arena_index", ArenaIndex{});
  const BigInt index = h.integer("n_segments");
  const Value start = index > BigInt(0) ? h.memory().add_temporary_segment() : h.memory().add_segment();
  h.let("index", index);
  h.let("start", start);
  const StructDefinition& info = h.struct_of("prev_segment_arena.infos");
  const StructMember* field = info.find("start");
  if (field == nullptr) raise("IdentifierError: 'start' is not a member of '" + info.name + "'.");
  const Value infos = h.value("prev_segment_arena.infos");
  h.set_memory(element(infos, index * BigInt(info.size) + BigInt(field->offset)), start);
  h.object<ArenaIndex>("segment_index_to_arena_index")[start.segment()] = index;
}
void program_finalize_segment(Hint& h) {
  const Value end = h.value("segment_end");
  const std::int64_t segment = segment_index(end);
  const auto& arena = h.object<ArenaIndex>("segment_index_to_arena_index");
  const auto found = arena.find(segment);
  if (found == arena.end()) raise("KeyError: " + std::to_string(segment));
  h.set_ap(found->second);
}

// --- starkware.starknet.common: messages, syscalls

namespace {
void system_call(Hint& h, std::string_view name) {
  if (h.host() == nullptr) raise("NameError: name 'syscall_handler' is not defined");
  h.host()->system_call(h, name, h.address("syscall_ptr"));
}
}  // namespace

void syscall_call_contract(Hint& h) { system_call(h, "call_contract"); }
void syscall_delegate_call(Hint& h) { system_call(h, "delegate_call"); }
void syscall_delegate_l1_handler(Hint& h) { system_call(h, "delegate_l1_handler"); }
void syscall_deploy(Hint& h) { system_call(h, "deploy"); }
void syscall_emit_event(Hint& h) { system_call(h, "emit_event"); }
void syscall_get_block_number(Hint& h) { system_call(h, "get_block_number"); }
void syscall_get_block_timestamp(Hint& h) { system_call(h, "get_block_timestamp"); }
void syscall_get_caller_address(Hint& h) { system_call(h, "get_caller_address"); }
void syscall_get_contract_address(Hint& h) { system_call(h, "get_contract_address"); }
void syscall_get_sequencer_address(Hint& h) { system_call(h, "get_sequencer_address"); }
void syscall_get_tx_info(Hint& h) { system_call(h, "get_tx_info"); }
void syscall_get_tx_signature(Hint& h) { system_call(h, "get_tx_signature"); }
void syscall_library_call(Hint& h) { system_call(h, "library_call"); }
void syscall_library_call_l1_handler(Hint& h) { system_call(h, "library_call_l1_handler"); }
void syscall_replace_class(Hint& h) { system_call(h, "replace_class"); }
void syscall_send_message_to_l1(Hint& h) { system_call(h, "send_message_to_l1"); }
void syscall_storage_read(Hint& h) { system_call(h, "storage_read"); }
void syscall_storage_write(Hint& h) { system_call(h, "storage_write"); }

}  // namespace asterism::core::cairo::hints
