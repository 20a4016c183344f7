// The models of kernel.bench.ts on std::priority_queue.
// kernel mm1 <customers> | kernel hold <pending> <events>: prints what was done per second, then a result to check.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <queue>
#include <vector>

struct Random {
  uint32_t a, b, c, counter = 1;
  Random(uint32_t s1, uint32_t s2, uint32_t s3) : a(s1), b(s2), c(s3) {
    for (int round = 0; round < 15; round++) next();
  }
  uint32_t next() {
    uint32_t out = a + b + counter++;
    a = b ^ (b >> 9);
    b = c + (c << 3);
    c = ((c << 21) | (c >> 11)) + out;
    return out;
  }
  double uniform() {
    uint64_t high = next() >> 5;
    return static_cast<double>((high << 26) | (next() >> 6)) / 9007199254740992.0;
  }
  double exponential(double mean) { return -mean * std::log(1 - uniform()); }
};

struct Event {
  double time;
  int priority;
  uint64_t sequence;
  void (*action)(double, double);
  double a, b;
};
struct Later {
  bool operator()(const Event &x, const Event &y) const {
    if (x.time != y.time) return x.time > y.time;
    if (x.priority != y.priority) return x.priority > y.priority;
    return x.sequence > y.sequence;
  }
};

static std::priority_queue<Event, std::vector<Event>, Later> events;
static double now = 0;
static uint64_t sequence = 0;

static void schedule(double delay, void (*action)(double, double), double a = 0, double b = 0) {
  events.push({now + delay, 0, sequence++, action, a, b});
}
static void step() {
  Event event = events.top();
  events.pop();
  now = event.time;
  event.action(event.a, event.b);
}

static Random arrivals(1, 2, 3), services(4, 5, 6);
static std::deque<double> line;
static bool busy = false;
static long left = 0;
static double sojourns = 0;
static void depart(double arrived, double) {
  left++;
  sojourns += now - arrived;
  if (line.empty()) {
    busy = false;
    return;
  }
  double next = line.front();
  line.pop_front();
  schedule(std::round(services.exponential(1e6)), depart, next);
}
static void arrive(double, double) {
  if (busy) {
    line.push_back(now);
  } else {
    busy = true;
    schedule(std::round(services.exponential(1e6)), depart, now);
  }
  schedule(std::round(arrivals.exponential(1.25e6)), arrive);
}

static int32_t delays[65536];
static uint64_t held = 0;
static void again(double, double) { schedule(delays[held++ & 65535], again); }

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  long size = std::atol(argv[2]);
  if (std::strcmp(argv[1], "mm1") == 0) {
    schedule(0, arrive);
    std::clock_t start = std::clock();
    while (left < size) step();
    double took = double(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("%.0f %.4f\n", size / took, sojourns / left / 1e6);
  } else {
    long count = std::atol(argv[3]);
    Random random(7, 8, 9);
    for (int32_t &delay : delays) delay = 1 + static_cast<int32_t>(random.uniform() * 2e6);
    for (long event = 0; event < size; event++) again(0, 0);
    for (long event = 0; event < size / 2; event++) step();
    std::clock_t start = std::clock();
    for (long event = 0; event < count; event++) step();
    double took = double(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("%.0f %.0f\n", count / took, now);
  }
}
