#!/usr/bin/env python3
"""Our prover beside Stone's: wall time, CPU time and peak memory on the same inputs and parameters, in one run.

    tests/bench/stark/compare_speed.py --stone FOLDER --asterism build/release/asterism plain-14-4 recursive-14-16
    tests/bench/stark/compare_speed.py --stone FOLDER --asterism build/release/asterism --threads 1,2 all

A row is LAYOUT-LOG2_STEPS-BLOWUP. Stone keeps the whole low degree extension (`store_full_lde`), its fastest; 96 bits
of security by queries, no grinding. FOLDER holds cpu_air_prover. The proofs must be the same bytes.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import time

from random_comparison import LAYOUTS
from random_program import random_program

ROWS = ["plain-14-4", "plain-14-16", "plain-16-4", "plain-16-16", "small-14-4", "small-14-16", "recursive-14-4",
        "recursive-14-16", "starknet-17-4", "starknet-17-16", "plain-18-4"]


def parameters(log_rows, log_blowup):
    steps = [0] + [4] * ((log_rows - 6) // 4) + ([(log_rows - 6) % 4] if (log_rows - 6) % 4 else [])
    return {"field": "PrimeField0", "use_extension_field": False,
            "stark": {"log_n_cosets": log_blowup,
                      "fri": {"fri_step_list": steps, "last_layer_degree_bound": 64, "n_queries": -(-96 // log_blowup),
                              "proof_of_work_bits": 0}}}


def prepare(options, row):
    layout, log_steps, blowup = row.split("-")
    folder = options.work / row
    folder.mkdir(parents=True, exist_ok=True)
    r = random.Random(row.rsplit("-", 1)[0])
    builtins, _ = LAYOUTS[layout]
    program = random_program(r, list(builtins), {b: 30 for b in builtins}, 200)
    (folder / "program.json").write_text(json.dumps(program))
    subprocess.run([options.asterism, "cairo-run", "--program", folder / "program.json", "--layout", layout,
                    "--proof_mode", "--min_steps", str(1 << int(log_steps)), "--trace_file", folder / "trace.bin",
                    "--memory_file", folder / "memory.bin", "--air_public_input", folder / "public.json",
                    "--air_private_input", folder / "private.json"], check=True)
    log_blowup = int(blowup).bit_length() - 1
    (folder / "params.json").write_text(json.dumps(parameters(int(log_steps) + 4, log_blowup)))
    (folder / "config.json").write_text(json.dumps(
        {"cached_lde_config": {"store_full_lde": True, "use_fft_for_eval": False}, "constraint_polynomial_task_size": 256,
         "n_out_of_memory_merkle_layers": 1, "table_prover_n_tasks_per_segment": 32}))
    return folder


def measure(words):
    """(wall seconds, CPU seconds, peak MiB) of one child."""
    start = time.monotonic()
    child = subprocess.Popen([str(w) for w in words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{errors.decode()[-2000:]}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def digest(path):
    return hashlib.sha256(json.loads(path.read_text())["proof_hex"].encode()).hexdigest()


def compare(options, row, threads):
    folder = prepare(options, row)
    inputs = ["--parameter_file", folder / "params.json", "--private_input_file", folder / "private.json",
              "--public_input_file", folder / "public.json"]
    ours = [options.asterism, "prove", *inputs, "--out_file", folder / "ours.json", "--threads", threads, "--quiet",
            *options.flags.split()]
    stone = [options.stone / "cpu_air_prover", *inputs, "--prover_config_file", folder / "config.json", "--out_file",
             folder / "stone.json", f"--n_threads={threads}"]
    best = lambda words: min((measure(words) for _ in range(options.repeat)), key=lambda m: m[1])
    a, b = best(ours), best(stone)
    if digest(folder / "ours.json") != digest(folder / "stone.json"):
        sys.exit(f"{row}: the proofs differ")
    print(f"| {row} | {threads} | {b[0]:.2f} / {b[1]:.2f} / {b[2]:.0f} | {a[0]:.2f} / {a[1]:.2f} / {a[2]:.0f} | "
          f"{b[0] / a[0]:.1f} | {b[1] / a[1]:.1f} | {a[2] / b[2]:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+", help=f"all, or of: {' '.join(ROWS)}")
    parser.add_argument("--stone", type=pathlib.Path, required=True)
    parser.add_argument("--asterism", type=pathlib.Path, required=True)
    parser.add_argument("--threads", default="1")
    parser.add_argument("--repeat", type=int, default=1, help="the run with the least CPU time counts")
    parser.add_argument("--flags", default="", help="more flags for asterism prove")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/stark-speed"))
    options = parser.parse_args()
    print("| run | threads | Stone wall s / CPU s / MiB | ours | wall: times faster | CPU: times faster | memory |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for row in ROWS if options.rows == ["all"] else options.rows:
        for threads in options.threads.split(","):
            compare(options, row, int(threads))


if __name__ == "__main__":
    main()
