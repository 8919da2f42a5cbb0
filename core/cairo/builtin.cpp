#include "core/cairo/builtin.hpp"

#include <bit>

namespace asterism::core::cairo {

namespace {
std::uint64_t divide_up(std::uint64_t a, std::uint64_t b) { return a / b + (a % b != 0 ? 1 : 0); }
}  // namespace

Felt Relocation::relocate(const Value& value) const {
  if (value.is_felt()) return value.felt();
  const std::int64_t segment = value.any_segment();
  if (segment < 0 || static_cast<std::size_t>(segment) >= bases_.size()) {
    fail(ErrorKind::kFinal, "Failed to relocate " + to_string(value) + ".");
  }
  return value.any_offset() + Felt(base(segment));
}

bool Builtin::read_inputs(const Memory& memory, std::uint64_t instance, std::span<Felt> out) const {
  for (unsigned i = 0; i < row_.inputs; ++i) {
    if (memory.get(segment, instance * row_.cells + i).is_empty()) return false;
  }
  // As the official runner words it, which writes this one name with a capital.
  const auto expected = [&](std::uint64_t offset, const std::string& what, const Value& value) {
    fail(ErrorKind::kBuiltin, (name() == "keccak" ? "Keccak" : std::string(name())) +
                                  " builtin: Expected integer at address " + to_string(cell(offset)) + what +
                                  ". Got: " + to_string(value) + ".");
  };
  for (unsigned i = 0; i < row_.inputs; ++i) {
    const std::uint64_t offset = instance * row_.cells + i;
    const Value value = memory.get(segment, offset);
    if (!value.is_felt()) expected(offset, "", value);
    if (row_.input_bits != 0 && value.felt().to_u256().bit_length() > row_.input_bits) {
      expected(offset, " to be smaller than 2^" + std::to_string(row_.input_bits), value);
    }
    out[i] = value.felt();
  }
  return true;
}

Value Builtin::deduce(Memory& memory, std::uint64_t offset) {
  const std::uint64_t index = offset % row_.cells;
  if (index < row_.inputs) return {};
  const std::uint64_t instance = offset / row_.cells;
  if (cached_instance_ != instance) {
    std::array<Felt, 8> inputs;
    if (!read_inputs(memory, instance, inputs)) return {};
    compute(std::span(inputs).first(row_.inputs), std::span(cached_).first(row_.cells - row_.inputs));
    cached_instance_ = instance;
  }
  if (follows_rule_.size() <= offset) follows_rule_.resize(std::max<std::size_t>(offset + 1, 2 * follows_rule_.size()));
  follows_rule_[offset] = true;
  return cached_[index - row_.inputs];
}

std::uint64_t Builtin::used_instances(const Memory& memory) const { return divide_up(used_cells(memory), row_.cells); }

std::uint64_t Builtin::allocated_instances(std::uint64_t steps) const {
  if (share.ratio == 0) return 0;
  const std::uint64_t min_steps = divide_up(share.ratio * row_.instances_per_component, share.ratio_den);
  if (steps < min_steps) {
    throw InsufficientCells{"Number of steps must be at least " + std::to_string(min_steps) + " for the " +
                            std::string(name()) + " builtin."};
  }
  const std::uint64_t wanted = steps * share.ratio_den;
  if (wanted % share.ratio != 0) {
    fail(ErrorKind::kFinal, std::to_string(wanted) + " is not divisible by " + std::to_string(share.ratio) + ".");
  }
  return wanted / share.ratio;
}

std::uint64_t Builtin::allocated_size(const Memory& memory, std::uint64_t steps) const {
  const std::uint64_t used = used_cells(memory);
  const std::uint64_t size = row_.cells * allocated_instances(steps);
  if (used > size) {
    throw InsufficientCells{"The " + std::string(name()) + " builtin used " + std::to_string(used) +
                            " cells but the capacity is " + std::to_string(size) + "."};
  }
  return size;
}

std::uint64_t Builtin::memory_units(std::uint64_t steps) const {
  return (row_.cells + row_.extra_memory_units) * allocated_instances(steps);
}

void Builtin::compute_batch(std::size_t count, std::span<const Felt> in, std::span<Felt> out) const {
  const std::size_t outputs = row_.cells - row_.inputs;
  for (std::size_t i = 0; i < count; ++i) {
    compute(in.subspan(i * row_.inputs, row_.inputs), out.subspan(i * outputs, outputs));
  }
}

// Whether the cell is an output that was assigned by somebody else than its rule.
bool Builtin::is_open(const Memory& memory, std::uint64_t offset) const {
  if (offset < follows_rule_.size() && follows_rule_[offset]) return false;
  return !memory.get(segment, offset).is_empty();
}

void Builtin::verify_outputs(Memory& memory) {
  constexpr std::size_t kBatch = 1024;
  if (row_.inputs == row_.cells) return;
  const std::uint64_t used = memory.used(segment);
  std::vector<std::uint64_t> instances;
  std::vector<Felt> in;
  for (std::uint64_t first = 0; first < used; first += row_.cells) {
    bool open = false;
    for (unsigned i = row_.inputs; i < row_.cells; ++i) open = open || is_open(memory, first + i);
    std::array<Felt, 8> inputs;
    if (!open || !read_inputs(memory, first / row_.cells, inputs)) continue;
    instances.push_back(first / row_.cells);
    in.insert(in.end(), inputs.begin(), inputs.begin() + row_.inputs);
    if (instances.size() < kBatch) continue;
    verify_batch(memory, instances, in);
    instances.clear();
    in.clear();
  }
  verify_batch(memory, instances, in);
}

void Builtin::verify_batch(const Memory& memory, std::span<const std::uint64_t> instances,
                           std::span<const Felt> in) const {
  if (instances.empty()) return;
  const std::size_t outputs = row_.cells - row_.inputs;
  std::vector<Felt> expected(instances.size() * outputs);
  compute_batch(instances.size(), in, expected);
  for (std::size_t k = 0; k < instances.size(); ++k) {
    for (std::size_t i = 0; i < outputs; ++i) {
      const std::uint64_t offset = instances[k] * row_.cells + row_.inputs + i;
      const Value current = memory.get(segment, offset);
      const Value value(expected[k * outputs + i]);
      if (!is_open(memory, offset) || value == current) continue;
      fail(ErrorKind::kBuiltin, "Inconsistent auto deduction rule at address " + to_string(cell(offset)) + ". " +
                                    to_string(current) + " != " + to_string(value) + ".");
    }
  }
}

void Builtin::check_security(Memory& memory) {
  const std::uint64_t used = memory.used(segment);
  const std::uint64_t instances = divide_up(used, row_.cells);
  std::string missing;
  unsigned listed = 0;
  std::uint64_t present = 0;
  for (std::uint64_t i = 0; i < used; ++i) present += memory.get(segment, i).is_empty() ? 0 : 1;
  if (instances > present / row_.inputs) {
    fail(ErrorKind::kSecurity, "Missing memory cells for " + std::string(name()) + ".");
  }
  for (std::uint64_t i = 0; i < instances; ++i) {
    for (unsigned j = 0; j < row_.inputs; ++j) {
      if (!memory.get(segment, i * row_.cells + j).is_empty()) continue;
      if (++listed <= 20) missing += (missing.empty() ? "" : ", ") + std::to_string(i * row_.cells + j);
    }
  }
  if (listed > 0) {
    fail(ErrorKind::kSecurity,
         "Missing memory cells for " + std::string(name()) + ": " + missing + (listed > 20 ? "..." : "."));
  }
  if (row_.inputs == row_.cells) return;
  for (std::uint64_t i = 0; i < instances; ++i) {
    for (unsigned j = row_.inputs; j < row_.cells; ++j) {
      if (!memory.get(segment, i * row_.cells + j).is_empty()) continue;
      std::array<Felt, 8> inputs;
      if (read_inputs(memory, i, inputs)) check_inputs(std::span(inputs).first(row_.inputs));
      break;
    }
  }
}

void write_hex(JsonWriter& out, std::string_view key, const Felt& value) {
  out.key(key);
  out.text(value.to_hex());
}

void Builtin::private_input(const Memory& memory, const Relocation&, JsonWriter& out) const {
  out.key(name());
  out.open_array();
  const std::uint64_t instances = divide_up(memory.used(segment), row_.cells);
  for (std::uint64_t i = 0; i < instances; ++i) {
    unsigned present = 0;
    for (unsigned j = 0; j < row_.inputs; ++j) present += memory.get(segment, i * row_.cells + j).is_empty() ? 0 : 1;
    if (present == 0) continue;
    out.open_object();
    out.key("index");
    out.number(i);
    for (unsigned j = 0; j < row_.inputs; ++j) {
      const Value value = memory.get(segment, i * row_.cells + j);
      if (!value.is_felt()) {
        fail(ErrorKind::kFinal, "Missing input '" + std::string(row_.input_names[j]) + "' of " + std::string(name()) +
                                    " instance " + std::to_string(i) + ".");
      }
      write_hex(out, row_.input_names[j], value.felt());
    }
    out.close_object();
  }
  out.close_array();
}

}  // namespace asterism::core::cairo
