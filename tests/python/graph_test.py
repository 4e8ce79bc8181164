import unittest

import numpy as np

import systol
from given import MLP, SOURCE


class Models(unittest.TestCase):
    def test_a_network_has_its_nodes_tensors_and_shapes(self):
        graph = systol.load_model("784x300x10")
        self.assertEqual([node.operation for node in graph.nodes if node.macs], ["matmul", "matmul"])
        self.assertEqual(graph.macs, 784 * 300 + 300 * 10)
        self.assertEqual(graph.inputs[0].shape, (784,))
        self.assertEqual(graph.outputs[0].shape, (10,))
        self.assertEqual(graph.inputs[0].kind, "input")
        shapes = {tensor.shape for tensor in graph.tensors if tensor.kind == "constant"}
        self.assertLessEqual({(784, 300), (300, 10)}, shapes)
        self.assertIn(graph.nodes[0].inputs[0], [tensor.name for tensor in graph.inputs])

    def test_made_up_weights_are_shapes_and_those_of_a_file_are_values(self):
        sizes = systol.load_model("64x10")
        constant = [tensor.name for tensor in sizes.tensors if tensor.kind == "constant"][0]
        self.assertIsNone(sizes.constant(constant))
        graph = systol.load_model(MLP)
        weights = graph.constant(graph.nodes[0].inputs[1])
        self.assertEqual((weights.dtype, weights.shape), (np.float32, (784, 128)))

    def test_what_is_returned_is_a_copy(self):
        graph = systol.load_model(MLP)
        name = graph.nodes[0].inputs[1]
        first = graph.constant(name)
        kept = first.copy()
        first[:] = 0
        np.testing.assert_array_equal(graph.constant(name), kept)
        self.assertTrue(first.flags.owndata)

    def test_a_topology_has_layers(self):
        path = SOURCE / "configs/workloads/scale-sim"
        topology = systol.load_topology(sorted(path.glob("*.csv"))[0])
        self.assertIsInstance(topology, systol.Topology)
        self.assertGreater(topology.layers[0].m * topology.layers[0].k * topology.layers[0].n, 0)

    def test_text_is_that_of_the_graph(self):
        self.assertTrue(str(systol.load_model("64x10")).startswith('graph "'))


class Arrays(unittest.TestCase):
    def test_an_array_has_its_file_with_overrides(self):
        array = systol.load_array("configs/edge_16x16.yaml", {"array.rows": 32, "clock": "1 GHz"})
        self.assertEqual((array.name, array.rows, array.columns), ("edge-16x16", 32, 16))
        self.assertEqual((array.dataflow, array.clock_hz), ("weight_stationary", 10**9))
        self.assertEqual(systol.load_array("configs/edge_16x16.yaml", ["array.rows=64"]).rows, 64)
        self.assertIn("rows: 32", str(array))
