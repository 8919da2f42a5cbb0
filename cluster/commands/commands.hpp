// The subcommands of `asterism`, each in a file of its own. argv[0] is the subcommand's word.
#pragma once

namespace asterism::cluster {

int up_command(int argc, char** argv);
int keygen_command(int argc, char** argv);
int init_command(int argc, char** argv);
int node_command(int argc, char** argv);
int worker_command(int argc, char** argv);
int shell_command(int argc, char** argv);
int client_command(int argc, char** argv);
int l1_command(int argc, char** argv);
int config_command(int argc, char** argv);
int tx_command(int argc, char** argv);
int version_command(int argc, char** argv);
int prove_span_command(int argc, char** argv);  // hidden: the child of a worker

}  // namespace asterism::cluster
