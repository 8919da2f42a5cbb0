// client load: transfers at a rate for a while, with a progress bar and the latencies' percentiles.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "cluster/client/load.hpp"
#include "cluster/commands/client_commands.hpp"
#include "cluster/commands/command_line.hpp"

namespace asterism::cluster {
namespace {

using Clock = std::chrono::steady_clock;

void show_progress(const LoadReport& report, double done, double seconds) {
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(done * kWidth);
  std::string bar(static_cast<std::size_t>(filled), '#');
  bar.resize(kWidth, '.');
  std::fprintf(stderr, "%s[%s] %3.0f%%  sent %llu  succeeded %llu  %.0f/s  p50 %u ms  retried %llu%s",
               ::isatty(STDERR_FILENO) ? "\r\033[K" : "", bar.c_str(), done * 100,
               static_cast<unsigned long long>(report.sent), static_cast<unsigned long long>(report.succeeded),
               seconds > 0 ? static_cast<double>(report.succeeded) / seconds : 0, percentile(report.latencies_ms, 0.5),
               static_cast<unsigned long long>(report.retried), ::isatty(STDERR_FILENO) ? "" : "\n");
}

void print_result(const LoadReport& report, double seconds, bool json) {
  const double rate = static_cast<double>(report.succeeded) / seconds;
  const std::uint32_t p50 = percentile(report.latencies_ms, 0.5), p90 = percentile(report.latencies_ms, 0.9),
                      p99 = percentile(report.latencies_ms, 0.99);
  if (json) {
    std::printf("%s\n", nlohmann::ordered_json{{"seconds", seconds},
                                               {"sent", report.sent},
                                               {"received", report.received},
                                               {"succeeded", report.succeeded},
                                               {"reverted", report.reverted},
                                               {"refused", report.refused},
                                               {"retried", report.retried},
                                               {"tx_per_s", rate},
                                               {"latency_ms_p50", p50},
                                               {"latency_ms_p90", p90},
                                               {"latency_ms_p99", p99},
                                               {"last_error", report.last_error}}
                            .dump()
                            .c_str());
    return;
  }
  std::printf(
      "%llu of %llu transfers succeeded in %.1f s: %.1f/s; latency p50 %u ms, p90 %u ms, p99 %u ms; %llu reverted, "
      "%llu refused, %llu retried\n",
      static_cast<unsigned long long>(report.succeeded), static_cast<unsigned long long>(report.sent), seconds, rate,
      p50, p90, p99, static_cast<unsigned long long>(report.reverted), static_cast<unsigned long long>(report.refused),
      static_cast<unsigned long long>(report.retried));
  if (!report.last_error.empty()) std::printf("last error: %s\n", report.last_error.c_str());
}

}  // namespace

CLI::App* add_load_command(CLI::App& app, LoadArguments& arguments, const std::string& codes) {
  CLI::App* load = app.add_subcommand("load", "Sends transfers from the accounts that `up --load-accounts` funded.");
  load->add_option("--rate", arguments.rate, "transfers a second; 0: as fast as answers come")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  load->add_option("--duration", arguments.duration, "seconds")->capture_default_str()->check(CLI::Range(1, 86'400));
  load->add_option("--accounts", arguments.accounts, "use this many of them (default: all)");
  load->add_flag("--json", arguments.json, "the result as one JSON line");
  load->footer("Example:\n  asterism client load --rate 300 --duration 60" + codes);
  return load;
}

int load_command(const ClientContext& context, const LoadArguments& arguments) {
  LoadOptions options{.genesis = context.folder.genesis,
                      .genesis_hash = context.folder.genesis_hash,
                      .addresses = {},
                      .accounts = load_accounts_of(context.folder.path),
                      .rate = arguments.rate};
  options.addresses =
      context.address.empty() ? context.folder.client_addresses() : std::vector<std::string>{context.address};
  if (options.accounts.empty())
    return complain("client load",
                    "this deployment has no load accounts; `asterism up --load-accounts N --fresh` funds some");
  if (options.addresses.empty())
    return complain("client load", "no clients' listener is known; use --connect host:port");
  if (arguments.accounts != 0 && arguments.accounts < options.accounts.size())
    options.accounts.resize(arguments.accounts);
  Load load(std::move(options));
  const auto begin = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  load.start();
  for (auto next = begin; elapsed() < arguments.duration;) {
    next += std::chrono::seconds(1);
    std::this_thread::sleep_until(next);
    show_progress(load.report(), std::min(1.0, elapsed() / arguments.duration), elapsed());
  }
  const double seconds = elapsed();
  const LoadReport report = load.report();
  load.drain(std::chrono::seconds(10));
  load.stop();
  if (::isatty(STDERR_FILENO)) std::fprintf(stderr, "\n");
  print_result(report, seconds, arguments.json);
  return report.succeeded > 0 ? kExitDone : kExitFailed;
}

}  // namespace asterism::cluster
