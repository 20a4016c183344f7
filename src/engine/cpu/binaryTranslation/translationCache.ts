import type { RunningPolicy } from '../../kernel/policy.ts';
import { cycles } from '../machine/costModel.ts';
import { csrName } from '../machine/csrNumbers.ts';
import { decode } from '../machine/decode.ts';
import { hex } from '../guests/guestState.ts';
import { mode, type CodeWindow, type Hart } from '../machine/hart.ts';
import { run } from '../machine/interpreter.ts';
import { emitBlock, isTransfer, type SourceInstruction, type TranslatedBlock } from './translatedBlock.ts';
import { guestWordAt, translate } from '../machine/translate.ts';
import { longestBlock, type TranslatorPolicy } from './translatorPolicy.ts';
import { exception } from '../machine/trapCause.ts';
import type { Vcpu } from '../vmm/vcpu.ts';

/** Bytes of the cache in which translated code lies, and where the processor finds it. */
export const translationCacheBytes = 0x1_0000;
const cacheBase = 0xffe0_0000;

/** What a cache tells its owner. */
export interface TranslationListener {
  /** A block was translated. @param words of machine code @param again whether it had been before */
  readonly translated: (pc: number, instructions: number, words: number, again: boolean) => void;
  /** The guest stored to a page of code. @param dropped blocks thrown away */
  readonly codeWritten: (address: number, size: number, dropped: number) => void;
  /** The processor left the translated code, for the guest's own at `to`. */
  readonly escaped: (from: number, to: number) => void;
  readonly refuse: (expected: string, actual: string, because: string) => never;
}

/** How translated code came to its end. The virtual CPU's `pc` is where the guest stands. */
export interface TranslatedRun {
  readonly stop:
    | { readonly kind: 'limit' }
    /** A trap: see {@link Hart.exitCause}. */
    | { readonly kind: 'trap'; readonly word: number }
    /** An instruction that the VMM does, without a trap. */
    | { readonly kind: 'callout'; readonly word: number };
  /** Instructions of the guest that were done, and the cycles of that, what the VMM did for it included. */
  readonly done: number;
  readonly cycles: number;
  /** Of these: instructions that the VMM did one by one, since the translation says `emulate`. */
  readonly stepped: number;
}

interface CachedBlock extends TranslatedBlock {
  /** Index of its first word in the cache. */
  readonly start: number;
  /** Where its instructions lie in RAM. */
  readonly sourceOffset: number;
  /** Targets that its jumps are chained to. */
  readonly chained: Map<number, CachedBlock>;
  dropped: boolean;
}

/**
 * Runs the code of a guest's kernel in translation (Adams and Agesen, ASPLOS 2006, section 3): blocks are translated when they are first
 * reached, lie in a cache, are chained to each other, and are thrown away when the guest writes to what they were made from.
 * Interrupts are heeded between blocks.
 */
export class TranslationCache {
  readonly #hart: Hart;
  readonly #vcpu: Vcpu;
  readonly #window: CodeWindow;
  readonly #translator: RunningPolicy<typeof TranslatorPolicy>;
  readonly #listener: TranslationListener;
  readonly #blocks = new Map<number, CachedBlock>();
  readonly #seen = new Set<number>();
  #used = 0;
  /** The block that was left last: what was interrupted in its middle goes on there. */
  #left: CachedBlock | undefined;
  /** Whether the guest's page table may have changed. */
  isStale = false;

  /** @param ramOffset where the cache lies in real memory: {@link translationCacheBytes} */
  constructor(
    hart: Hart,
    vcpu: Vcpu,
    ramOffset: number,
    translator: RunningPolicy<typeof TranslatorPolicy>,
    listener: TranslationListener,
  ) {
    this.#hart = hart;
    this.#vcpu = vcpu;
    this.#window = { from: cacheBase, size: translationCacheBytes, ramOffset };
    this.#translator = translator;
    this.#listener = listener;
  }

  /** Runs from the virtual CPU's `pc` on, in virtual supervisor mode. @param limit instructions; the block that reaches it is done to its end */
  run(limit: number): TranslatedRun {
    const hart = this.#hart;
    const vcpu = this.#vcpu;
    if (this.isStale) this.#revalidate();
    let done = 0;
    let spent = 0;
    let stepped = 0;
    const ended = (stop: TranslatedRun['stop'], pc: number): TranslatedRun => {
      vcpu.pc = pc >>> 0;
      return { stop, done, cycles: spent, stepped };
    };
    let block: CachedBlock | undefined;
    let word = 0;
    const middle = this.#left?.dropped === false ? this.#left.entries.get(vcpu.pc) : undefined;
    if (middle !== undefined) {
      block = this.#left;
      word = middle;
    }
    this.#left = undefined;
    let pc = vcpu.pc;
    for (;;) {
      if (block === undefined) {
        if (done >= limit) return ended({ kind: 'limit' }, pc);
        const known = this.#blocks.get(pc);
        if (known === undefined) {
          const fetched = this.#source(pc);
          if (!fetched.ok) {
            hart.exitCause = fetched.cause;
            hart.exitValue = fetched.value;
            const word = fetched.cause === exception.illegalInstruction ? fetched.value : 0;
            return ended({ kind: 'trap', word }, pc);
          }
          block = this.#translate(fetched.source, fetched.offset);
          spent += fetched.source.length * cycles.translation.perInstruction;
        } else block = known;
        word = 0;
      }
      // Straight to the next place at which the VMM takes over.
      const transfer = block.transfers.find((each) => each >= word);
      const until = transfer ?? block.words.length - 1;
      hart.guestStage = { ...vcpu.stage(), code: this.#window };
      hart.pc = cacheBase + 4 * (block.start + word);
      const doneBefore = block.done[word]!;
      const { cycle, trapped } = hart;
      const stop = run(hart, until - word + 1);
      spent += hart.cycle - cycle - (hart.trapped - trapped);
      const reached = (hart.pc - cacheBase) / 4 - block.start;
      const isInside = reached >= 0 && reached < block.words.length;

      if (!isInside || (stop === 'limit' && reached !== until + 1)) {
        done += block.done[until]! + 1 - doneBefore;
        return this.#escape(block.at[until]!, limit, { done, cycles: spent, stepped });
      }
      done += Math.max(0, block.done[reached]! - doneBefore);
      const at = block.at[reached]!;
      if (stop !== 'trap') {
        // Past a store to a watched page, or a copied branch that was not taken.
        if (!block.dropped) {
          word = reached;
          continue;
        }
        const stub = block.stubs.get(reached);
        pc = stub?.kind === 'goto' ? stub.target >>> 0 : at;
        block = undefined;
        continue;
      }
      const stub = hart.exitCause === exception.breakpoint ? block.stubs.get(reached) : undefined;
      if (stub === undefined) {
        this.#left = block;
        return ended({ kind: 'trap', word: block.words[reached]! }, at);
      }
      switch (stub.kind) {
        case 'goto': {
          spent++;
          if (block.done[reached]! <= doneBefore) done++;
          pc = stub.target >>> 0;
          const to = block.chained.get(pc);
          if (to !== undefined && !to.dropped && done < limit) {
            block = to;
            word = 0;
            break;
          }
          spent += cycles.software.indirectJump;
          const target = this.#blocks.get(pc);
          if (target !== undefined) block.chained.set(pc, target);
          block = undefined;
          break;
        }
        case 'jump': {
          const decoded = decode(stub.word)!;
          const target = (hart.x[decoded.rs1]! + decoded.immediate) & ~1;
          if ((target & 2) !== 0) {
            hart.exitCause = exception.fetchMisaligned;
            hart.exitValue = target;
            return ended({ kind: 'trap', word: stub.word }, at);
          }
          pc = target;
          if (decoded.rd !== 0) hart.x[decoded.rd] = at + 4;
          pc >>>= 0;
          done++;
          spent += cycles.software.indirectJump;
          block = undefined;
          break;
        }
        case 'emulate': {
          if (isSystem(stub.word)) {
            this.#left = block;
            return ended({ kind: 'callout', word: stub.word }, at);
          }
          spent += cycles.software.inlineEmulation;
          hart.guestStage = vcpu.stage();
          hart.pc = at;
          if (run(hart, 1) === 'trap') return ended({ kind: 'trap', word: stub.word }, at);
          done++;
          stepped++;
          pc = hart.pc;
          if (isTransfer(stub.word)) spent += cycles.software.indirectJump;
          const next: number | undefined = block.dropped ? undefined : block.entries.get(pc);
          if (next === undefined || next <= reached) block = undefined;
          else word = next;
        }
      }
    }
  }

  /** The guest stored to memory that blocks may come from. @returns whether any did */
  stored(offset: number, bytes: number): boolean {
    const page = offset >>> 12;
    const blocks = [...this.#blocks.values()].filter(({ sourceOffset }) => sourceOffset >>> 12 === page);
    if (blocks.length === 0) return false;
    const address = ((blocks[0]!.pc & ~0xfff) | (offset & 0xfff)) >>> 0;
    const dropped = this.#translator.codeWritten({
      address,
      size: bytes,
      blocks: blocks.map(({ pc, next }) => ({ pc, next })),
    });
    for (const pc of dropped) {
      const block = this.#blocks.get(pc);
      if (block !== undefined) this.#drop(block);
    }
    this.#listener.codeWritten(address, bytes, dropped.length);
    return true;
  }

  #drop(block: CachedBlock): void {
    block.dropped = true;
    this.#blocks.delete(block.pc);
  }

  /** Forgets blocks whose addresses lead elsewhere since the guest changed its page table. */
  #revalidate(): void {
    this.isStale = false;
    const hart = this.#hart;
    hart.guestStage = this.#vcpu.stage();
    for (const block of this.#blocks.values()) {
      const at = translate(hart, block.pc, 'fetch', mode.supervisor);
      if (at.kind !== 'ram' || at.offset !== block.sourceOffset) this.#drop(block);
    }
    hart.flushTlb();
  }

  /** The instructions of the block at an address, or the exception of fetching it. */
  #source(
    pc: number,
  ):
    | { readonly ok: true; readonly source: readonly SourceInstruction[]; readonly offset: number }
    | { readonly ok: false; readonly cause: number; readonly value: number } {
    const hart = this.#hart;
    hart.guestStage = this.#vcpu.stage();
    const landing = translate(hart, pc, 'fetch', mode.supervisor);
    hart.flushTlb();
    if (landing.kind !== 'ram') {
      const cause = landing.kind === 'fault' ? landing.cause : exception.fetchAccess;
      return { ok: false, cause, value: pc };
    }
    const source: SourceInstruction[] = [];
    for (
      let at = landing.offset;
      at >>> 12 === landing.offset >>> 12 && source.length < longestBlock;
      at += 4
    ) {
      const word = hart.ram32[at >>> 2]!;
      const decoded = decode(word);
      if (decoded === undefined) break;
      source.push({ pc: pc + 4 * source.length, word });
      if (isTransfer(word) || ['sret', 'mret', 'ecall', 'ebreak'].includes(decoded.name)) break;
    }
    if (source.length > 0) return { ok: true, source, offset: landing.offset };
    return { ok: false, cause: exception.illegalInstruction, value: hart.ram32[landing.offset >>> 2]! >>> 0 };
  }

  #translate(source: readonly SourceInstruction[], sourceOffset: number): CachedBlock {
    const pc = source[0]!.pc;
    const operations = this.#translator.translateBlock({
      pc,
      instructions: source.map((each) => instructionOf(each)),
      next: source.at(-1)!.pc + 4,
    });
    const emitted = emitBlock(source, operations);
    const words = emitted.ok ? emitted.value.words.length : 0;
    this.#listener.translated(pc, source.length, words, this.#seen.has(pc));
    if (!emitted.ok) {
      const { expected, actual, because } = emitted.error;
      return this.#listener.refuse(expected, actual, because);
    }
    this.#seen.add(pc);
    if (4 * (this.#used + words) > translationCacheBytes) {
      for (const block of this.#blocks.values()) this.#drop(block);
      this.#used = 0;
    }
    const block: CachedBlock = {
      ...emitted.value,
      start: this.#used,
      sourceOffset,
      chained: new Map(),
      dropped: false,
    };
    this.#hart.ram32.set(block.words, this.#window.ramOffset / 4 + block.start);
    this.#used += words;
    this.#blocks.set(pc, block);
    this.#hart.watchedPages.add(sourceOffset >>> 12);
    this.#hart.flushTlb();
    return block;
  }

  /** A copied jump or branch was taken, and nobody had looked where to. */
  #escape(from: number, limit: number, so: Omit<TranslatedRun, 'stop'>): TranslatedRun {
    const hart = this.#hart;
    const to = hart.pc;
    if (to - cacheBase >= 0 && to - cacheBase < translationCacheBytes) {
      this.#listener.refuse(
        `after ${hex(from)} the guest goes on at the translation of where its jump leads`,
        `the copied jump leads to ${hex(to)}, somewhere in the translation cache`,
        'Its target is a distance from where it stands, and the copy stands elsewhere. Use `goto` or `branch` with the target in the guest.',
      );
    }
    this.#listener.escaped(from, to);
    hart.guestStage = this.#vcpu.stage();
    const { cycle, trapped } = hart;
    const stop = so.done >= limit ? 'limit' : run(hart, limit - so.done);
    const ran = hart.cycle - cycle - (hart.trapped - trapped);
    this.#vcpu.pc = hart.pc;
    const word = stop === 'trap' ? (guestWordAt(hart, hart.pc) ?? 0) : 0;
    return {
      stop: stop === 'trap' ? { kind: 'trap', word } : { kind: 'limit' },
      done: so.done + ran,
      cycles: so.cycles + ran,
      stepped: so.stepped,
    };
  }
}

/** Instructions that act on privileged state: the VMM does them to the virtual CPU. The others it lets the processor do, one at a time. */
const isSystem = (word: number): boolean => (word & 0x7f) === 0x73 && word !== 0x73 && word !== 0x0010_0073;

function instructionOf({ pc, word }: SourceInstruction) {
  const { name, rd, rs1, rs2, csr, immediate, format } = decode(word)!;
  const isCsr = format === 'csr' || format === 'csrImmediate';
  return { pc, name, rd, rs1, rs2, csr: isCsr ? (csrName(csr) ?? hex(csr)) : '', immediate };
}
