// Logs of a process: key=value lines to standard error or a file, a level for all and one for each module (a role's
// name, "links", "node") that the shell can change while it runs.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "actors/machine.hpp"

namespace spdlog {
class logger;
}

namespace asterism::cluster {

class Log {
 public:
  // Empty file: standard error.
  static std::unique_ptr<Log> open(const std::string& file, actors::LogLevel level);
  ~Log();
  void write(std::string_view module, actors::LogLevel level, std::string_view text);
  void set_level(const std::string& module, actors::LogLevel level);  // module "all": every one
  void flush();

 private:
  explicit Log(std::shared_ptr<spdlog::logger> logger, actors::LogLevel level);
  std::shared_ptr<spdlog::logger> logger_;
  std::mutex mutex_;
  actors::LogLevel level_;
  std::map<std::string, actors::LogLevel, std::less<>> levels_;
};

std::optional<actors::LogLevel> log_level_from(std::string_view name);

}  // namespace asterism::cluster
