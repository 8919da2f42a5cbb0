#!/usr/bin/env python3
"""Compares our prover and verifier with Stone's on random programs and random parameters.

Each comparison: `asterism cairo-run` makes the inputs, both provers prove them, the proofs must be the same bytes, and
each verifier must accept the other's file. A line of the list, and a vector for tests/vectors/stone/random, come out of
each. The exit code is 1 when any of it fails; the folder of what failed is kept and named.

    tests/bench/stark/random_comparison.py --stone FOLDER --asterism build/release/asterism --layout plain --count 20 --seed 1

FOLDER holds cpu_air_prover and cpu_air_verifier.
"""
import argparse
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys

from random_program import random_program

# Builtins with their ratio (steps per instance; None: no instances), and the fewest steps that a proof takes.
LAYOUTS = {
    "plain": ({}, 512),
    "small": ({"output": None, "pedersen": 8, "range_check": 8, "ecdsa": 512}, 512),
    "dex": ({"output": None, "pedersen": 8, "range_check": 8, "ecdsa": 512}, 512),
    "perpetual": ({"output": None, "pedersen": 32, "range_check": 16, "ecdsa": 2048}, 2048),
    "all_solidity": ({"output": None, "pedersen": 8, "range_check": 8, "ecdsa": 512, "bitwise": 256, "ec_op": 256}, 8192),
    "recursive": ({"output": None, "pedersen": 128, "range_check": 8, "bitwise": 8}, 16384),
    "dex_with_bitwise": ({"output": None, "pedersen": 8, "range_check": 8, "ecdsa": 512, "bitwise": 64}, 131072),
    "starknet": ({"output": None, "pedersen": 32, "range_check": 16, "ecdsa": 2048, "bitwise": 64, "ec_op": 1024,
                  "poseidon": 32}, 131072),
    "starknet_with_keccak": ({"output": None, "pedersen": 32, "range_check": 16, "ecdsa": 2048, "bitwise": 64,
                              "ec_op": 1024, "keccak": 2048, "poseidon": 32}, 32768),
    "recursive_large_output": ({"output": None, "pedersen": 128, "range_check": 8, "bitwise": 8, "poseidon": 8}, 16384),
    "recursive_with_poseidon": ({"output": None, "pedersen": 256, "range_check": 16, "bitwise": 16, "poseidon": 64},
                                32768),
}
COMMITMENTS = ["keccak256", "keccak256_masked160_msb", "keccak256_masked160_lsb", "blake256", "blake256_masked160_msb",
               "blake256_masked248_lsb"]
BELOW_P = ["keccak256_masked160_lsb", "blake256_masked248_lsb"]  # what felt hashes and channels can take


def random_parameters(r, log_rows, most_blowup, slow_hashes):
    fri = [0 if r.random() < 0.7 else r.randint(1, 3)]
    last = r.randint(0, min(7, log_rows - 2))
    while sum(fri) + last < log_rows:
        fri.append(min(r.randint(1, 4), log_rows - last - sum(fri)))
    blowup = r.choice([b for b in (1, 1, 2, 2, 3, 4, 5, 6) if b <= most_blowup])
    out = {"field": "PrimeField0", "use_extension_field": False,
           "stark": {"log_n_cosets": blowup,
                     "fri": {"fri_step_list": fri, "last_layer_degree_bound": 1 << last, "n_queries": r.randint(1, 24),
                             "proof_of_work_bits": r.choice([0, r.randint(1, 14)])}},
           "channel_hash": r.choice(["keccak256", "blake256"]), "commitment_hash": r.choice(COMMITMENTS)}
    if r.random() < 0.1:  # the defaults
        del out["channel_hash"], out["commitment_hash"]
    kind = r.random()
    # Stone's segments need the friendly layers to reach below the cosets' roots, or none of them.
    if slow_hashes and kind < 0.4:
        out["commitment_hash"] = r.choice(BELOW_P + (["poseidon3"] if kind < 0.1 else []))
        out["verifier_friendly_commitment_hash"] = r.choice(["poseidon3", "poseidon3", "pedersen"])
        out["n_verifier_friendly_commitment_layers"] = blowup + r.randint(1, 3)
        out["statement"] = {"page_hash": "pedersen"}
        out["verifier_friendly_channel_updates"] = r.random() < 0.5
        if r.random() < 0.5 and out["verifier_friendly_commitment_hash"] == "poseidon3":
            out["channel_hash"] = "poseidon3"
            out["verifier_friendly_channel_updates"] = True
            out["pow_hash"] = r.choice(["keccak256", "blake256"])
    elif kind < 0.5:
        out["statement"] = {"page_hash": "pedersen"}
    elif kind < 0.6:
        out["verifier_friendly_commitment_hash"] = r.choice(COMMITMENTS)
        out["n_verifier_friendly_commitment_layers"] = blowup + r.randint(1, 3)
    return out


def split_output(r, public):
    """Moves a part of the output, if there is some, to pages of its own; returns [address, size] of each."""
    segment = public["memory_segments"].get("output")
    if segment is None or segment["stop_ptr"] == segment["begin_addr"] or r.random() < 0.5:
        return []
    pages, at = [], segment["begin_addr"] + r.randrange(2)
    while at < segment["stop_ptr"] and len(pages) < 4:
        size = min(r.randint(1, 6), segment["stop_ptr"] - at)
        pages.append([at, size])
        at += size
    for cell in public["public_memory"]:
        for number, (start, size) in enumerate(pages):
            if start <= cell["address"] < start + size:
                cell["page"] = number + 1
    return pages


class Failed(Exception):
    pass


def call(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{' '.join(str(w) for w in words)}\nexit code {done.returncode}\n{done.stdout[-600:]}{done.stderr[-1500:]}")


def compare(options, name, r):
    """One comparison in a folder of its own; returns its vector."""
    folder = options.work / name
    folder.mkdir(parents=True)
    builtins, least = LAYOUTS[options.layout]
    steps = options.steps or least
    if options.program:
        program = json.loads(pathlib.Path(options.program).read_text())
    else:
        # One in three programs uses only some of the layout's builtins.
        names = [b for b in builtins if r.random() < 0.6] if r.random() < 0.33 else list(builtins)
        capacity = {b: min(24, steps // ratio if ratio else 24) for b, ratio in builtins.items()}
        program = random_program(r, names, capacity, r.randint(5, options.operations))
    (folder / "program.json").write_text(json.dumps(program))
    call(options.asterism, "cairo-run", "--program", folder / "program.json", "--layout", options.layout, "--proof_mode",
         "--min_steps", steps, "--trace_file", folder / "trace.bin", "--memory_file", folder / "memory.bin",
         "--air_public_input", folder / "public.json", "--air_private_input", folder / "private.json")
    public = json.loads((folder / "public.json").read_text())
    pages = split_output(r, public)
    (folder / "public.json").write_text(json.dumps(public))
    steps = public["n_steps"]
    log_rows = (16 * steps).bit_length() - 1
    parameters = random_parameters(r, log_rows, options.most_blowup, options.slow_hashes)
    (folder / "params.json").write_text(json.dumps(parameters))
    (folder / "config.json").write_text(json.dumps(
        {"cached_lde_config": {"store_full_lde": True, "use_fft_for_eval": False}, "constraint_polynomial_task_size": 256,
         "n_out_of_memory_merkle_layers": 0, "table_prover_n_tasks_per_segment": 1}))
    inputs = ["--parameter_file", folder / "params.json", "--private_input_file", folder / "private.json",
              "--public_input_file", folder / "public.json"]
    call(options.stone / "cpu_air_prover", *inputs, "--prover_config_file", folder / "config.json", "--out_file",
         folder / "stone.json", f"--n_threads={options.threads}")
    call(options.asterism, "prove", *inputs, "--out_file", folder / "ours.json", "--threads", options.threads,
         "--insecure", "--quiet")
    proofs = [bytes.fromhex(json.loads((folder / f).read_text())["proof_hex"][2:]) for f in ("stone.json", "ours.json")]
    if proofs[0] != proofs[1]:
        at = next((i for i, (a, b) in enumerate(zip(*proofs)) if a != b), min(map(len, proofs)))
        raise Failed(f"the proofs differ from byte {at} on")
    call(options.asterism, "verify", folder / "stone.json", "--insecure")
    call(options.stone / "cpu_air_verifier", "--in_file", folder / "ours.json")
    return {"layout": options.layout, "steps": steps, "pages": pages, "parameters": parameters,
            "proof_bytes": len(proofs[0]), "proof_sha256": hashlib.sha256(proofs[0]).hexdigest(), "program": program}


def line_of(name, vector):
    """A row of the list: what a reader wants to know of the parameters."""
    p = vector["parameters"]
    fri = p["stark"]["fri"]
    words = [p.get("channel_hash", "default"), p.get("commitment_hash", "default")]
    if "n_verifier_friendly_commitment_layers" in p:
        words.append(f"top {p['n_verifier_friendly_commitment_layers']} {p['verifier_friendly_commitment_hash']}")
    if p.get("verifier_friendly_channel_updates"):
        words.append("friendly updates")
    if "statement" in p:
        words.append("pedersen pages")
    steps = ",".join(map(str, fri["fri_step_list"]))
    return (f"| {name} | {vector['layout']} | {vector['steps']} | {1 << p['stark']['log_n_cosets']} | {steps}/"
            f"{fri['last_layer_degree_bound']} | {fri['n_queries']} | {fri['proof_of_work_bits']} | {'; '.join(words)} | "
            f"{1 + len(vector['pages'])} | {vector['proof_bytes']} | {vector['proof_sha256'][:16]} |\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stone", type=pathlib.Path, required=True, help="folder of Stone's two programs")
    parser.add_argument("--asterism", type=pathlib.Path, required=True)
    parser.add_argument("--layout", choices=LAYOUTS, default="plain")
    parser.add_argument("--steps", type=int, default=0, help="least steps; default: the fewest that the layout takes")
    parser.add_argument("--program", help="this compiled program instead of random ones")
    parser.add_argument("--operations", type=int, default=60, help="most operations of a random program")
    parser.add_argument("--most-blowup", type=int, default=4, help="log2")
    parser.add_argument("--slow-hashes", action="store_true", help="Pedersen and Poseidon in trees and channel too")
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/tmp/stark-comparison"))
    parser.add_argument("--list", type=pathlib.Path, help="append a row for each here")
    parser.add_argument("--vectors", type=pathlib.Path, help="write a vector for each here")
    options = parser.parse_args()
    failures = 0
    for i in range(options.count):
        name = f"{options.layout}-{options.seed}-{i}"
        shutil.rmtree(options.work / name, ignore_errors=True)
        try:
            vector = compare(options, name, random.Random(name))
        except Failed as failure:
            failures += 1
            print(f"{name}: FAILED, see {options.work / name}\n{failure}", file=sys.stderr, flush=True)
            continue
        shutil.rmtree(options.work / name)
        print(line_of(name, vector), end="", flush=True)
        if options.list:
            with options.list.open("a") as rows:
                rows.write(line_of(name, vector))
        if options.vectors:
            (options.vectors / f"{name}.json").write_text(json.dumps(vector, separators=(",", ":")) + "\n")
    print(f"seed={options.seed} compared={options.count - failures} failed={failures}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
