#include "core/stark/stone_json.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

namespace asterism::core::stark {
namespace {

using nlohmann::json;

// Thrown and caught within this file only, so that each field needs no branch of its own.
struct Bad {
  std::string what;
};

json parse(std::string_view text) {
  json out = json::parse(text, nullptr, false);
  if (out.is_discarded()) throw Bad{"not JSON"};
  return out;
}

const json& field(const json& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) throw Bad{std::string(name) + " is missing"};
  return object.at(name);
}

bool has(const json& object, const char* name) {
  return object.is_object() && object.contains(name) && !object.at(name).is_null();
}

std::uint64_t number(const json& value, const char* name, std::uint64_t most = ~std::uint64_t{0}) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most)
    throw Bad{std::string(name) + " is not a number in range"};
  return value.get<std::uint64_t>();
}

std::uint32_t small(const json& object, const char* name) {
  return static_cast<std::uint32_t>(number(field(object, name), name, 0xffffffff));
}

std::string text(const json& value, const char* name) {
  if (!value.is_string()) throw Bad{std::string(name) + " is not a string"};
  return value.get<std::string>();
}

bool flag(const json& object, const char* name) {
  if (!has(object, name)) return false;
  if (!object.at(name).is_boolean()) throw Bad{std::string(name) + " is not a boolean"};
  return object.at(name).get<bool>();
}

HashKind hash_or(const json& object, const char* name, HashKind fallback) {
  if (!has(object, name)) return fallback;
  const auto kind = hash_kind(text(object.at(name), name));
  if (!kind) throw Bad{std::string(name) + " is not a known hash"};
  return *kind;
}

Felt felt(const json& value, const char* name) {
  const auto out = Felt::from_hex(text(value, name));
  if (!out) throw Bad{std::string(name) + " is not a felt"};
  return *out;
}

Parameters parameters_of(const json& object) {
  if (has(object, "field") && text(object.at("field"), "field") != "PrimeField0") throw Bad{"field is not PrimeField0"};
  if (flag(object, "use_extension_field")) throw Bad{"extension fields are not used with this field"};
  Parameters out;
  const json& stark = field(object, "stark");
  const json& fri = field(stark, "fri");
  out.log_n_cosets = small(stark, "log_n_cosets");
  for (const json& step : field(fri, "fri_step_list")) {
    out.fri.step_list.push_back(static_cast<unsigned>(number(step, "fri_step_list", 64)));
  }
  out.fri.last_layer_degree_bound = number(field(fri, "last_layer_degree_bound"), "last_layer_degree_bound");
  out.fri.n_queries = small(fri, "n_queries");
  out.fri.proof_of_work_bits = small(fri, "proof_of_work_bits");
  out.channel_hash = hash_or(object, "channel_hash", out.channel_hash);
  out.commitment_hash = hash_or(object, "commitment_hash", out.commitment_hash);
  out.friendly_hash = hash_or(object, "verifier_friendly_commitment_hash", out.commitment_hash);
  if (has(object, "n_verifier_friendly_commitment_layers")) {
    out.n_friendly_layers =
        number(object.at("n_verifier_friendly_commitment_layers"), "n_verifier_friendly_commitment_layers");
  }
  out.friendly_channel_updates = flag(object, "verifier_friendly_channel_updates");
  out.pow_hash = hash_or(object, "pow_hash", out.pow_hash);
  if (has(object, "statement")) out.page_hash = hash_or(object.at("statement"), "page_hash", out.page_hash);
  return out;
}

PublicInput public_input_of(const json& object) {
  PublicInput out;
  out.layout = text(field(object, "layout"), "layout");
  out.n_steps = number(field(object, "n_steps"), "n_steps");
  out.rc_min = number(field(object, "rc_min"), "rc_min");
  out.rc_max = number(field(object, "rc_max"), "rc_max");
  const json& segments = field(object, "memory_segments");
  if (!segments.is_object()) throw Bad{"memory_segments is not an object"};
  for (const auto& [name, segment] : segments.items()) {
    out.segments[name] = {number(field(segment, "begin_addr"), "begin_addr"),
                          number(field(segment, "stop_ptr"), "stop_ptr")};
  }
  const json& memory = field(object, "public_memory");
  if (!memory.is_array()) throw Bad{"public_memory is not an array"};
  for (const json& cell : memory) {
    out.memory.push_back({number(field(cell, "address"), "address"), felt(field(cell, "value"), "value"),
                          has(cell, "page") ? small(cell, "page") : 0});
  }
  return out;
}

template <std::size_t N>
std::vector<Instance<N>> instances(const json& file, const char* builtin, const std::array<const char*, N>& names) {
  std::vector<Instance<N>> out;
  if (!has(file, builtin)) return out;
  for (const json& entry : file.at(builtin)) {
    Instance<N>& instance = out.emplace_back();
    instance.index = number(field(entry, "index"), "index");
    for (std::size_t i = 0; i < N; ++i) {
      const bool nested = has(entry, "signature_input") && !has(entry, names[i]);
      instance.input[i] = felt(field(nested ? entry.at("signature_input") : entry, names[i]), names[i]);
    }
  }
  return out;
}

std::uint64_t little_endian(ByteView bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 8; i-- > 0;) out = (out << 8) | bytes[i];
  return out;
}

template <class F>
auto guarded(const F& read) -> Expected<decltype(read())> {
  try {
    return read();
  } catch (const Bad& bad) {
    return fail(Error::malformed_input, bad.what);
  }
}

}  // namespace

Expected<Parameters> parse_parameters(std::string_view source) {
  return guarded([&] { return parameters_of(parse(source)); });
}

std::string format_parameters(const Parameters& parameters) {
  json out;
  out["field"] = "PrimeField0";
  out["use_extension_field"] = false;
  out["channel_hash"] = hash_name(parameters.channel_hash);
  out["commitment_hash"] = hash_name(parameters.commitment_hash);
  out["verifier_friendly_commitment_hash"] = hash_name(parameters.friendly_hash);
  out["n_verifier_friendly_commitment_layers"] = parameters.n_friendly_layers;
  out["verifier_friendly_channel_updates"] = parameters.friendly_channel_updates;
  out["pow_hash"] = hash_name(parameters.pow_hash);
  out["statement"]["page_hash"] = hash_name(parameters.page_hash);
  json& stark = out["stark"];
  stark["log_n_cosets"] = parameters.log_n_cosets;
  stark["fri"] = {{"fri_step_list", parameters.fri.step_list},
                  {"last_layer_degree_bound", parameters.fri.last_layer_degree_bound},
                  {"n_queries", parameters.fri.n_queries},
                  {"proof_of_work_bits", parameters.fri.proof_of_work_bits}};
  return out.dump(3);
}

Expected<PublicInput> parse_public_input(std::string_view source) {
  return guarded([&] { return public_input_of(parse(source)); });
}

Expected<PrivateInputFile> parse_private_input(std::string_view source) {
  return guarded([&] {
    const json file = parse(source);
    PrivateInputFile out;
    out.trace_path = text(field(file, "trace_path"), "trace_path");
    out.memory_path = text(field(file, "memory_path"), "memory_path");
    out.input.pedersen = instances<2>(file, "pedersen", {"x", "y"});
    out.input.range_check = instances<1>(file, "range_check", {"value"});
    out.input.ecdsa = instances<4>(file, "ecdsa", {"pubkey", "msg", "r", "w"});
    out.input.bitwise = instances<2>(file, "bitwise", {"x", "y"});
    out.input.ec_op = instances<5>(file, "ec_op", {"p_x", "p_y", "q_x", "q_y", "m"});
    out.input.keccak =
        instances<8>(file, "keccak",
                     {"input_s0", "input_s1", "input_s2", "input_s3", "input_s4", "input_s5", "input_s6", "input_s7"});
    out.input.poseidon = instances<3>(file, "poseidon", {"input_s0", "input_s1", "input_s2"});
    return out;
  });
}

Expected<std::vector<ExecutionStep>> parse_execution(ByteView bytes) {
  if (bytes.size() % 24 != 0) return fail(Error::malformed_input, "the execution is not a sequence of 24 bytes");
  std::vector<ExecutionStep> out;
  out.reserve(bytes.size() / 24);
  for (std::size_t i = 0; i < bytes.size(); i += 24) {
    out.push_back({little_endian(bytes.subspan(i, 8)), little_endian(bytes.subspan(i + 8, 8)),
                   little_endian(bytes.subspan(i + 16, 8))});
  }
  return out;
}

Expected<std::vector<std::pair<std::uint64_t, Felt>>> parse_memory(ByteView bytes) {
  if (bytes.size() % 40 != 0) return fail(Error::malformed_input, "the memory is not a sequence of 40 bytes");
  std::vector<std::pair<std::uint64_t, Felt>> out;
  out.reserve(bytes.size() / 40);
  for (std::size_t i = 0; i < bytes.size(); i += 40) {
    U256 value;
    for (std::size_t k = 0; k < 4; ++k) value.limb[k] = little_endian(bytes.subspan(i + 8 + 8 * k, 8));
    const auto as_felt = Felt::from_u256(value);
    if (!as_felt) return fail(Error::malformed_input, "a memory value is not a felt");
    out.emplace_back(little_endian(bytes.subspan(i, 8)), *as_felt);
  }
  return out;
}

Expected<ProofFile> parse_proof_file(std::string_view source) {
  return guarded([&] {
    const json file = parse(source);
    ProofFile out;
    out.parameters = parameters_of(field(file, "proof_parameters"));
    out.public_input = public_input_of(field(file, "public_input"));
    const auto bytes = from_hex(text(field(file, "proof_hex"), "proof_hex"));
    if (!bytes) throw Bad{"proof_hex is not hexadecimal"};
    out.proof = *bytes;
    return out;
  });
}

Expected<std::string> format_output_file(const OutputFile& file) {
  return guarded([&] {
    json out;
    out["version"] = {{"statement_name", "cpu air"}, {"proof_hash", ""}, {"commit_hash", "asterism"}};
    out["private_input"] = parse(file.private_input);
    out["public_input"] = parse(file.public_input);
    out["proof_parameters"] = parse(file.parameters);
    out["prover_config"] = parse(file.prover_config);
    out["proof_hex"] = "0x" + to_hex(file.proof);
    if (!file.annotations.empty()) {
      out["annotations"] = std::vector<std::string>(file.annotations.begin(), file.annotations.end());
    }
    return out.dump(3) + "\n";
  });
}

}  // namespace asterism::core::stark
