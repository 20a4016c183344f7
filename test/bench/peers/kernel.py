# M/M/1 in SimPy as its documentation writes it: a process per customer, a resource as the server.
# kernel.py <customers>: prints customers per second, then the mean sojourn to check.
import random
import sys
import time

import simpy

customers = int(sys.argv[1])
env = simpy.Environment()
server = simpy.Resource(env, capacity=1)
draw = random.Random(1)
left = 0
sojourns = 0.0
done = env.event()


def customer():
    global left, sojourns
    arrived = env.now
    with server.request() as request:
        yield request
        yield env.timeout(draw.expovariate(1.0))
    left += 1
    sojourns += env.now - arrived
    if left == customers:
        done.succeed()


def source():
    while True:
        yield env.timeout(draw.expovariate(0.8))
        env.process(customer())


env.process(source())
start = time.process_time()
env.run(until=done)
print(round(customers / (time.process_time() - start)), sojourns / left)
