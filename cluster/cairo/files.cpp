#include "cluster/cairo/files.hpp"

#include <zlib.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace asterism::cluster {

using namespace core::cairo;

void fail_with(std::string text) { throw Failure{std::move(text)}; }
void fail_with(const Error& error) {
  if (error.kind == ErrorKind::kSecurity) fail_with("SecurityError: " + error.text());
  if (error.kind == ErrorKind::kUsage || error.kind == ErrorKind::kFinal) fail_with("Error: " + error.text());
  fail_with(error.text());
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string out;
  std::error_code no_size;  // of a pipe
  if (const auto size = std::filesystem::file_size(path, no_size); !no_size) out.reserve(size);
  std::array<char, 1 << 16> piece;
  while (file.read(piece.data(), piece.size()), file.gcount() > 0) {
    out.append(piece.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.good() && !file.eof()) fail_with("cannot read " + path);
  return out;
}

OutputFile::OutputFile(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "wb")) {
  if (file_ == nullptr) fail_with("cannot write " + path);
}
OutputFile::~OutputFile() {
  if (file_ != nullptr) std::fclose(file_);
}
void OutputFile::write(core::ByteView bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail_with("cannot write " + path_);
}
void OutputFile::close() {
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0) fail_with("cannot write " + path_);
}

GzipFile::GzipFile(const std::string& path) : file_(path), stream_(std::make_unique<z_stream_s>()) {
  constexpr int kGzip = 15 + 16;  // the largest window, with gzip's header
  if (deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    fail_with("cannot compress " + path);
  }
}
GzipFile::~GzipFile() { deflateEnd(stream_.get()); }

void GzipFile::deflate(core::ByteView bytes, bool last) {
  std::array<std::uint8_t, 1 << 16> buffer;
  stream_->next_in = const_cast<Bytef*>(bytes.data());
  stream_->avail_in = static_cast<uInt>(bytes.size());
  do {
    stream_->next_out = buffer.data();
    stream_->avail_out = static_cast<uInt>(buffer.size());
    if (::deflate(stream_.get(), last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR) fail_with("cannot compress");
    file_.write({buffer.data(), buffer.size() - stream_->avail_out});
  } while (stream_->avail_out == 0);
}

void GzipFile::close() {
  deflate({}, true);
  file_.close();
}

void write_all(const std::string& path, core::ByteView bytes) {
  OutputFile file(path);
  file.write(bytes);
  file.close();
}

}  // namespace asterism::cluster
