#include "core/cairo/libzip.hpp"

#include <dlfcn.h>

#include "core/cairo/fault.hpp"

namespace asterism::core::cairo {

namespace {

LibZip load() {
  void* const library = dlopen(ASTERISM_LIBZIP, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) fail(ErrorKind::kProgram, "Cairo PIEs need " ASTERISM_LIBZIP ", which is not installed.");
  const auto find = [&]<class F>(F& function, const char* name) {
    function = reinterpret_cast<F>(dlsym(library, name));
    if (function == nullptr) fail(ErrorKind::kProgram, std::string(ASTERISM_LIBZIP " lacks ") + name + ".");
  };
  LibZip out{};
#define ASTERISM_ZIP_FIND(name) find(out.name, "zip_" #name);
  ASTERISM_ZIP_FUNCTIONS(ASTERISM_ZIP_FIND)
#undef ASTERISM_ZIP_FIND
  return out;
}

}  // namespace

const LibZip& LibZip::get() {
  static const LibZip library = load();
  return library;
}

}  // namespace asterism::core::cairo
