import unittest

import numpy as np

import systol
from given import EDGE, MLP, SMALL, digits


class Samples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.graph = systol.load_model(MLP)

    def refused(self, message, *words, **options):
        with self.assertRaisesRegex(systol.InputError, message) as caught:
            systol.prepare(self.graph, *words, **options)
        self.assertNotIn("\n", str(caught.exception))

    def test_numbers_of_other_types_are_refused(self):
        for array, found in (
            (np.zeros((2, 784), complex), "complex128"),
            (np.array([["a"] * 784]), "<U1"),
            (np.full((2, 784), None), "object"),
            (np.zeros((2, 784), "M8[s]"), "datetime64"),
            (np.zeros((2, 784), np.longdouble), "float128"),
            (object(), "object"),
        ):
            self.refused(f"inputs: found numbers of type {found}", array)

    def test_ragged_lists_and_scalars_are_refused(self):
        self.refused("inputs: found ", [[1, 2], [3]])
        self.refused("inputs: found a single number", np.float32(1))
        self.refused("inputs: found a single number", 1)

    def test_shapes_that_do_not_fit_are_refused(self):
        self.refused("784", np.zeros((2, 783), np.float32))
        self.refused("extents from 1", np.zeros((0, 784), np.float32))
        self.refused("extents from 1", np.zeros((2, 0), np.float32))

    def test_numbers_that_are_not_finite_are_refused_with_their_place(self):
        for value, found in ((np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf"), (1e300, "inf")):
            array = np.zeros((3, 784))
            array[2, 5] = value
            with np.errstate(over="ignore"):
                self.refused(rf"inputs\[2, 5\]: found {found}", array)

    def test_an_array_too_large_to_hold_is_refused_before_it_is_copied(self):
        self.refused("take fewer samples", np.broadcast_to(np.float32(0), (10**9, 784)))
        self.refused("take fewer samples", np.broadcast_to(np.float32(0), (2, 10**12)))

    def test_labels_are_checked(self):
        self.refused("labels: .*10", digits(3), labels=[0, 1, 10])
        self.refused("labels: .* 2 labels, but there are 3 samples", digits(3), labels=[0, 1])
        self.refused(r"labels\[1\]: found -1", digits(3), labels=[0, -1, 2])
        self.refused("labels: found 1 dimensions of type float64", digits(3), labels=[0.0, 1.0, 2.0])
        self.refused("labels without inputs", labels=[1])

    def test_options_are_checked(self):
        self.refused("samples: found 0", digits(3), samples=0)
        self.refused("samples: found -1", digits(3), samples=-1)
        self.refused("calibration: found 'best'", digits(3), calibration="best")
        self.refused("percentile", digits(3), percentile=99.0)
        self.refused("percentile of nan", digits(3), calibration="percentile", percentile=np.nan)
        self.refused("without inputs", input_scale=2.0)

    def test_files_are_checked(self):
        self.refused("nothing.npy", "nothing.npy")
        self.refused("nothing.npy", digits(3), labels="nothing.npy")


class Layouts(unittest.TestCase):
    """The same samples in other memory are the same samples."""

    def test_memory_does_not_matter(self):
        images = digits(4)
        given = systol.run(systol.prepare(MLP, images), SMALL)
        wide = np.zeros((4, 28, 56), np.uint8)
        wide[:, :, ::2] = images
        for other in (
            np.asfortranarray(images),
            wide[:, :, ::2],
            images[::-1][::-1],
            images.reshape(4, 784),
            (images / np.float32(255)),
            (images / 255.0).astype(">f8"),
        ):
            report = systol.run(systol.prepare(MLP, other), SMALL)
            for name, output in report.outputs.items():
                np.testing.assert_array_equal(output.quantised, given.outputs[name].quantised)

    def test_an_array_that_changes_afterwards_changes_nothing(self):
        images = digits(4).copy()
        model = systol.prepare(MLP, images)
        images[:] = 0
        (expected,) = systol.prepare(MLP, digits(4)).scores().values()
        (scores,) = model.scores().values()
        np.testing.assert_array_equal(scores, expected)


class Calls(unittest.TestCase):
    def refused(self, message, function, *words, kind=systol.InputError, **options):
        with self.assertRaisesRegex(kind, message):
            function(*words, **options)

    def test_runs_are_checked(self):
        run = systol.run
        self.refused("engine: found 'slow', allowed: fast, systemc, rtl", run, "64x10", SMALL, engine="slow")
        self.refused("data: found False", run, "64x10", SMALL, engine="rtl", data=False)
        self.refused("batch: found 0", run, "64x10", SMALL, batch=0)
        self.refused("threads: found 0", run, "64x10", SMALL, threads=0)
        self.refused("tensors: found True", run, "64x10", SMALL, data=False, tensors=True)
        self.refused("topology", systol.explain, "configs/workloads/scale-sim/alexnet.csv", SMALL)

    def test_machines_are_checked(self):
        self.refused("machines: found 'TPU v9', allowed: first TPU, Gemmini", systol.validate, ["TPU v9"])
        self.refused("threads: found 0", systol.validate, threads=0)

    def test_waves_are_checked(self):
        run = systol.run
        self.refused("wave: found a file", run, "64x10", SMALL, wave="w.vcd")
        self.refused("w.txt", run, "64x10", SMALL, engine="systemc", wave="w.txt")
        self.refused("wave_window: found a value, allowed: with wave", run, "64x10", SMALL, wave_window=(1, 2))
        self.refused("wave_tile: found a value, allowed: with wave_layer", run, "64x10", SMALL, engine="systemc",
                     wave="w.vcd", wave_tile=1)  # fmt: skip
        self.refused(r"wave_window: found \(3, 3\)", run, "64x10", SMALL, engine="systemc", wave="w.vcd",
                     wave_window=(3, 3))  # fmt: skip
        for window in ((-1, 3), 3, "ab", (1, 2, 3), (0, 2**70)):
            self.refused("wave_window: found", run, "64x10", SMALL, engine="systemc", wave="w.vcd",
                         wave_window=window, kind=TypeError)  # fmt: skip
        layer = {"wave": "w.vcd", "wave_layer": "fc9"}
        self.refused("fc9", run, "64x10", SMALL, **layer)
        self.refused("wave_engine: found 'fast'", run, "64x10", SMALL, wave_engine="fast", **layer)
        self.refused("wave_layer: found a layer", run, "64x10", SMALL, engine="rtl", **layer)
        self.refused("wave_layer: found a layer", run, "64x10", SMALL, data=False, **layer)
        self.refused("wave_window: found a value", run, "64x10", SMALL, wave_window=(1, 2), **layer)
        for tile in (-1, (1, 2), "x", 1.5):
            self.refused("wave_tile: found", run, "64x10", SMALL, wave_tile=tile, kind=TypeError, **layer)
        self.refused("wave_scopes", run, "64x10", SMALL, engine="systemc", wave="w.vcd", wave_scopes=3,
                     kind=TypeError)  # fmt: skip
        self.refused("colour", run, "64x10", SMALL, engine="systemc", wave="w.vcd", wave_scopes=["colour"])

    def test_types_are_checked(self):
        self.refused("model: found NoneType", systol.run, None, SMALL, kind=TypeError)
        self.refused("array: found NoneType", systol.run, "64x10", None, kind=TypeError)
        self.refused("array: found int", systol.compare, ["64x10"], [3], kind=TypeError)
        self.refused("overrides: found int", systol.load_array, SMALL, 3, kind=TypeError)
        self.refused("model: found int", systol.load_model, 3, kind=TypeError)
        self.refused(r"shapes\['x'\]: allowed", systol.load_model, MLP, {"x": "1x3"}, kind=TypeError)
        self.refused(r"shapes\['x'\]: allowed", systol.load_model, MLP, {"x": 2**80}, kind=TypeError)
        self.refused("", systol.prepare, 3, kind=TypeError)
        self.refused("", systol.run, kind=TypeError)
        self.refused("", systol.Report, kind=TypeError)
        self.refused("model: found Topology", systol.prepare,
                     systol.load_topology("configs/workloads/scale-sim/alexnet.csv"), kind=TypeError)  # fmt: skip

    def test_files_are_refused_with_their_place(self):
        self.refused("none.onnx", systol.load_model, "none.onnx")
        self.refused("load_topology", systol.load_model, "configs/workloads/scale-sim/alexnet.csv")
        self.refused("none.csv", systol.load_topology, "none.csv")
        self.refused("none.yaml", systol.load_array, "none.yaml")
        self.refused("array.rows=0: array.rows: found '0', allowed: 1 to 1024", systol.load_array, EDGE, {"array.rows": 0})
        self.refused("colour", systol.load_array, EDGE, ["colour=red"])
        self.refused("objectives: found the metric 'beauty'", systol.compare, ["64x10"], [SMALL], objectives=["beauty"])
        self.refused("limits", systol.compare, ["64x10"], [SMALL], limits=["1 mile"])
        self.refused("no constant 'x'", systol.load_model("64x10").constant, "x")
        self.refused(r"shapes\['length'\]: found -3", systol.load_model, MLP, {"length": -3})

    def test_errors_have_a_base_of_python(self):
        self.assertTrue(issubclass(systol.InputError, ValueError))
        self.assertTrue(issubclass(systol.EnvironmentError, RuntimeError))

    def test_lists_without_anything_give_an_empty_frame(self):
        self.assertEqual(len(systol.compare([], [SMALL])), 0)
