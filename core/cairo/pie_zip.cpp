#include "core/cairo/pie_zip.hpp"

#include <array>
#include <memory>

#include "core/cairo/libzip.hpp"

namespace asterism::core::cairo {

namespace {

constexpr std::array kRequired{"metadata.json", "memory.bin", "additional_data.json", "execution_resources.json"};
constexpr const char* kVersion = "version.json";
constexpr std::uint64_t kSmallFile = 10000;

[[noreturn]] void bad(const std::string& why) { fail(ErrorKind::kProgram, "Invalid Cairo PIE: " + why + "."); }

struct Discard {
  void operator()(zip_t* archive) const { LibZip::get().discard(archive); }
  void operator()(zip_file_t* file) const { LibZip::get().fclose(file); }
};

bool is_small(const std::string& name) { return name == "execution_resources.json" || name == kVersion; }
bool is_expected(const std::string& name) {
  if (name == kVersion) return true;
  for (const char* known : kRequired) {
    if (name == known) return true;
  }
  return false;
}

}  // namespace

std::map<std::string, std::string> unzip(ByteView bytes, std::uint64_t max_bytes) {
  if (bytes.size() < 2 || bytes[0] != 'P' || bytes[1] != 'K') bad("no zip file");
  const LibZip& lib = LibZip::get();
  zip_error_t error;
  lib.error_init(&error);
  zip_source_t* source = lib.source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) bad("no memory for the zip");
  const std::unique_ptr<zip_t, Discard> archive(lib.open_from_source(source, ZIP_RDONLY, &error));
  if (!archive) {
    lib.source_free(source);
    bad("no zip file");
  }
  const zip_int64_t count = lib.get_num_entries(archive.get(), 0);
  if (count < 0 || count > 5) bad("unexpected list of inner files");
  std::map<std::string, std::string> out;
  std::uint64_t total = 0;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    zip_stat_t stat;
    lib.stat_init(&stat);
    constexpr zip_uint64_t kWanted = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD;
    if (lib.stat_index(archive.get(), i, 0, &stat) != 0 || (stat.valid & kWanted) != kWanted) bad("unreadable entry");
    const std::string name = stat.name;
    if (!is_expected(name) || out.contains(name)) bad("unexpected list of inner files");
    if (stat.comp_method != ZIP_CM_DEFLATE) bad("invalid compress type");
    if (stat.size > max_bytes - total || (is_small(name) && stat.size >= kSmallFile)) bad("file size of " + name);
    total += stat.size;
    const std::unique_ptr<zip_file_t, Discard> file(lib.fopen_index(archive.get(), i, 0));
    if (!file) bad("unreadable " + name);
    std::string text(stat.size, '\0');
    if (lib.fread(file.get(), text.data(), stat.size) != static_cast<zip_int64_t>(stat.size)) bad("truncated " + name);
    char beyond = 0;
    if (lib.fread(file.get(), &beyond, 1) != 0) bad("wrong size or checksum of " + name);
    out.emplace(name, std::move(text));
  }
  for (const char* name : kRequired) {
    if (!out.contains(name)) bad("unexpected list of inner files");
  }
  return out;
}

Bytes zip(const std::map<std::string, std::string>& files) {
  const LibZip& lib = LibZip::get();
  zip_error_t error;
  lib.error_init(&error);
  zip_source_t* target = lib.source_buffer_create(nullptr, 0, 0, &error);
  if (target == nullptr) bad("no memory for the zip");
  lib.source_keep(target);
  const std::unique_ptr<zip_source_t, decltype(lib.source_free)> owner(target, lib.source_free);
  zip_t* archive = lib.open_from_source(target, ZIP_TRUNCATE, &error);
  if (archive == nullptr) {
    lib.source_free(target);
    bad("cannot make a zip");
  }
  for (const auto& [name, text] : files) {
    zip_source_t* source = lib.source_buffer(archive, text.data(), text.size(), 0);
    const zip_int64_t index = source != nullptr ? lib.file_add(archive, name.c_str(), source, 0) : -1;
    if (index < 0 || lib.set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, 0) != 0) {
      lib.discard(archive);
      bad("cannot make a zip");
    }
    // One state, one file: no clock goes into it.
    lib.file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, (1 << 5) | 1, 0);
  }
  if (lib.close(archive) != 0) {
    lib.discard(archive);
    bad("cannot make a zip");
  }
  zip_stat_t stat;
  lib.stat_init(&stat);
  if (lib.source_stat(target, &stat) != 0 || lib.source_open(target) != 0) bad("cannot make a zip");
  Bytes out(stat.size);
  const zip_int64_t read = lib.source_read(target, out.data(), out.size());
  lib.source_close(target);
  if (read != static_cast<zip_int64_t>(out.size())) bad("cannot make a zip");
  return out;
}

}  // namespace asterism::core::cairo
