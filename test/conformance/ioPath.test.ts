import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ParameterInput } from '../../src/engine/kernel/parameters.ts';
import { pathCosts } from '../../src/engine/io/pathCosts.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

/*
 * The paths of io.path beside published and measured numbers. Rows marked `calibration` set constants of pathCosts.ts or
 * streaming.ts and are not compared; rows marked `gate` set none.
 *
 * Tolerances, from the plan of the measurements and before the comparison:
 * - Felter et al., UDP from terms calibrated on TCP: 10 % (the figure was digitised to 1 %);
 * - container networks: 10 % of the round trip (medians of five runs; absolute times swing, so each setting uses its own loopback);
 * - vhost: packet ratio of four threads 25 %; for TCP the order alone;
 * - SR-IOV: 2 %; ELI: within 3 points and within the published range; overlay network: 3 points.
 * Rivals stand beside each.
 */
interface Row {
  readonly id: string;
  readonly value: number | readonly number[];
  readonly use: 'gate' | 'calibration';
}
const rows = new Map(
  (
    JSON.parse(readFileSync(new URL('published/io-paths.json', import.meta.url), 'utf8')) as readonly Row[]
  ).map((row) => [row.id, row]),
);
function value(id: string, use: Row['use']): number {
  const row = rows.get(id);
  assert.equal(row?.use, use, `${id} is a ${use} row`);
  return Number([row.value].flat()[0]);
}

function metrics(params: ParameterInput): Readonly<Record<string, number>> {
  const outcome = scenarios['io.path']!.execute({ params });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  assert.equal(outcome.run.end.kind, 'finished');
  return outcome.run.metrics;
}
const exchange = (params: ParameterInput): number => metrics({ workload: 'network', ...params })['timeUs']!;
const within = (predicted: number, published: number, share: number): boolean =>
  Math.abs(predicted - published) <= share * published;

describe('round trips of Felter et al.', () => {
  const felter = {
    native: {},
    vhost: {},
    'nat-2014': { path: 'container', containerNetwork: 'nat-2014' },
  } as const;
  const time = (which: keyof typeof felter, transport: string): number =>
    exchange({ path: which === 'nat-2014' ? 'container' : which, transport, ...felter[which] });

  it('TCP rows are what the terms were calibrated on', () => {
    assert.ok(within(time('native', 'tcp'), value('FELTER-F3-TCP_RR_native', 'calibration'), 0.005));
    assert.ok(within(time('vhost', 'tcp'), value('FELTER-F3-TCP_RR_KVM', 'calibration'), 0.005));
    assert.ok(within(time('nat-2014', 'tcp'), value('FELTER-F3-TCP_RR_Docker_NAT', 'calibration'), 0.005));
  });
  it('UDP rows are predicted within 10 %', () => {
    assert.ok(within(time('vhost', 'udp'), value('FELTER-F3-UDP_RR_KVM', 'gate'), 0.1));
    assert.ok(within(time('nat-2014', 'udp'), value('FELTER-F3-UDP_RR_Docker_NAT', 'gate'), 0.1));
  });
  it('"a container is the same as native" misses by far', () => {
    assert.ok(!within(time('native', 'udp'), value('FELTER-F3-UDP_RR_Docker_NAT', 'gate'), 0.1));
    assert.ok(!within(time('native', 'udp'), value('FELTER-F3-UDP_RR_KVM', 'gate'), 0.1));
  });
});

describe('measured container networks', () => {
  const settings = { one_cpu_pinned_rr: 'one CPU', two_cpus_rr: 'two CPUs' };
  const loopbackUs = pathCosts.loopbackExchange.value / 1000;
  const extraUs = (containerNetwork: string): number =>
    exchange({ path: 'container', peer: 'same-host', containerNetwork }) -
    exchange({ path: 'native', peer: 'same-host' });
  const gates: readonly { row: string; network: string; connections: 1 | 2 }[] = [
    { row: 'container_to_container_bridge', network: 'bridge', connections: 1 },
    { row: 'ext_to_container_bridge_dnat', network: 'nat', connections: 1 },
    { row: 'container_out_masquerade', network: 'nat', connections: 1 },
    { row: 'ext_to_container_userland_proxy', network: 'proxy', connections: 2 },
  ];
  for (const [setting, words] of Object.entries(settings)) {
    const ownLoopbackUs = value(`NET-${setting}-loopback_hostnet`, 'calibration') / 1000;
    for (const { row, network, connections } of gates) {
      it(`${row}, ${words}, within 10 %`, () => {
        // A proxy's second connection is another loopback round trip, of this setting.
        const extra = extraUs(network) - (connections - 1) * loopbackUs;
        const predicted = connections * ownLoopbackUs + extra;
        const published = value(`NET-${setting}-${row}`, 'gate') / 1000;
        assert.ok(within(predicted, published, 0.1), `${predicted} instead of ${published}`);
      });
    }
    it(`${words}: a proxy that costs no more than address translation misses`, () => {
      const rival = ownLoopbackUs + extraUs('nat');
      assert.ok(!within(rival, value(`NET-${setting}-ext_to_container_userland_proxy`, 'gate') / 1000, 0.1));
    });
  }
  it('ratios to the host network are about 1.2, 1.3 and 2.3', () => {
    const ratio = (network: string): number =>
      metrics({ workload: 'network', path: 'container', peer: 'same-host', containerNetwork: network })[
        'slowdown'
      ]!;
    assert.ok(
      within(ratio('bridge'), 1.2, 0.1) && within(ratio('nat'), 1.3, 0.1) && within(ratio('proxy'), 2.3, 0.1),
    );
    assert.ok(ratio('host') < 1.02);
  });
  it('an overlay network costs 29 % of the rate of round trips', () => {
    const [bareUs, , overlayUs] = rows.get('ONC-stack')!.value as number[];
    assert.equal(pathCosts.vxlan.value, Math.round((overlayUs! - bareUs!) * 1000));
    const rateLoss = 100 * (bareUs! / (bareUs! + pathCosts.vxlan.value / 1000) - 1);
    const [, published] = rows.get('ONC-overlay')!.value as number[];
    assert.ok(Math.abs(rateLoss - published!) <= 3, `${rateLoss} instead of ${published}`);
  });
});

describe('streams over vhost, QEMU and virtual functions', () => {
  const packets = (path: string): number =>
    metrics({ workload: 'network', path, lineGbps: 400 })['packetsPerSecond']!;
  const ratio = packets('vhost') / packets('virtio-qemu');

  it('single-threaded packet rates are what the costs were calibrated on', () => {
    assert.ok(
      within(
        packets('vhost') / 1000,
        value('VHOST-pktgen_to_Debian_VM_TAP+vhost-net_transm', 'calibration'),
        0.01,
      ),
    );
    assert.ok(
      within(
        packets('virtio-qemu') / 1000,
        value('VHOST-pktgen_to_Debian_VM_TAP_transmitted', 'calibration'),
        0.01,
      ),
    );
  });
  it('four threads keep the ratio within 25 %, and within 2 to 4', () => {
    const published =
      value('VHOST-pktgen_4_threads_TAP+vhost-net', 'gate') / value('VHOST-pktgen_4_threads_TAP', 'gate');
    assert.ok(within(ratio, published, 0.25) && ratio > 2 && ratio < 4, `${ratio} beside ${published}`);
    assert.ok(!within(1, published, 0.25), 'the rival: where the back end runs makes no difference');
  });
  it('TCP keeps the order; its ratio of 12.9 is missed, because segments of 64 KiB are not modelled', () => {
    const published =
      value('VHOST-iperf3_TCP_120_s_TAP+vhost-net', 'gate') / value('VHOST-iperf3_TCP_120_s_TAP', 'gate');
    assert.ok(published > 1 && ratio > 1);
    assert.ok(!within(ratio, published, 0.5), 'a known miss: remove it here and in the docs when it is gone');
  });
  it('virtual functions fill the wire within 2 %; the raw line rate would not, and neither would vhost', () => {
    const published = value('SRIOV-rate', 'gate');
    const goodput = (path: string): number => metrics({ workload: 'network', path })['streamGbps']!;
    assert.ok(within(goodput('passthrough'), published, 0.02));
    assert.ok(!within(10, published, 0.02));
    assert.ok(!within(goodput('vhost'), published, 0.02));
  });
  it('bulk TCP of Felter et al. is missed by 2.1 %: their 9.3 Gbit/s lie below what full segments carry', () => {
    const goodput = metrics({ workload: 'network', path: 'native' })['streamGbps']!;
    const published = value('FELTER-bulk', 'gate');
    assert.ok(!within(goodput, published, 0.01) && within(goodput, published, 0.025));
  });
  it('without exits an assigned device reaches bare metal, as ELI did', () => {
    const share = (postedInterrupts: boolean): number =>
      metrics({ path: 'passthrough', postedInterrupts })['interruptBoundPercent']!;
    const [low, high] = rows.get('ELI-final')!.value as number[];
    assert.ok(share(true) >= low! - 3 && share(true) <= high! + 3);
    const [least, most] = rows.get('ELI-gain')!.value as number[];
    assert.ok(share(true) / share(false) >= least! && share(true) / share(false) <= most! + 1e-3);
    // The rival: only the end of the interrupt is free of exits.
    const half = 3697 / (3697 + pathCosts.injection.value);
    assert.ok(100 * half < low! - 3);
  });
});

describe('what each path has to do', () => {
  const request = (params: ParameterInput): Readonly<Record<string, number>> =>
    metrics({ workload: 'block', ...params });
  it('only virtual machines exit', () => {
    for (const path of ['native', 'container']) assert.equal(request({ path })['exits'], 0, path);
    for (const path of ['emulated', 'xen-split', 'virtio-qemu', 'vhost', 'passthrough']) {
      assert.ok(request({ path })['exits']! > 0, path);
    }
  });
  it('an assigned device exits for interrupts alone, and not when they are posted', () => {
    assert.equal(request({ path: 'passthrough' })['exits'], 2);
    assert.equal(request({ path: 'passthrough', postedInterrupts: true })['exits'], 0);
  });
  it('full emulation is slower than the split driver, and vhost faster than QEMU', () => {
    const us = (path: string): number => request({ path })['timeUs']!;
    assert.ok(us('emulated') > us('xen-split'));
    assert.ok(us('virtio-qemu') > us('vhost'));
    assert.ok(us('vhost') > us('passthrough') && us('passthrough') > us('native'));
  });
  it('waiting for a CPU adds exactly what back end and guest wait', () => {
    for (const path of ['xen-split', 'virtio-qemu', 'vhost']) {
      const waits = { backendWaitUs: 30_000, guestWaitUs: 60_000 };
      assert.ok(
        Math.abs(request({ path, ...waits })['timeUs']! - request({ path })['timeUs']! - 90_000) < 1e-6,
        path,
      );
    }
    assert.equal(request({ path: 'native', backendWaitUs: 30_000 })['waitingUs'], 0);
  });
  it('copy-up costs in proportion to the file, once', () => {
    const us = (fileMiB: number): number =>
      request({ path: 'container', containerStorage: 'overlay-copy-up', operation: 'write', fileMiB })[
        'timeUs'
      ]!;
    assert.ok(Math.abs(us(32) - us(16) - (us(16) - us(0))) < 0.01);
    const volume = request({ path: 'container', containerStorage: 'volume' })['slowdown']!;
    assert.ok(volume > 1 && volume < 1.01);
  });
});
