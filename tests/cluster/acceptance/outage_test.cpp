// Outages that are not a crash, in one cluster under load: a stopped proposer, two of four replicas dead, a full disk,
// a flood of bytes; at the end every process stops in order. After each, all replicas agree and every promise is kept.
// ASTERISM_FULL=1 holds each for as long as the table of reference/consensus-and-sequencer.md says.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "cluster/link/sockets.hpp"
#include "tests/cluster/acceptance/loaded_cluster.hpp"

namespace asterism::acceptance {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDiskBytes = 64 << 20;

// A small file system of its own for the database of one replica.
class SmallDisk {
 public:
  ~SmallDisk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  bool mount(const fs::path& at) {
    at_ = at;
    fs::create_directories(at);
    const std::string size = "size=" + std::to_string(kDiskBytes);
    mounted_ = ::mount("tmpfs", at.c_str(), "tmpfs", 0, size.c_str()) == 0;
    return mounted_;
  }
  bool mounted() const { return mounted_; }
  // Takes all that is free; true when nothing is left.
  bool fill() const {
    std::ofstream ballast(at_ / "ballast", std::ios::binary);
    const std::string block(4096, 'x');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
    struct statvfs state{};
    return ::statvfs(at_.c_str(), &state) == 0 && state.f_bavail == 0;
  }
  void free() const { fs::remove(at_ / "ballast"); }

 private:
  fs::path at_;
  bool mounted_ = false;
};

class Outage : public LoadedSuite {
 protected:
  static void SetUpTestSuite() {
    disk_ = std::make_unique<SmallDisk>();
    begin({}, [] {
      const fs::path folder = cluster().dir() / "r3";
      disk_->mount(folder / config::load(folder / "config.toml")->data_dir);
    });
  }
  // The last test has compared everything and ended the cluster.
  static void TearDownTestSuite() {
    loaded_.reset();
    disk_.reset();
  }

  static Millis as_long_as(unsigned seconds) { return Millis(full_matrix() ? seconds * 1000 : 4000); }
  // What was already decided arrives; after that nothing may be.
  static bool stands_still(Millis time) {
    const std::uint64_t limit = cluster().highest() + 1;
    return !wait_until(time, [&] { return cluster().highest() > limit; }, Millis(100));
  }
  static std::uint64_t resident_kib(const std::string& name) {
    std::ifstream status("/proc/" + std::to_string(cluster().process(name).pid()) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6));
    }
    return 0;
  }

  static std::unique_ptr<SmallDisk> disk_;
};
std::unique_ptr<SmallDisk> Outage::disk_;

TEST_F(Outage, TheProposerIsStopped) {
  const std::string proposer = cluster().shell("consensus", 3).value("proposer", "r1");
  const unsigned stopped = static_cast<unsigned>(proposer.back() - '0');
  ASSERT_LT(stopped, cluster().replicas()) << proposer;
  cluster().process(proposer).signal(SIGSTOP);
  EXPECT_TRUE(loaded_->decides(loaded_->all_but({stopped}), 5)) << "the round advances";
  EXPECT_FALSE(wait_until(as_long_as(30), [&] { return cluster().height(stopped) != 0; })) << "it answers nobody";
  EXPECT_TRUE(loaded_->decides(loaded_->all_but({stopped}), 5));
  cluster().process(proposer).signal(SIGCONT);
  EXPECT_TRUE(loaded_->catches_up(stopped));
  EXPECT_EQ(loaded_->agreement(), "");
}

TEST_F(Outage, TwoOfFourAreDead) {
  for (const char* name : {"r2", "r3"}) cluster().kill(name);
  EXPECT_TRUE(stands_still(as_long_as(60)));
  const std::uint64_t before = cluster().highest();
  cluster().start_process("r2");
  EXPECT_TRUE(wait_until(Millis(30'000), [&] { return cluster().highest() > before + 1; })) << "three are enough";
  cluster().start_process("r3");
  EXPECT_TRUE(loaded_->catches_up(3));
  EXPECT_EQ(loaded_->agreement(), "");
}

TEST_F(Outage, TheDiskIsFull) {
  if (!disk_->mounted()) GTEST_SKIP() << "no tmpfs can be mounted here";
  ASSERT_TRUE(disk_->fill());
  const auto status = cluster().process("r3").wait(Millis(60'000));
  ASSERT_TRUE(status.has_value()) << "it votes no more";
  EXPECT_TRUE(WIFEXITED(*status) && WEXITSTATUS(*status) == 1) << *status;
  EXPECT_NE(cluster().log_of("r3").find("the disk is full"), std::string::npos) << cluster().log_of("r3");
  EXPECT_TRUE(loaded_->decides({0, 1, 2})) << "the others do not need it";
  disk_->free();
  cluster().start_process("r3");
  EXPECT_TRUE(loaded_->catches_up(3)) << cluster().log_of("r3");
  EXPECT_EQ(loaded_->agreement(), "");
}

TEST_F(Outage, TheDatabaseOfAReplicaIsGone) {
  cluster().kill("r3");
  const fs::path folder = cluster().dir() / "r3";
  const fs::path database = folder / config::load(folder / "config.toml")->data_dir;
  for (const auto& entry : fs::directory_iterator(database)) fs::remove_all(entry.path());
  cluster().start_process("r3");
  EXPECT_TRUE(loaded_->catches_up(3)) << "from block 0, by certificates: " << cluster().log_of("r3");
  EXPECT_EQ(compare_chains(cluster()), "");
}

// 100 MB that are no frame, at each listener of a replica.
TEST_F(Outage, AFloodOfBytes) {
  const config::Config config = *config::load(cluster().dir() / "r1" / "config.toml");
  const std::uint64_t before = resident_kib("r1");
  const std::string block(1 << 20, '\x01');
  for (const std::string& listener : {config.listen.peers, config.listen.clients, config.listen.metrics}) {
    const auto fd = cluster::dial(listener, cluster::Millis(2000));
    ASSERT_TRUE(fd) << listener;
    const timeval patience{5, 0};
    ::setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    ::fcntl(*fd, F_SETFL, 0);  // blocking
    const std::string head = listener == config.listen.metrics
                                 ? "GET /metrics HTTP/1.1\r\nContent-Length: 104857600\r\n\r\n"
                                 : std::string("\x7F\xFF\xFF\xFF", 4);
    bool open = ::send(*fd, head.data(), head.size(), MSG_NOSIGNAL) > 0;
    for (int i = 0; open && i < 100; ++i) open = ::send(*fd, block.data(), block.size(), MSG_NOSIGNAL) > 0;
    cluster::close_socket(*fd);
    EXPECT_TRUE(loaded_->decides({0, 1, 2, 3})) << listener;
  }
  if (!address_sanitized()) {
    EXPECT_LT(resident_kib("r1"), before + (32 << 10)) << "KiB resident, before " << before;
  }
  const Json peers = cluster().shell("peers", 1);
  std::size_t up = 0;
  for (const Json& peer : peers.value("peers", Json::array())) up += peer.value("state", "") == "up" ? 1 : 0;
  EXPECT_GE(up, 3u) << "no other peer suffers: " << peers.dump();
  EXPECT_NE(peers.dump().find("oversized"), std::string::npos) << "counted: " << peers.dump();
}

TEST_F(Outage, AHundredBlocksAreTheSameAndEverythingStopsInOrder) {
  EXPECT_TRUE(wait_until(Millis(120'000), [] { return cluster().highest() >= 100; }, Millis(200)));
  EXPECT_EQ(loaded_->final_agreement(), "");
  for (const char* name : {"w0", "w1", "r3", "r2", "r1", "r0", "l1"}) {
    SCOPED_TRACE(std::string("SIGTERM to ") + name);
    cluster().process(name).signal(SIGTERM);
    const auto status = cluster().process(name).wait(Millis(5'000));
    ASSERT_TRUE(status.has_value());
    EXPECT_EQ(*status, 0) << cluster().log_of(name);
  }
}

}  // namespace
}  // namespace asterism::acceptance
