#include "cluster/shell/render.hpp"

#include <algorithm>
#include <vector>

namespace asterism::cluster {
namespace {

using Json = nlohmann::ordered_json;

std::string cell(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_array()) {
    std::string out;
    for (const Json& one : value) out += (out.empty() ? "" : ",") + cell(one);
    return out.empty() ? "-" : out;
  }
  if (value.is_object()) {
    std::string out;
    for (const auto& [key, inner] : value.items()) out += (out.empty() ? "" : " ") + key + "=" + cell(inner);
    return out;
  }
  return value.dump();
}

// Display columns of UTF-8: continuation bytes take none.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_table(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::ranges::all_of(value, [](const Json& row) { return row.is_object(); });
}

std::string table(const Json& rows, const std::string& indent) {
  std::vector<std::string> columns;
  for (const Json& row : rows) {
    for (const auto& [key, value] : row.items()) {
      if (std::ranges::find(columns, key) == columns.end()) columns.push_back(key);
    }
  }
  std::vector<std::vector<std::string>> cells{columns};
  for (const Json& row : rows) {
    std::vector<std::string>& line = cells.emplace_back();
    for (const std::string& column : columns) line.push_back(row.contains(column) ? cell(row[column]) : "");
  }
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& line : cells) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  }
  std::string out;
  for (const auto& line : cells) {
    out += indent;
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += line[i];
      if (i + 1 < line.size()) out.append(widths[i] - width(line[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

std::string object(const Json& value, const std::string& indent) {
  std::size_t widest = 0;
  for (const auto& [key, inner] : value.items()) {
    if (!is_table(inner) && !inner.is_object()) widest = std::max(widest, key.size());
  }
  std::string out;
  for (const auto& [key, inner] : value.items()) {
    if (is_table(inner)) {
      out += indent + key + ":\n" + table(inner, indent + "  ");
    } else if (inner.is_object()) {
      out += indent + key + ":\n" + object(inner, indent + "  ");
    } else {
      out += indent + key + std::string(widest - std::min(widest, key.size()) + 2, ' ') + cell(inner) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string render(const Json& answer) {
  if (is_table(answer)) return table(answer, "");
  if (!answer.is_object()) return cell(answer) + "\n";
  // An answer of one table needs no heading.
  if (answer.size() == 1 && is_table(answer.begin().value())) return table(answer.begin().value(), "");
  return object(answer, "");
}

}  // namespace asterism::cluster
