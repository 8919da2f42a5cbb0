"""Programs with instances that only hints can complete: ECDSA signatures, circuits of add_mod and mul_mod."""

import json
import random

import programs
from builtin_programs import Block
from instructions import NEXT_AP, PRIME, encode
from starkware.crypto.signature.signature import private_to_stark_key, sign

ALLOC = "memory[ap] = segments.add()"
SIGN = "ecdsa_builtin.add_signature(ids.ecdsa_ptr.address_, (ids.signature_r, ids.signature_s))"
WORD = 2**96
GROUP = 7


def signatures(count):
    rng = random.Random(1)
    out = []
    for _ in range(count):
        key = rng.randrange(1, 2**250)
        message = rng.choice([rng.randrange(2**251), rng.randrange(2**64), 1, 2**250])
        out.append((private_to_stark_key(key), message, *sign(message, key)))
    return out


SIGNATURES = []


class Instances(Block):
    def __init__(self, rng, builtins, proof, fill):
        super().__init__(rng, builtins, proof)
        self.fill = fill  # the texts of the hint that completes a circuit
        self.hints = {}
        self.references = []
        self.identifiers = {
            "__main__.Instance": {"type": "struct", "full_name": "__main__.Instance", "members": {}, "size": 0},
            "__main__.BATCH_SIZE": {"type": "const", "value": 1},
        }

    def hint(self, code, **ids):
        """Stands before the next instruction; ids: name = (type, value)."""
        bound = {}
        for name, (kind, value) in ids.items():
            full = f"__main__.h{len(self.references)}.{name}"
            reference = {"ap_tracking_data": {"group": GROUP, "offset": 0}, "pc": len(self.words), "value": value}
            self.identifiers[full] = {"type": "reference", "cairo_type": kind, "full_name": full, "references": [reference]}
            bound[full] = len(self.references)
            self.references.append(reference)
        self.hints.setdefault(str(len(self.words)), []).append(
            {
                "code": code,
                "accessible_scopes": ["__main__"] + sorted({full.rsplit(".", 1)[0] for full in bound}),
                "flow_tracking_data": {
                    "ap_tracking": {"group": GROUP, "offset": 0},
                    "reference_ids": bound,
                },
            }
        )

    def cell(self, value):
        """Pushes; answers where above fp."""
        self.push(value)
        return self.depth - 1

    def segment(self):
        self.hint(ALLOC)
        self.words += [NEXT_AP, 1]
        self.depth += 1
        self.steps += 1
        return self.depth - 1

    def store(self, slot, cell, value):
        """[[fp + slot] + cell] = value"""
        self.push(value)
        self.words.append(encode(0b100_0000_0000_0010, -1, slot, cell))
        self.steps += 1

    def store_pointer(self, slot, cell, pointer, distance=0):
        if distance:
            self.words += [encode(0b100_1000_0010_0110, 0, pointer, 1), distance]
            self.depth += 1
            pointer = self.depth - 1
            self.steps += 1
        self.words.append(encode(0b100_0000_0000_0011, pointer, slot, cell))
        self.steps += 1

    def instance_reference(self, name):
        return "__main__.Instance*", f"cast([fp + ({self.pointer(name)})] + {self.used[name]}, __main__.Instance*)"

    @staticmethod
    def felt_reference(slot):
        return "felt", f"[cast(fp + {slot}, felt*)]"

    def ecdsa(self):
        rng = self.rng
        if not SIGNATURES:
            SIGNATURES.extend(signatures(24))
        key, message, r, s = rng.choice(SIGNATURES)
        if self.fail and rng.random() < 0.5:
            message, r, s = rng.choice([(message + 1, r, s), (message, r + 1, s), (message, r, 0), (message, r, s + 1)])
        slots = self.cell(r), self.cell(s)
        if not self.fail or rng.random() < 0.9:
            self.hint(
                SIGN, ecdsa_ptr=self.instance_reference("ecdsa"),
                signature_r=self.felt_reference(slots[0]), signature_s=self.felt_reference(slots[1]),
            )
        order = [(0, key), (1, message)]
        rng.shuffle(order)
        for index, value in order:
            self.write("ecdsa", self.used["ecdsa"] + index, value)
        self.used["ecdsa"] += 2

    def modulus(self):
        rng = self.rng
        return rng.choice(
            [rng.randint(2, 97), rng.randrange(2, WORD), rng.randrange(2**384) | 1, 2**384 - 1, 2**255 - 19, 2**192, 1]
        )

    def circuit(self):
        """Operations over a table of values; the hint computes what is missing, or everything is written here."""
        rng = self.rng
        p = self.modulus()
        names = [name for name in ("add_mod", "mul_mod") if name in self.builtins]
        by_hint = len(names) == 2 and rng.random() < 0.7
        table = [rng.choice([rng.randrange(p), rng.randrange(2**384), 0, 1]) for _ in range(rng.randint(1, 3))]
        given = set(range(len(table)))
        operations = {name: [] for name in names}
        for _ in range(rng.randint(1, 4)):
            name = rng.choice(names)
            a, b = rng.randrange(len(table)), rng.randrange(len(table))
            full = table[a] + table[b] if name == "add_mod" else table[a] * table[b]
            new = len(table)
            if name == "add_mod":
                table.append(full - p if full - p >= 0 else full)
                if table[-1] >= 2**384:
                    table[-1] = 0  # no result fits: a wrong one
            else:
                table.append(full % p)
            triple = [a, b, new]
            if by_hint and rng.random() < 0.3:
                # a + x = c or a * x = c, solved by the hint
                triple = [a, new, b] if rng.random() < 0.5 else [new, a, b]
            operations[name].append(triple)
        values, offsets = self.segment(), self.segment()
        first_cell = {}
        for index, number in enumerate(table):
            if by_hint and index not in given:
                continue
            if self.fail and rng.random() < 0.2:
                number = (number + 1) % 2**384
            for word in range(4):
                self.store(values, 4 * index + word, number >> 96 * word & WORD - 1)
        at = 0
        for name in names:
            first_cell[name] = at
            for triple in operations[name]:
                for operand in triple:
                    self.store(offsets, at, 4 * operand)
                    at += 1
        for name in names:
            count = len(operations[name])
            for i in range(min(count, 1) if by_hint else count):
                base = self.used[name] + 7 * i
                for word in range(4):
                    self.write(name, base + word, p >> 96 * word & WORD - 1)
                self.store_pointer(self.pointer(name), base + 4, values)
                self.store_pointer(self.pointer(name), base + 5, offsets, first_cell[name] + 3 * i)
                self.write(name, base + 6, count - i + (self.fail and rng.random() < 0.1))
        if by_hint:
            counts = [self.felt_reference(self.cell(len(operations[name]))) for name in names]
            self.hint(
                rng.choice(self.fill),
                add_mod_ptr=self.instance_reference("add_mod"), add_mod_n=counts[0],
                mul_mod_ptr=self.instance_reference("mul_mod"), mul_mod_n=counts[1],
            )
            self.push(0)
        for name in names:
            self.used[name] += 7 * len(operations[name])

    def run(self):
        rng = self.rng
        makers = [self.ecdsa] if "ecdsa" in self.builtins else []
        if "add_mod" in self.builtins or "mul_mod" in self.builtins:
            makers.append(self.circuit)
        for _ in range(rng.randint(1, 2)):
            rng.choice(makers)()
        while self.steps < 18 or rng.random() < 0.3:
            name = rng.choice(self.builtins)
            if name in ("pedersen", "range_check", "range_check96", "bitwise", "output"):
                self.instance(name)
            else:
                self.arithmetic()
        self.finish()
        return self.words


def template(rng, builtins, proof, fill):
    builder = Instances(rng, builtins, proof, fill)
    words = builder.run()
    document = programs.document(
        words, builtins, programs.labels(proof), builder.hints, builder.references, builder.identifiers
    )
    return programs.Template("instances", json.dumps(document))
