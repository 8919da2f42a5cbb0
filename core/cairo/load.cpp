#include "core/cairo/load.hpp"

namespace asterism::core::cairo {

namespace {

enum class Format : std::uint8_t { kCairo0, kExecutable, kContractClass };

Format format_of(json::Document& document) {
  for (auto field : document.root()) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) json::bad("program");
    if (key == "program" || key == "entrypoints") return Format::kExecutable;
    if (key == "bytecode" || key == "entry_points_by_type" || key == "bytecode_segment_lengths" ||
        key == "pythonic_hints") {
      return Format::kContractClass;
    }
    if (key == "data" || key == "identifiers" || key == "builtins" || key == "reference_manager") break;
  }
  return Format::kCairo0;
}

using Reader = std::shared_ptr<const Program> (*)(json::Document&, const LoadOptions&);
Expected<std::shared_ptr<const Program>> load(std::string_view text, Reader read, const LoadOptions& options) {
  return guarded([&] {
    json::Document document(text, "program");
    return read(document, options);
  });
}

std::shared_ptr<const Program> read_any(json::Document& document, const LoadOptions& options) {
  switch (format_of(document)) {
    case Format::kExecutable:
      return read_executable(document, options);
    case Format::kContractClass:
      return read_contract_class(document, options);
    default:
      return read_program(document, options);
  }
}

}  // namespace

Expected<std::shared_ptr<const Program>> load_program(std::string_view json, const LoadOptions& options) {
  return load(json, read_program, options);
}
Expected<std::shared_ptr<const Program>> load_executable(std::string_view json, const LoadOptions& options) {
  return load(json, read_executable, options);
}
Expected<std::shared_ptr<const Program>> load_contract_class(std::string_view json, const LoadOptions& options) {
  return load(json, read_contract_class, options);
}
Expected<std::shared_ptr<const Program>> load_any_program(std::string_view json, const LoadOptions& options) {
  return load(json, read_any, options);
}

}  // namespace asterism::core::cairo
