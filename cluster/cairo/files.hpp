// The files of `cairo-run`: read whole, written from front to back; what fails ends the command with a text.
#pragma once
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "core/cairo/runner.hpp"

struct z_stream_s;

namespace asterism::cluster {

// Why the command ends with 1; the text is printed as it is. Thrown within the command only.
struct Failure {
  std::string text;
};
[[noreturn]] void fail_with(std::string text);
[[noreturn]] void fail_with(const core::cairo::Error& error);

template <class T>
T take(core::cairo::Expected<T> result) {
  if (!result) fail_with(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string read_all(const std::string& path);

class OutputFile {
 public:
  explicit OutputFile(const std::string& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  void write(core::ByteView bytes);
  void close();
  core::cairo::Runner::Sink sink() {
    return [this](core::ByteView piece) { write(piece); };
  }

 private:
  std::string path_;
  std::FILE* file_;
};

// The same, compressed as gzip does.
class GzipFile {
 public:
  explicit GzipFile(const std::string& path);
  ~GzipFile();
  void close();
  core::cairo::Runner::Sink sink() {
    return [this](core::ByteView piece) { deflate(piece, false); };
  }

 private:
  void deflate(core::ByteView bytes, bool last);
  OutputFile file_;
  std::unique_ptr<z_stream_s> stream_;
};

void write_all(const std::string& path, core::ByteView bytes);

}  // namespace asterism::cluster
