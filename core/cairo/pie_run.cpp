// Between runs and PIEs: a finished run as a PIE, and a PIE as the start of a run.
#include "core/cairo/builtins/builtins.hpp"
#include "core/cairo/pie.hpp"

namespace asterism::core::cairo {

// The one friend of Runner that sees its segments.
class PieWriter {
 public:
  explicit PieWriter(Runner& runner) : runner_(runner) {}

  Pie make() {
    if (runner_.options_.proof_mode)
      fail(ErrorKind::kUsage, "--proof_mode and --cairo_pie_output cannot be both specified.");
    Pie out;
    const Program& program = runner_.program();
    for (const Value& word : program.data) out.data.push_back(word.felt());
    out.builtins = program.builtins;
    out.main = program.label("main").value_or(0);
    out.program = {0, program.data.size()};
    out.execution = {1, static_cast<std::uint64_t>(runner_.machine_->ap.offset())};
    std::uint64_t next = 2;
    for (const auto& builtin : runner_.builtins_) {
      if (!builtin->stop) fail(ErrorKind::kFinal, std::string(builtin->name()) + " segment stop ptr is None.");
      out.builtin_segments.emplace_back(builtin->name(),
                                        PieSegment{next++, static_cast<std::uint64_t>(builtin->stop->offset())});
      if (const auto* ecdsa = dynamic_cast<EcdsaBuiltin*>(builtin.get())) {
        out.signatures.assign(ecdsa->signatures.begin(), ecdsa->signatures.end());
      }
      if (const auto* output = dynamic_cast<OutputBuiltin*>(builtin.get())) add_output(*output, out);
    }
    out.return_fp = {next++, 0};
    out.return_pc = {next++, 0};
    for (; next < runner_.memory_.segment_count(); ++next) {
      out.extra_segments.push_back({next, runner_.segment_size(next)});
    }
    for (std::size_t s = 0; s < runner_.memory_.segment_count(); ++s) {
      const CellArray& cells = runner_.memory_.segment(static_cast<std::int64_t>(s)).cells;
      for (std::size_t i = 0; i < cells.filled(); ++i) {
        const Value& value = cells.data()[i];
        if (value.is_empty()) continue;
        if (!value.is_felt() && (!value.is_real_pointer() || value.offset() < 0)) {
          fail(ErrorKind::kFinal, "A Cairo PIE cannot hold the value " + to_string(value) + ".");
        }
        out.memory.emplace(std::pair{s, i}, value);
      }
    }
    auto resources = runner_.resources();
    if (!resources) fail(resources.error().kind, resources.error().message);
    out.resources = std::move(*resources);
    return out;
  }

 private:
  static void add_output(const OutputBuiltin& output, Pie& out) {
    for (const auto& [id, page] : output.pages) out.pages[id] = {page.start, page.size};
    if (!output.raw_attributes.empty()) {
      out.attributes = output.raw_attributes;
      return;
    }
    std::string attributes = "{";
    for (const auto& [name, json] : output.attributes) {
      JsonWriter key(false);
      key.text(name);
      attributes += (attributes.size() == 1 ? "" : ", ") + key.str() + ": " + json;
    }
    out.attributes = attributes + "}";
  }
  Runner& runner_;
};

Expected<Pie> make_pie(Runner& runner) {
  return guarded([&] { return PieWriter(runner).make(); });
}

void Runner::load_pie(const Pie& pie) {
  for (const PieSegment& segment : pie.extra_segments) {
    if (segment.index >= memory_.segment_count()) memory_.add_segment();
  }
  for (const auto& [address, value] : pie.memory) {
    memory_.load(Value::pointer(static_cast<std::int64_t>(address.first), static_cast<std::int64_t>(address.second)),
                 value);
  }
  for (const auto& builtin : builtins_) {
    if (auto* ecdsa = dynamic_cast<EcdsaBuiltin*>(builtin.get())) {
      for (const auto& [offset, signature] : pie.signatures) ecdsa->add_signature(ecdsa->cell(offset), signature);
    }
    if (auto* output = dynamic_cast<OutputBuiltin*>(builtin.get())) {
      for (const auto& [id, page] : pie.pages) output->pages[id] = {page.first, page.second};
      output->raw_attributes = pie.attributes;
    }
  }
  // What was there before the first step obeys the rules too.
  for (const auto& builtin : builtins_) {
    const std::uint64_t used = memory_.used(builtin->segment);
    for (std::uint64_t i = 0; i < used; ++i) {
      if (!memory_.get(builtin->segment, i).is_empty()) builtin->validate(memory_, i);
    }
  }
  final_sizes_.resize(memory_.segment_count());
  final_sizes_[0] = pie.program.size;
  final_sizes_[1] = pie.execution.size;
  for (const auto& [name, segment] : pie.builtin_segments) final_sizes_[segment.index] = segment.size;
  for (const PieSegment& segment : pie.extra_segments) final_sizes_[segment.index] = segment.size;
}

}  // namespace asterism::core::cairo
