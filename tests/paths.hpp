// The folders that a test reads. Only paths.cpp is compiled with them: every other object of a test is the same in
// each checkout, so that a compiler cache serves it.
#pragma once
#include <filesystem>

namespace asterism::tests {

// The folder that holds vectors/ (CMake: ASTERISM_SHARED); it need not exist.
const std::filesystem::path& shared_folder();
// The root of the checkout.
const std::filesystem::path& source_folder();
// The asterism of this build.
const std::filesystem::path& built_binary();

}  // namespace asterism::tests
