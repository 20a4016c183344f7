import type { Trace } from '../kernel/trace.ts';
import type { StateModel } from '../kernel/view.ts';
import type { VirtqueueEvents } from './virtqueueEvents.ts';

/** The rings right after an event, of the interleaving that it belongs to. */
export function ringStateAt(trace: Trace<VirtqueueEvents>, event: number): StateModel {
  let first = event;
  while (first > 0 && trace.kind(first) !== 'interleaving') first--;
  const places = new Map<string, { value: string; visible: boolean }>();
  let device = 'asleep';
  const buffers = new Map<number, string>();
  for (let row = first; row <= event; row++) {
    const field = (index: number): number => trace.field(row, index);
    switch (trace.kind(row)) {
      case 'interleaving':
        device = field(2) === 1 ? 'awake' : 'asleep';
        break;
      case 'store':
        places.set(trace.textOf(field(0)), { value: trace.textOf(field(1)), visible: field(2) === 0 });
        break;
      case 'visible':
        for (const place of places.values()) place.visible = true;
        break;
      case 'take':
        device = `takes buffer ${field(2)}`;
        buffers.set(field(2), 'taken by the device');
        break;
      case 'use':
        device = `used buffer ${field(0)}`;
        buffers.set(field(0), 'used, not announced');
        break;
      case 'announce':
        places.set('used.index', { value: String(field(0)), visible: true });
        for (const [buffer, state] of buffers)
          if (state === 'used, not announced') buffers.set(buffer, 'used');
        break;
      case 'arm':
        places.set('available.event', { value: String(field(0)), visible: true });
        device = 'asked for a notification';
        break;
      case 'look':
        device = field(0) === 1 ? 'found a buffer' : 'found nothing';
        break;
      case 'sleep':
        device = 'asleep';
        break;
      case 'notify':
        device = 'notified';
        break;
      case 'complete':
        buffers.set(field(0), 'given back');
        break;
      default:
        break;
    }
  }
  return {
    kind: 'state',
    groups: [
      { title: 'Device', columns: ['state'], rows: [[device]], whenEmpty: '' },
      {
        title: 'Rings, as last stored in this interleaving',
        columns: ['place', 'value', 'the device sees it'],
        rows: [...places].map(([place, { value, visible }]) => [place, value, visible ? 'yes' : 'not yet']),
        whenEmpty: 'Nothing was stored yet.',
      },
      {
        title: 'Buffers that the device took',
        columns: ['buffer', 'state'],
        rows: [...buffers].map(([buffer, state]) => [String(buffer), state]),
        whenEmpty: 'None yet.',
      },
    ],
  };
}
