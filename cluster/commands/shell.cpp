// shell: the admin shell, with line editing on a terminal, or one command by --exec.
#include <histedit.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "cluster/commands/command_line.hpp"
#include "cluster/commands/commands.hpp"
#include "cluster/shell/deployment_folder.hpp"
#include "cluster/shell/render.hpp"
#include "cluster/shell/shell_session.hpp"

namespace asterism::cluster {
namespace {

// 0 when the answer is no error.
int print(const Json& answer, bool json) {
  if (json) {
    std::printf("%s\n", answer.dump().c_str());
  } else if (answer.is_object() && answer.size() == 1 && answer.contains("error")) {
    std::fprintf(stderr, "%s\n", answer["error"].get<std::string>().c_str());
  } else {
    std::printf("%s", render(answer).c_str());
  }
  std::fflush(stdout);
  return answer.is_object() && answer.contains("error") ? kExitFailed : kExitDone;
}

const char* prompt(EditLine*) { return "asterism> "; }

// Completes the command that is being typed; a bell when there is no single way on.
unsigned char complete(EditLine* editor, int) {
  const LineInfo* line = el_line(editor);
  const std::string typed(line->buffer, line->cursor);
  std::string common;
  std::size_t found = 0;
  for (const actors::CommandInfo& info : actors::all_commands()) {
    if (!info.name.starts_with(typed)) continue;
    if (found++ == 0) common = info.name;
    while (!info.name.starts_with(common)) common.pop_back();
  }
  if (found == 0 || common.size() <= typed.size()) return CC_ERROR;
  const std::string rest = common.substr(typed.size()) + (found == 1 ? " " : "");
  return el_insertstr(editor, rest.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
}

struct Editor {
  EditLine* line = el_init("asterism", stdin, stdout, stderr);
  History* history = history_init();
  std::string file;

  explicit Editor(std::string history_file) : file(std::move(history_file)) {
    HistEvent event;
    ::history(history, &event, H_SETSIZE, 1000);
    ::history(history, &event, H_LOAD, file.c_str());
    el_set(line, EL_PROMPT, &prompt);
    el_set(line, EL_EDITOR, "emacs");
    el_set(line, EL_HIST, ::history, history);
    el_set(line, EL_ADDFN, "complete", "completes a command", &complete);
    el_set(line, EL_BIND, "^I", "complete", nullptr);
    el_set(line, EL_SIGNAL, 1);
  }
  ~Editor() {
    HistEvent event;
    ::history(history, &event, H_SAVE, file.c_str());
    history_end(history);
    el_end(line);
  }
  // nullopt at the end of input.
  std::optional<std::string> read() {
    int count = 0;
    const char* text = el_gets(line, &count);
    if (!text || count <= 0) return std::nullopt;
    std::string out(text, static_cast<std::size_t>(count));
    while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
    HistEvent event;
    if (!out.empty()) ::history(history, &event, H_ENTER, out.c_str());
    return out;
  }
};

// The exit code of what needs no node: nothing at all, and help.
std::optional<int> handle_locally(const std::string& text) {
  const auto words = split_words(text);
  if (words.empty()) return kExitDone;
  if (words[0] != "help") return std::nullopt;
  std::string topic;
  for (std::size_t i = 1; i < words.size(); ++i) topic += (i > 1 ? " " : "") + words[i];
  const auto help = ShellSession::help(topic);
  std::fputs(help ? help->c_str() : help.error().c_str(), help ? stdout : stderr);
  return help ? kExitDone : kExitFailed;
}

int interactive(ShellSession& session, const DeploymentFolder& folder, bool json) {
  const auto each = [&](const std::string& text) {
    if (!handle_locally(text)) print(session.run(text), json);
  };
  if (::isatty(STDIN_FILENO) == 0) {
    std::string line;
    for (int c = std::getchar(); c != EOF; c = std::getchar()) {
      if (c != '\n') {
        line += static_cast<char>(c);
        continue;
      }
      if (line == "quit" || line == "exit") return kExitDone;
      each(std::exchange(line, {}));
    }
    if (!line.empty()) each(line);
    return kExitDone;
  }
  std::printf("`help` lists the commands; tab completes; ctrl-d leaves\n");
  Editor editor((folder.path / "admin" / "shell_history").string());
  while (const auto text = editor.read()) {
    if (*text == "quit" || *text == "exit") break;
    each(*text);
  }
  return kExitDone;
}

}  // namespace

int shell_command(int argc, char** argv) {
  CommandLine app("shell", "The admin shell. Without --exec it reads commands; `help` lists them.",
                  "asterism shell --exec \"spans\" --json");
  std::string folder = ".asterism", address, command;
  bool json = false;
  app.add_option("--dir", folder, "deployment's folder: genesis.json and admin/admin.key")->capture_default_str();
  app.add_option("--connect", address, "host:port of any node's peers' listener (default: the first that answers)");
  CLI::Option* exec = app.add_option("--exec", command, "runs one command and ends: exit code 0, or 1 when it fails");
  app.add_flag("--json", json, "answers as JSON, for scripts");
  if (const auto code = app.read(argc, argv)) return *code;
  if (*exec && split_words(command).empty()) return complain("shell", "--exec needs a command", kExitUsage);
  if (*exec) {
    if (const auto code = handle_locally(command)) return *code;
  }
  const auto deployment = DeploymentFolder::open(folder);
  if (!deployment) return complain("shell", deployment.error());
  const auto client = deployment->connect_admin(address);
  if (!client) return complain("shell", client.error());
  ShellSession session(**client, deployment->genesis_hash);
  if (*exec) return print(session.run(command), json);
  return interactive(session, *deployment, json);
}

}  // namespace asterism::cluster
