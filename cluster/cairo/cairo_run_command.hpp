// `asterism cairo-run`: runs a Cairo program or PIE with the flags, files, messages and exit codes of the official
// runner.
//
// This folder is files and flags; everything that computes is core/cairo. Flags beyond the official ones: --profile
// (folded call stacks), --allow-unknown-hints, --memory_limit (cells) and --progress (steps a line on standard error).
#pragma once

namespace asterism::cluster {

// 0 done, 1 failed; the error is on standard error.
int cairo_run_command(int argc, char** argv);

}  // namespace asterism::cluster
