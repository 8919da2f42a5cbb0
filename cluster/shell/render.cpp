#include "cluster/shell/render.hpp"

#include <algorithm>
#include <ctime>
#include <vector>

namespace asterism::cluster {
namespace {

using Json = nlohmann::ordered_json;

// Milliseconds since 1970 as a person reads them.
std::string moment(std::uint64_t unix_ms) {
  const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

bool is_moment(std::string_view key) {
  return key == "unix_ms" || key == "since_ms" || key == "cleared_ms" || key == "at_ms";
}

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

std::string cell(std::string_view key, const Json& value) {
  if (!is_moment(key) || !value.is_number_unsigned()) return cell(value);
  return value.get<std::uint64_t>() == 0 ? "-" : moment(value.get<std::uint64_t>());
}

// As a heading: what is shown as a time is not called milliseconds.
std::string heading(const std::string& key) {
  if (key == "unix_ms" || key == "at_ms") return "time (UTC)";
  return is_moment(key) ? key.substr(0, key.size() - 3) + " (UTC)" : key;
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
  std::vector<std::vector<std::string>> cells(1);
  for (const std::string& column : columns) cells[0].push_back(heading(column));
  for (const Json& row : rows) {
    std::vector<std::string>& line = cells.emplace_back();
    for (const std::string& column : columns) line.push_back(row.contains(column) ? cell(column, row[column]) : "");
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
  if (answer.is_array() && answer.empty()) return "none\n";
  if (!answer.is_object()) return cell(answer) + "\n";
  // An answer of one table needs no heading.
  if (answer.size() == 1 && is_table(answer.begin().value())) return table(answer.begin().value(), "");
  return object(answer, "");
}

}  // namespace asterism::cluster
