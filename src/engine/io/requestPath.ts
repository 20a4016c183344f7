import { noCause, type Trace } from '../kernel/trace.ts';
import type { Nanoseconds } from '../kernel/time.ts';
import { devices, type DeviceName } from './devices/devices.ts';
import type { Operation } from './deviceProtocol.ts';
import { usualDevice, type ContainerNetwork, type ContainerStorage, type IoPath } from './ioPaths.ts';
import { costNs, type PathCost } from './pathCosts.ts';
import { places, spending, type PathEvents, type Place, type Spending } from './pathEvents.ts';
import type { RegisterBus } from './registerBus.ts';

export interface PathRequest {
  readonly path: IoPath;
  readonly workload: 'block' | 'network';
  readonly operation: Operation;
  readonly bytes: number;
  /** Requests handed over together. */
  readonly depth: number;
  readonly coalesce: boolean;
  /** The device that the guest drives. Default: what is usual on the path. */
  readonly device: DeviceName | 'usual';
  /** Interrupts of assigned devices and virtio reach a running guest without an exit. */
  readonly postedInterrupts: boolean;
  /** Xen: pages are granted and copied, or granted and mapped. */
  readonly grant: 'copy' | 'map';
  readonly transport: 'tcp' | 'udp';
  readonly peer: 'lan' | 'same-host';
  readonly containerNetwork: ContainerNetwork;
  readonly containerStorage: ContainerStorage;
  /** Size of the file that is copied up. */
  readonly fileBytes: number;
  /** How long whoever serves the request waits for a CPU once woken: driver domain, QEMU or vhost. */
  readonly backendWaitNs: Nanoseconds;
  /** How long the guest waits for a CPU when its interrupt is due. */
  readonly guestWaitNs: Nanoseconds;
}

/** What a batch of requests came to, in whole numbers for all of them. */
export interface PathTotals {
  deviceAccesses: number;
  exits: number;
  copies: number;
  contextSwitches: number;
  interrupts: number;
  notifications: number;
  timeNs: Nanoseconds;
  /** Time by what it was spent on. */
  readonly bySpending: Record<Spending, Nanoseconds>;
}

/** Follows one batch of requests along its path. */
export class PathRun {
  readonly totals: PathTotals = {
    deviceAccesses: 0,
    exits: 0,
    copies: 0,
    contextSwitches: 0,
    interrupts: 0,
    notifications: 0,
    timeNs: 0,
    bySpending: Object.fromEntries(spending.map((each) => [each, 0])) as Record<Spending, number>,
  };
  readonly #request: PathRequest;
  readonly #trace: Trace<PathEvents>;
  #cause = noCause;

  constructor(request: PathRequest, trace: Trace<PathEvents>) {
    this.#request = request;
    this.#trace = trace;
  }

  run(): PathTotals {
    const { path, workload } = this.#request;
    if (workload === 'network' && path !== 'container' && path !== 'native') this.#networkOverVm();
    else if (path === 'container') this.#container();
    else if (path === 'native') this.#native();
    else this.#blockOverVm();
    this.#record('respond');
    return this.totals;
  }

  // What paths are made of.

  #record(kind: keyof PathEvents, a = 0, b = 0, c = 0, d = 0): void {
    this.#cause = this.#trace.append(this.#trace.codes[kind], this.totals.timeNs, this.#cause, a, b, c, d);
  }

  #stage(place: Place, spent: Spending, what: string, ns: Nanoseconds): void {
    if (ns === 0) return;
    this.#record('stage', places.indexOf(place), spending.indexOf(spent), ns, this.#trace.text(what));
    this.totals.timeNs += ns;
    this.totals.bySpending[spent] += ns;
  }

  #exit(times: number, cost: PathCost, reason: string): void {
    if (times === 0) return;
    this.totals.exits += times;
    this.#record('exit', times, this.#trace.text(reason));
    this.#stage('hypervisor', 'exits', reason, times * costNs(cost));
  }

  #notify(how: string): void {
    this.totals.notifications++;
    this.#record('notify', this.#trace.text(how));
  }

  #switchTo(place: Place, to: string): void {
    this.totals.contextSwitches++;
    this.#record('switch', this.#trace.text(to));
    this.#stage(place, 'waking', `switch to ${to}`, costNs('contextSwitch'));
  }

  #copy(place: Place, bytes: number, what: string): void {
    this.totals.copies++;
    this.#record('copy', bytes);
    this.#stage(place, 'copies', what, costNs('copy', bytes));
  }

  /** The device's own time for all requests; it works on several at once. */
  #device(): void {
    const { bytes, depth } = this.#request;
    this.#stage('device', 'device', 'flash access', costNs('flashAccess'));
    this.#stage('device', 'device', 'data transfer', depth * costNs('flashTransfer', bytes));
  }

  /**
   * Drives a device: the accesses of its protocol, with their exits where the device is emulated.
   * @param trapped `within`: their time is part of a stage that was measured as a whole
   */
  #drive(name: DeviceName, trapped: 'no' | 'within' | 'kernel' | 'user'): RegisterBus {
    const bus = devices[name].perform(this.#request);
    let accesses = 0;
    for (const { register, kind, bytes, count } of bus.accesses) {
      accesses += count;
      this.#record('access', this.#trace.text(register), kind === 'write' ? 1 : 0, bytes, count);
    }
    this.totals.deviceAccesses += accesses;
    if (trapped === 'within') return bus;
    if (trapped === 'no') {
      this.#stage('host kernel', 'software', 'register accesses', accesses * costNs('registerAccess'));
    } else this.#exit(accesses, trapped === 'user' ? 'exitToUser' : 'exitToKernel', 'register accesses');
    return bus;
  }

  /** @param handling false where the time to handle them is part of a stage that was measured as a whole */
  #interrupts(times: number, kind: 'physical' | 'posted' | 'injected', place: Place, handling = true): void {
    if (times === 0) return;
    this.totals.interrupts += times;
    this.#record('interrupt', times, kind === 'posted' ? 1 : 0);
    if (kind === 'injected') {
      this.#exit(times, 'injection', 'the guest is left to inject an interrupt');
      this.#exit(times, 'endOfInterrupt', 'the guest ends the interrupt');
    }
    if (handling) this.#stage(place, 'interrupts', 'interrupt handling', times * costNs('interruptHandling'));
  }

  #virtualInterrupts(times: number, handling = true): void {
    this.#stage('guest', 'waiting', 'guest waits for a CPU', this.#request.guestWaitNs);
    this.#interrupts(times, this.#request.postedInterrupts ? 'posted' : 'injected', 'guest', handling);
  }

  #deviceName(): DeviceName {
    const { device, path, workload } = this.#request;
    return device === 'usual' ? usualDevice(path, workload) : device;
  }

  // Block requests.

  #native(): void {
    if (this.#request.workload === 'network') {
      const { interrupts } = this.#drive(this.#deviceName(), 'within');
      this.#interrupts(interrupts, 'physical', 'host kernel', false);
      return this.#networkExchange(0);
    }
    this.#stage(
      'host kernel',
      'software',
      'system call and block layer',
      this.#request.depth * costNs('blockStack'),
    );
    const bus = this.#drive(this.#deviceName(), 'no');
    this.#device();
    this.#interrupts(bus.interrupts, 'physical', 'host kernel');
  }

  #blockOverVm(): void {
    const { depth, path } = this.#request;
    this.#stage('guest', 'software', "the guest's system call and block layer", depth * costNs('blockStack'));
    switch (path) {
      case 'emulated': {
        const bus = this.#drive(this.#deviceName(), 'user');
        this.#backendInUserSpace('QEMU');
        this.#virtualInterrupts(bus.interrupts);
        break;
      }
      case 'virtio-qemu': {
        const bus = this.#drive(this.#deviceName(), 'kernel');
        this.#notify('eventfd to QEMU');
        this.#backendInUserSpace('QEMU');
        this.#notify('eventfd to the guest');
        this.#virtualInterrupts(bus.interrupts);
        break;
      }
      case 'vhost': {
        const bus = this.#drive(this.#deviceName(), 'kernel');
        this.#notify('eventfd to vhost');
        this.#wakeBackend('the vhost thread');
        this.#hostBlockRequest();
        this.#notify('eventfd to the guest');
        this.#virtualInterrupts(bus.interrupts);
        break;
      }
      case 'passthrough': {
        const bus = this.#drive(this.#deviceName(), 'no');
        this.#device();
        this.#virtualInterrupts(bus.interrupts);
        break;
      }
      case 'xen-split':
        this.#splitDriver(() => this.#hostBlockRequest());
        break;
      default:
        throw new Error(`${path} is no path of a virtual machine.`);
    }
  }

  #wakeBackend(who: string): void {
    this.#stage('backend', 'waking', `wake ${who}`, costNs('threadWake'));
    this.#switchTo('backend', who);
    this.#stage('backend', 'waiting', `${who} waits for a CPU`, this.#request.backendWaitNs);
  }

  /** A back end that is a process: it has to call the kernel for the request, and again to hear of its end. */
  #backendInUserSpace(who: string): void {
    const { bytes, depth } = this.#request;
    this.#wakeBackend(who);
    this.#stage('backend', 'backend', `${who} emulates the request`, depth * costNs('userKernelCrossing'));
    this.#stage('backend', 'backend', 'system calls of the back end', 2 * costNs('userKernelCrossing'));
    for (let request = 0; request < depth; request++) {
      this.#copy('backend', bytes, "between the back end's buffer and guest memory");
    }
    this.#hostBlockRequest();
    this.#switchTo('backend', who);
  }

  /** The host kernel's own request to the real device. */
  #hostBlockRequest(): void {
    this.#stage(
      'host kernel',
      'backend',
      "the host's block layer",
      this.#request.depth * costNs('blockStack'),
    );
    this.#device();
    this.#stage('host kernel', 'interrupts', "the host's interrupt", costNs('interruptHandling'));
  }

  #splitDriver(serve: () => void): void {
    const { bytes, depth, grant } = this.#request;
    this.#notify('event channel to Dom0');
    this.#exit(1, 'hypercall', 'hypercall: event channel send');
    this.#stage(
      'backend',
      'waking',
      'wake Dom0 and upcall into it',
      costNs('threadWake') + costNs('domainUpcall'),
    );
    this.#switchTo('backend', 'Dom0');
    this.#stage('backend', 'waiting', 'Dom0 waits for a CPU', this.#request.backendWaitNs);
    const pages = depth * Math.max(1, Math.ceil(bytes / 4096));
    if (grant === 'map')
      this.#stage('hypervisor', 'backend', 'grants are mapped and unmapped', pages * costNs('grantMap'));
    else {
      for (let request = 0; request < depth; request++) this.#copy('hypervisor', bytes, 'grant copy');
    }
    serve();
    this.#notify('event channel to the guest');
    this.#switchTo('guest', 'the guest');
    this.#stage('guest', 'waiting', 'guest waits for a CPU', this.#request.guestWaitNs);
    this.totals.interrupts++;
    this.#record('interrupt', 1, 0);
    this.#stage('guest', 'interrupts', 'upcall into the guest', costNs('domainUpcall'));
  }

  // Network exchanges.

  /** One or more round trips with nothing virtual in between but `extraNs` for each. */
  #networkExchange(extraNs: Nanoseconds): void {
    const { depth, peer, transport } = this.#request;
    const one =
      peer === 'same-host'
        ? costNs('loopbackExchange')
        : costNs(transport === 'tcp' ? 'networkStackTcp' : 'networkStackUdp');
    this.#stage('host kernel', 'device', 'protocol stacks and wire, there and back', depth * one);
    this.#stage('host kernel', 'backend', 'namespaces, bridge and address translation', depth * extraNs);
  }

  #networkOverVm(): void {
    const { bytes, depth, path } = this.#request;
    this.#networkExchange(0);
    if (path === 'xen-split') {
      this.#splitDriver(() =>
        this.#stage('backend', 'backend', 'back end and bridge in Dom0', 2 * depth * costNs('netHop')),
      );
      return;
    }
    const trapped = path === 'passthrough' ? 'within' : path === 'emulated' ? 'user' : 'kernel';
    const bus = this.#drive(this.#deviceName(), trapped);
    if (path !== 'passthrough') {
      this.#notify('to the back end');
      this.#stage('backend', 'waiting', 'the back end waits for a CPU', this.#request.backendWaitNs);
      this.#stage(
        'backend',
        'backend',
        'back end, tap and bridge, there and back',
        2 * depth * costNs('netHop'),
      );
      for (let packet = 0; packet < 2 * depth; packet++)
        this.#copy('backend', bytes, 'between guest memory and packet');
      if (path === 'vhost') this.totals.contextSwitches += 2;
      else {
        this.#stage(
          'backend',
          'backend',
          'system calls of the back end',
          4 * depth * costNs('userKernelCrossing'),
        );
        this.#switchTo('backend', 'QEMU');
        this.#switchTo('backend', 'QEMU');
      }
    }
    this.#virtualInterrupts(bus.interrupts, path !== 'passthrough');
  }

  // Containers.

  #container(): void {
    const { containerStorage: storage, depth, fileBytes, workload } = this.#request;
    this.#stage('host kernel', 'software', 'seccomp filter', depth * costNs('seccompFilter'));
    this.#stage('host kernel', 'software', 'control group accounting', depth * costNs('cgroupCharge'));
    if (workload === 'network') return this.#containerExchange();
    if (storage !== 'volume') {
      this.#stage(
        'host kernel',
        'backend',
        'look-up in the layers of the overlay',
        depth * costNs('overlayLookup'),
      );
    }
    if (storage === 'overlay-copy-up') {
      this.#stage(
        'device',
        'device',
        'the whole file is read',
        costNs('flashAccess') + costNs('flashTransfer', fileBytes),
      );
      this.#copy('host kernel', fileBytes, 'the whole file is copied up');
    }
    this.#native();
  }

  #containerExchange(): void {
    const toOneContainer = costNs('veth') + costNs('bridge');
    const betweenTwo = toOneContainer + costNs('veth');
    switch (this.#request.containerNetwork) {
      case 'host':
        return this.#networkExchange(0);
      case 'bridge':
        return this.#networkExchange(betweenTwo);
      case 'nat':
        return this.#networkExchange(betweenTwo + costNs('routing') + costNs('conntrack'));
      case 'overlay':
        return this.#networkExchange(betweenTwo + costNs('vxlan'));
      case 'nat-2014':
        return this.#networkExchange(costNs('nat2014'));
      case 'proxy':
        // Two whole exchanges: from outside to the proxy, and from the proxy to the container.
        this.#networkExchange(costNs('veth'));
        this.totals.contextSwitches += 2;
        for (let packet = 0; packet < 2 * this.#request.depth; packet++) {
          this.totals.copies++;
          this.#record('copy', this.#request.bytes);
        }
        this.#stage(
          'host kernel',
          'backend',
          'the second connection, from the proxy to the container',
          this.#request.depth * (costNs('loopbackExchange') + toOneContainer),
        );
    }
  }
}
