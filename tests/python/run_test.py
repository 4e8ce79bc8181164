import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

import systol
from given import DIGITS, EDGE, LABELS, MLP, SMALL, command, command_json, digits, labels


class Runs(unittest.TestCase):
    """The figures of the command for the same run, all of them."""

    @classmethod
    def setUpClass(cls):
        cls.model = systol.prepare(systol.load_model(MLP), digits(300), labels=labels(300), samples=20)
        cls.report = systol.run(cls.model, EDGE, tensors=True)

    def test_arrays_give_what_files_give(self):
        asked = command_json("run", MLP, "-c", EDGE, "--engine", "fast", "--input", DIGITS,
                             "--labels", LABELS, "--limit", 20)  # fmt: skip
        got = self.report.to_dict()
        for json in (asked, got):
            json.pop("tool")  # the command line is in it
            json["input"] = json["input"].split(", ", 1)[1]  # behind the file's name
        self.assertEqual(got, asked)

    def test_files_are_written_beside_the_report(self):
        with tempfile.TemporaryDirectory() as folder:
            page, timeline, wave = (Path(folder, name) for name in ("r.html", "t.json", "w.vcd"))
            report = systol.run("64x10", SMALL, engine="systemc", report=page, timeline=timeline,
                                wave=wave)  # fmt: skip
            self.assertIn("64x10", page.read_text(encoding="utf-8"))
            self.assertIn("traceEvents", json.loads(timeline.read_text(encoding="utf-8")))
            self.assertGreater(wave.stat().st_size, 0)
            self.assertEqual(report.check, "ok")
        with self.assertRaisesRegex(systol.InputError, "wave"):
            systol.run("64x10", SMALL, wave="w.vcd")

    def test_waves_are_of_the_cycles_that_were_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            whole, window, layer, tile = (Path(folder, f"{name}.vcd") for name in "wclt")
            systol.run("64x10", SMALL, engine="systemc", wave=whole)
            systol.run("64x10", SMALL, engine="systemc", wave=window, wave_window=(20, 30))
            changes = [line for line in window.read_text().splitlines() if line.startswith("#")]
            self.assertLess(len(changes), whole.read_text().count("\n#"))
            for path, words in ((layer, {}), (tile, {"wave_tile": 1})):
                report = systol.run("64x10x8", SMALL, wave=path, wave_layer=1, wave_engine="systemc",
                                    **words)  # fmt: skip
                self.assertEqual((report.check, report.engine), ("ok", "fast"))
            self.assertLess(0, tile.stat().st_size)
            self.assertLess(tile.stat().st_size, layer.stat().st_size)

    def test_properties_are_those_of_the_json(self):
        json = self.report.to_dict()
        self.assertEqual(self.report.cycles, json["cycles"])
        self.assertEqual(sum(self.report.ledger.values()), self.report.cycles)
        self.assertEqual(self.report.ledger, json["ledger"])
        self.assertEqual(self.report.activity["macs_useful"], 20 * systol.load_model(MLP).macs)
        self.assertEqual((self.report.check, self.report.engine, self.report.samples), ("ok", "fast", 20))
        self.assertEqual(self.report.array.rows, 16)

    def test_layers_are_a_frame_with_exact_numbers(self):
        layers = self.report.layers
        self.assertEqual(list(layers.node), [node["name"] for node in self.report.to_dict()["nodes"]])
        self.assertEqual(layers.cycles.sum(), self.report.cycles)
        self.assertEqual((layers.k[0], layers.n[0], layers.m[0]), (784, 128, 20))
        text = command("run", MLP, "-c", EDGE, "--engine", "fast", "--input", DIGITS,
                       "--limit", 20, "--csv", "-")  # fmt: skip
        self.assertEqual(layers.to_csv(index=False).replace("1.0,", "1,"), text)

    def test_outputs_are_integers_with_their_scale(self):
        (output,) = self.report.outputs.values()
        self.assertEqual((output.quantised.dtype, output.quantised.shape), (np.int8, (20, 10)))
        real = np.float32(output.scale) * (output.quantised.astype(np.float32) - output.zero_point)
        np.testing.assert_array_equal(output.values, real)
        self.assertEqual(output.values.dtype, np.float32)
        right = np.mean(output.quantised.argmax(axis=1) == labels(20))
        self.assertEqual(self.report.accuracy, right)

    def test_scores_are_those_of_numpy(self):
        graph = self.model.graph
        x = digits(20).reshape(20, 784).astype(np.float64) / 255
        for node in graph.nodes:
            constants = [graph.constant(name) for name in node.inputs[1:]]
            if node.operation == "matmul":
                x = x @ constants[0] + sum(constants[1:])
            elif node.operation == "relu":
                x = np.maximum(x, 0)
            else:
                self.fail(node.operation)
        (scores,) = self.model.scores().values()
        np.testing.assert_allclose(scores, x, rtol=1e-5, atol=1e-5)
        (output,) = self.report.outputs.values()
        self.assertLess(np.abs(output.values - x).max(), 10 * output.scale)

    def test_tensors_are_all_that_flow(self):
        tensors = self.report.tensors
        (name,) = self.report.outputs
        self.assertEqual(list(tensors)[0], self.model.graph.inputs[0].name)
        np.testing.assert_array_equal(tensors[name].quantised, self.report.outputs[name].quantised)
        first = next(iter(tensors.values()))
        pixels = digits(20).reshape(first.shape) / np.float32(255)
        self.assertLessEqual(np.abs(first.values - pixels).max(), first.scale)
        hidden = [tensor for tensor in tensors.values() if tensor.shape == (20, 128)]
        self.assertTrue(hidden and (hidden[0].values >= 0).all())

    def test_results_outlive_their_report(self):
        report = systol.run("64x10", SMALL)
        (output,) = report.outputs.values()
        kept = output.quantised
        copied = kept.copy()
        del report, output
        systol.run("64x32", SMALL)
        np.testing.assert_array_equal(kept, copied)


class Engines(unittest.TestCase):
    def test_all_engines_give_the_same(self):
        model = systol.prepare("64x10", samples=2)
        reports = [systol.run(model, SMALL, engine=name) for name in ("fast", "systemc", "rtl")]
        for report in reports[1:]:
            self.assertEqual(report.cycles, reports[0].cycles)
            self.assertEqual(report.ledger, reports[0].ledger)
            for name, output in report.outputs.items():
                np.testing.assert_array_equal(output.quantised, reports[0].outputs[name].quantised)
            self.assertEqual(report.check, "ok")

    def test_time_alone_takes_no_values(self):
        model = systol.prepare("64x10", samples=2)
        timing = systol.run(model, SMALL, data=False)
        self.assertEqual(timing.cycles, systol.run(model, SMALL).cycles)
        self.assertEqual((timing.check, timing.outputs, timing.accuracy), ("skipped", {}, None))

    def test_a_topology_runs(self):
        topology = systol.load_topology("configs/workloads/scale-sim/alexnet.csv")
        report = systol.run(topology, "configs/big_128x128.yaml", data=False)
        self.assertEqual(list(report.layers.node), [layer.name for layer in topology.layers])

    def test_figures_of_the_library_example(self):
        model = systol.prepare(MLP, samples=10)  # docs/example has these
        self.assertEqual(systol.run(model, EDGE).cycles, 8385)
        self.assertEqual(systol.run(model, "configs/big_128x128.yaml").cycles, 1898)

    def test_an_explanation_has_the_run_s_cycles(self):
        explanation = systol.explain("64x10", SMALL)
        self.assertEqual(explanation["time"]["cycles"], systol.run("64x10", SMALL, data=False).cycles)

    def test_the_scoreboard_has_what_was_measured(self):
        frame = systol.validate(["tinyTPU", "GAP9"])
        self.assertEqual(set(frame.machine), {"tinyTPU", "GAP9, power"})
        times = frame[frame.unit == "us"]
        self.assertEqual(list(times.measured), [383, 234, 165])  # its README
        for row in times.itertuples():
            self.assertAlmostEqual(row.residual, 100 * (row.systol / row.measured - 1))
            self.assertLess(abs(row.residual), 2)
