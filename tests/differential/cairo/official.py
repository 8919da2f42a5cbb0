"""The official runner (PyPI cairo-lang 0.14.0.1) on one case, inside this process: cairo_run's sequence without files.

A case is a dictionary: program (a starkware Program), layout (a name) or dynamic (a parameter dictionary), proof, steps,
min_steps, input. run() answers what came of it in the form that compare.py holds against the other machine's answer.
"""

import contextlib
import functools
import io
import json
import signal

from starkware.cairo.lang.dynamic_layout_params import CairoLayoutParams
from starkware.cairo.lang.instances import LAYOUTS, all_cairo_instance
from starkware.cairo.lang.vm.cairo_run import write_air_public_input
from starkware.cairo.lang.vm.cairo_runner import CairoRunner
from starkware.cairo.lang.vm.memory_dict import MemoryDict
from starkware.cairo.lang.vm.relocatable import RelocatableValue
from starkware.cairo.lang.vm.security import SecurityError, verify_secure_runner
from starkware.cairo.lang.vm.utils import ResourcesError, RunResources
from starkware.cairo.lang.vm.vm import VirtualMachine
from starkware.cairo.lang.vm.vm_exceptions import HintException, VmException

MAX_STEPS = 1500
SECONDS = 20
CELL_LIMIT = 2**24  # driver.cpp's
LAYOUTS.setdefault("all_cairo", all_cairo_instance)


class Unbounded(BaseException):
    """A hint or a run that takes too long: the case says nothing. No Exception: hints catch those."""


def _on_alarm(signum, frame):
    raise Unbounded()


signal.signal(signal.SIGVTALRM, _on_alarm)


@functools.lru_cache(maxsize=20000)
def _compiled(source, filename):
    return compile(source, filename, mode="exec")


class Machine(VirtualMachine):
    """Compiles each hint text once, and counts which ones ran."""

    ran = {}

    def compile_hint(self, source, filename, hint_index, pc):
        try:
            code = _compiled(source, filename)
        except SyntaxError:
            return super().compile_hint(source, filename, hint_index, pc)
        Machine.ran.setdefault(code, [source, 0, 0])
        return code

    def exec_hint(self, code, globals_, hint_index):
        Machine.ran[code][1] += 1
        super().exec_hint(code, globals_, hint_index)
        Machine.ran[code][2] += 1


def _finish(runner, case, out):
    proof = case["proof"]
    runner.read_return_values()
    # Before the segments are finalized: afterwards cells that nobody wrote would count as holes.
    resources = runner.get_execution_resources()
    out["resources"] = {
        "steps": resources.n_steps,
        "memory_holes": resources.n_memory_holes,
        "instances": dict(resources.builtin_instance_counter),
    }
    if proof:
        runner.finalize_segments()
    else:
        verify_secure_runner(runner)
    runner.relocate()
    out["trace"] = b"".join(entry.serialize() for entry in runner.relocated_trace)
    out["memory"] = b"".join(
        address.to_bytes(8, "little") + value.to_bytes(32, "little")
        for address, value in sorted(runner.relocated_memory.items())
    )
    if not proof:
        return
    rc_min, rc_max = runner.get_perm_range_check_limits()
    text = io.StringIO()
    write_air_public_input(
        layout=case.get("layout", "dynamic"),
        public_input_file=text,
        memory=runner.relocated_memory,
        public_memory_addresses=runner.segments.get_public_memory_addresses(
            segment_offsets=runner.get_segment_offsets()
        ),
        memory_segment_addresses=runner.get_memory_segment_addresses(),
        trace=runner.relocated_trace,
        rc_min=rc_min,
        rc_max=rc_max,
    )
    out["public"] = json.loads(text.getvalue())
    out["private"] = {"trace_path": "trace", "memory_path": "memory", **runner.get_air_private_input()}


def _run_vm(runner, end, case, out):
    steps = case.get("steps")
    try:
        additional = 1 if case["proof"] else 0
        budget = case.get("budget", MAX_STEPS) if steps is None else steps - additional
        runner.run_until_pc(end, run_resources=RunResources(n_steps=budget))
        if case["proof"]:
            runner.run_for_steps(1)
        runner.original_steps = runner.vm.current_step
        if case.get("min_steps"):
            runner.run_until_steps(case["min_steps"])
        if steps is not None:
            runner.run_until_steps(steps)
        out["phase"] = "end"
        runner.end_run(disable_trace_padding=steps is not None)
    except VmException as error:
        inner = error.inner_exc
        out["error"] = {
            "class": type(inner).__name__,
            "pc": str(error.pc),
            "message": str(inner),
            "text": str(error),
            "hint": isinstance(inner, HintException),
            "hint_class": type(inner.inner_exc).__name__ if isinstance(inner, HintException) else "",
        }
        out["budget"] = isinstance(inner, ResourcesError) and steps is None
        return False
    return True


def run(case):
    out = {"error": None, "phase": "create", "budget": False}
    printed = io.StringIO()
    runner = None
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        with contextlib.redirect_stdout(printed):
            layout = (
                CairoLayoutParams(**case["dynamic"]).to_cairo_layout() if "dynamic" in case else LAYOUTS[case["layout"]]
            )
            runner = CairoRunner(
                program=case["program"],
                layout=layout,
                memory=MemoryDict(),
                proof_mode=case["proof"],
                allow_missing_builtins=case["proof"],
            )
            runner.initialize_segments()
            end = runner.initialize_main_entrypoint()
            runner.initialize_zero_segment()
            hint_input = json.loads(case["input"]) if case.get("input") else {}
            runner.initialize_vm(hint_locals={"program_input": hint_input}, vm_class=Machine)
            out["phase"] = "run"
            if _run_vm(runner, end, case, out):
                out["phase"] = "finish"
                _finish(runner, case, out)
    except Unbounded:
        return None
    except SecurityError as error:
        out["error"] = {"class": "SecurityError", "message": str(error), "text": str(error)}
    except Exception as error:  # whatever else ends cairo-run
        out["error"] = {"class": type(error).__name__, "message": str(error), "text": str(error)}
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    out["printed"] = printed.getvalue()
    if runner is not None and out["phase"] != "create":
        context = runner.vm.run_context
        out["steps"] = runner.vm.current_step
        out["registers"] = [str(context.pc), str(context.ap), str(context.fp)]
        touched = [address for address in runner.vm_memory]
        touched += [register for entry in runner.vm.trace for register in (entry.pc, entry.ap, entry.fp)]
        out["beyond"] = any(isinstance(place, RelocatableValue) and place.offset >= CELL_LIMIT for place in touched)
        out["pcs"] = [entry.pc for entry in runner.vm.trace]
    return out
