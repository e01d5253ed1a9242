# week-v1 in SimPy, in the style of its manual: a process for each job, block, node and autoscaler. The same jobs; fifteen blocks
# from 07:55 to 16:00 in Berlin (an hour ahead of UTC in March) on working days, leases of four hours, surge half an hour before their
# end; what finds no room goes to on-demand nodes, which come after a scan and go after ten minutes without a job.
# Reads the jobs as JSON, [[queuedAt, duration], …] in milliseconds, and prints what a week costs in milliseconds of CPU.
import json
import math
import random
import sys
import time

import simpy

HOUR = 3600e3
MINUTE = 60e3
END = 7 * 24 * HOUR
JOBS = json.load(sys.stdin)


def boot(rng):
    return math.exp(math.log(70e3) + rng.gauss(0, 1) * (math.log(160 / 70) / 1.6448536))


class Node:
    __slots__ = ('rank', 'is_block', 'busy', 'cordoned', 'alive', 'runs', 'idle_at', 'empty', 'started_at')

    def __init__(self, rank, is_block, now):
        self.rank, self.is_block, self.started_at = rank, is_block, now
        self.busy, self.cordoned, self.alive = 0, False, True
        self.runs, self.idle_at, self.empty = set(), -1, None


class Week:
    def __init__(self, seed):
        self.env = simpy.Environment()
        self.rng = random.Random(seed)
        self.waiting, self.head = [], 0
        self.blocks, self.group = [], []
        self.booting, self.scanning = 0, False
        self.launched, self.started = 0, 0
        self.env.process(self.jobs())
        self.env.process(self.days())
        self.env.run(until=END)

    def jobs(self):
        for job, (queued_at, _) in enumerate(JOBS):
            if queued_at > self.env.now:
                yield self.env.timeout(queued_at - self.env.now)
            self.waiting.append(job)
            self.dispatch()

    def dispatch(self):
        while self.head < len(self.waiting):
            node = next((one for one in self.blocks if not one.cordoned and one.busy < 2), None)
            if node is None:
                node = next((one for one in self.group if one.busy < 2), None)
            if node is None:
                break
            self.env.process(self.run(self.waiting[self.head], node))
            self.head += 1
            node.busy += 1
        if self.head < len(self.waiting) and not self.scanning:
            self.scanning = True
            self.env.process(self.scan())

    def run(self, job, node):
        self.started += 1
        me = self.env.active_process
        node.runs.add(me)
        try:
            yield self.env.timeout(JOBS[job][1])
        except simpy.Interrupt:
            self.started -= 1
            self.waiting.append(job)
            self.dispatch()
            return
        node.runs.discard(me)
        node.busy -= 1
        self.dispatch()
        if node.busy == 0:
            if not node.is_block:
                self.env.process(self.idle(node))
            elif node.empty is not None and not node.empty.triggered:
                node.empty.succeed()

    def idle(self, node):
        node.idle_at = self.env.now
        yield self.env.timeout(10 * MINUTE)
        if node.alive and node.busy == 0 and self.env.now - node.idle_at >= 10 * MINUTE:
            node.alive = False
            self.group.remove(node)

    def scan(self):
        yield self.env.timeout((math.floor(self.env.now / 10e3) + 1) * 10e3 - self.env.now)
        self.scanning = False
        uncovered = len(self.waiting) - self.head - self.booting * 2
        for _ in range(max(0, math.ceil(uncovered / 2))):
            if len(self.group) + self.booting < 100:
                self.booting += 1
                self.env.process(self.launch())

    def launch(self):
        yield self.env.timeout(5e3)
        started_at = self.env.now
        yield self.env.timeout(boot(self.rng))
        self.booting -= 1
        node = Node(0, False, started_at)
        self.group.append(node)
        self.dispatch()
        if node.busy == 0:
            self.env.process(self.idle(node))

    def days(self):
        for day in range(5):
            opens, closes = day * 24 * HOUR + 7 * HOUR - 5 * MINUTE, day * 24 * HOUR + 15 * HOUR
            yield self.env.timeout(opens - self.env.now)
            for slot in range(15):
                self.env.process(self.slot(slot, closes))

    def slot(self, slot, until):
        # Keeps one place of the pool filled: the successor is bought five minutes before the old one drains.
        while self.env.now < until - 1:
            self.env.process(self.block(slot, until))
            yield self.env.timeout(4 * HOUR - 35 * MINUTE)

    def block(self, slot, until):
        yield self.env.timeout(2500 + self.rng.random() * 6000)
        self.launched += 1
        started_at = self.env.now
        yield self.env.timeout(boot(self.rng))
        node = Node(slot, True, started_at)
        self.blocks.append(node)
        self.blocks.sort(key=lambda one: one.rank)
        self.dispatch()
        drains_at = min(until, started_at + 4 * HOUR - 30 * MINUTE)
        if drains_at > self.env.now:
            yield self.env.timeout(drains_at - self.env.now)
        yield self.env.timeout(500)
        node.cordoned = True
        yield self.env.timeout(2500)
        if node.busy:
            node.empty = self.env.event()
            yield node.empty
        yield self.env.timeout(1600)
        node.alive = False
        self.blocks.remove(node)


def main():
    Week(0)
    weeks = 3
    before = time.process_time()
    found = [Week(seed) for seed in range(1, weeks + 1)]
    taken = (time.process_time() - before) * 1000 / weeks
    print(json.dumps({'ms': taken, 'launched': found[0].launched, 'jobs': found[0].started}))


main()
