// For tests of recovery: ASTERISM_CRASH_AT="<role>.before:<n>" or "<role>.after:<n>" kills this process with SIGKILL
// just before or after the n-th batch (from 1) that the role persists; "<role>.after@<prefix>:<n>" counts only batches
// that write a key with that prefix. Without the variable it costs one comparison.
#pragma once
#include <string_view>

#include "storage/key_value.hpp"

namespace asterism::cluster {

void crash_point(std::string_view role, std::string_view position, const storage::WriteBatch& batch);

}  // namespace asterism::cluster
