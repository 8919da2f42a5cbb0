// The alarms of a process, open and past: what is wrong, since when, what to do. One open alarm per (code, subject);
// raising it again changes its text only. Kept in the database (prefix "A/"), so that a restart forgets none; not
// synced: an alarm that a crash of the machine takes is raised again by what found it.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "actors/machine.hpp"
#include "storage/key_value.hpp"

namespace asterism::cluster {

struct Alarm {
  std::uint64_t id = 0;
  std::string role, code, subject, text, advice;
  std::uint64_t since_ms = 0, cleared_ms = 0;  // unix; 0: open
  bool acknowledged = false;
  bool open() const { return cleared_ms == 0; }
};

class Alarms {
 public:
  explicit Alarms(storage::KeyValue& store);
  // True when it was not open before.
  bool raise(std::string_view role, const actors::RaiseAlarm& alarm, std::uint64_t now_ms);
  bool clear(std::string_view code, std::string_view subject, std::uint64_t now_ms);
  bool acknowledge(std::uint64_t id);
  std::vector<Alarm> all() const;  // open ones first, then past ones, newest first
  std::size_t open_count() const;

 private:
  void store(const Alarm& alarm);
  Alarm* find_open(std::string_view code, std::string_view subject);

  mutable std::mutex mutex_;
  storage::KeyValue& store_;
  std::map<std::uint64_t, Alarm> alarms_;
  std::uint64_t next_ = 1;
};

}  // namespace asterism::cluster
