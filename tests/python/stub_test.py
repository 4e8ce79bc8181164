"""The stub says what there is: no name and no parameter more or less."""

import ast
import inspect
import re
import unittest
from pathlib import Path

import systol

STUB = ast.parse(Path(systol.__file__).with_name("__init__.pyi").read_text(encoding="utf-8"))
ONLY_FOR_CHECKERS = {"Path", "Overrides", "AnyModel", "AnyArray"}


def public(names):
    return {name for name in names if not name.startswith("_")}


def stub_parameters(function):
    words = function.args
    return [word.arg for word in words.args + words.kwonlyargs]


def real_parameters(function):
    """Of a compiled function they are in the first line of its docstring."""
    try:
        return list(inspect.signature(function).parameters)
    except ValueError:
        line = function.__doc__.splitlines()[0]
        return re.findall(r"[(,] (\w+):|\((\w+):", line) and [
            a or b for a, b in re.findall(r", (\w+):|\((\w+):", line)
        ]


class Stub(unittest.TestCase):
    def test_names_are_those_of_the_module(self):
        defined = {node.name for node in STUB.body if hasattr(node, "name")}
        defined |= {
            node.targets[0].id if isinstance(node, ast.Assign) else node.target.id
            for node in STUB.body
            if isinstance(node, (ast.Assign, ast.AnnAssign))
        }
        self.assertEqual(defined - ONLY_FOR_CHECKERS, set(systol.__all__))
        self.assertLessEqual(public(vars(systol)) - {"plan"}, set(systol.__all__))

    def test_members_are_those_of_the_classes(self):
        classes = [node for node in STUB.body if isinstance(node, ast.ClassDef)]
        self.assertGreater(len(classes), 10)
        for node in classes:
            real = getattr(systol, node.name)
            listed = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
            self.assertEqual(listed, public(vars(real)), node.name)
            for item in node.body:
                if isinstance(item, ast.FunctionDef):
                    is_property = isinstance(inspect.getattr_static(real, item.name), property)
                    self.assertEqual(is_property, bool(item.decorator_list), item.name)

    def test_parameters_are_those_of_the_functions(self):
        functions = [node for node in STUB.body if isinstance(node, ast.FunctionDef)]
        self.assertGreater(len(functions), 6)
        for node in functions:
            real = getattr(systol, node.name)
            self.assertEqual(stub_parameters(node), real_parameters(real), node.name)
            self.assertTrue(real.__doc__, node.name)
