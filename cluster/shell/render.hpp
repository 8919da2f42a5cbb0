// Answers of roles (JSON objects and arrays of flat objects) as a person reads them: aligned tables and key-value
// lists.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace asterism::cluster {

// Ends with a line feed unless empty.
std::string render(const nlohmann::ordered_json& answer);

}  // namespace asterism::cluster
