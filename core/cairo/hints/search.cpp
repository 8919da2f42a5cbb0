// starkware.cairo.common: find_element, set, usort.
#include <algorithm>

#include "core/cairo/hints/dict.hpp"

namespace asterism::core::cairo::hints {

namespace {

using Positions = std::vector<std::uint64_t>;
using PositionsByValue = std::unordered_map<Value, Positions, ValueHash>;

bool at_least(const Value& a, const Value& b) { return compare(a, b) >= 0; }

// `assert isinstance(x, int) and x > 0` / `>= 0`, and what fits a loop.
std::int64_t natural(Hint& h, std::string_view id, bool positive) {
  const Value value = h.value(id);
  const auto number = value.is_felt() ? value.felt().to_u64() : std::nullopt;
  if (!value.is_felt() || (positive && value.is_zero())) {
    raise("AssertionError: Invalid value for " + std::string(id) + ". Got: " + to_string(value) + ".");
  }
  // A loop that long would end at the first unknown cell.
  return number && *number < (std::uint64_t{1} << 62) ? static_cast<std::int64_t>(*number) : std::int64_t{1} << 40;
}

void check_max_size(Hint& h, std::string_view what) {
  if (!h.has("__find_element_max_size")) return;
  const BigInt most = h.variable("__find_element_max_size");
  require(h.integer("n_elms") <= most,
          [&] { return std::string(what) + "() can only be used with n_elms<=" + most.to_decimal() + "."; });
}

// The first element whose key is at least the given one; `count` when there is none.
std::int64_t lower_bound(Hint& h, std::string_view what, bool& exists) {
  const Value array = h.value("array_ptr");
  const std::int64_t size = natural(h, "elm_size", true);
  const std::int64_t count = natural(h, "n_elms", false);
  check_max_size(h, what);
  const Value key = h.value("key");
  exists = false;
  Value at = array;
  for (std::int64_t i = 0; i < count; ++i, at = advance(at, size)) {
    const Value found = h.read(at);
    if (!at_least(found, key)) continue;
    exists = found == key;
    return i;
  }
  return count;
}

}  // namespace

void find_element(Hint& h) {
  const Value array = h.value("array_ptr");
  const std::int64_t size = natural(h, "elm_size", true);
  const Value key = h.value("key");
  if (h.has("__find_element_index")) {
    const BigInt index = h.variable("__find_element_index");
    h.set("index", index);
    const Value found = h.read(element(array, index * BigInt(size)));
    require(found == key, [&] {
      return "Invalid index found in __find_element_index. index: " + index.to_decimal() + ", expected key " +
             to_string(key) + ", found key: " + to_string(found) + ".";
    });
    h.erase("__find_element_index");
    return;
  }
  const std::int64_t count = natural(h, "n_elms", false);
  check_max_size(h, "find_element");
  Value at = array;
  for (std::int64_t i = 0; i < count; ++i, at = advance(at, size)) {
    if (h.read(at) == key) {
      h.set("index", BigInt(i));
      return;
    }
  }
  raise("ValueError: Key " + to_string(key) + " was not found.");
}

void search_sorted_lower(Hint& h) {
  bool exists = false;
  h.set("index", BigInt(lower_bound(h, "find_element", exists)));
}

void search_sorted_optimistic(Hint& h) {
  bool exists = false;
  h.set("index", BigInt(lower_bound(h, "find_element", exists)));
  h.set("exists", exists ? 1 : 0);
}

void set_add(Hint& h) {
  const std::int64_t size = natural(h, "elm_size", true);
  const Value set = h.value("set_ptr");
  const Value end = h.value("set_end_ptr");
  require(compare(set, end) <= 0);
  const Value element = h.value("elm_ptr");
  std::vector<Value> wanted;
  for (std::int64_t i = 0; i < size; ++i) wanted.push_back(h.read(advance(element, i)));
  const Value distance = subtract(end, set);
  std::int64_t length = 0;
  if (!distance.is_felt() || !as_small(distance.felt(), length)) raise("TypeError: set_end_ptr - set_ptr");
  for (std::int64_t at = 0; at < length; at += size) {
    bool same = true;
    for (std::int64_t i = 0; i < size; ++i) {
      same = h.read(advance(set, at + i)) == wanted[static_cast<std::size_t>(i)] && same;
    }
    if (!same) continue;
    h.set("index", BigInt(at / size));
    h.set("is_elm_in_set", 1);
    return;
  }
  h.set("is_elm_in_set", 0);
}

// --- usort: equal elements are counted, and their positions proved

void usort_enter(Hint& h) {
  Scope scope;
  if (h.has("__usort_max_size")) {
    scope.set("__usort_max_size", h.raw("__usort_max_size"));
  } else {
    scope.set("__usort_max_size", std::monostate{});
  }
  h.enter_scope(std::move(scope));
}

void usort_body(Hint& h) {
  const Value input = h.value("input");
  const BigInt length = h.integer("input_len");
  if (!std::holds_alternative<std::monostate>(h.raw("__usort_max_size"))) {
    const BigInt most = h.variable("__usort_max_size");
    require(length <= most, [&] {
      return "usort() can only be used with input_len<=" + most.to_decimal() +
             ". Got: input_len=" + length.to_decimal() + ".";
    });
  }
  if (!length.fits_u64()) raise("OverflowError: input_len");
  PositionsByValue positions;
  for (std::uint64_t i = 0; i < length.low64(); ++i) {
    positions[h.read(advance(input, static_cast<std::int64_t>(i)))].push_back(i);
  }
  std::vector<Value> output;
  for (const auto& [value, list] : positions) output.push_back(value);
  std::sort(output.begin(), output.end(), [](const Value& a, const Value& b) { return compare(a, b) < 0; });
  std::vector<Value> multiplicities;
  for (const Value& value : output) multiplicities.push_back(Value::integer(positions[value].size()));
  h.let("input_ptr", input);
  h.let("input_len", length);
  h.set("output_len", BigInt::from_u64(output.size()));
  h.set("output", h.gen_arg(output));
  h.set("multiplicities", h.gen_arg(multiplicities));
  h.let_object("positions_dict", std::move(positions));
}

void verify_usort(Hint& h) {
  auto& by_value = h.object<PositionsByValue>("positions_dict");
  const Positions& found = by_value[h.value("value")];
  Positions positions(found.rbegin(), found.rend());
  h.let("last_pos", BigInt(0));
  h.let_object("positions", std::move(positions));
}
void verify_multiplicity_end(Hint& h) { require(h.object<Positions>("positions").empty()); }
void verify_multiplicity_body(Hint& h) {
  auto& positions = h.object<Positions>("positions");
  if (positions.empty()) raise("IndexError: pop from empty list");
  const BigInt current = BigInt::from_u64(positions.back());
  positions.pop_back();
  h.let("current_pos", current);
  h.set("next_item_index", current - h.variable("last_pos"));
  h.let("last_pos", current + BigInt(1));
}

}  // namespace asterism::core::cairo::hints
