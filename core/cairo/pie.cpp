#include "core/cairo/pie.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/json_reader.hpp"
#include "core/cairo/pie_zip.hpp"

namespace asterism::core::cairo {

namespace {

constexpr std::uint64_t kMaxSize = std::uint64_t{1} << 30;
constexpr unsigned kOffsetBits = 47;
constexpr std::uint64_t kPointerBit = std::uint64_t{1} << 63;
constexpr std::size_t kRecord = 40;

[[noreturn]] void bad(const std::string& why) { fail(ErrorKind::kProgram, "Invalid Cairo PIE: " + why + "."); }

void put_segment(JsonWriter& out, std::string_view name, const PieSegment& segment) {
  if (!name.empty()) out.key(name);
  out.open_object();
  out.key("index");
  out.number(segment.index);
  out.key("size");
  out.number(segment.size);
  out.close_object();
}

std::string metadata_json(const Pie& pie) {
  JsonWriter out(false);
  out.open_object();
  out.key("program");
  out.open_object();
  out.key("prime");
  out.raw(Felt::kModulus.to_decimal());
  out.key("data");
  out.open_array();
  for (const Felt& word : pie.data) out.raw(word.to_decimal());
  out.close_array();
  out.key("builtins");
  out.open_array();
  for (const std::string& name : pie.builtins) out.text(name);
  out.close_array();
  out.key("main");
  out.number(pie.main);
  out.close_object();
  put_segment(out, "program_segment", pie.program);
  put_segment(out, "execution_segment", pie.execution);
  put_segment(out, "ret_fp_segment", pie.return_fp);
  put_segment(out, "ret_pc_segment", pie.return_pc);
  out.key("builtin_segments");
  out.open_object();
  for (const auto& [name, segment] : pie.builtin_segments) put_segment(out, name, segment);
  out.close_object();
  out.key("extra_segments");
  out.open_array();
  for (const PieSegment& segment : pie.extra_segments) put_segment(out, {}, segment);
  out.close_array();
  out.close_object();
  return out.take();
}

std::string additional_json(const Pie& pie) {
  JsonWriter out(false);
  out.open_object();
  for (const auto& [name, segment] : pie.builtin_segments) {
    out.key(name + "_builtin");
    if (name == "output") {
      out.open_object();
      out.key("pages");
      out.open_object();
      for (const auto& [id, page] : pie.pages) {
        out.key(std::to_string(id));
        out.open_array();
        out.number(page.first);
        out.number(page.second);
        out.close_array();
      }
      out.close_object();
      out.key("attributes");
      out.raw(pie.attributes);
      out.close_object();
    } else if (name == "ecdsa") {
      out.open_array();
      for (const auto& [offset, signature] : pie.signatures) {
        out.raw("[[" + std::to_string(segment.index) + "," + std::to_string(offset) + "],[" + signature.r.to_decimal() +
                "," + signature.s.to_decimal() + "]]");
      }
      out.close_array();
    } else if (name == "pedersen") {
      out.open_array();  // the hashes that were verified: all
      for (std::uint64_t offset = 2; offset < segment.size; offset += 3) {
        out.raw("[" + std::to_string(segment.index) + "," + std::to_string(offset) + "]");
      }
      out.close_array();
    } else {
      out.raw("null");
    }
  }
  out.close_object();
  return out.take();
}

std::string resources_json(const Resources& resources) {
  JsonWriter out(false);
  out.open_object();
  out.key("n_steps");
  out.number(resources.steps);
  out.key("n_memory_holes");
  out.number(resources.memory_holes);
  out.key("builtin_instance_counter");
  out.open_object();
  for (const auto& [name, count] : resources.builtin_instances) {
    out.key(name);
    out.number(count);
  }
  out.close_object();
  out.close_object();
  return out.take();
}

std::uint64_t encode_pointer(std::uint64_t segment, std::uint64_t offset) {
  if (segment >> 16 != 0 || offset >> kOffsetBits != 0) bad("an address beyond 16 and 47 bits");
  return (segment << kOffsetBits) + offset;
}

std::string memory_bytes(const Pie& pie, const std::map<std::uint64_t, std::uint64_t>& moved, std::uint64_t target) {
  const auto place = [&](std::uint64_t segment, std::uint64_t offset) {
    const auto found = moved.find(segment);
    return found == moved.end() ? encode_pointer(segment, offset) : encode_pointer(target, found->second + offset);
  };
  std::string out;
  out.reserve(pie.memory.size() * kRecord);
  for (const auto& [address, value] : pie.memory) {
    std::array<std::uint64_t, 5> record{kPointerBit | place(address.first, address.second), 0, 0, 0, 0};
    if (value.is_felt()) {
      const U256 number = value.felt().to_u256();
      std::copy(number.limb.begin(), number.limb.end(), record.begin() + 1);
    } else {
      record[1] = place(static_cast<std::uint64_t>(value.segment()), static_cast<std::uint64_t>(value.offset()));
      record[4] = kPointerBit;
    }
    out.append(reinterpret_cast<const char*>(record.data()), kRecord);
  }
  return out;
}

// --- reading

struct Document {
  simdjson::padded_string padded;
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  json::object root;
  explicit Document(const std::string& text) : padded(text) {
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS) json::bad("a file of the PIE");
    if (document.get_object().get(root) != simdjson::SUCCESS) json::bad("a file of the PIE");
  }
};

std::uint64_t natural(json::value v, std::string_view what, std::uint64_t limit = kMaxSize) {
  const std::uint64_t number = json::take(v.get_uint64(), what);
  if (number >= limit) bad(std::string(what) + " is too large");
  return number;
}

PieSegment read_segment(json::value v) {
  PieSegment out;
  json::each_field(json::object_of(v, "segment"), "segment", [&](std::string_view key, json::value f) {
    if (key == "index") out.index = natural(f, "segment index");
    if (key == "size") out.size = natural(f, "segment size");
  });
  return out;
}

void read_program(json::value v, Pie& pie) {
  json::each_field(json::object_of(v, "program"), "program", [&](std::string_view key, json::value f) {
    if (key == "prime" && !(json::integer_of(f) == BigInt::prime())) bad("invalid prime");
    if (key == "main") pie.main = natural(f, "main");
    if (key == "builtins") {
      json::each_element(json::array_of(f, key), key,
                         [&](json::value e) { pie.builtins.push_back(json::text_of(e, key)); });
    }
    if (key == "data") {
      json::each_element(json::array_of(f, key), key, [&](json::value e) {
        const BigInt word = json::integer_of(e);
        if (word.is_negative() || word >= BigInt::prime()) bad("invalid program data");
        pie.data.push_back(word.to_felt());
      });
    }
  });
}

void read_metadata(const std::string& text, Pie& pie) {
  Document file(text);
  json::each_field(file.root, "metadata", [&](std::string_view key, json::value v) {
    if (key == "program") read_program(v, pie);
    if (key == "program_segment") pie.program = read_segment(v);
    if (key == "execution_segment") pie.execution = read_segment(v);
    if (key == "ret_fp_segment") pie.return_fp = read_segment(v);
    if (key == "ret_pc_segment") pie.return_pc = read_segment(v);
    if (key == "builtin_segments") {
      json::each_field(json::object_of(v, key), key, [&](std::string_view name, json::value s) {
        pie.builtin_segments.emplace_back(std::string(name), read_segment(s));
      });
    }
    if (key == "extra_segments") {
      json::each_element(json::array_of(v, key), key,
                         [&](json::value s) { pie.extra_segments.push_back(read_segment(s)); });
    }
  });
}

void read_additional(const std::string& text, Pie& pie) {
  Document file(text);
  json::each_field(file.root, "additional_data", [&](std::string_view key, json::value v) {
    if (key == "ecdsa_builtin" && !json::is_null(v)) {
      json::each_element(json::array_of(v, key), key, [&](json::value pair) {
        std::vector<BigInt> numbers;
        json::each_element(json::array_of(pair, key), key, [&](json::value part) {
          json::each_element(json::array_of(part, key), key,
                             [&](json::value n) { numbers.push_back(json::integer_of(n)); });
        });
        if (numbers.size() != 4 || !numbers[1].fits_u64() || numbers[1].low64() >= kMaxSize) bad("ecdsa_builtin data");
        pie.signatures.emplace_back(numbers[1].low64(), Signature{numbers[2].to_felt(), numbers[3].to_felt()});
      });
    }
    if (key != "output_builtin" || json::is_null(v)) return;
    json::each_field(json::object_of(v, key), key, [&](std::string_view name, json::value f) {
      if (name == "attributes") {
        std::string_view raw;
        if (json::object_of(f, name).raw_json().get(raw) != simdjson::SUCCESS) json::bad(name);
        pie.attributes = std::string(raw);
      }
      if (name != "pages") return;
      json::each_field(json::object_of(f, name), name, [&](std::string_view id, json::value page) {
        std::uint64_t number = 0;
        if (std::from_chars(id.data(), id.data() + id.size(), number).ec != std::errc()) json::bad(name);
        std::vector<std::uint64_t> parts;
        json::each_element(json::array_of(page, name), name, [&](json::value n) { parts.push_back(natural(n, name)); });
        if (parts.size() != 2) bad("output_builtin pages");
        pie.pages[number] = {parts[0], parts[1]};
      });
    });
  });
}

void read_resources(const std::string& text, Pie& pie) {
  Document file(text);
  json::each_field(file.root, "execution_resources", [&](std::string_view key, json::value v) {
    if (key == "n_steps") pie.resources.steps = natural(v, key);
    if (key == "n_memory_holes") pie.resources.memory_holes = natural(v, key);
    if (key == "builtin_instance_counter") {
      json::each_field(json::object_of(v, key), key, [&](std::string_view name, json::value n) {
        pie.resources.builtin_instances.emplace_back(std::string(name), natural(n, name));
      });
    }
  });
}

void check_metadata(const Pie& pie) {
  if (pie.program.size != pie.data.size() || pie.data.empty()) bad("program length does not match the program segment");
  if (pie.main >= pie.data.size()) bad("invalid main() address");
  std::uint64_t next = 0;
  const auto expect = [&](const PieSegment& segment) {
    if (segment.index != next++) bad("invalid segment index");
  };
  expect(pie.program);
  expect(pie.execution);
  std::vector<std::string> names;
  for (const auto& [name, segment] : pie.builtin_segments) {
    expect(segment);
    names.push_back(name);
  }
  if (names != pie.builtins) bad("builtin list mismatch in builtin_segments");
  expect(pie.return_fp);
  expect(pie.return_pc);
  if (pie.return_fp.size != 0 || pie.return_pc.size != 0) bad("ret_fp and ret_pc must be empty");
  for (const PieSegment& segment : pie.extra_segments) expect(segment);
  if (pie.resources.steps == 0) bad("invalid n_steps");
  std::vector<std::string> counted;
  for (const auto& [name, count] : pie.resources.builtin_instances) counted.push_back(name);
  for (std::string& name : names) name += "_builtin";
  std::sort(counted.begin(), counted.end());
  std::sort(names.begin(), names.end());
  if (counted != names) bad("builtin list mismatch in execution_resources");
}

void read_memory(const std::string& bytes, Pie& pie) {
  if (bytes.size() % kRecord != 0) bad("memory.bin must consist of pairs of address and value");
  std::vector<std::uint64_t> sizes{pie.program.size, pie.execution.size};
  for (const auto& [name, segment] : pie.builtin_segments) sizes.push_back(segment.size);
  sizes.insert(sizes.end(), {0, 0});
  for (const PieSegment& segment : pie.extra_segments) sizes.push_back(segment.size);
  constexpr std::uint64_t kOffsetMask = (std::uint64_t{1} << kOffsetBits) - 1;
  for (std::size_t at = 0; at < bytes.size(); at += kRecord) {
    std::array<std::uint64_t, 5> record;
    std::memcpy(record.data(), bytes.data() + at, kRecord);
    const std::uint64_t segment = (record[0] >> kOffsetBits) & 0xffff;
    const std::uint64_t offset = record[0] & kOffsetMask;
    if ((record[0] & kPointerBit) == 0 || segment >= sizes.size() || offset >= sizes[segment]) {
      bad("invalid memory cell address");
    }
    Value value;
    if ((record[4] & kPointerBit) != 0) {
      const std::uint64_t target = (record[1] >> kOffsetBits) & 0xffff;
      if (target >= sizes.size() || (record[1] >> 63) != 0 || record[2] != 0 || record[3] != 0 ||
          record[4] != kPointerBit) {
        bad("invalid memory cell value");
      }
      value = Value::pointer(static_cast<std::int64_t>(target), static_cast<std::int64_t>(record[1] & kOffsetMask));
    } else {
      const auto felt = Felt::from_u256(U256({record[1], record[2], record[3], record[4]}));
      if (!felt) bad("invalid memory cell value");
      value = *felt;
    }
    pie.memory.insert_or_assign({segment, offset}, value);
  }
}

}  // namespace

Expected<Bytes> write_pie(const Pie& pie, bool merge_extra_segments) {
  return guarded([&] {
    Pie header = pie;
    header.memory.clear();
    std::map<std::uint64_t, std::uint64_t> moved;
    std::uint64_t target = 0;
    if (merge_extra_segments && !pie.extra_segments.empty()) {
      target = pie.extra_segments.front().index;
      std::uint64_t size = 0;
      for (const PieSegment& segment : pie.extra_segments) {
        moved[segment.index] = size;
        size += segment.size;
      }
      header.extra_segments = {{target, size}};
    }
    return zip({{"metadata.json", metadata_json(header)},
                {"memory.bin", memory_bytes(pie, moved, target)},
                {"additional_data.json", additional_json(pie)},
                {"execution_resources.json", resources_json(pie.resources)},
                {"version.json", "{\"cairo_pie\": \"" + pie.version + "\"}"}});
  });
}

Expected<Pie> read_pie(ByteView bytes, std::uint64_t max_bytes) {
  return guarded([&] {
    const auto files = unzip(bytes, max_bytes);
    Pie out;
    out.version = "1.0";
    if (const auto version = files.find("version.json"); version != files.end()) {
      Document file(version->second);
      json::each_field(file.root, "version", [&](std::string_view key, json::value v) {
        if (key == "cairo_pie") out.version = json::text_of(v, key);
      });
    }
    if (!out.version.starts_with("1.") || out.version.find('"') != std::string::npos) bad("incompatible version");
    read_metadata(files.at("metadata.json"), out);
    read_resources(files.at("execution_resources.json"), out);
    check_metadata(out);
    read_additional(files.at("additional_data.json"), out);
    read_memory(files.at("memory.bin"), out);
    return out;
  });
}

std::shared_ptr<const Program> program_of(const Pie& pie) {
  auto program = std::make_shared<Program>();
  program->data.assign(pie.data.begin(), pie.data.end());
  program->builtins = pie.builtins;
  Identifier main;
  main.kind = Identifier::Kind::kFunction;
  main.pc = pie.main;
  program->identifiers.emplace("__main__.main", main);
  program->finish();
  return program;
}

std::string difference(const Pie& theirs, const Pie& ours) {
  std::string out;
  const auto line = [&](bool same, const char* what) {
    if (!same) out += (out.empty() ? " * " : "\n * ") + std::string(what) + " mismatch.";
  };
  line(metadata_json(theirs) == metadata_json(ours), "metadata");
  line(theirs.memory == ours.memory, "memory");
  line(additional_json(theirs) == additional_json(ours), "additional_data");
  auto counted = theirs.resources.builtin_instances;
  auto used = ours.resources.builtin_instances;
  std::sort(counted.begin(), counted.end());
  std::sort(used.begin(), used.end());
  line(theirs.resources.steps == ours.resources.steps && counted == used, "execution_resources");
  return out.empty() ? out : "CairoPie diff:\n" + out;
}

}  // namespace asterism::core::cairo
