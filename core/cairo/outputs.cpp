// What a finished run writes: trace and memory records, public and private input.
#include <algorithm>
#include <cstring>

#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/runner.hpp"

namespace asterism::core::cairo {

namespace {

// Collects records and hands them on in pieces that stay in the second-level cache.
class Pieces {
 public:
  explicit Pieces(const Runner::Sink& sink) : sink_(sink), buffer_(kPiece) {}
  // Where the next `count` bytes, at most kMost, are written.
  std::uint8_t* room(std::size_t count) {
    if (used_ + count > buffer_.size()) flush();
    return buffer_.data() + used_;
  }
  void commit(const std::uint8_t* end) { used_ = static_cast<std::size_t>(end - buffer_.data()); }
  void repeat(ByteView record, std::uint64_t times) {
    flush();
    const std::uint64_t fitting = std::min<std::uint64_t>(times, buffer_.size() / record.size());
    for (std::uint64_t i = 0; i < fitting; ++i) {
      std::memcpy(buffer_.data() + i * record.size(), record.data(), record.size());
    }
    for (std::uint64_t done = 0; done < times; done += fitting) {
      sink_(ByteView(buffer_.data(), std::min(fitting, times - done) * record.size()));
    }
  }
  void flush() {
    if (used_ > 0) sink_(ByteView(buffer_.data(), used_));
    used_ = 0;
  }
  static constexpr std::size_t kMost = std::size_t{1} << 17;

 private:
  static constexpr std::size_t kPiece = 2 * kMost;
  const Runner::Sink& sink_;
  Bytes buffer_;
  std::size_t used_ = 0;
};

// Word by word: a record that is put together and then copied waits until its words are in memory.
void put_word(std::uint8_t* record, std::size_t at, std::uint64_t word) { std::memcpy(record + 8 * at, &word, 8); }

static_assert(std::endian::native == std::endian::little, "records are little-endian and copied as they lie");

}  // namespace

void Runner::ensure_relocated() {
  if (!bases_.empty()) return;
  if (used_sizes_.size() != memory_.segment_count()) {
    // A run that was cut short (run_function does not come here): sizes as they are.
    used_sizes_.clear();
    for (std::size_t i = 0; i < memory_.segment_count(); ++i) {
      used_sizes_.push_back(memory_.used(static_cast<std::int64_t>(i)));
    }
    final_sizes_.resize(memory_.segment_count());
  }
  std::uint64_t next = 1;
  for (std::size_t i = 0; i < used_sizes_.size(); ++i) {
    if (segment_size(i) < used_sizes_[i]) {
      bases_.clear();
      fail(ErrorKind::kFinal, "Segment " + std::to_string(i) + " exceeded its allocated size.");
    }
    bases_.push_back(next);
    next += segment_size(i);
  }
}

Expected<void> Runner::write_trace(const Sink& sink) {
  return guarded([&] {
    ensure_relocated();
    Pieces pieces(sink);
    const auto base = [&](std::int64_t segment) { return bases_[static_cast<std::size_t>(segment)]; };
    std::array<std::uint64_t, 3> record{};
    machine_->for_each_piece([&](const TraceEntry* entry, std::size_t count, const Trace::Segments& segments) {
      const std::uint64_t pc = base(segments.pc);
      const std::uint64_t ap = base(segments.ap);
      const std::uint64_t fp = base(segments.fp);
      std::uint8_t* out = pieces.room(count * sizeof record);
      for (std::size_t i = 0; i < count; ++i, out += sizeof record) {
        put_word(out, 0, ap + entry[i].ap);
        put_word(out, 1, fp + entry[i].fp);
        put_word(out, 2, pc + entry[i].pc);
      }
      pieces.commit(out);
      std::memcpy(record.data(), out - sizeof record, sizeof record);
    });
    pieces.repeat(ByteView(reinterpret_cast<const std::uint8_t*>(record.data()), sizeof record),
                  machine_->trace.repeated());
  });
}

Expected<void> Runner::write_memory(const Sink& sink) {
  constexpr std::size_t kRecord = 40;
  constexpr std::size_t kTogether = 1024;
  return guarded([&] {
    ensure_relocated();
    const Relocation relocation(bases_);
    Pieces pieces(sink);
    std::uint8_t* out = nullptr;
    const auto put = [&](std::uint64_t address, const U256& number) {
      put_word(out, 0, address);
      put_word(out, 1, number.limb[0]);
      put_word(out, 2, number.limb[1]);
      put_word(out, 3, number.limb[2]);
      put_word(out, 4, number.limb[3]);
      out += kRecord;
    };
    for (std::size_t s = 0; s < bases_.size(); ++s) {
      const CellArray& cells = memory_.segment(static_cast<std::int64_t>(s)).cells;
      for (std::size_t begin = 0; begin < cells.filled(); begin += kTogether) {
        out = pieces.room(kTogether * kRecord);
        const std::size_t end = std::min(begin + kTogether, cells.filled());
        for (std::size_t i = begin; i < end; ++i) {
          const Value& value = cells.data()[i];
          const std::uint64_t address = bases_[s] + i;
          if (value.is_felt()) {
            put(address, value.felt().to_u256());
          } else if (value.is_real_pointer() && value.offset() >= 0) {
            put(address, U256(relocation.base(value.segment()) + static_cast<std::uint64_t>(value.offset())));
          } else if (!value.is_empty()) {
            put(address, relocation.relocate(value).to_u256());
          }
        }
        pieces.commit(out);
      }
    }
    pieces.flush();
  });
}

std::vector<PublicCell> Runner::public_memory() {
  std::vector<PublicCell> out;
  const Relocation relocation(bases_);
  const auto add = [&](std::int64_t segment, std::uint64_t offset, std::uint64_t page) {
    const Value value = memory_.get(segment, offset);
    const std::uint64_t address = bases_[static_cast<std::size_t>(segment)] + offset;
    if (value.is_empty()) {
      fail(ErrorKind::kMemory, "Unknown value for memory cell at address " + std::to_string(address) + ".");
    }
    out.push_back({address, relocation.relocate(value), page});
  };
  for (std::size_t i = 0; i < program().data.size(); ++i) add(0, i, 0);
  for (const std::uint64_t offset : execution_public_) add(execution_base_.segment(), offset, 0);
  if (const auto* output = dynamic_cast<OutputBuiltin*>(find_builtin("output"))) {
    const std::uint64_t size = output->used_cells(memory_);
    const std::vector<std::uint64_t> pages = output->page_of_cells(size);
    for (std::uint64_t i = 0; i < size; ++i) add(output->segment, i, pages[i]);
  }
  return out;
}

std::vector<SegmentAddresses> Runner::segment_addresses() {
  if (machine_->trace.size() == 0) fail(ErrorKind::kFinal, "The run has no steps.");
  std::vector<SegmentAddresses> out;
  const Registers& first = machine_->trace.marks().front().at;
  Trace::Segments at_last;
  const TraceEntry last = machine_->last_entry(at_last);
  const auto base = [&](std::int64_t segment) { return bases_[static_cast<std::size_t>(segment)]; };
  const auto address = [&](const Value& pointer) {
    return base(pointer.segment()) + static_cast<std::uint64_t>(pointer.offset());
  };
  out.push_back({"program", address(first.pc), base(at_last.pc) + last.pc});
  out.push_back({"execution", address(first.ap), base(at_last.ap) + last.ap});
  for (const auto& builtin : builtins_) {
    const std::uint64_t begin = base(builtin->segment);
    if (!builtin->stop) {
      fail(ErrorKind::kFinal, "The " + std::string(builtin->name()) + " builtin stop pointer was not set.");
    }
    const std::uint64_t stop = builtin->included ? begin + static_cast<std::uint64_t>(builtin->stop->offset()) : begin;
    out.push_back({builtin->name(), begin, stop});
  }
  return out;
}

Expected<std::string> Runner::public_input() {
  return guarded([&] {
    ensure_relocated();
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    perm_range_check_limits(low, high);
    JsonWriter out(true);
    out.open_object();
    out.key("layout");
    out.text(options_.layout.name);
    out.key("rc_min");
    out.number(low);
    out.key("rc_max");
    out.number(high);
    out.key("n_steps");
    out.number(steps());
    out.key("memory_segments");
    out.open_object();
    for (const SegmentAddresses& segment : segment_addresses()) {
      out.key(segment.name);
      out.open_object();
      out.key("begin_addr");
      out.number(segment.begin);
      out.key("stop_ptr");
      out.number(segment.stop);
      out.close_object();
    }
    out.close_object();
    out.key("public_memory");
    out.open_array();
    for (const PublicCell& cell : public_memory()) {
      out.open_object();
      out.key("address");
      out.number(cell.address);
      write_hex(out, "value", cell.value);
      out.key("page");
      out.number(cell.page);
      out.close_object();
    }
    out.close_array();
    out.key("dynamic_params");
    out.raw("null");
    out.close_object();
    return out.take() + "\n";
  });
}

Expected<std::string> Runner::private_input(std::string_view trace_path, std::string_view memory_path) {
  return guarded([&] {
    ensure_relocated();
    const Relocation relocation(bases_);
    JsonWriter out(true);
    out.open_object();
    out.key("trace_path");
    out.text(trace_path);
    out.key("memory_path");
    out.text(memory_path);
    for (const auto& builtin : builtins_) builtin->private_input(memory_, relocation, out);
    out.close_object();
    return out.take() + "\n";
  });
}

}  // namespace asterism::core::cairo
