#include "core/stark/public_input.hpp"

#include <bit>

namespace asterism::core::stark {
namespace {

// Layout names are written as the number that their ASCII bytes are.
Word name_word(std::string_view name) {
  Word out{};
  for (std::size_t i = 0; i < name.size(); ++i) out[32 - name.size() + i] = static_cast<std::uint8_t>(name[i]);
  return out;
}

struct Page {
  std::uint64_t start = 0;
  std::uint64_t size = 0;
  ByteWriter cells;  // (address, value) pairs on page 0, values elsewhere
};

Expected<std::vector<Page>> pages_of(const PublicInput& input) {
  std::vector<Page> pages;
  for (const PublicCell& cell : input.memory) {
    if (cell.page >= pages.size() + 1 && cell.page > input.memory.size()) {
      return fail(Error::bad_public_input, "page number too large");
    }
    if (cell.page >= pages.size()) pages.resize(cell.page + 1);
    Page& page = pages[cell.page];
    if (page.size == 0) page.start = cell.address;
    if (cell.page != 0 && cell.address != page.start + page.size) {
      return fail(Error::bad_public_input, "page " + std::to_string(cell.page) + " is not contiguous");
    }
    if (cell.page == 0) page.cells.word(cell.address);
    page.cells.raw(cell.value.to_be());
    ++page.size;
  }
  for (const Page& page : pages) {
    if (page.size == 0) return fail(Error::bad_public_input, "an empty page");
  }
  return pages;
}

}  // namespace

Expected<Bytes> public_input_seed(const PublicInput& input, std::span<const std::string_view> segment_names,
                                  const Parameters& parameters) {
  if (input.memory.empty()) return fail(Error::bad_public_input, "no public memory");
  if (input.layout.size() > 31) return fail(Error::bad_public_input, "layout name too long");
  const auto pages = pages_of(input);
  if (!pages) return std::unexpected(pages.error());
  ByteWriter seed;
  if (!parameters.evm && !parameters.short_seed) seed.word(parameters.n_friendly_layers);
  seed.word(static_cast<std::uint64_t>(std::countr_zero(input.n_steps))).word(input.rc_min).word(input.rc_max);
  seed.raw(name_word(input.layout));
  for (const std::string_view name : segment_names) {
    const Segment segment = input.segment(name);
    seed.word(segment.begin_addr).word(segment.stop_ptr);
  }
  seed.word(input.memory.front().address).raw(input.memory.front().value.to_be()).word(pages->size());
  for (std::size_t i = 0; i < pages->size(); ++i) {
    const Page& page = (*pages)[i];
    if (i != 0) seed.word(page.start);
    seed.word(page.size).raw(hash_bytes(parameters.page_hash, page.cells.bytes()));
  }
  return seed.take();
}

}  // namespace asterism::core::stark
