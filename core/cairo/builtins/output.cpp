#include "core/cairo/builtins/builtins.hpp"

namespace asterism::core::cairo {

std::unique_ptr<Builtin> make_output(const BuiltinRow& row) { return std::make_unique<OutputBuiltin>(row); }

void OutputBuiltin::add_page(std::uint64_t id, const Value& start, std::uint64_t size) {
  if (pages.contains(id)) fail(ErrorKind::kBuiltin, "Page " + std::to_string(id) + " was already assigned.");
  if (!start.is_pointer() || start.segment() != segment || start.offset() < 0) {
    fail(ErrorKind::kBuiltin, "page_start must be in the output segment.");
  }
  pages.emplace(id, Page{static_cast<std::uint64_t>(start.offset()), size});
}

std::vector<std::uint64_t> OutputBuiltin::page_of_cells(std::uint64_t size) const {
  std::vector<std::uint64_t> out(size, 0);
  std::vector<bool> assigned(size, false);
  for (const auto& [id, page] : pages) {
    if (page.start > size || page.size > size - page.start) {
      fail(ErrorKind::kFinal, "Page " + std::to_string(id) + " is out of bounds.");
    }
    for (std::uint64_t i = page.start; i < page.start + page.size; ++i) {
      if (assigned[i]) fail(ErrorKind::kFinal, "Offset " + std::to_string(i) + " was already assigned a page.");
      assigned[i] = true;
      out[i] = id;
    }
  }
  return out;
}

}  // namespace asterism::core::cairo
