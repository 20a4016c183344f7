import { build } from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { median, type Bench, type BenchRow } from './bench.ts';
import type { FrameTimes } from './timelinePage.ts';

const frames = 120;
const budgetMs = 16;

const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)]!;

/** Frame times of a timeline in Chromium, without a graphics card. */
export const bench: Bench = {
  name: 'Timeline: one frame of eight lanes, 1200 pixels wide, drawn without a graphics card',
  async *run() {
    const root = process.cwd();
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: ['test/bench/timelinePage.ts'],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2022',
      minify: true,
    });
    // Not a static import: this file is bundled, and Chromium's packages are found from where build/ lies.
    const { chromiumLaunchOptions } = (await import(
      pathToFileURL(join(root, 'build/chromium.mjs')).href
    )) as {
      chromiumLaunchOptions(): Promise<{
        executablePath: string;
        args: string[];
        env: Record<string, string>;
      }>;
    };
    const browser = await chromium.launch(await chromiumLaunchOptions());
    try {
      const page = await browser.newPage();
      await page.evaluate(outputFiles[0]!.text);
      const times = (segments: number): Promise<FrameTimes> =>
        page.evaluate(
          ([count, most]) =>
            (
              globalThis as unknown as { timeFrames(segments: number, frames: number): Promise<FrameTimes> }
            ).timeFrames(count, most),
          [segments, frames] as const,
        );
      // The first run compiles.
      await times(1_000);
      const few = await times(1e5);
      const many = await times(1e6);
      const rows = ([count, { indexMs, panMs, wholeMs }]: readonly [
        string,
        FrameTimes,
      ]): readonly BenchRow[] => [
        {
          what: `${count} segments, panning a tenth, median`,
          value: median(panMs),
          unit: 'ms',
          note: `budget ${budgetMs} ms`,
        },
        { what: `${count} segments, panning a tenth, p95`, value: p95(panMs), unit: 'ms' },
        {
          what: `${count} segments, the whole run`,
          value: median(wholeMs),
          unit: 'ms',
          note: 'budget 50 ms',
        },
        { what: `${count} segments, index, once`, value: indexMs, unit: 'ms' },
      ];
      yield* [
        ...rows(['100,000', few]),
        ...rows(['1,000,000', many]),
        {
          what: 'panning: ten times the segments take this many times as long',
          value: median(many.panMs) / median(few.panMs),
          unit: '×',
          atMost: 2,
        },
      ];
    } finally {
      await browser.close();
    }
  },
};
