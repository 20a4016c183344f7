import type { RegisterBus } from './registerBus.ts';

/** What is asked of a device: `depth` requests of `bytes` bytes, handed over together. */
export interface DeviceRequest {
  /** Block devices read and write; network and serial devices send, receive, or send and receive an answer. */
  readonly operation: Operation;
  readonly bytes: number;
  /** Requests that are ready when the driver starts; it hands over as many as the device can queue. */
  readonly depth: number;
  /** Whether completions that are ready share one interrupt, or each raises its own. */
  readonly coalesce: boolean;
}

export const operations = {
  read: 'From the device. A network card receives.',
  write: 'To the device. A network card sends.',
  exchange: 'A network card sends a packet and receives the answer. Other devices read.',
} as const;
export type Operation = keyof typeof operations;

/**
 * A device and its driver, register by register: the device as a state machine, and the driver as what Linux does with it.
 * How often a request touches the device is what running the two together comes to; it stands in no table.
 */
export interface DeviceProtocol {
  readonly title: string;
  /** Where the driver's steps and the device's answers come from. */
  readonly source: string;
  /** Performs the requests until all are complete. */
  perform(request: DeviceRequest): RegisterBus;
}

/** Bytes of a disk's sector. */
export const sectorBytes = 512;

/** A request cut into commands of at most `most` units, in order. */
export function inPieces(total: number, most: number): number[] {
  const pieces: number[] = [];
  for (let left = total; left > 0; left -= most) pieces.push(Math.min(left, most));
  return pieces;
}

/** Sectors of a request; a part of a sector is transferred whole. */
export const sectorsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / sectorBytes));

/** How many completions each interrupt reports. */
export const perInterrupt = (completions: number, coalesce: boolean): number[] =>
  coalesce ? [completions] : Array.from({ length: completions }, () => 1);

/** What fits into one network packet. */
const mostPayload = 1460;

/** Payloads of the network packets that carry so many bytes. */
export const payloadsOf = (bytes: number): number[] => inPieces(Math.max(1, bytes), mostPayload);

/** Bytes of an Ethernet frame without its checksum: headers of Ethernet (14), IP (20) and UDP or ICMP (8), and at least 60. */
export const frameBytesOf = (payloadBytes: number): number => Math.max(60, 42 + payloadBytes);
