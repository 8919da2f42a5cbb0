"""Differential test of the Cairo machine against the official runner: see README.md in this folder."""

import argparse
import collections
import json
import os
import random
import re
import signal
import subprocess
import sys
import time

import families
import official
from coverage import Coverage


class Driver:
    """The other machine: the process that driver.cpp builds."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.loaded = set()

    def ask(self, request, body=b""):
        self.process.stdin.write(json.dumps(request).encode() + b"\n" + body)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the driver died, status {self.process.wait()}")
        answer = json.loads(line)
        answer["trace"] = self.process.stdout.read(answer["trace"])
        answer["memory"] = self.process.stdout.read(answer["memory"])
        return answer

    def run(self, case, max_steps):
        template = case["template"]
        if template.name not in self.loaded:
            body = template.text.encode()
            answer = self.ask({"load": template.name, "bytes": len(body)}, body)
            if answer["error"]:
                return answer
            if not case.get("single"):
                self.loaded.add(template.name)
        names = ("layout", "dynamic", "proof", "steps", "min_steps", "input", "patch", "data")
        request = {name: case[name] for name in names if case.get(name) is not None}
        return self.ask({"run": template.name, "max_steps": max_steps, **request})


HERE = os.path.dirname(os.path.abspath(__file__))
HINT, BUILTIN, SECURITY, LIMIT = 7, 9, 10, 12  # core/cairo/fault.hpp, ErrorKind


def plain_values(text):
    """The official message shows a tuple of Python objects."""
    return re.sub(r"RelocatableValue\(segment_index=(-?\d+), offset=(-?\d+)\)", r"\1:\2", text)


def same_hint_error(theirs, ours):
    """Equal but for what follows: Python's traceback there, the last line of one here."""
    raised = ours["message"].removeprefix(theirs["message"]).strip()
    before = theirs["text"].split("\nTraceback (most recent call last)")[0]
    return before.rstrip() == ours["text"].removesuffix(raised).rstrip()


def same_place(theirs, ours):
    return theirs["text"].split("\n")[0] == ours["text"].split("\n")[0]


def same_error(theirs, ours):
    if theirs is None and ours is None:
        return ""
    if theirs is None or ours is None or not equal_errors(theirs, ours):
        return f"error differs:\n  {theirs}\n  {ours}"
    return ""


def equal_errors(theirs, ours):
    if theirs["text"] == ours["text"]:
        return True
    if theirs["class"] == "SecurityError":
        return ours["kind"] in (SECURITY, LIMIT)  # which of several offences comes first is a dictionary's order
    if "pc" not in theirs:
        # After the last step: our own text for what is a bare Python exception there, and for what no file can hold.
        bare = theirs["class"] != "AssertionError" or not theirs["message"]
        return bare or re.match(r"Failed to relocate|Missing .*input", theirs["message"]) is not None
    if theirs.get("hint"):
        return ours["kind"] == HINT and same_hint_error(theirs, ours)
    if theirs["class"] == "PureValueError":
        return plain_values(theirs["text"]) == plain_values(ours["text"])
    if ours["message"].startswith("Invalid instruction encoding"):
        return theirs["class"] in ("AssertionError", "KeyError") and same_place(theirs, ours)
    if re.match(r"[rsw] = ", theirs["message"]):  # an assert without words in the official ECDSA verification
        return ours["kind"] == BUILTIN and same_place(theirs, ours)
    if theirs["class"] in ("TypeError", "AttributeError", "RecursionError"):
        return same_place(theirs, ours)
    return False


def difference(theirs, ours):
    """What disagrees, or an empty text."""
    if theirs.get("beyond") and ours["error"] and ours["error"]["kind"] == LIMIT:
        return ""  # the official runner has no limit on addresses
    problem = same_error(theirs["error"], ours["error"])
    if problem:
        return problem
    if "registers" in theirs:
        for name in ("steps", "registers"):
            if theirs[name] != ours.get(name):
                return f"{name}: {theirs[name]} | {ours.get(name)}"
        printed = ours["printed"] + "".join(f"{line}\n" for line in ours["warnings"])
        if theirs["printed"] != printed and not theirs["error"]:
            return f"printed: {theirs['printed']!r} | {printed!r}"
    if theirs["error"]:
        return ""
    for name in ("trace", "memory"):
        if theirs[name] != ours[name]:
            return f"{name} differs: {first_difference(theirs[name], ours[name], 24 if name == 'trace' else 40)}"
    if theirs["resources"] != ours["resources"]:
        return f"resources: {theirs['resources']} | {ours['resources']}"
    if "public" in theirs:
        if theirs["public"] != json.loads(ours["public"]):
            return f"public input:\n  {theirs['public']}\n  {ours['public']}"
        if theirs["private"] != json.loads(ours["private"]):
            return f"private input:\n  {theirs['private']}\n  {ours['private']}"
    return ""


def first_difference(a, b, size):
    for at in range(0, min(len(a), len(b)), size):
        if a[at : at + size] != b[at : at + size]:
            return f"record {at // size}: {a[at:at + size].hex()} | {b[at:at + size].hex()}"
    return f"{len(a) // size} | {len(b) // size} records"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--driver", required=True, help="build/release/tests/differential/cairo/cairo_differential")
    parser.add_argument("--vectors", default=os.path.join(HERE, "../../../../shared/vectors/cairo"), help="folder of compiled programs to vary")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31), help="of the first run; the others count on")
    parser.add_argument("--family", help="one of " + ", ".join(families.WEIGHTS))
    parser.add_argument("--stop", action="store_true", help="at the first difference")
    parser.add_argument("--report-every", type=int, default=5000)
    arguments = parser.parse_args()

    driver = Driver(arguments.driver)
    source = families.Families(arguments.vectors)
    coverage = Coverage()
    differences = collections.Counter()
    print(f"seed {arguments.seed}", flush=True)
    started = time.time()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for seed in range(arguments.seed, arguments.seed + arguments.runs):
            case = source.case(random.Random(seed), arguments.family)
            theirs = official.run(case)
            if theirs is None:
                coverage.skip(case)
                continue
            ours = driver.run(case, case.get("budget", official.MAX_STEPS) if theirs["budget"] else 2**22)
            problem = difference(theirs, ours)
            coverage.add(case, theirs)
            if problem:
                differences[case["family"]] += 1
                print(f"DIFFERENCE seed {seed} family {case['family']}: {problem}", flush=True)
                if arguments.stop:
                    break
            if (seed - arguments.seed + 1) % arguments.report_every == 0:
                print(coverage.summary(differences, time.time() - started), flush=True)
    except KeyboardInterrupt:
        print("stopped early")
    print(coverage.table())
    print(coverage.summary(differences, time.time() - started))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
