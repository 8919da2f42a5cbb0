// libzip, loaded when the first PIE is read or written: it brings libcrypto, whose loading takes longer than a short
// run and which a program without a PIE does not need.
#pragma once
#include <zip.h>

namespace asterism::core::cairo {

#define ASTERISM_ZIP_FUNCTIONS(F)                                                                        \
  F(open_from_source)                                                                                    \
  F(close)                                                                                               \
  F(discard) F(get_num_entries) F(stat_init) F(stat_index) F(fopen_index) F(fread) F(fclose) F(file_add) \
      F(file_set_dostime) F(set_file_compression) F(error_init) F(source_buffer) F(source_buffer_create) \
          F(source_keep) F(source_free) F(source_stat) F(source_open) F(source_read) F(source_close)

// zip_<name> is LibZip::get().<name>.
struct LibZip {
#define ASTERISM_ZIP_MEMBER(name) decltype(&::zip_##name) name;
  ASTERISM_ZIP_FUNCTIONS(ASTERISM_ZIP_MEMBER)
#undef ASTERISM_ZIP_MEMBER
  static const LibZip& get();  // Fault kProgram when it is not there
};

}  // namespace asterism::core::cairo
