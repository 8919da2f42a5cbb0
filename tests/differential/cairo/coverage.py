"""Counts what the cases of a run reached: steps, instruction flags and forms, builtins, hints, layouts, errors."""

import collections

import official

FLAGS = (
    "dst_fp op0_fp op1_imm op1_fp op1_ap res_add res_mul jump_abs jump_rel jnz ap_add ap_add1 call ret assert_eq".split()
)


class Coverage:
    def __init__(self):
        self.runs = 0
        self.skipped = collections.Counter()
        self.steps = collections.Counter()
        self.long = 0
        self.total_steps = 0
        self.families = collections.Counter()
        self.flags = collections.Counter()
        self.forms = collections.Counter()
        self.refused = collections.Counter()
        self.builtins = collections.Counter()
        self.layouts = collections.Counter()
        self.errors = collections.Counter()

    def skip(self, case):
        self.skipped[case["family"]] += 1

    def add(self, case, theirs):
        self.runs += 1
        self.families[case["family"]] += 1
        self.layouts[("proof " if case["proof"] else "execution ") + case.get("layout", "dynamic")] += 1
        self.errors[theirs["error"]["class"] if theirs["error"] else "none"] += 1
        steps = theirs.get("steps", 0)
        self.total_steps += steps
        self.long += steps >= 20
        words = case["program"].data
        forms = collections.Counter()
        for pc in theirs.get("pcs", ()):
            if pc.segment_index == 0 and pc.offset < len(words):
                forms[words[pc.offset] >> 48] += 1
        for form, count in forms.items():
            self.forms[form] += count
            for bit, name in enumerate(FLAGS):
                if form >> bit & 1:
                    self.flags[name] += count
        if theirs["error"] and theirs["error"].get("class") in ("AssertionError", "KeyError") and "pc" in theirs["error"]:
            segment, _, offset = theirs["error"]["pc"].partition(":")
            if segment == "0" and offset and int(offset) < len(words) and not theirs["error"]["hint"]:
                self.refused[words[int(offset)] >> 48] += 1
        for name, count in theirs.get("resources", {}).get("instances", {}).items():
            if count:
                self.builtins[name] += count

    def summary(self, differences, seconds):
        return (
            f"{self.runs} runs in {seconds:.0f} s, {self.long} of 20 steps or more, {self.total_steps} steps, "
            f"{sum(self.skipped.values())} skipped as unbounded, {sum(differences.values())} differences {dict(differences)}"
        )

    def table(self):
        ran = [entry for entry in official.Machine.ran.values() if entry[1]]
        lines = ["", "instruction flag: executed"]
        lines += [f"  {name:10} {self.flags[name]}" for name in FLAGS]
        lines.append(f"  {len(self.forms)} combinations executed, {len(self.refused)} refused")
        lines.append("builtin: instances in runs that ended well")
        lines += [f"  {name:24} {count}" for name, count in sorted(self.builtins.items())]
        lines.append("mode and layout: runs")
        lines += [f"  {name:40} {count}" for name, count in sorted(self.layouts.items())]
        lines.append("family: runs")
        lines += [f"  {name:24} {count}" for name, count in sorted(self.families.items())]
        lines.append("error: runs")
        lines += [f"  {name:34} {count}" for name, count in self.errors.most_common()]
        lines.append(f"hints: {len(ran)} texts started, {sum(entry[2] > 0 for entry in ran)} ended well at least once")
        for text, started, ended in sorted(ran, key=lambda entry: -entry[1]):
            lines.append(f"  {started:8} {ended:8}  {text[:100]!r}")
        return "\n".join(lines)
