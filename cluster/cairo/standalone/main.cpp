// cairo-run by itself: `asterism cairo-run` without what the rest of asterism loads when it starts.
#include "cluster/cairo/cairo_run_command.hpp"

int main(int argc, char** argv) { return asterism::cluster::cairo_run_command(argc, argv); }
