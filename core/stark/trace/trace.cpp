#include "core/stark/trace/trace.hpp"

#include <algorithm>

#include "core/stark/trace/components.hpp"

namespace asterism::core::stark {

bool ValuePool::fill(const std::vector<std::uint64_t>& unused, std::uint64_t last) {
  std::size_t next = 0;
  for (std::size_t entry = 0; entry < values_.size(); ++entry) {
    if (!used_[entry]) values_[entry] = next < unused.size() ? unused[next++] : last;
  }
  return next == unused.size();
}

// By digits of 16 bits, lowest first; range checks differ in one of them only.
std::vector<std::uint64_t> ValuePool::sorted() const {
  constexpr std::size_t kDigits = std::size_t{1} << 16;
  std::vector<std::uint64_t> out = values_;
  if (out.size() < kDigits / 4) {
    std::ranges::sort(out);
    return out;
  }
  std::vector<std::uint64_t> next(out.size());
  for (unsigned shift = 0; shift < 64; shift += 16) {
    std::vector<std::size_t> place(kDigits + 1);
    for (const std::uint64_t value : out) ++place[((value >> shift) & (kDigits - 1)) + 1];
    if (place[((out[0] >> shift) & (kDigits - 1)) + 1] == out.size()) continue;
    for (std::size_t i = 1; i < kDigits; ++i) place[i] += place[i - 1];
    for (const std::uint64_t value : out) next[place[(value >> shift) & (kDigits - 1)]++] = value;
    out.swap(next);
  }
  return out;
}

Trace::Trace(const Layout& layout, std::uint64_t rows)
    : layout_(layout),
      rows_(rows),
      columns_(layout.columns_first, Column(rows)),
      range_check_(layout.at("range_check16_pool"), rows) {
  const std::uint64_t units = rows / layout.memory_at("mem_pool").address.step;
  memory_.address.resize(units);
  memory_.value.resize(units);
  memory_.used.resize(units);
  memory_.is_public.resize(units);
  if (const auto pool = layout.find("diluted_pool")) diluted_.emplace(*pool, rows);
}

void Trace::set_memory(const MemoryCells& cells, std::uint64_t index, std::uint64_t address, const Felt& value) {
  set(cells.address, index, Felt(address));
  set(cells.value, index, value);
  const std::uint64_t unit = cells.address.row(index) / 2;
  memory_.address[unit] = address;
  memory_.value[unit] = value;
  memory_.used[unit] = true;
}

void Trace::set_public(const MemoryCells& cells, std::uint64_t index, std::uint64_t address, const Felt& value) {
  set_memory(cells, index, address, value);
  set(cells.address, index, Felt());
  set(cells.value, index, Felt());
  memory_.is_public[cells.address.row(index) / 2] = true;
}

void Trace::set_range_check(const VirtualColumn& cells, std::uint64_t index, std::uint64_t value) {
  set(cells, index, Felt(value));
  range_check_.use(range_check_.entry_of_row(cells.row(index)), value);
}

void Trace::set_diluted(const VirtualColumn& cells, std::uint64_t index, std::uint64_t value) {
  set(cells, index, Felt(value));
  diluted_->use(diluted_->entry_of_row(cells.row(index)), value);
}

Expected<void> Trace::fill_range_check(std::uint64_t rc_min, std::uint64_t rc_max) {
  std::vector<bool> seen(rc_max - rc_min + 1);
  for (std::size_t entry = 0; entry < range_check_.size(); ++entry) {
    if (!range_check_.used(entry)) continue;
    const std::uint64_t value = range_check_.value(entry);
    if (value < rc_min || value > rc_max) return fail(Error::bad_trace, "a 16-bit value outside rc_min..rc_max");
    seen[value - rc_min] = true;
  }
  std::vector<std::uint64_t> unused;
  for (std::uint64_t value = rc_min; value <= rc_max; ++value) {
    if (!seen[value - rc_min]) unused.push_back(value);
  }
  if (!range_check_.fill(unused, rc_max)) return fail(Error::no_room, "of the 16-bit values between rc_min and rc_max");
  for (std::size_t entry = 0; entry < range_check_.size(); ++entry) {
    set(range_check_.cells(), entry, Felt(range_check_.value(entry)));
  }
  return {};
}

Expected<void> Trace::fill_diluted() {
  if (!diluted_) return {};
  std::vector<std::uint64_t> used;
  for (std::size_t entry = 0; entry < diluted_->size(); ++entry) {
    if (diluted_->used(entry)) used.push_back(diluted_->value(entry));
  }
  std::ranges::sort(used);
  std::vector<std::uint64_t> unused;
  constexpr std::uint64_t kValues = std::uint64_t{1} << DilutedPool::kBits;
  for (std::uint64_t value = 0; value < kValues; ++value) {
    if (!std::ranges::binary_search(used, dilute(value))) unused.push_back(dilute(value));
  }
  if (!diluted_->fill(unused, dilute(kValues - 1))) return fail(Error::no_room, "of the diluted values");
  for (std::size_t entry = 0; entry < diluted_->size(); ++entry) {
    set(diluted_->cells(), entry, Felt(diluted_->value(entry)));
  }
  return {};
}

Expected<void> Trace::fill_memory() {
  const std::size_t units = memory_.address.size();
  std::uint64_t least = ~std::uint64_t{0};
  std::uint64_t most = 0;
  for (std::size_t unit = 0; unit < units; ++unit) {
    if (!memory_.used[unit]) continue;
    least = std::min(least, memory_.address[unit]);
    most = std::max(most, memory_.address[unit]);
  }
  if (most - least >= units) return fail(Error::no_room, "of the memory's addresses");
  std::vector<bool> seen(most - least + 1);
  for (std::size_t unit = 0; unit < units; ++unit) {
    if (memory_.used[unit]) seen[memory_.address[unit] - least] = true;
  }
  const MemoryCells pool = layout_.memory_at("mem_pool");
  std::uint64_t hole = least;
  for (std::size_t unit = 0; unit < units; ++unit) {
    if (memory_.used[unit]) continue;
    while (hole <= most && seen[hole - least]) ++hole;
    set_memory(pool, unit, hole, Felt());
    if (hole <= most) ++hole;
  }
  while (hole <= most && seen[hole - least]) ++hole;
  if (hole <= most) return fail(Error::no_room, "of the memory's unused addresses");
  return {};
}

void Trace::write_sorted() {
  // Counting sort: addresses are continuous.
  const std::uint64_t least = *std::ranges::min_element(memory_.address);
  const std::uint64_t most = *std::ranges::max_element(memory_.address);
  std::vector<std::uint32_t> start(most - least + 2);
  for (const std::uint64_t address : memory_.address) ++start[address - least + 1];
  for (std::size_t i = 1; i < start.size(); ++i) start[i] += start[i - 1];
  memory_order_.resize(memory_.address.size());
  for (std::uint32_t unit = 0; unit < memory_order_.size(); ++unit) {
    memory_order_[start[memory_.address[unit] - least]++] = unit;
  }
  const VirtualColumn sorted_address = layout_.at("memory/sorted/addr");
  const VirtualColumn sorted_value = layout_.at("memory/sorted/value");
  for (std::size_t i = 0; i < memory_order_.size(); ++i) {
    set(sorted_address, i, Felt(memory_.address[memory_order_[i]]));
    set(sorted_value, i, memory_.value[memory_order_[i]]);
  }
  const auto write = [&](const ValuePool& pool, const VirtualColumn& cells) {
    const std::vector<std::uint64_t> values = pool.sorted();
    for (std::size_t i = 0; i < values.size(); ++i) set(cells, i, Felt(values[i]));
  };
  write(range_check_, layout_.at("range_check16/sorted"));
  if (diluted_) write(*diluted_, layout_.at("diluted_check/permuted_values"));
}

Expected<Trace> generate_trace(const Layout& layout, const PublicInput& input, const PrivateInput& secret,
                               const std::atomic<bool>* cancel) {
  Trace trace(layout, input.n_steps * kRowsPerStep);
  Expected<void> done = write_cpu(trace, secret);
  const auto step = [&](const auto& write) {
    if (done && cancel != nullptr && cancel->load()) done = fail(Error::cancelled);
    if (done) done = write();
  };
  const auto builtin = [&](std::string_view name, const auto& write, const auto& inputs) {
    if (layout.has(name)) step([&] { return write(trace, input.segment(name).begin_addr, inputs); });
  };
  if (done) write_public_memory(trace, input);
  builtin("pedersen", write_pedersen, secret.pedersen);
  builtin("range_check", write_range_check, secret.range_check);
  builtin("ecdsa", write_ecdsa, secret.ecdsa);
  builtin("bitwise", write_bitwise, secret.bitwise);
  builtin("ec_op", write_ec_op, secret.ec_op);
  builtin("keccak", write_keccak, secret.keccak);
  builtin("poseidon", write_poseidon, secret.poseidon);
  step([&] { return trace.fill_range_check(input.rc_min, input.rc_max); });
  if (done && layout.has("range_check")) {
    finish_range_check(trace, input.segment("range_check").begin_addr, secret.range_check);
  }
  step([&] { return trace.fill_diluted(); });
  step([&] { return trace.fill_memory(); });
  if (!done) return std::unexpected(done.error());
  trace.write_sorted();
  return trace;
}

}  // namespace asterism::core::stark
