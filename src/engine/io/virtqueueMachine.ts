import type { CallHandlers, RunningPolicy } from '../kernel/policy.ts';
import { noCause, type Trace } from '../kernel/trace.ts';
import { SharedRings, type MemoryModel, type RingValue } from './sharedRings.ts';
import { VirtqueueDevice } from './virtqueueDevice.ts';
import { violationNames, type QueueViolation, type VirtqueueEvents } from './virtqueueEvents.ts';
import type { VirtqueueDriverPolicy } from './virtqueuePolicy.ts';

/** What is chosen: whether the device does something first, or whether an access of the driver is reordered. */
export type ChoiceKind = 'order' | 'reorder';

/** What departs from the usual order: at each point, 0 is the usual. */
export interface Schedule {
  /** @param alternatives how many courses are possible here, at least 1 */
  choose(alternatives: number, kind: ChoiceKind): number;
}
export const usualOrder: Schedule = { choose: () => 0 };

/** Most steps that the device takes between two accesses of the driver: a buffer and a half. */
const longestDeviceRun = 9;
/** How often it may touch a place before the driver does. */
const mostTouches = 2;

/** Thrown to leave the driver's code once the queue is broken. */
export class QueueBroken extends Error {}

export interface MachineOptions {
  readonly queueSize: number;
  readonly firstIndex: number;
  readonly memory: MemoryModel;
}

/** Driver, rings and device, run together under a schedule. */
export class VirtqueueMachine {
  readonly device: VirtqueueDevice;
  readonly #rings: SharedRings;
  readonly #options: MachineOptions;
  readonly #trace: Trace<VirtqueueEvents>;
  #driver: RunningPolicy<typeof VirtqueueDriverPolicy> | undefined;
  #schedule: Schedule = usualOrder;
  #now = 0;
  #cause = noCause;
  #interruptPending = false;
  #nextAddress = 1;
  /** Published and not given back, and whether the device has used them. */
  readonly #outstanding = new Map<number, { used: boolean; readonly written: number }>();
  notifications = 0;
  interrupts = 0;
  published = 0;
  broken = false;

  constructor(options: MachineOptions, trace: Trace<VirtqueueEvents>) {
    this.#options = options;
    this.#trace = trace;
    this.#rings = new SharedRings(options.memory);
    this.device = new VirtqueueDevice(this.#rings, options.queueSize, options.firstIndex);
  }

  start(driver: RunningPolicy<typeof VirtqueueDriverPolicy>): void {
    this.#driver = driver;
    driver.setup({ queueSize: this.#options.queueSize, firstIndex: this.#options.firstIndex });
  }

  follow(schedule: Schedule): void {
    this.#schedule = schedule;
  }

  record(kind: keyof VirtqueueEvents, a = 0, b = 0, c = 0, d = 0): number {
    this.#cause = this.#trace.append(this.#trace.codes[kind], this.#now++, this.#cause, a, b, c, d);
    return this.#cause;
  }

  /** A new interleaving: what happens in it has no cause before it. */
  beginInterleaving(number: number, departures: number, awake: boolean, buffers: number): void {
    this.#rings.settle();
    this.#cause = noCause;
    this.record('interleaving', number, departures, awake ? 1 : 0, buffers);
    if (awake) this.device.beAwake();
  }

  get free(): number {
    return this.#options.queueSize - this.#outstanding.size;
  }
  get outstanding(): number {
    return this.#outstanding.size;
  }

  publish(count: number): void {
    // Lengths differ from buffer to buffer, so that what is left of an earlier one in the rings is told apart.
    const buffers = Array.from({ length: count }, () => {
      const address = this.#nextAddress++;
      return { address, bytes: 512 * (1 + (address % 7)), deviceWrites: address % 3 !== 0 };
    });
    for (const { address, bytes, deviceWrites } of buffers) {
      this.#outstanding.set(address, { used: false, written: deviceWrites ? bytes : 0 });
    }
    this.published += count;
    this.#driver!.publish({ buffers });
    this.record('published', count);
    this.#endDecision();
  }

  /** Lets the device run until it interrupts or sleeps, and the driver handle interrupts, until nothing happens by itself. */
  settle(): void {
    for (;;) {
      if (this.#interruptPending) this.#handleInterrupt();
      else if (!this.stepDevice()) return;
    }
  }

  /** As {@link settle}, for at most so many steps. */
  runFor(steps: number): void {
    for (let step = 0; step < steps; step++) {
      if (this.#interruptPending) this.#handleInterrupt();
      else if (!this.stepDevice()) return;
    }
  }

  /** What is wrong once nothing happens by itself. */
  examine(): void {
    const [left] = this.#outstanding;
    if (left === undefined) return;
    const [address, { used }] = left;
    if (used) this.#violate('lost-interrupt', address);
    this.#violate(this.device.backlog ? 'lost-wake-up' : 'lost-buffer', address);
  }

  stepDevice(): boolean {
    const step = this.device.step();
    switch (step?.kind) {
      case undefined:
        return false;
      case 'looked':
        this.record('look', step.found ? 1 : 0);
        break;
      case 'took':
        this.record('take', step.slot, step.descriptor, step.address);
        if (this.#outstanding.get(step.address)?.used !== false) this.#violate('garbage', step.address);
        break;
      case 'used':
        this.record('use', step.address);
        this.#outstanding.get(step.address)!.used = true;
        break;
      case 'announced':
        this.record('announce', step.index);
        break;
      case 'signalled':
        if (!step.interrupt) break;
        this.interrupts++;
        this.#interruptPending = true;
        this.record('interrupt');
        break;
      case 'armed':
        this.record('arm', step.index);
        break;
      case 'slept':
        this.record('sleep');
        break;
    }
    return true;
  }

  /** The calls of the driver. Once the queue is broken they answer as if nothing were wrong, and change nothing. */
  handlers(): CallHandlers<typeof VirtqueueDriverPolicy> {
    const { queueSize } = this.#options;
    const done = { ok: true, value: undefined } as const;
    const invalid = { ok: false, errno: 'EINVAL' } as const;
    const store = (place: string, value: RingValue) => {
      this.#store(place, value);
      return done;
    };
    return {
      writeDescriptor: ({ descriptor, address, bytes, deviceWrites }) =>
        descriptor >= queueSize
          ? invalid
          : store(`descriptor[${descriptor}]`, { address, bytes, deviceWrites }),
      writeAvailable: ({ slot, descriptor }) =>
        slot >= queueSize || descriptor >= queueSize ? invalid : store(`available.ring[${slot}]`, descriptor),
      writeAvailableIndex: ({ value }) => store('available.index', value),
      writeUsedEvent: ({ value }) => store('used.event', value),
      readAvailableEvent: () => ({ ok: true, value: this.#loadIndex('available.event') }),
      readUsedIndex: () => ({ ok: true, value: this.#loadIndex('used.index') }),
      readUsed: ({ slot }) =>
        slot >= queueSize
          ? invalid
          : { ok: true, value: this.#load(`used.ring[${slot}]`, { descriptor: 0, written: 0 }) as never },
      barrier: ({ kind }) => {
        if (kind === 'full') this.#letDeviceRun(this.#rings.heldPlaces);
        if (this.broken) return done;
        const held = this.#rings.heldPlaces.length;
        this.#rings.barrier(kind);
        this.record('barrier', this.#trace.text(kind));
        if (kind === 'full' && held > 0)
          this.record('visible', held, this.#trace.text('all stores before the barrier'));
        return done;
      },
      notify: () => {
        this.#letDeviceRun(this.#rings.heldPlaces);
        if (this.broken) return done;
        this.#flush();
        this.record('notify');
        this.notifications++;
        this.device.kick();
        return done;
      },
      complete: ({ address, written }) => {
        if (this.broken) return done;
        this.record('complete', address, written);
        const buffer = this.#outstanding.get(address);
        if (buffer?.used !== true || buffer.written !== written) this.#violate('duplicate', address);
        else this.#outstanding.delete(address);
        return done;
      },
    };
  }

  #handleInterrupt(): void {
    this.#interruptPending = false;
    // An interrupt orders what the driver reads after what the device wrote before it.
    this.#rings.settle();
    this.#driver!.interrupt({});
    this.record('handled');
    this.#endDecision();
  }

  #endDecision(): void {
    if (this.broken) throw new QueueBroken();
    this.#letDeviceRun(this.#rings.heldPlaces);
    this.#flush();
    if (this.broken) throw new QueueBroken();
  }

  /**
   * Lets the device run before an access of the driver to some places. Only an order in which the device touches one of them
   * first differs from the order in which it does not, so these are the courses: not at all, until it has touched one once, or twice.
   */
  #letDeviceRun(places: readonly string[]): void {
    if (this.broken || this.device.asleep || places.length === 0) return;
    let touches = this.#schedule.choose(mostTouches + 1, 'order');
    for (let step = 0; step < longestDeviceRun && touches > 0 && !this.broken; step++) {
      if (places.some((place) => this.device.touches(place))) touches--;
      if (!this.stepDevice()) return;
    }
  }

  #flush(): void {
    const places = this.#rings.flush();
    if (places.length > 0) this.record('visible', places.length, this.#trace.text(places.join(', ')));
  }

  #store(place: string, value: RingValue): void {
    this.#letDeviceRun([place]);
    if (this.broken) return;
    const held = this.#rings.driverStore(place, value, () => this.#schedule.choose(2, 'reorder') === 1);
    this.record('store', this.#trace.text(place), this.#trace.text(said(value)), held ? 1 : 0);
  }

  #load(place: string, otherwise: RingValue): RingValue {
    this.#letDeviceRun([place]);
    const { value = otherwise, early } = this.#rings.driverLoad(
      place,
      () => this.#schedule.choose(2, 'reorder') === 1,
    );
    if (!this.broken)
      this.record('load', this.#trace.text(place), this.#trace.text(said(value)), early ? 1 : 0);
    return value;
  }

  #loadIndex(place: string): number {
    return Number(this.#load(place, this.#options.firstIndex));
  }

  #violate(kind: QueueViolation, address: number): void {
    if (this.broken) return;
    this.record('violation', violationNames.indexOf(kind), address);
    this.broken = true;
  }
}

/** A value of the rings as people read it. */
const said = (value: RingValue): string =>
  typeof value === 'number'
    ? String(value)
    : 'address' in value
      ? `buffer ${value.address}, ${value.bytes} bytes`
      : `descriptor ${value.descriptor}`;
