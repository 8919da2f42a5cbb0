// `asterism cairo-run` as a user calls it: files, exit codes, messages.
#include "cluster/cairo/cairo_run_command.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/core/cairo/vectors.hpp"

namespace asterism::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class CairoRunCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) / ("cairo_run_" + std::to_string(::getpid()) + "_" +
                                                ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  // The exit code; what was printed stays in out_ and err_.
  int run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "cairo-run");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = cluster::cairo_run_command(static_cast<int>(argv.size()), argv.data());
    std::fflush(nullptr);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return code;
  }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  static std::string vector_file(const std::string& name) { return (vectors_folder() / name).string(); }

  fs::path folder_;
  std::string out_, err_;
};

TEST_F(CairoRunCommand, ProofModeWritesAllFiles) {
  ASSERT_EQ(
      run({"--program", vector_file("array_sum.proof/program.json"), "--layout=dex", "--proof_mode", "--trace_file",
           file("trace.bin"), "--memory_file", file("memory.bin"), "--air_public_input", file("public.json"),
           "--air_private_input", file("private.json"), "--print_output", "--print_info", "--profile", file("folded")}),
      0)
      << err_;
  EXPECT_EQ(fs::file_size(file("trace.bin")), 512U * 24);
  EXPECT_EQ(fs::file_size(file("memory.bin")), 91U * 40);
  EXPECT_EQ(json::parse(read_file(file("public.json"))),
            json::parse(read_file(vector_file("array_sum.proof/dex/air_public_input.json"))));
  EXPECT_EQ(json::parse(read_file(file("private.json")))["trace_path"], fs::absolute(file("trace.bin")).string());
  EXPECT_NE(out_.find("Program output:\n  50\n"), std::string::npos);
  EXPECT_NE(out_.find("Number of steps: 512 (originally, 46)"), std::string::npos);
  EXPECT_NE(out_.find("Warning: Number of steps must be at least 512 for the ecdsa builtin."), std::string::npos);
  const std::string folded = read_file(file("folded"));
  EXPECT_NE(folded.find("__main__.main;__main__.array_sum"), std::string::npos) << folded;
}

TEST_F(CairoRunCommand, APieGoesOutAndInAgain) {
  ASSERT_EQ(run({"--program", vector_file("array_sum.exec/program.json"), "--layout", "small", "--cairo_pie_output",
                 file("pie.zip")}),
            0)
      << err_;
  EXPECT_EQ(run({"--run_from_cairo_pie", file("pie.zip"), "--layout", "small", "--print_output"}), 0) << err_;
  EXPECT_NE(out_.find("  50\n"), std::string::npos);
}

TEST_F(CairoRunCommand, ErrorsShowPcTracebackAndCause) {
  EXPECT_EQ(run({"--program", vector_file("bad/bad_dict_update/program.json"), "--layout", "starknet_with_keccak"}), 1);
  EXPECT_NE(
      err_.find("Error at pc=0:5:\nGot an exception while executing a hint.\nCairo traceback (most recent call last):\n"
                "Unknown location (pc=0:34)"),
      std::string::npos)
      << err_;
  EXPECT_NE(err_.find("AssertionError: Wrong previous value in dict. Got 3, expected 5."), std::string::npos);
  EXPECT_EQ(run({"--program", vector_file("bad/ec_op_same_x/program.json"), "--layout", "starknet_with_keccak"}), 1);
  EXPECT_EQ(err_.find("SecurityError: Cannot apply EC operation"), 0U) << err_;
}

TEST_F(CairoRunCommand, RunsExecutablesAndEntryPointsOfCairo1) {
  const auto cairo1 = [](const std::string& name) {
    return (tests::source_folder() / "tests" / "vectors" / "cairo1" / name).string();
  };
  ASSERT_EQ(run({"--program", cairo1("fib.json"), "--layout", "small", "--args", "10,0", "--print_output"}), 0) << err_;
  EXPECT_EQ(out_, "Program output:\n  55\n\n");
  std::ofstream(file("arguments")) << R"(["0xa", "0x0"])";
  ASSERT_EQ(run({"--program", cairo1("fib.json"), "--layout", "small", "--args_file", file("arguments"), "--proof_mode",
                 "--print_output"}),
            0)
      << err_;
  EXPECT_NE(out_.find("  55\n"), std::string::npos);
  EXPECT_EQ(run({"--program", cairo1("prints.json"), "--layout", "small", "--args", "500"}), 1);
  EXPECT_EQ(err_.find("Panicked with \"x is too large: 500\".\nError at pc=0:15:"), 0U) << err_;
  const std::string tally = "0x1096ffe4756b6ccced4fc07961d29e9d57f7de283a8d6224c11c5d8988e3919";
  ASSERT_EQ(run({"--program", cairo1("counter.json"), "--entry_point", tally, "--calldata", "2,7,7"}), 0) << err_;
  EXPECT_NE(out_.find("Returned:\n  2\n  2\n  2\n"), std::string::npos) << out_;
  EXPECT_EQ(run({"--program", cairo1("counter.json"), "--entry_point", tally}), 1);
  EXPECT_NE(out_.find("Panicked with:"), std::string::npos) << out_;
  EXPECT_EQ(run({"--program", cairo1("counter.json"), "--entry_point", "0x1"}), 1);
  EXPECT_EQ(run({"--program", cairo1("counter.json"), "--layout", "small"}), 1);  // no main
}

std::string unpacked(const std::string& path) {
  std::string out;
  gzFile file = gzopen(path.c_str(), "rb");
  char buffer[4096];
  for (int n = 0; file != nullptr && (n = gzread(file, buffer, sizeof buffer)) > 0;) {
    out.append(buffer, static_cast<std::size_t>(n));
  }
  if (file != nullptr) gzclose(file);
  return out;
}

TEST_F(CairoRunCommand, ProfileAndDebugInformationAreTheOfficialRunners) {
  const auto profiled = [](const std::string& name) {
    return (tests::source_folder() / "tests" / "vectors" / "cairo-profile" / name).string();
  };
  ASSERT_EQ(run({"--program", profiled("fib.json"), "--layout", "small", "--proof_mode", "--profile_output",
                 file("profile.pb.gz"), "--debug_info_file", file("debug.json")}),
            0)
      << err_;
  // The time is the last field: one byte of tag and nine of a number.
  const auto without_time = [](std::string profile) { return profile.substr(0, profile.size() - 10); };
  const std::string expected = unpacked(profiled("fib.pb.gz"));
  ASSERT_GT(expected.size(), 1000U);
  EXPECT_EQ(without_time(unpacked(file("profile.pb.gz"))), without_time(expected));
  EXPECT_EQ(json::parse(read_file(file("debug.json"))), json::parse(read_file(profiled("fib.debug.json"))));
}

TEST_F(CairoRunCommand, WhatMakesNoSenseHereSaysSo) {
  const std::string program = vector_file("array_sum.exec/program.json");
  EXPECT_EQ(run({"--program", program, "--layout", "small", "--tracer"}), 1);
  EXPECT_NE(err_.find("--tracer"), std::string::npos);
  EXPECT_EQ(run({"--program", program, "--layout", "small", "--python_dependencies", file("x")}), 1);
  EXPECT_EQ(run({"--program", program, "--layout", "small", "--flavor", "Release"}), 0) << err_;
  EXPECT_EQ(run({"--version"}), 0);
  EXPECT_NE(out_.find("0.14.0.1"), std::string::npos);
  // The vectors carry no debug information, which a profile needs.
  EXPECT_EQ(run({"--program", program, "--layout", "small", "--profile_output", file("p.pb.gz")}), 1);
  EXPECT_NE(err_.find("debug information"), std::string::npos) << err_;
}

TEST_F(CairoRunCommand, FlagsThatExcludeEachOther) {
  const std::string program = vector_file("array_sum.exec/program.json");
  EXPECT_EQ(run({}), 1);
  EXPECT_NE(err_.find("Exactly one of --program, --run_from_cairo_pie must be specified."), std::string::npos);
  EXPECT_EQ(run({"--program", program, "--steps", "5", "--min_steps", "7"}), 1);
  EXPECT_EQ(run({"--program", program, "--air_public_input", file("x")}), 1);
  EXPECT_EQ(run({"--program", program, "--layout", "dynamic"}), 1);
  EXPECT_EQ(run({"--program", program, "--layout", "nonsense"}), 2);
  EXPECT_EQ(run({"--program", file("absent.json")}), 2);
  EXPECT_EQ(run({"--program", program}), 1);  // plain has no output builtin
  EXPECT_NE(err_.find("Builtins {'output'} are not present in layout \"plain\""), std::string::npos) << err_;
  EXPECT_EQ(run({"--program", program, "--layout", "small", "--trace_file", "/nonexistent/x"}), 1);
  EXPECT_NE(err_.find("cannot write /nonexistent/x"), std::string::npos);
}

}  // namespace
}  // namespace asterism::test
