#include "core/stark/trace/components.hpp"

namespace asterism::core::stark {
namespace {

// Values by address; addresses start near zero and are continuous but for segments' gaps.
class MemoryImage {
 public:
  // False when an address does not fit a trace of `limit` memory units.
  bool load(std::span<const std::pair<std::uint64_t, Felt>> cells, std::uint64_t limit) {
    std::uint64_t most = 0;
    for (const auto& [address, value] : cells) most = std::max(most, address);
    if (most > limit) return false;
    values_.resize(most + 1);
    present_.resize(most + 1);
    for (const auto& [address, value] : cells) {
      values_[address] = value;
      present_[address] = true;
    }
    return true;
  }
  const Felt* find(std::uint64_t address) const {
    return address < values_.size() && present_[address] ? &values_[address] : nullptr;
  }

 private:
  Column values_;
  std::vector<bool> present_;
};

struct CpuCells {
  explicit CpuCells(const Layout& layout)
      : flags(layout.at("cpu/decode/opcode_range_check/column")),
        off0(layout.at("cpu/decode/off0")),
        off1(layout.at("cpu/decode/off1")),
        off2(layout.at("cpu/decode/off2")),
        ap(layout.at("cpu/registers/ap")),
        fp(layout.at("cpu/registers/fp")),
        ops_mul(layout.at("cpu/operands/ops_mul")),
        res(layout.at("cpu/operands/res")),
        tmp0(layout.at("cpu/update_registers/update_pc/tmp0")),
        tmp1(layout.at("cpu/update_registers/update_pc/tmp1")),
        instruction(layout.memory_at("cpu/decode/mem_inst")),
        dst(layout.memory_at("cpu/operands/mem_dst")),
        op0(layout.memory_at("cpu/operands/mem_op0")),
        op1(layout.memory_at("cpu/operands/mem_op1")) {}
  VirtualColumn flags, off0, off1, off2, ap, fp, ops_mul, res, tmp0, tmp1;
  MemoryCells instruction, dst, op0, op1;
};

class CpuWriter {
 public:
  CpuWriter(Trace& trace, const MemoryImage& memory) : trace_(trace), memory_(memory), cells_(trace.layout()) {}

  Expected<void> step(std::uint64_t i, const ExecutionStep& state) {
    const Felt* instruction = memory_.find(state.pc);
    const auto encoded = instruction ? instruction->to_u64() : std::nullopt;
    if (!encoded || *encoded >> 63 != 0) return fail(Error::bad_trace, "no instruction at step " + std::to_string(i));
    const std::array<std::uint64_t, 3> offset{*encoded & 0xffff, (*encoded >> 16) & 0xffff, (*encoded >> 32) & 0xffff};
    flags_ = *encoded >> 48;

    const std::uint64_t dst_address = relative(bit(0) ? state.fp : state.ap, offset[0]);
    const std::uint64_t op0_address = relative(bit(1) ? state.fp : state.ap, offset[1]);
    const Felt* dst = memory_.find(dst_address);
    const Felt* op0 = memory_.find(op0_address);
    if (dst == nullptr || op0 == nullptr)
      return fail(Error::bad_trace, "a missing memory cell at step " + std::to_string(i));
    const std::uint64_t base = bit(2) ? state.pc : bit(4) ? state.ap : bit(3) ? state.fp : op0->to_u64().value_or(0);
    const std::uint64_t op1_address = relative(base, offset[2]);
    const Felt* op1 = memory_.find(op1_address);
    if (op1 == nullptr) return fail(Error::bad_trace, "a missing memory cell at step " + std::to_string(i));

    trace_.set_memory(cells_.instruction, i, state.pc, *instruction);
    trace_.set_memory(cells_.dst, i, dst_address, *dst);
    trace_.set_memory(cells_.op0, i, op0_address, *op0);
    trace_.set_memory(cells_.op1, i, op1_address, *op1);
    trace_.set_range_check(cells_.off0, i, offset[0]);
    trace_.set_range_check(cells_.off1, i, offset[1]);
    trace_.set_range_check(cells_.off2, i, offset[2]);
    for (unsigned row = 0; row < kRowsPerStep; ++row)
      trace_.set(cells_.flags, kRowsPerStep * i + row, Felt(flags_ >> row));
    trace_.set(cells_.ap, i, Felt(state.ap));
    trace_.set(cells_.fp, i, Felt(state.fp));
    const Felt product = *op0 * *op1;
    trace_.set(cells_.ops_mul, i, product);
    if (bit(9)) {
      jumps_.push_back(i);
      conditions_.push_back(*dst);
    } else {
      trace_.set(cells_.res, i, bit(5) ? *op0 + *op1 : bit(6) ? product : *op1);
    }
    return {};
  }

  // A conditional jump's res is the inverse of its condition; one inversion serves them all.
  void finish_jumps() {
    Column inverses = conditions_;
    batch_inverse(inverses);
    for (std::size_t i = 0; i < jumps_.size(); ++i) {
      trace_.set(cells_.res, jumps_[i], inverses[i]);
      trace_.set(cells_.tmp0, jumps_[i], conditions_[i]);
      trace_.set(cells_.tmp1, jumps_[i], conditions_[i] * inverses[i]);
    }
  }

 private:
  bool bit(unsigned i) const { return ((flags_ >> i) & 1) != 0; }
  static std::uint64_t relative(std::uint64_t base, std::uint64_t biased) { return base + biased - (1 << 15); }

  Trace& trace_;
  const MemoryImage& memory_;
  CpuCells cells_;
  std::uint64_t flags_ = 0;
  std::vector<std::uint64_t> jumps_;
  Column conditions_;
};

}  // namespace

Expected<void> write_cpu(Trace& trace, const PrivateInput& secret) {
  if (secret.steps.size() * kRowsPerStep != trace.rows()) {
    return fail(Error::bad_trace,
                "the execution has " + std::to_string(secret.steps.size()) + " steps, the public input another number");
  }
  MemoryImage memory;
  if (!memory.load(secret.memory, trace.rows())) return fail(Error::no_room, "of the memory's addresses");
  CpuWriter writer(trace, memory);
  for (std::uint64_t i = 0; i < secret.steps.size(); ++i) {
    if (auto done = writer.step(i, secret.steps[i]); !done) return done;
  }
  writer.finish_jumps();
  return {};
}

void write_public_memory(Trace& trace, const PublicInput& input) {
  const MemoryCells cells = trace.layout().memory_at("orig/public_memory");
  const std::uint64_t slots = trace.rows() / cells.address.step;
  for (std::uint64_t i = 0; i < slots; ++i) {
    const PublicCell& cell = i < input.memory.size() ? input.memory[i] : input.memory.front();
    trace.set_public(cells, i, cell.address, cell.value);
  }
}

}  // namespace asterism::core::stark
