// What the process itself answers to the shell: `peers`, `actors`, `actor restart`, `alarms`, `alarm ack`, `metrics`,
// `config`, `log level`. Asked through the router like a role; answers on a thread of its own, so that nobody who asks
// or routes ever waits for it.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "cluster/links.hpp"
#include "cluster/role_actor.hpp"

namespace asterism::cluster {

struct ProcessView {
  const LinkBook& links;
  Alarms& alarms;
  Metrics& metrics;
  Log& log;
  std::function<std::vector<RoleStatus>()> roles;
  std::function<bool(core::Role, const std::string& why)> restart;
  std::string config_text;
};

// JSON; {"error": "..."} for what it does not know.
std::string answer_process_inquiry(const ProcessView& view, const std::string& what,
                                   const std::vector<std::string>& arguments);

class ProcessDesk : public Mailbox {
 public:
  ProcessDesk(Router& router, ProcessView view);
  ~ProcessDesk() override;
  void deliver(actors::Inbound inbound) override;
  void link_changed(const actors::Sender&, bool) override {}
  std::size_t depth() const override { return 0; }

 private:
  void work();

  Router& router_;
  ProcessView view_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<actors::Inbound> asked_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace asterism::cluster
