import assert from 'node:assert/strict';
import type { TimelineModel } from '../../src/engine/kernel/view.ts';
import type { ExerciseState } from '../../src/protocol/lessonPanel.ts';
import { figurePart, pageWith, taskFailed, taskPart } from './examplePage.ts';
import { lessonTabs, themeNames, type LessonTab, type OpenOptions } from './webviewHarness.ts';
import { webviewThemes } from './vscodeThemes.ts';

interface Span {
  readonly lane: number;
  readonly style: number;
  readonly fromNs: number;
  readonly toNs: number;
}

/** Styles without texture or letter, so that a pixel is the colour of its style. */
const focus = 0;
const busy = 1;

function timeline(spans: readonly Span[], toNs: number, more: Partial<TimelineModel> = {}): TimelineModel {
  return {
    kind: 'timeline',
    title: 'Known',
    fromNs: 0,
    toNs,
    lanes: [{ label: 'A' }, { label: 'B' }],
    styles: [
      { label: 'focus', tone: 'focus', letter: '' },
      { label: 'busy', tone: 'busy', letter: '' },
    ],
    spans: {
      lane: Int32Array.from(spans, (span) => span.lane),
      style: Uint8Array.from(spans, (span) => span.style),
      startNs: Float64Array.from(spans, (span) => span.fromNs),
      endNs: Float64Array.from(spans, (span) => span.toNs),
      event: Int32Array.from(spans, (_, row) => row),
    },
    marks: [],
    measures: [],
    ...more,
  };
}

/** A failed task is the message that carries a timeline of its own. */
const showing = (model: TimelineModel): ExerciseState => {
  const failed = taskFailed();
  return failed.kind === 'task'
    ? { ...failed, pictures: { rotates: { actual: model, decidingNs: model.toNs } } }
    : failed;
};

type Colour = string;

/** Rows of pixels at the middle of each lane, as colours: each lane is found by the colours of its spans. */
async function pixels(tab: LessonTab): Promise<{ readonly rows: readonly (readonly Colour[])[] }> {
  // As indices into the colours that occur: the picture has a million pixels and few colours.
  const picture = await tab.page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));
    const canvas = document.querySelector<HTMLCanvasElement>('.timeline-plot canvas')!;
    const copy = document.createElement('canvas');
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext('2d', { willReadFrequently: true })!;
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    const words = new Uint32Array(data.buffer);
    const indices = new Map<number, number>();
    let text = '';
    for (const word of words) {
      if (!indices.has(word)) indices.set(word, indices.size);
      text += String.fromCharCode(48 + indices.get(word)!);
    }
    return { width: copy.width, words: [...indices.keys()], text };
  });
  const colours = picture.words.map((word) =>
    word >>> 24 === 0 ? '' : [word & 255, (word >>> 8) & 255, (word >>> 16) & 255].join(','),
  );
  const rows: Colour[][] = [];
  for (let at = 0; at < picture.text.length; at += picture.width) {
    rows.push(
      Array.from(picture.text.slice(at, at + picture.width), (index) => colours[index.charCodeAt(0) - 48]!),
    );
  }
  return { rows };
}

const rgb = (hex: string): Colour =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(',');
const dark = webviewThemes.dark.variables;
const focusColour = rgb(dark['--vscode-charts-blue']);
/** 58 % of #cccccc over #1f1f1f. */
const busyColour = '131,131,131';

/** WCAG's relative luminance of `r,g,b`. */
function luminance(colour: Colour): number {
  const [r, g, b] = colour.split(',').map((part) => {
    const c = Number(part) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

/** Letters have single pixels of these colours too. */
const inALane = (row: readonly Colour[]): boolean =>
  row.filter((colour) => colour === focusColour || colour === busyColour).length > 100;

/** Where a colour begins and ends in a row. */
const extentOf = (row: readonly Colour[], colour: Colour): readonly [number, number] => [
  row.indexOf(colour),
  row.lastIndexOf(colour) + 1,
];

describe('a timeline’s picture', () => {
  const open = lessonTabs();
  const shown = async (model: TimelineModel, options?: OpenOptions): Promise<LessonTab> => {
    const tab = await open(options);
    await tab.post({
      type: 'lesson',
      page: pageWith(taskPart),
      exercises: { [taskPart.id]: showing(model) },
    });
    await tab.settled();
    return tab;
  };
  const lanesOf = (rows: readonly (readonly Colour[])[]): readonly (readonly Colour[])[] => {
    const has = rows.map(inALane);
    return has.flatMap((inLane, y) => {
      if (!inLane || has[y - 1] === true) return [];
      let end = y;
      while (has[end]) end++;
      return [rows[Math.floor((y + end) / 2)]!];
    });
  };

  it('has each span in its colour at its place', async () => {
    const model = timeline(
      [
        { lane: 0, style: focus, fromNs: 0, toNs: 30e6 },
        { lane: 1, style: busy, fromNs: 0, toNs: 120e6 },
        { lane: 0, style: focus, fromNs: 90e6, toNs: 120e6 },
      ],
      120e6,
    );
    for (const ratio of [1, 2]) {
      const tab = await shown(model, { ratio });
      const [a, b] = lanesOf((await pixels(tab)).rows);
      const [left, right] = extentOf(b!, busyColour);
      const width = right - left;
      assert.ok(width > 300 * ratio);
      const [from, to] = extentOf(a!, focusColour);
      assert.ok(Math.abs(from - left) <= 1 && Math.abs(to - right) <= 1);
      const gapFrom = a!.indexOf(a![Math.round(left + width / 2)]!, from);
      // The last pixel of a bar is the line that separates it from the next.
      assert.ok(Math.abs(gapFrom - (left + width * 0.25)) <= 2 * ratio, `${gapFrom} of ${left}…${right}`);
      assert.equal(
        a!.slice(gapFrom + 2 * ratio, left + Math.floor(width * 0.75) - 1).includes(focusColour),
        false,
      );
    }
  });

  it('shows shares of time where spans are thinner than pixels: the same as adding up every span', async () => {
    // 40,000 spans; the share of the focus style falls from left to right.
    const count = 20_000;
    const spans = Array.from({ length: count }, (_, i): readonly Span[] => {
      const part = Math.round(1_000 * (1 - i / count));
      return [
        { lane: 0, style: focus, fromNs: i * 1_000, toNs: i * 1_000 + part },
        { lane: 0, style: busy, fromNs: i * 1_000 + part, toNs: (i + 1) * 1_000 },
      ];
    })
      .flat()
      .filter((span) => span.toNs > span.fromNs);
    const tab = await shown(timeline(spans, count * 1_000));
    const { rows } = await pixels(tab);
    const inLane = rows.filter(inALane);
    const [left, right] = extentOf(inLane[Math.floor(inLane.length / 2)]!, busyColour);
    const [first] = extentOf(inLane[0]!, focusColour);
    const start = Math.min(left, first);
    const width = right - start;
    for (let x = 5; x < width - 5; x += 7) {
      const fromNs = (x / width) * count * 1_000;
      const toNs = ((x + 1) / width) * count * 1_000;
      let share = 0;
      for (const span of spans) {
        if (span.style === focus)
          share += Math.max(0, Math.min(span.toNs, toNs) - Math.max(span.fromNs, fromNs));
      }
      share /= toNs - fromNs;
      const painted = inLane.filter((row) => row[start + x] === focusColour).length / inLane.length;
      // Two pixels of the lane's height, and one column's difference.
      assert.ok(
        Math.abs(painted - share) < 2.5 / inLane.length,
        `column ${x}: ${painted} painted, ${share} expected`,
      );
    }
  });

  it('zoomed into a dense stretch, shows its spans one by one', async () => {
    const spans = Array.from({ length: 4_000 }, (_, i): Span => ({
      lane: 0,
      style: i % 2,
      fromNs: i * 1e3,
      toNs: (i + 1) * 1e3,
    }));
    const tab = await shown(timeline(spans, 4e6));
    const plot = tab.page.getByRole('slider', { name: /step through/ });
    await plot.focus();
    await tab.page.keyboard.press('Home');
    for (let i = 0; i < 16; i++) await tab.page.keyboard.press('+');
    const row = lanesOf((await pixels(tab)).rows)[0]!;
    let changes = 0;
    let previous = '';
    for (const colour of row) {
      if ((colour === focusColour || colour === busyColour) && colour !== previous) {
        changes++;
        previous = colour;
      }
    }
    assert.ok(changes >= 2 && changes <= 6, `${changes} spans are shown`);
  });

  it('follows the theme when it changes', async () => {
    const tab = await shown(timeline([{ lane: 0, style: focus, fromNs: 0, toNs: 10 }], 10));
    assert.ok((await pixels(tab)).rows.some((row) => row.includes(focusColour)));
    const { bodyClass, variables } = webviewThemes.light;
    await tab.page.evaluate(
      ({ name, values }) => {
        for (const [property, value] of Object.entries(values))
          document.documentElement.style.setProperty(property, value);
        document.body.className = name;
      },
      { name: bodyClass, values: variables },
    );
    const { rows } = await pixels(tab);
    assert.ok(rows.some((row) => row.includes(rgb(variables['--vscode-charts-blue']))));
    assert.ok(!rows.some((row) => row.includes(focusColour)));
  });

  it('is drawn anew, sharp, when the device pixels per CSS pixel change and nothing is resized', async () => {
    const tab = await open();
    // Chromium's emulation changes the ratio and what queries match, and fires no event: that much is done here.
    await tab.page.evaluate(() => {
      const queries: MediaQueryList[] = [];
      const real = window.matchMedia.bind(window);
      window.matchMedia = (text) => {
        const query = real(text);
        if (text.includes('resolution')) queries.push(query);
        return query;
      };
      Object.assign(window, { queries });
    });
    await tab.post({
      type: 'lesson',
      page: pageWith(taskPart),
      exercises: {
        [taskPart.id]: showing(timeline([{ lane: 0, style: focus, fromNs: 0, toNs: 60e6 }], 120e6)),
      },
    });
    await tab.settled();
    const canvas = tab.page.locator('.timeline-plot canvas').first();
    const swatch = tab.page.locator('canvas.swatch').first();
    const size = async () => ({
      css: await canvas.evaluate((element) => element.clientWidth),
      device: await canvas.evaluate((element) => (element as HTMLCanvasElement).width),
    });
    const before = await size();
    assert.equal(before.device, before.css);
    const session = await tab.page.context().newCDPSession(tab.page);
    for (const ratio of [2, 1.5]) {
      await session.send('Emulation.setDeviceMetricsOverride', {
        ...tab.page.viewportSize()!,
        deviceScaleFactor: ratio,
        mobile: false,
      });
      await tab.page.waitForFunction((wanted) => window.devicePixelRatio === wanted, ratio);
      await tab.page.evaluate(() => {
        const { queries } = window as unknown as { readonly queries: MediaQueryList[] };
        for (const query of queries.splice(0))
          if (!query.matches) query.dispatchEvent(new MediaQueryListEvent('change', { media: query.media }));
      });
      await tab.page.waitForFunction(
        (wanted) => document.querySelector<HTMLCanvasElement>('canvas.swatch')!.width === wanted,
        24 * ratio,
      );
      assert.deepEqual(await size(), { css: before.css, device: Math.round(before.css * ratio) });
      assert.equal(await swatch.evaluate((element) => element.clientWidth), 24);
      const { rows } = await pixels(tab);
      const [from, to] = extentOf(lanesOf(rows)[0]!, focusColour);
      assert.ok(to - from > 150 * ratio, `${to - from} pixels at ${ratio}`);
    }
  });

  for (const theme of themeNames) {
    it(`shows who waits as a ground, fainter than who runs, in ${theme}`, async () => {
      const styles = [
        { label: 'focus', tone: 'focus', letter: '' },
        { label: 'busy', tone: 'busy', letter: '' },
        { label: 'waiting', tone: 'waiting', letter: '' },
      ] as const;
      const spans = [
        { lane: 0, style: 0, fromNs: 0, toNs: 40e6 },
        { lane: 0, style: 1, fromNs: 40e6, toNs: 80e6 },
        { lane: 0, style: 2, fromNs: 80e6, toNs: 120e6 },
      ];
      const tab = await shown(timeline(spans, 120e6, { styles, lanes: [{ label: 'A' }] }), { theme });
      const { rows } = await pixels(tab);
      const lane = rows.filter((row) => row.filter((colour) => colour !== '').length > row.length * 0.8);
      const ground = luminance(
        await tab.page.evaluate(() => /\((.*)\)/.exec(getComputedStyle(document.body).backgroundColor)![1]!),
      );
      // The mean contrast of each third of the lane to the page, dots and borders included.
      const [focused, ran, waited] = [0, 1, 2].map((third) => {
        const contrasts = lane.flatMap((row) => {
          const left = row.lastIndexOf('', row.length / 2) + 1;
          const part = (row.length - 8 - left) / 3;
          return row
            .slice(Math.ceil(left + third * part) + 4, Math.floor(left + (third + 1) * part) - 4)
            .map((colour) => contrast(luminance(colour), ground));
        });
        return contrasts.reduce((sum, one) => sum + one, 0) / contrasts.length;
      });
      assert.ok(focused! >= 3 && ran! >= 3, `running stands out by ${focused} and ${ran}`);
      assert.ok(waited! > 1.02 && waited! < 1.6, `waiting stands out by ${waited}`);
    });
  }

  it('fills its place again when the window is resized', async () => {
    const tab = await shown(timeline([{ lane: 0, style: focus, fromNs: 0, toNs: 10 }], 10));
    await tab.page.setViewportSize({ width: 500, height: 600 });
    await tab.page.waitForFunction(() => {
      const plot = document.querySelector('.timeline-plot')!;
      return (
        plot.querySelector('canvas')!.getBoundingClientRect().width === plot.clientWidth &&
        plot.clientWidth < 500
      );
    });
    assert.ok(!(await tab.scrollsSideways()));
  });
});

describe('a timeline’s cursor', () => {
  const open = lessonTabs();
  const shown = async (options?: OpenOptions): Promise<LessonTab> => {
    const tab = await open(options);
    await tab.post({ type: 'lesson', page: pageWith(figurePart), exercises: {} });
    await tab.settled();
    return tab;
  };
  const slider = (tab: LessonTab) =>
    tab.page.getByRole('slider', { name: 'Schedule: step through its events' });

  it('moves from event to event with the arrow keys, to the ends with Home and End, and says where it is', async () => {
    const tab = await shown();
    await slider(tab).focus();
    const said = async (key: string): Promise<string | null> => {
      await tab.page.keyboard.press(key);
      const text = await slider(tab).getAttribute('aria-valuetext');
      assert.equal(await tab.page.locator('.timeline-readout').textContent(), text);
      return text;
    };
    assert.equal(
      await said('Home'),
      'At 120 ms. VM 1: VM 1 running for 30 ms, until 150 ms; VM 4: waiting for 90 ms, until 210 ms.',
    );
    assert.match((await said('ArrowRight'))!, /^At 150 ms\. VM 1: request arrives; /);
    assert.match((await said('ArrowRight'))!, /^At 180 ms\. /);
    assert.match((await said('ArrowLeft'))!, /^At 150 ms\. /);
    assert.equal(await said('End'), 'At 300 ms. The run ends.');
    assert.equal(
      await slider(tab).getAttribute('aria-valuenow'),
      await slider(tab).getAttribute('aria-valuemax'),
    );
  });

  it('brings its event into view when the picture is zoomed in', async () => {
    const tab = await shown();
    await slider(tab).focus();
    for (const key of ['Home', '+', '+', '+', '+', 'End']) await tab.page.keyboard.press(key);
    assert.equal(
      await tab.page.getByRole('button', { name: 'Zoom out' }).getAttribute('aria-disabled'),
      'false',
    );
    await tab.page.keyboard.press('0');
    assert.equal(
      await tab.page.getByRole('button', { name: 'Zoom out' }).getAttribute('aria-disabled'),
      'true',
    );
  });

  it('goes to the nearest event at a click', async () => {
    const tab = await shown();
    const box = (await slider(tab).boundingBox())!;
    await tab.page.mouse.click(box.x + box.width - 12, box.y + box.height / 2);
    assert.match((await tab.page.locator('.timeline-readout').textContent())!, /^At 300 ms/);
  });

  it('tells what is under the pointer', async () => {
    const tab = await shown();
    const box = (await slider(tab).boundingBox())!;
    await tab.page.mouse.move(box.x + box.width * 0.4, box.y + 40);
    assert.equal(
      await tab.page.locator('.timeline-tooltip').textContent(),
      'VM 1: waiting150 ms – 240 ms (90 ms)',
    );
    await tab.page.mouse.move(box.x + box.width * 0.4, box.y + box.height + 80);
    assert.equal(await tab.page.locator('.timeline-tooltip').count(), 0);
  });

  it('zooms with Ctrl and the wheel, and leaves the plain wheel to the page', async () => {
    const tab = await shown({ height: 420 });
    await slider(tab).scrollIntoViewIfNeeded();
    const box = (await slider(tab).boundingBox())!;
    await tab.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const scrolled = (): Promise<number> => tab.page.evaluate(() => window.scrollY);
    const before = await scrolled();
    await tab.page.keyboard.down('Control');
    await tab.page.mouse.wheel(0, -100);
    await tab.page.keyboard.up('Control');
    await tab.page.locator('.timeline-plot.zoomed').waitFor();
    assert.equal(await scrolled(), before);
    await tab.page.mouse.wheel(0, -100);
    await tab.page.waitForFunction((y) => window.scrollY < y, before);
  });

  it('is dragged when zoomed in', async () => {
    const tab = await shown();
    await slider(tab).focus();
    for (const key of ['Home', '+', '+', '+']) await tab.page.keyboard.press(key);
    const box = (await slider(tab).boundingBox())!;
    const tip = async (): Promise<string | null> => {
      await tab.page.mouse.move(box.x + box.width * 0.5, box.y + 40);
      return tab.page.locator('.timeline-tooltip').textContent();
    };
    assert.match((await tip())!, /^VM 1: VM 1 running/);
    await tab.page.mouse.down();
    await tab.page.mouse.move(box.x + 20, box.y + 40, { steps: 5 });
    await tab.page.mouse.up();
    assert.match((await tip())!, /^VM 1: waiting/);
    assert.match(
      (await tab.page.locator('.timeline-readout').textContent())!,
      /^At 120 ms/,
      'a drag is not a click',
    );
  });
});

describe('the table behind a long timeline', () => {
  const open = lessonTabs();

  it('shows its first rows, says how many are left out, and more on request', async () => {
    const tab = await open();
    const spans = Array.from({ length: 250 }, (_, i): Span => ({
      lane: 0,
      style: i % 2,
      fromNs: i * 1e6,
      toNs: (i + 1) * 1e6,
    }));
    await tab.post({
      type: 'lesson',
      page: pageWith(taskPart),
      exercises: { [taskPart.id]: showing(timeline(spans, 250e6)) },
    });
    await tab.page.getByRole('button', { name: 'Table' }).click();
    // 250 spans and the deciding instant.
    assert.match(
      (await tab.page.locator('.table-rest').textContent())!,
      /^The first 100 of 251 rows; 151 more are left out\./,
    );
    assert.equal(await tab.page.locator('tbody tr').count(), 100);
    await tab.page.getByRole('button', { name: 'Show 100 more' }).click();
    await tab.page.getByRole('button', { name: 'Show 51 more' }).click();
    assert.equal(await tab.page.locator('tbody tr').count(), 251);
    assert.equal(await tab.page.locator('.table-rest').count(), 0);
    await tab.settled();
  });
});
