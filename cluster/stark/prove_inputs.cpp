#include "cluster/stark/prove_inputs.hpp"

#include <bit>

#include "cluster/stark/files.hpp"
#include "core/cairo/runner.hpp"
#include "core/stark/air/layout.hpp"
#include "core/stark/stone_json.hpp"

namespace asterism::cluster {
namespace {

namespace stark = core::stark;
namespace cairo = core::cairo;

// Failures of either module leave this file as the prover's.
struct Refused {
  stark::Failure failure;
};

template <class T>
T take(stark::Expected<T> result) {
  if (!result) throw Refused{std::move(result.error())};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

stark::Error error_of(cairo::ErrorKind kind) {
  switch (kind) {
    case cairo::ErrorKind::kCancelled:
      return stark::Error::cancelled;
    case cairo::ErrorKind::kLimit:
      return stark::Error::out_of_memory;
    case cairo::ErrorKind::kProgram:
    case cairo::ErrorKind::kUsage:
    case cairo::ErrorKind::kUnknownHint:
      return stark::Error::malformed_input;
    default:
      return stark::Error::bad_trace;
  }
}

template <class T>
T take(cairo::Expected<T> result) {
  if (!result) throw Refused{{error_of(result.error().kind), result.error().text()}};
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string read(const std::filesystem::path& path) {
  auto text = read_whole(path);
  if (!text) throw Refused{{stark::Error::malformed_input, "cannot read " + path.string()}};
  return std::move(*text);
}

template <class F>
stark::Expected<ProveInputs> guarded(const F& make) {
  try {
    return make();
  } catch (Refused& refused) {
    return std::unexpected(std::move(refused.failure));
  }
}

// What the machine must know of a layout follows from the prover's table.
cairo::Layout machine_layout(const stark::Layout& layout) {
  cairo::Layout out{.name = layout.name};
  const std::uint64_t unit_rows = layout.memory_at("mem_pool").address.step;
  out.memory_units_per_step = stark::kRowsPerStep / unit_rows;
  out.public_memory_fraction = layout.memory_at("orig/public_memory").address.step / unit_rows;
  out.rc_units = stark::kRowsPerStep / layout.at("range_check16_pool").step;
  if (const auto pool = layout.find("diluted_pool")) {
    out.log_diluted_units_per_step = std::countr_zero(stark::kRowsPerStep / pool->step);
  }
  for (const std::string_view name : layout.segment_names()) {
    if (name == "program" || name == "execution") continue;
    out.builtins.push_back({name, layout.instance_rows(name) / stark::kRowsPerStep});
  }
  return out;
}

cairo::RunOptions run_options(const ProgramRun& run, const std::atomic<bool>& cancel) {
  const stark::Layout* layout = stark::find_layout(run.layout, run.evm);
  if (layout == nullptr) throw Refused{{stark::Error::unknown_layout, run.layout}};
  cairo::RunOptions options{.layout = machine_layout(*layout)};
  options.proof_mode = true;
  options.min_steps = run.min_steps;
  options.limits.cancel = &cancel;
  constexpr std::uint64_t kBytesOfCell = 32;
  if (run.max_memory != 0) {
    options.limits.max_cells = std::min(options.limits.max_cells, run.max_memory / kBytesOfCell);
  }
  if (!run.program_input.empty()) options.program_input = read(run.program_input);
  return options;
}

}  // namespace

stark::Expected<ProveInputs> read_inputs(const InputFiles& files) {
  return guarded([&] {
    ProveInputs out;
    out.parameters_text = read(files.parameters);
    out.public_text = read(files.public_input);
    out.private_text = read(files.private_input);
    if (!files.prover_config.empty()) out.config_text = read(files.prover_config);
    out.parameters = take(stark::parse_parameters(out.parameters_text));
    out.public_input = take(stark::parse_public_input(out.public_text));
    auto secret = take(stark::parse_private_input(out.private_text));
    out.secret = std::move(secret.input);
    // Paths in the private input are relative to it, or to where we are.
    const auto beside = [&](const std::string& path) {
      const auto near = std::filesystem::path(files.private_input).parent_path() / path;
      return std::filesystem::exists(near) ? near : std::filesystem::path(path);
    };
    out.secret.steps = take(stark::parse_execution(core::as_bytes(read(beside(secret.trace_path)))));
    out.secret.memory = take(stark::parse_memory(core::as_bytes(read(beside(secret.memory_path)))));
    return out;
  });
}

stark::Expected<ProveInputs> run_program(const ProgramRun& run, const std::atomic<bool>& cancel) {
  return guarded([&] {
    const auto program = take(cairo::load_program(read(run.program)));
    const auto runner = take(cairo::Runner::create(program, run_options(run, cancel)));
    take(runner->run());
    if (cancel.load()) throw Refused{{stark::Error::cancelled}};
    ProveInputs out;
    out.public_text = take(runner->public_input());
    out.public_input = take(stark::parse_public_input(out.public_text));
    out.secret = take(stark::parse_private_input(take(runner->private_input("-", "-")))).input;
    take(runner->write_trace([&](core::ByteView piece) {
      const auto steps = take(stark::parse_execution(piece));
      out.secret.steps.insert(out.secret.steps.end(), steps.begin(), steps.end());
    }));
    take(runner->write_memory([&](core::ByteView piece) {
      const auto cells = take(stark::parse_memory(piece));
      out.secret.memory.insert(out.secret.memory.end(), cells.begin(), cells.end());
    }));
    if (run.parameters.empty()) {
      const std::uint64_t rows = out.public_input.n_steps * stark::kRowsPerStep;
      out.parameters = stark::default_parameters(static_cast<unsigned>(std::countr_zero(rows)));
      out.parameters_text = stark::format_parameters(out.parameters);
    } else {
      out.parameters_text = read(run.parameters);
      out.parameters = take(stark::parse_parameters(out.parameters_text));
    }
    return out;
  });
}

}  // namespace asterism::cluster
