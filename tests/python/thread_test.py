import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import systol
from given import SMALL

LONG = """
import systol
array = systol.load_array("configs/edge_8x8.yaml")
print("ready", flush=True)
try:
    systol.run("1024x1024x1024x1024", array, batch=512, engine="{engine}", scores=False)
except KeyboardInterrupt:
    systol.run("64x10", array, engine="{engine}")
    print("stopped", flush=True)
"""


class Threads(unittest.TestCase):
    def test_other_threads_go_on_during_a_run(self):
        counted = 0
        done = threading.Event()

        def work():
            systol.run("784x300x10", SMALL, batch=64)
            done.set()

        thread = threading.Thread(target=work)
        thread.start()
        while not done.is_set():
            counted += 1
            time.sleep(0.001)
        thread.join()
        self.assertGreater(counted, 2)

    def test_runs_of_the_fast_engine_may_be_side_by_side(self):
        model = systol.prepare("784x300x10", samples=8)
        cycles = [None] * 4

        def work(i):
            cycles[i] = systol.run(model, SMALL).cycles

        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(cycles, [systol.run(model, SMALL).cycles] * 4)

    def test_a_second_run_with_a_clock_is_refused(self):
        model = systol.prepare("784x64", samples=64)
        small = systol.prepare("8x8")
        ended = threading.Event()
        reports = []

        def work():
            while not reports:
                try:
                    reports.append(systol.run(model, SMALL, engine="systemc"))
                except systol.EnvironmentError:
                    pass  # the other one was first
            ended.set()

        thread = threading.Thread(target=work)
        thread.start()
        refused = None
        while refused is None and not ended.is_set():
            try:
                systol.run(small, SMALL, engine="systemc")
                time.sleep(0.005)
            except systol.EnvironmentError as error:
                refused = str(error)
        thread.join()
        self.assertIn("allowed: one at a time", refused or "nothing")
        self.assertEqual(reports[0].check, "ok")
        self.assertEqual(systol.run(small, SMALL, engine="systemc").check, "ok")


class Interrupts(unittest.TestCase):
    def stopped(self, engine):
        process = subprocess.Popen([sys.executable, "-c", LONG.format(engine=engine)],
                                   stdout=subprocess.PIPE, text=True, env=os.environ)  # fmt: skip
        self.assertEqual(process.stdout.readline(), "ready\n")
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
        self.assertEqual((process.returncode, output), (0, "stopped\n"))

    def test_control_c_ends_a_run(self):
        self.stopped("fast")

    def test_control_c_ends_a_run_with_a_clock(self):
        self.stopped("systemc")
