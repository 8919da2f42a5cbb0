"""Straight programs that use builtins: instances written by assert_eq through the builtins' pointers, outputs read back, some
left out, some wrong. Values of outputs are unknown here, so only kinds are tracked.
"""

from instructions import ASSERT_IMM, PRIME, RET, encode
from starkware.crypto.signature.signature import ALPHA, EC_GEN, FIELD_PRIME
from starkware.python.math_utils import ec_add, ec_double

CELLS = dict(pedersen=(3, 2), bitwise=(5, 2), ec_op=(7, 5), poseidon=(6, 3), keccak=(16, 8), ecdsa=(2, 2), output=(1, 1))
CELLS.update(range_check=(1, 1), range_check96=(1, 1), add_mod=(7, 7), mul_mod=(7, 7))
POINTS = [EC_GEN]
while len(POINTS) < 12:
    POINTS.append(ec_add(POINTS[-1], EC_GEN, FIELD_PRIME) if len(POINTS) > 1 else ec_double(EC_GEN, ALPHA, FIELD_PRIME))


class Block:
    """Builds main: fp-relative builtin pointers, results pushed on the stack."""

    def __init__(self, rng, builtins, proof):
        self.rng = rng
        self.builtins = builtins
        self.words = [0x40780017FFF7FFF, len(builtins), 0x1104800180018000, 4, 0x10780017FFF7FFF, 0] if proof else []
        self.depth = 0  # cells pushed above fp
        self.steps = 0
        self.used = {name: 0 for name in builtins}  # cells
        self.fail = rng.random() < 0.15

    def pointer(self, name):
        return -2 - len(self.builtins) + self.builtins.index(name)

    def push(self, value):
        self.words += [ASSERT_IMM, value % PRIME]
        self.depth += 1
        self.steps += 1

    def write(self, name, cell, value):
        """[[fp + pointer] + cell] = the pushed value."""
        self.push(value)
        self.words.append(encode(0b100_0000_0000_0010, -1, self.pointer(name), cell))
        self.steps += 1

    def write_top(self, name, cell, back=1):
        self.words.append(encode(0b100_0000_0000_0010, -back, self.pointer(name), cell))
        self.steps += 1

    def read(self, name, cell):
        """[ap] = [[fp + pointer] + cell]; ap++"""
        self.words.append(encode(0b100_1000_0000_0010, 0, self.pointer(name), cell))
        self.depth += 1
        self.steps += 1

    def felt(self):
        rng = self.rng
        return rng.choice([rng.randrange(PRIME), rng.randrange(2**64), rng.randint(0, 9), PRIME - 1, 2**251 - 1, 2**250])

    def inputs(self, name):
        rng = self.rng
        if name == "bitwise":
            return [rng.randrange(2**251) if rng.random() > 0.02 else PRIME - 1 for _ in range(2)]
        if name == "keccak":
            return [rng.randrange(2**200) if rng.random() > 0.004 else 2**200 for _ in range(8)]
        if name == "ec_op":
            p, q = rng.sample(POINTS, 2)
            if rng.random() < 0.05:
                q = (q[0], (q[1] + 1) % PRIME)
            return [*p, *q, rng.choice([rng.randrange(PRIME), rng.randrange(40), 0])]
        if name == "range_check":
            return [rng.choice([rng.randrange(2**128), 0, 2**128 - 1, rng.randrange(2**16)] + [2**128] * (rng.random() < 0.05))]
        if name == "range_check96":
            return [rng.choice([rng.randrange(2**96), 0, 2**96 - 1] + [2**96] * (rng.random() < 0.05))]
        return [self.felt() for _ in range(CELLS[name][1])]

    def instance(self, name):
        rng = self.rng
        cells, inputs = CELLS[name]
        base = self.used[name]
        if name in ("ecdsa", "add_mod", "mul_mod") and rng.random() < 0.9:
            return
        if rng.random() < 0.03:
            base += cells  # a hole: whole instance skipped
        order = list(enumerate(self.inputs(name)))
        rng.shuffle(order)
        if self.fail and rng.random() < 0.2:
            order.pop()
        for index, value in order:
            self.write(name, base + index, value)
        self.used[name] = base + cells
        for index in range(inputs, cells):
            if rng.random() < 0.6:
                self.read(name, base + index)
                if rng.random() < 0.2 and "range_check" in self.builtins and name == "bitwise":
                    self.write_top("output", self.used.get("output", 0)) if "output" in self.builtins else None
                    if "output" in self.builtins:
                        self.used["output"] += 1
        if self.fail and cells > inputs and rng.random() < 0.2:
            self.write(name, base + rng.randrange(inputs, cells), self.felt())

    def arithmetic(self):
        """Sums, products and copies of what is on the stack, each operand known or solved for."""
        rng = self.rng
        for _ in range(rng.randint(1, 6)):
            if self.depth < 2:
                self.push(self.felt())
                continue
            a, b = (-rng.randint(1, min(self.depth, 6)) for _ in range(2))
            result = rng.choice([0b01, 0b10])
            self.words.append(encode(0b100_1000_0001_0000 | result << 5, 0, a, b))
            self.depth += 1
            self.steps += 1

    def finish(self):
        for index, name in enumerate(self.builtins):
            used = self.used[name]
            if self.rng.random() < 0.01:
                used += self.rng.choice([-1, 1])
            self.words += [encode(0b100_1000_0010_0110, 0, -2 - len(self.builtins) + index, 1), used % PRIME]
            self.steps += 1
        self.words.append(RET)

    def run(self):
        goal = self.rng.randint(20, 50)
        heavy = ("pedersen", "ec_op", "poseidon", "keccak", "ecdsa")
        limit = self.rng.randint(1, 3)
        while self.steps < goal:
            if self.builtins and self.rng.random() < 0.75:
                name = self.rng.choice(self.builtins)
                if name in heavy:
                    limit -= 1
                    if limit < 0:
                        self.arithmetic()
                        continue
                self.instance(name)
            else:
                self.arithmetic()
        self.finish()
        return self.words
