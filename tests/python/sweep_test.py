import tempfile
import unittest
from pathlib import Path

import pandas as pd

import systol
from given import EDGE, SMALL, command


class Comparisons(unittest.TestCase):
    def test_rows_are_models_by_arrays(self):
        frame = systol.compare(["64x10", systol.load_model("784x10")], [SMALL, systol.load_array(EDGE)],
                               data=False, limits=["1000000 cycles"])  # fmt: skip
        self.assertEqual(list(frame.array), ["edge-8x8", "edge-16x16"] * 2)
        self.assertEqual(list(frame.model), ["64x10"] * 2 + ["784x10"] * 2)
        self.assertEqual(frame.cycles[3], systol.run("784x10", EDGE, data=False).cycles)
        self.assertEqual(frame.pareto.dtype, bool)

    def test_the_frame_is_the_command_s_table(self):
        frame = systol.compare(["64x10"], [SMALL, EDGE])
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "rows.csv")
            command("compare", "64x10", "-c", SMALL, "-c", EDGE, "--csv", file)
            asked = pd.read_csv(file, float_precision="round_trip", dtype={"model": str})
        asked = asked.astype(frame.dtypes)
        pd.testing.assert_frame_equal(frame, asked, check_exact=True)

    def test_a_limit_that_is_not_kept_is_named(self):
        frame = systol.compare(["64x10"], [SMALL], data=False, limits=["1 cycles"])
        self.assertEqual((frame.over[0], frame.pareto[0]), ("cycles", False))


    def test_a_page_has_the_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "rows.html")
            systol.compare(["64x10"], [SMALL], data=False, report=file)
            self.assertIn("<title>Comparison</title>", file.read_text(encoding="utf-8"))


class Budgets(unittest.TestCase):
    def test_each_budget_is_a_row(self):
        cycles = systol.run("64x10", SMALL, data=False).cycles
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "budgets.yaml")
            file.write_text(f"budgets:\n  - model: 64x10\n    array: {SMALL}\n    cycles: {cycles - 1}\n")
            frame = systol.check_budgets(file)
        self.assertEqual((len(frame), frame.metric[0], frame.unit[0]), (1, "cycles", "cycles"))
        self.assertEqual((frame.measured[0], frame.difference[0], frame.failed[0]), (cycles, 1, True))


class Descriptions(unittest.TestCase):
    def test_a_row_says_how_a_node_is_mapped(self):
        frame = systol.describe("64x10", SMALL)
        # 64 inputs are 8 tiles of 8 rows; 10 outputs are 8 columns and 2.
        self.assertEqual((frame.row_tiles[0], frame.column_tiles[0], frame.unit[0]), (8, 2, "matrix"))
        self.assertEqual((frame.filled[0], frame.adds[0]), (10 / 16, ""))


class Sweeps(unittest.TestCase):
    PLAN = {
        "models": ["64x10"],
        "arrays": ["configs/edge_8x8.yaml"],
        "parameters": {"array.rows": [8, 16], "array.columns": {"from": 8, "to": 32, "factor": 2}},
    }

    def test_a_dict_is_a_plan(self):
        frame = systol.sweep(self.PLAN, jobs=2)
        self.assertEqual(list(zip(frame["array.rows"], frame["array.columns"])),
                         [(8, 8), (8, 16), (8, 32), (16, 8), (16, 16), (16, 32)])  # fmt: skip
        array = systol.load_array(SMALL, {"array.rows": 16, "array.columns": 32})
        self.assertEqual(frame.cycles[5], systol.run("64x10", array, data=False).cycles)

    def test_a_sweep_goes_on_with_its_results(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "results.db")
            first = systol.sweep(self.PLAN, file)
            pd.testing.assert_frame_equal(systol.sweep(self.PLAN, file), first)
            with self.assertRaisesRegex(systol.InputError, "another"):
                systol.sweep({**self.PLAN, "models": ["64x11"]}, file)

    def test_clocked_points_run_in_processes(self):
        plan = {**self.PLAN, "parameters": {"array.rows": [8, 16]}, "engine": "systemc"}
        frame = systol.sweep(plan, jobs=2)
        self.assertEqual((list(frame.check), list(frame.engine)), (["ok"] * 2, ["systemc"] * 2))

    def test_a_point_that_cannot_run_says_why(self):
        plan = {**self.PLAN, "parameters": {"array.rows": [8, 5000]}}
        frame = systol.sweep(plan)
        self.assertTrue(pd.isna(frame.error[0]) and "5000" in frame.error[1])

    def test_bad_plans_are_refused(self):
        for plan, message in (
            ({**self.PLAN, "colour": 1}, "unknown key 'colour'"),
            ({**self.PLAN, "models": [3.5]}, "3.5"),
            ({**self.PLAN, "seed": object()}, "plan: "),
            ({}, "models"),
        ):
            with self.assertRaisesRegex(systol.InputError, message):
                systol.sweep(plan)
        with self.assertRaises(TypeError):
            systol.sweep(None)
        with self.assertRaisesRegex(systol.InputError, "jobs: found 0"):
            systol.sweep(self.PLAN, jobs=0)
