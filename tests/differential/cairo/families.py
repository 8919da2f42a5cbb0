"""The families of cases, and how often each is drawn."""

import json
import os

import builtin_programs
import hinted_instances
import hints
import instructions
import programs

WEIGHTS = {"words": 77, "builtins": 6, "hinted": 14, "instances": 1, "compiled": 2}
NEED_HINTS = ("ecdsa", "add_mod", "mul_mod")

BUILTINS = (
    "output pedersen range_check ecdsa bitwise ec_op keccak poseidon range_check96 add_mod mul_mod".split()
)
LAYOUTS = {
    "plain": (),
    "small": BUILTINS[:4],
    "dex": BUILTINS[:4],
    "recursive": ("output", "pedersen", "range_check", "bitwise"),
    "starknet": ("output", "pedersen", "range_check", "ecdsa", "bitwise", "ec_op", "poseidon"),
    "starknet_with_keccak": BUILTINS[:8],
    "recursive_large_output": ("output", "pedersen", "range_check", "bitwise", "poseidon"),
    "recursive_with_poseidon": ("output", "pedersen", "range_check", "bitwise", "poseidon"),
    "all_solidity": ("output", "pedersen", "range_check", "ecdsa", "bitwise", "ec_op"),
    "all_cairo": BUILTINS,
    "dynamic": BUILTINS,
}


# How often each is drawn in proof mode. Padding up to a layout's least trace is real steps for the official runner: millions for
# starknet_with_keccak, which is left out, 131,072 for starknet.
PROOF_LAYOUTS = {
    "plain": 4000, "small": 400, "dex": 200, "dynamic": 8000, "recursive": 8, "recursive_large_output": 8,
    "recursive_with_poseidon": 8, "all_solidity": 8, "all_cairo": 8, "starknet": 2,
}

CELLS = dict(zip(BUILTINS[1:], (3, 1, 2, 5, 7, 16, 6, 1, 22, 22)))


def dynamic(rng):
    """Parameters of a dynamic layout in which short runs fit: padding is real steps for the official runner."""
    ratios = {name: rng.choice([0, 0, 1, 2, 4, 8, 16, 32]) for name in BUILTINS[1:]}
    ratios["keccak"] = rng.choice([0] * 15 + [8])
    cells = sum(CELLS[name] / ratio for name, ratio in ratios.items() if ratio)
    units = 8
    while units * 3 < 4 * (4 + cells):
        units *= 2
    params = {
        "cpu_component_step": 1,
        "rc_units": 2 ** rng.choice([8, 10, 11, 12]),
        "memory_units_per_step": units * rng.choice([1, 1, 2]),
        "log_diluted_units_per_step": rng.choice([12, 13]),
    }
    for name, ratio in ratios.items():
        params[f"uses_{name}_builtin"] = int(ratio > 0)
        params[f"{name}_ratio"] = ratio
        if name in ("range_check96", "add_mod", "mul_mod"):
            params[f"{name}_ratio_den"] = 1
    return params


LONGEST = 4000  # steps of a compiled program


def immediates(words):
    """Indices of the words that instructions have as immediates, but for those of jumps and calls."""
    out = []
    at = 0
    while at < len(words):
        flags = words[at] >> 48
        if flags >> 2 & 1 and at + 1 < len(words):
            if not flags >> 7 & 7:
                out.append(at + 1)
            at += 1
        at += 1
    return out


class Families:
    def __init__(self, vectors):
        self.vectors = vectors
        self.texts = hints.load(os.path.join(vectors, "hints.json"))
        with open(os.path.join(vectors, "manifest.json")) as file:
            manifest = json.load(file)
        self.compiled_programs = [
            entry for entry in manifest["vectors"] if entry["mode"] == "execution" and entry["n_steps"] <= LONGEST
        ]
        self.weights = [1 / (100 + entry["n_steps"]) for entry in self.compiled_programs]
        self.templates = {}

    def case(self, rng, family=None):
        family = family or rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        return getattr(self, family)(rng)

    def environment(self, rng, proof):
        """Layout entries of a case, the layout's builtins, and those that a program can use."""
        if proof:
            layout = rng.choices(list(PROOF_LAYOUTS), list(PROOF_LAYOUTS.values()))[0]
        else:
            layout = rng.choice(list(LAYOUTS))
        names = LAYOUTS[layout]
        if layout != "dynamic":
            return {"layout": layout}, names, names
        params = dynamic(rng)
        # Without room for a builtin that is used, padding has no end in proof mode.
        usable = [name for name in names if not proof or name == "output" or params[f"{name}_ratio"]]
        return {"dynamic": params}, names, usable

    def words(self, rng):
        proof = rng.random() < 0.3
        where, names, usable = self.environment(rng, proof)
        builtins = [name for name in usable if rng.random() < 0.3] if rng.random() < 0.5 else []
        made = names if proof else builtins
        segments = [2 + list(made).index(name) for name in builtins]
        words = instructions.Walk(rng, builtins, segments, proof).run()
        template = programs.bare(builtins, proof)
        case = {"family": "words", "template": template, "program": template.with_words(words), "proof": proof, **where}
        case["data"] = [hex(word) for word in words]
        case["budget"] = 70
        if rng.random() < 0.05:
            case["steps"] = rng.randint(1, 64)
        elif rng.random() < 0.03:
            case["min_steps"] = rng.randint(1, 100)
        return case

    def builtins(self, rng):
        proof = rng.random() < 0.4
        where, _, usable = self.environment(rng, proof)
        builtins = [name for name in usable if rng.random() < 0.5]
        words = builtin_programs.Block(rng, builtins, proof).run()
        template = programs.bare(builtins, proof)
        return {
            "family": "builtins",
            "template": template,
            "program": template.with_words(words),
            "proof": proof,
            "data": [hex(word) for word in words],
            **where,
        }

    def instances(self, rng):
        proof = rng.random() < 0.4
        usable = []
        while not set(usable) & set(NEED_HINTS):
            where, _, usable = self.environment(rng, proof)
        builtins = [name for name in usable if rng.random() < 0.5 or name in NEED_HINTS]
        fill = [text.code for text in self.texts if "ModBuiltinRunner.fill_memory" in text.code]
        template = hinted_instances.template(rng, builtins, proof, fill)
        return {
            "family": "instances", "template": template, "program": template.program, "proof": proof, "single": True,
            **where,
        }

    def hinted(self, rng):
        proof = rng.random() < 0.1
        where, _, usable = self.environment(rng, proof)
        builtins = [name for name in usable if rng.random() < 0.3]
        template = hints.template(rng, self.texts, builtins, proof)
        return {
            "family": "hinted", "template": template, "program": template.program, "proof": proof, "single": True,
            "budget": 200, **where,
        }

    def compiled(self, rng):
        entry = rng.choices(self.compiled_programs, self.weights)[0]
        if entry["name"] not in self.templates:
            with open(os.path.join(self.vectors, entry["program"])) as file:
                self.templates[entry["name"]] = programs.Template(entry["name"], file.read())
        template = self.templates[entry["name"]]
        words = list(template.program.data)
        places = immediates(words)
        patch = []
        for _ in range(rng.choice([0, 1, 1, 1, 2, 3]) if places else 0):
            at = rng.choice(places)
            old = words[at]
            words[at] = rng.choice(
                [old + 1, old - 1, rng.randint(0, 8), rng.randrange(2**64), rng.randrange(2**128), rng.randrange(instructions.PRIME)]
            ) % instructions.PRIME
            patch.append([at, hex(words[at])])
        case = {
            "family": "compiled", "template": template, "program": template.with_words(words), "proof": False,
            "patch": patch, "budget": LONGEST,
        }
        if entry["layout"] == "dynamic":
            case["dynamic"] = entry["cairo_layout_params"]
        else:
            case["layout"] = entry["layout"]
        given = entry.get("program_input")
        if given is not None:
            if isinstance(given, str):
                with open(os.path.join(self.vectors, given)) as file:
                    case["input"] = file.read()
            else:
                case["input"] = json.dumps(given)
        return case
