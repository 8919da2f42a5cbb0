#include "core/cairo/pprof.hpp"

#include <map>

namespace asterism::core::cairo {

namespace {

// Numbers of fields as profile.proto has them.
namespace profile {
constexpr unsigned kSampleType = 1, kSample = 2, kMapping = 3, kLocation = 4, kFunction = 5, kStringTable = 6,
                   kTimeNanos = 9;
}

// The wire format of protocol buffers, of which a profile needs numbers and messages. Zero is not written.
class Message {
 public:
  void number(unsigned field, std::uint64_t value) {
    if (value == 0) return;
    varint(std::uint64_t{field} << 3);
    varint(value);
  }
  void bytes(unsigned field, std::string_view content) {
    varint((std::uint64_t{field} << 3) | 2);
    varint(content.size());
    out_.append(content);
  }
  void message(unsigned field, const Message& content) { bytes(field, content.out_); }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>((value & 0x7f) | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  const std::string& str() const { return out_; }
  void clear() { out_.clear(); }

 private:
  std::string out_;
};

class ProfileBuilder {
 public:
  ProfileBuilder(const Runner& runner, const Runner::Sink& sink) : runner_(runner), sink_(sink) { string_id(""); }

  void write(std::uint64_t time_nanos) {
    Message type;
    type.number(1, string_id("running time"));
    type.number(2, string_id("steps"));
    out_.message(profile::kSampleType, type);
    Message functions;
    Message locations;
    add_functions(functions);
    add_locations(locations);
    add_samples();
    for (const auto& [id, mapping] : mappings_) add_mapping(id, mapping);
    emit(locations.str());
    emit(functions.str());
    for (const std::string_view text : strings_) out_.bytes(profile::kStringTable, text);
    out_.number(profile::kTimeNanos, time_nanos);
    emit({});
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 18;
  // Addresses of the relocated program begin at 1, and a location's number is one more.
  static constexpr std::uint64_t kProgramBase = 1;

  struct Mapping {
    std::uint64_t filename = 0, first = 0, limit = 0;
  };

  const Program& program() const { return runner_.machine().program(); }

  void emit(std::string_view more) {
    if (!out_.str().empty()) sink_(as_bytes(out_.str()));
    out_.clear();
    if (!more.empty()) sink_(as_bytes(more));
  }

  std::uint64_t string_id(std::string_view text) {
    const auto [found, added] = string_ids_.emplace(text, strings_.size());
    if (added) strings_.push_back(found->first);
    return found->second;
  }

  // Every label and function, and a root that stands for none.
  void add_functions(Message& out) {
    Message root;
    const std::uint64_t id = string_id("__main__");
    root.number(1, id);
    root.number(2, string_id("<dummy>"));
    root.number(3, string_id("<dummy>"));
    root.number(4, string_id("<dummy_filename>"));
    out.message(profile::kFunction, root);
    function_ids_.emplace("__main__", id);
    for (const std::string& name : program().labels) {
      const Identifier* identifier = program().find(name);
      const auto where = identifier == nullptr ? program().locations.end() : program().locations.find(identifier->pc);
      if (where == program().locations.end() || function_ids_.contains(name)) continue;
      Message function;
      const std::uint64_t name_id = string_id(name);
      function.number(1, name_id);
      function.number(2, name_id);
      function.number(3, name_id);
      function.number(4, string_id(where->second.instruction.file));
      function.number(5, where->second.instruction.start_line);
      out.message(profile::kFunction, function);
      function_ids_.emplace(name, name_id);
    }
  }

  void add_locations(Message& out) {
    for (const auto& [pc, where] : program().locations) {
      const std::uint64_t address = pc + kProgramBase;
      const auto function = function_ids_.find(where.scope);
      Message line;
      line.number(1, function == function_ids_.end() ? 0 : function->second);
      line.number(2, where.instruction.start_line);
      Message location;
      location.number(1, address + 1);
      location.number(2, mapping_of(where.instruction.file, address));
      location.number(3, address);
      location.message(4, line);
      out.message(profile::kLocation, location);
    }
  }

  std::uint64_t mapping_of(const std::string& file, std::uint64_t address) {
    const auto [found, added] = mapping_ids_.emplace(file, mapping_ids_.size() + 1);
    Mapping& mapping = mappings_[found->second];
    if (added) mapping = {string_id(file), address, address + 1};
    mapping.first = std::min(mapping.first, address);
    mapping.limit = std::max(mapping.limit, address + 1);
    return found->second;
  }

  void add_mapping(std::uint64_t id, const Mapping& mapping) {
    Message out;
    out.number(1, id);
    out.number(2, mapping.first);
    out.number(3, mapping.limit);
    out.number(5, mapping.filename);
    for (unsigned has = 7; has <= 10; ++has) out.number(has, 1);  // functions, file names, lines, inlined frames
    out_.message(profile::kMapping, out);
  }

  // The pc and the return addresses of all frames above it.
  void add_samples() {
    std::optional<Value> first_frame;
    std::string last;
    const auto sample = [&](const Value& pc, const Value& frame) {
      if (!first_frame) first_frame = frame;
      Message stack;
      push_location(stack, pc);
      Value fp = frame;
      while (fp.is_real_pointer() && fp.segment() == first_frame->segment() && fp.offset() > first_frame->offset()) {
        push_location(stack, runner_.machine().memory().get(advance(fp, -1)));
        fp = runner_.machine().memory().get(advance(fp, -2));
      }
      Message out;
      out.bytes(1, stack.str());
      out.bytes(2, "\x01");
      out_.message(profile::kSample, out);
      last = out.str();
      if (out_.str().size() >= kPiece) emit({});
    };
    const Trace& trace = runner_.machine().trace;
    runner_.machine().for_each_piece([&](const TraceEntry* entry, std::size_t count, const Trace::Segments& segments) {
      for (std::size_t i = 0; i < count; ++i) {
        sample(Value::pointer(segments.pc, entry[i].pc), Value::pointer(segments.fp, entry[i].fp));
      }
    });
    for (std::uint64_t i = 0; i < trace.repeated(); ++i) {
      out_.bytes(profile::kSample, last);
      if (out_.str().size() >= kPiece) emit({});
    }
  }

  void push_location(Message& stack, const Value& pc) const {
    const bool known = pc.is_real_pointer() && pc.segment() == 0 && pc.offset() >= 0 &&
                       program().locations.contains(static_cast<std::uint64_t>(pc.offset()));
    if (!known) fail(ErrorKind::kFinal, "The debug information has no location for pc " + to_string(pc) + ".");
    stack.varint(static_cast<std::uint64_t>(pc.offset()) + kProgramBase + 1);
  }

  const Runner& runner_;
  const Runner::Sink& sink_;
  Message out_;
  std::map<std::string, std::uint64_t, std::less<>> string_ids_;
  std::vector<std::string_view> strings_;  // keys of string_ids_
  std::map<std::string, std::uint64_t, std::less<>> function_ids_, mapping_ids_;
  std::map<std::uint64_t, Mapping> mappings_;
};

}  // namespace

Expected<void> write_pprof(const Runner& runner, std::uint64_t time_nanos, const Runner::Sink& sink) {
  return guarded([&] {
    if (runner.machine().program().locations.empty()) {
      fail(ErrorKind::kUsage, "A profile needs the program's debug information (compile without --no_debug_info).");
    }
    ProfileBuilder(runner, sink).write(time_nanos);
  });
}

}  // namespace asterism::core::cairo
