#include "cluster/log.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace asterism::cluster {

using actors::LogLevel;

namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

std::optional<LogLevel> log_level_from(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "warn") return LogLevel::kWarn;
  if (name == "error") return LogLevel::kError;
  return std::nullopt;
}

Log::Log(std::shared_ptr<spdlog::logger> logger, LogLevel level) : logger_(std::move(logger)), level_(level) {}
Log::~Log() = default;

std::unique_ptr<Log> Log::open(const std::string& file, LogLevel level) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
  }
  auto logger = std::make_shared<spdlog::logger>("asterism", sink);
  logger->set_level(spdlog::level::debug);
  logger->set_pattern("time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc);
  logger->flush_on(spdlog::level::warn);
  return std::unique_ptr<Log>(new Log(std::move(logger), level));
}

void Log::write(std::string_view module, LogLevel level, std::string_view text) {
  {
    const std::lock_guard lock(mutex_);
    const auto own = levels_.find(module);
    if (level < (own == levels_.end() ? level_ : own->second)) return;
  }
  logger_->log(spdlog_level(level), "module={} {}", module, text);
}

void Log::set_level(const std::string& module, LogLevel level) {
  const std::lock_guard lock(mutex_);
  if (module == "all") {
    level_ = level;
    levels_.clear();
  } else {
    levels_[module] = level;
  }
}

void Log::flush() { logger_->flush(); }

}  // namespace asterism::cluster
