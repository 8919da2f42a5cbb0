// Cairo PIE: a run as position-independent data (program, memory, resources) in a zip of four JSON files and one
// binary.
//
// Reading is strict: exactly the files the official runner expects, deflated, bounded in size before they are unpacked,
// every cell and segment checked. `make_pie` asks for a finished run in execution mode.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/cairo/runner.hpp"
#include "core/curve/ecdsa.hpp"

namespace asterism::core::cairo {

struct PieSegment {
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  bool operator==(const PieSegment&) const = default;
};

struct Pie {
  // metadata.json
  std::vector<Felt> data;
  std::vector<std::string> builtins;
  std::uint64_t main = 0;
  PieSegment program, execution, return_fp, return_pc;
  std::vector<std::pair<std::string, PieSegment>> builtin_segments;
  std::vector<PieSegment> extra_segments;
  // memory.bin: by segment and offset
  std::map<std::pair<std::uint64_t, std::uint64_t>, Value> memory;
  // additional_data.json
  std::vector<std::pair<std::uint64_t, Signature>> signatures;  // by offset of the public key
  std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> pages;
  std::string attributes = "{}";
  // execution_resources.json
  Resources resources;
  std::string version = "1.1";
};

Expected<Pie> make_pie(Runner& runner);
Expected<Bytes> write_pie(const Pie& pie, bool merge_extra_segments);
// At most `max_bytes` when unpacked.
Expected<Pie> read_pie(ByteView zip, std::uint64_t max_bytes = std::uint64_t{1} << 30);

// A program without hints, ready to run the PIE's code.
std::shared_ptr<const Program> program_of(const Pie& pie);
// What in `ours` differs from `theirs`, in the official runner's words; empty when they agree (pedersen's list aside).
std::string difference(const Pie& theirs, const Pie& ours);

}  // namespace asterism::core::cairo
