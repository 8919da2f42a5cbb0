#!/usr/bin/env python3
"""CPU time and peak memory of cairo-run beside a peer's command on the programs of vectors/cairo/bench.

    compare_peer.py build/release/cairo-run PEER [--vectors ../shared/vectors/cairo/bench] [--runs 5] [--only fib]

PEER is the path of cairo-vm-cli (LambdaClass, crate 3.2.0, release, native). The two run in turn; a cell is the least
user and system time of the whole process (what disturbs a run only adds), and the largest resident set. Files go to a
memory file system.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile


def measure(command, note):
    """(CPU seconds, peak MB) of one run. GNU time stands between: a child of this process would count its memory."""
    for left in ("trace", "memory"):  # or this run would pay for the removal of what the other one wrote
        note.with_name(left).unlink(missing_ok=True)
    with open(os.devnull, "w") as null:
        process = subprocess.Popen(
            ["/usr/bin/time", "-f", "%M", "-o", note, *command], stdout=null, stderr=subprocess.PIPE
        )
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: {errors.decode()[-500:]}")
    return usage.ru_utime + usage.ru_stime, int(note.read_text()) / 1024


def set_words(text, indices, value):
    """Replaces words of a program's data in the text, as the manifest's N asks."""
    program = json.loads(text)
    for index in indices:
        program["data"][index] = hex(value)
    return json.dumps(program)


def ours(binary, program, entry, files):
    command = [binary, "--program", program, "--layout", entry["layout"]]
    command += ["--proof_mode"] if entry["mode"] == "proof" else []
    return command + (["--trace_file", files / "trace", "--memory_file", files / "memory"] if files else [])


def peers(binary, program, entry, files):
    command = [binary, program, "--layout", entry["layout"]]
    command += ["--proof_mode", "--fill-holes", "false"] if entry["mode"] == "proof" else []
    return command + (["--trace_file", files / "trace", "--memory_file", files / "memory"] if files else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cairo_run")
    parser.add_argument("peer")
    parser.add_argument("--vectors", type=pathlib.Path, default=pathlib.Path("../shared/vectors/cairo/bench"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    manifest = json.loads((arguments.vectors / "manifest.json").read_text())
    shm = "/dev/shm" if os.path.isdir("/dev/shm") else None
    print("| program | mode | files | steps | ours | peer | faster | ours MB | peer MB | memory |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=shm) as folder:
        folder = pathlib.Path(folder)
        for entry in manifest["programs"]:
            if arguments.only not in f"{entry['name']}.{entry['mode']}":
                continue
            program = folder / "program.json"
            text = (arguments.vectors / entry["program"]).read_text()
            program.write_text(set_words(text, entry["data_index_of_N"], entry["N"]))
            for files in (None, folder):
                commands = [
                    [str(part) for part in make(binary, program, entry, files)]
                    for make, binary in ((ours, arguments.cairo_run), (peers, arguments.peer))
                ]
                figures = [[], []]
                for _ in range(arguments.runs):
                    for side, command in enumerate(commands):
                        figures[side].append(measure(command, folder / "note"))
                (a, b) = (min(cpu for cpu, _ in side) for side in figures)
                (m, n) = (max(peak for _, peak in side) for side in figures)
                print(
                    f"| {entry['name']} | {entry['mode']} | {'yes' if files else 'no'} | {entry['n_steps']:,} "
                    f"| {a * 1e3:.0f} ms | {b * 1e3:.0f} ms | {b / a:.1f}x | {m:.0f} | {n:.0f} | {m / n:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
