// `asterism prove` and `asterism verify`: files and flags around core/stark, with Stone's names where Stone has them.
//
// Exit codes. prove: 0 written, 1 refused (the reason is printed), 2 usage. verify: 0 valid, 1 invalid with the reason,
// 2 usage, 3 not a proof file. Both refuse parameters of less than 96 bits without --insecure.
#pragma once

namespace asterism::cluster {

// argv[0] is the subcommand's word.
int prove_command(int argc, char** argv);
int verify_command(int argc, char** argv);

}  // namespace asterism::cluster
