"""Builds the Python module with CMake, as docs/python.md says:

    pip install --no-build-isolation .

SYSTOL_BUILD names a configured build tree, which then is built further instead of one of pip's own.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

SOURCE = Path(__file__).resolve().parent


def version():
    """The project's, which CMake has."""
    text = (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"project\(systol VERSION ([0-9.]+)", text)[1]


class CMakeBuild(build_ext):
    """The extension, and beside it the configs and the RTL's sources."""

    def build_extension(self, ext):
        build = os.environ.get("SYSTOL_BUILD") or self.configure()
        cmake("--build", build, "--target", "systol_python")
        cmake("--install", build, "--component", "python", "--prefix", self.build_lib, "--strip")

    def configure(self):
        build = Path(self.build_temp).resolve()
        cmake(
            "-S", SOURCE, "-B", build, "-G", "Ninja",
            "-DCMAKE_BUILD_TYPE=Release",
            "-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0",
            "-DSYSTOL_QUICK_BUILD=ON", "-DBUILD_TESTING=OFF",
            "-DSYSTOL_BUILD_RTL=OFF", "-DSYSTOL_BUILD_PYTHON=ON",
            f"-DPython_EXECUTABLE={sys.executable}",
        )  # fmt: skip
        return build


def cmake(*words):
    try:
        subprocess.run(["cmake", *map(str, words)], check=True)
    except FileNotFoundError:
        sys.exit("setup.py: there is no cmake: run scripts/install python")
    except subprocess.CalledProcessError as error:
        sys.exit(f"setup.py: cmake ended with status {error.returncode}; its messages are above")


# setuptools writes its notes there instead of beside the sources.
(SOURCE / "build").mkdir(exist_ok=True)

setup(
    version=version(),
    packages=["systol"],
    package_dir={"": "python"},
    package_data={"systol": ["*.pyi", "py.typed"]},
    ext_modules=[Extension("systol._systol", sources=[])],
    cmdclass={"build_ext": CMakeBuild},
    options={"egg_info": {"egg_base": "build"}},
    zip_safe=False,
)
