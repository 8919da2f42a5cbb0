#include "cluster/node.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cluster/deployment/certificate.hpp"
#include "cluster/deployment/key_files.hpp"
#include "cluster/deployment/own_place.hpp"
#include "cluster/http_status.hpp"
#include "cluster/link_context.hpp"
#include "cluster/process_inquiry.hpp"
#include "cluster/proving/local_prover.hpp"
#include "cluster/role_factories.hpp"
#include "messages/codec.hpp"
#include "storage/leveldb_store.hpp"

namespace asterism::cluster {

using core::Role;

namespace {

class SystemConfig : public caf::actor_system_config {
 public:
  SystemConfig() {
    load<caf::io::middleman>();
    // One shared queue: a single message is picked up sooner than by work stealing (reference/caf-0.17.6.md).
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{2});
    set("middleman.enable-automatic-connections", false);
  }
};

// Started in this order: who is asked before who asks. Stopped in the reverse.
constexpr Role kStartOrder[] = {Role::kLedger,  Role::kSequencer, Role::kL1,     Role::kCoordinator, Role::kMempool,
                                Role::kGateway, Role::kConsensus, Role::kWorker, Role::kAdmin};

std::string own_binary() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

core::LinkKey key_from(const std::string& hex) {
  return {core::array_from_hex<32>(hex).value_or(std::array<std::uint8_t, 32>{})};
}

}  // namespace

struct Node::Impl {
  explicit Impl(config::Config given) : config(std::move(given)) {}
  ~Impl() { stop(); }

  std::expected<void, std::string> open();
  std::expected<void, std::string> open_genesis();
  std::expected<void, std::string> open_membership();
  std::expected<void, std::string> open_certificates();
  std::expected<void, std::string> open_links();
  std::expected<void, std::string> open_http();
  void spawn_roles();
  void end_process(int code, const std::string& reason);
  void prove(std::uint64_t span, std::uint32_t attempt, std::optional<core::Bytes> witness);
  HttpStatus::Health health() const;
  std::string metrics_text();
  std::vector<RoleStatus> role_status() const;
  void stop();

  const config::Config config;
  RoleSet roles = 0;
  std::unique_ptr<Log> log;
  core::Genesis genesis;
  std::string genesis_json;
  core::Word genesis_hash{};
  std::unique_ptr<LinkIdentity> identity;
  std::unique_ptr<storage::LevelDbStore> store;
  std::unique_ptr<Membership> membership;
  Metrics metrics;
  std::unique_ptr<Alarms> alarms;
  std::unique_ptr<Router> router;
  std::unique_ptr<RoleMaterial> material;
  std::unique_ptr<SystemConfig> system_config;
  std::unique_ptr<caf::actor_system> system;
  std::unique_ptr<Links> links;
  std::map<Role, std::unique_ptr<RoleHandle>> handles;
  std::unique_ptr<LocalProver> prover;
  std::shared_ptr<ProcessDesk> desk;
  std::unique_ptr<HttpStatus> http;

  mutable std::mutex end_mutex;
  std::optional<int> end_code;
  std::string end_text;
  bool stopped = false;
};

std::expected<void, std::string> Node::Impl::open_genesis() {
  auto text = read_file(config.genesis);
  if (!text) return std::unexpected(text.error());
  auto decoded = core::decode_genesis(*text);
  if (!decoded) return std::unexpected(config.genesis + ": " + decoded.error().where);
  genesis = std::move(*decoded);
  genesis_json = std::move(*text);
  genesis_hash = core::genesis_hash(genesis);
  auto key = load_ed25519(config.keys.link);
  if (!key) return std::unexpected(key.error().text);
  identity = std::make_unique<LinkIdentity>(LinkIdentity{genesis_hash, std::move(*key)});
  return {};
}

std::expected<void, std::string> Node::Impl::open_membership() {
  for (const std::string& name : config.roles) {
    const auto role = role_from_name(name);
    if (!role) return std::unexpected("roles: no role is called " + name);
    roles |= bit(*role);
  }
  membership = std::make_unique<Membership>(genesis, genesis_hash, identity->public_key(), roles);
  if (auto opened = open_certificates(); !opened) return opened;
  if (const auto problems = check_roles(config, genesis, *membership); !problems.empty())
    return std::unexpected(to_string(problems.front()));
  for (const auto& sibling : config.siblings) membership->set_addresses(key_from(sibling.key), sibling.addresses);
  for (const auto& peer : config.peers) {
    for (const Member& member : membership->members()) {
      if (member.name == peer.name) membership->set_addresses(member.key, peer.addresses);
    }
  }
  return {};
}

// Those that were learned before, then those of the configuration, which may be newer; the own one is shown in every
// handshake.
std::expected<void, std::string> Node::Impl::open_certificates() {
  for (const ProcessCertificate& known : stored_certificates(*store)) static_cast<void>(membership->add(known));
  const auto keep = [this](const ProcessCertificate& certificate) {
    storage::WriteBatch batch;
    store_certificate(certificate, batch);
    if (const auto written = store->write(batch, true); !written) end_process(1, "storage: " + written.error().text);
  };
  for (const std::string& file : config.certificates) {
    const auto text = read_file(file, 64 * 1024);
    if (!text) return std::unexpected(text.error());
    const auto certificate = decode_certificate(genesis, *text);
    if (!certificate) return std::unexpected(file + ": " + certificate.error());
    if (membership->add(*certificate)) keep(*certificate);
  }
  for (const ProcessCertificate& certificate : membership->certificates()) {
    if (certificate.key == identity->public_key()) identity->certificate = messages::encode_value(certificate);
  }
  membership->on_learned([this, keep](const ProcessCertificate& certificate) {
    keep(certificate);
    if (certificate.key == identity->public_key()) return;
    if (links) links->adopt(certificate);
  });
  return {};
}

std::expected<void, std::string> Node::Impl::open() {
  const auto level = log_level_from(config.log.level).value_or(actors::LogLevel::kInfo);
  log = Log::open(config.log.file, level);
  if (auto opened = open_genesis(); !opened) return opened;
  auto opened = storage::LevelDbStore::open(config.data_dir, {.cache_bytes = config.storage.cache_bytes});
  if (!opened) return std::unexpected(opened.error().text);
  store = std::move(*opened);
  if (auto checked = open_membership(); !checked) return checked;
  alarms = std::make_unique<Alarms>(*store);
  router = std::make_unique<Router>(*membership, metrics);
  material.reset(
      new RoleMaterial{config, genesis, genesis_json, genesis_hash, *membership, *store, nullptr, {}, {}, {}});
  if (auto loaded = load_keys(*material, roles); !loaded) return loaded;
  system_config = std::make_unique<SystemConfig>();
  system = std::make_unique<caf::actor_system>(*system_config);
  spawn_roles();
  if (auto linked = open_links(); !linked) return linked;
  if (auto served = open_http(); !served) return served;
  for (const Role role : kStartOrder) {
    if (const auto handle = handles.find(role); handle != handles.end()) handle->second->start();
  }
  log->write("node", actors::LogLevel::kInfo,
             "event=started name=" + config.name + " key=" + identity->public_key().hex() + " genesis=0x" +
                 core::to_hex(genesis_hash));
  return {};
}

void Node::Impl::spawn_roles() {
  RoleParts parts{*router, *store, metrics, *alarms, *log, membership->own_validator(), {}, {}, {}, {}};
  parts.end_process = [this](int code, const std::string& reason) { end_process(code, reason); };
  parts.worker_changed = [this](const core::LinkKey& key, bool admitted) {
    admitted ? membership->admit_worker(key) : membership->forget_worker(key);
    if (!admitted && links) links->drop(key);
  };
  parts.prove = [this](std::uint64_t span, std::uint32_t attempt, std::optional<core::Bytes> witness) {
    prove(span, attempt, std::move(witness));
  };
  parts.now = [] { return actors::Now{monotonic_now(), unix_ms_now()}; };
  for (const Role role : kStartOrder) {
    if ((roles & bit(role)) == 0) continue;
    auto handle = std::make_unique<RoleHandle>(*system, role, machine_factory(role, *material), parts);
    router->attach(role, handle->mailbox());
    handles.emplace(role, std::move(handle));
  }
  if ((roles & bit(Role::kWorker)) == 0) return;
  const ProofProcessOptions options{own_binary(), config.genesis, config.worker.memory_limit_bytes};
  prover = std::make_unique<LocalProver>(
      options, [mailbox = handles[Role::kWorker]->mailbox()](messages::ProofOutcome outcome) {
        mailbox->deliver({actors::Sender{}, messages::make_message(std::move(outcome))});
      });
}

void Node::Impl::prove(std::uint64_t span, std::uint32_t attempt, std::optional<core::Bytes> witness) {
  if (prover) prover->prove(span, attempt, std::move(witness));
}

std::expected<void, std::string> Node::Impl::open_links() {
  LinkSettings settings;
  settings.peers_listen = config.listen.peers;
  settings.clients_listen = config.listen.clients;
  settings.client_limits = {static_cast<double>(config.gateway.rate_per_address),
                            static_cast<double>(config.gateway.rate_total), 4096, 1024, !config.gateway.limit_loopback};
  links = std::make_unique<Links>(
      *system,
      LinkParts{*identity, *membership, *router, metrics,
                [this](actors::LogLevel level, const std::string& text) { log->write("links", level, text); }},
      settings);
  desk = std::make_shared<ProcessDesk>(
      *router, ProcessView{links->book(), *alarms, metrics, *log, [this] { return role_status(); },
                           [this](Role role, const std::string& why) {
                             const auto handle = handles.find(role);
                             return handle != handles.end() && handle->second->restart(why);
                           },
                           config::render(config)});
  router->attach_process(desk);
  return links->start();
}

std::expected<void, std::string> Node::Impl::open_http() {
  if (config.listen.metrics.empty()) return {};
  auto started =
      HttpStatus::start(config.listen.metrics, [this] { return metrics_text(); }, [this] { return health(); });
  if (!started) return std::unexpected("listen.metrics: " + started.error());
  http = std::move(*started);
  return {};
}

std::string Node::Impl::metrics_text() {
  for (const RoleStatus& role : role_status()) {
    metrics.gauge("asterism_mailbox_depth", static_cast<double>(role.mailbox), "role", role_name(role.role));
  }
  return metrics.text();
}

HttpStatus::Health Node::Impl::health() const {
  nlohmann::json open = nlohmann::json::array();
  for (const Alarm& alarm : alarms->all()) {
    if (!alarm.open()) break;
    open.push_back({{"code", alarm.code}, {"subject", alarm.subject}, {"text", alarm.text}, {"advice", alarm.advice}});
  }
  const std::lock_guard lock(end_mutex);
  const nlohmann::json out{{"name", config.name}, {"running", !end_code.has_value()}, {"alarms", open}};
  return {!end_code.has_value(), out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

std::vector<RoleStatus> Node::Impl::role_status() const {
  std::vector<RoleStatus> out;
  for (const auto& [role, handle] : handles) out.push_back(handle->status());
  return out;
}

void Node::Impl::end_process(int code, const std::string& reason) {
  log->write("node", code == 0 ? actors::LogLevel::kInfo : actors::LogLevel::kError,
             "event=ending code=" + std::to_string(code) + " reason=\"" + reason + "\"");
  const std::lock_guard lock(end_mutex);
  if (end_code) return;
  end_code = code;
  end_text = reason;
}

void Node::Impl::stop() {
  if (std::exchange(stopped, true)) return;
  http.reset();
  // Whoever waits for an answer of a role that has stopped is ended by the links' goodbye.
  for (auto role = std::rbegin(kStartOrder); role != std::rend(kStartOrder); ++role) {
    if (const auto handle = handles.find(*role); handle != handles.end()) handle->second->stop(Millis(1000));
  }
  prover.reset();
  if (links) links->stop();
  if (router) router->attach_process(nullptr);
  desk.reset();
  if (router) {
    for (const Role role : kStartOrder) router->detach(role);
  }
  handles.clear();
  links.reset();
  system.reset();
  store.reset();
  if (log) {
    log->write("node", actors::LogLevel::kInfo, "event=stopped name=" + config.name);
    log->flush();
  }
}

Node::Node(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Node::~Node() = default;

std::expected<std::unique_ptr<Node>, std::string> Node::start(const config::Config& config) {
  auto impl = std::make_unique<Impl>(config);
  if (auto opened = impl->open(); !opened) return std::unexpected(opened.error());
  return std::unique_ptr<Node>(new Node(std::move(impl)));
}

std::optional<int> Node::ended() const {
  const std::lock_guard lock(impl_->end_mutex);
  return impl_->end_code;
}
const std::string& Node::end_reason() const { return impl_->end_text; }
std::uint16_t Node::peers_port() const { return impl_->links->peers_port(); }
std::uint16_t Node::clients_port() const { return impl_->links->clients_port(); }
std::uint16_t Node::metrics_port() const { return impl_->http ? impl_->http->port() : std::uint16_t{0}; }
void Node::stop() { impl_->stop(); }

}  // namespace asterism::cluster
