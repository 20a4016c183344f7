import assert from 'node:assert/strict';
import type { FigurePagePart } from '../../src/protocol/lessonPanel.ts';
import { axeViolations } from './axe.ts';
import {
  figurePart,
  pageWith,
  predictionCommitted,
  predictionPart,
  taskFailed,
  taskPart,
} from './examplePage.ts';
import { trapScenario } from './trapScenario.ts';
import { lessonTabs, themeNames, traceTabs, type LessonTab, type OpenOptions } from './webviewHarness.ts';

const traps: FigurePagePart = {
  kind: 'figure',
  id: 'traps',
  scenario: trapScenario.id,
  controls: ['rounds', 'device'],
  set: {},
  metrics: ['trapCount'],
};
/** A real scenario with long tables and a long listing, in the middle of its run. */
const twoProcessors: FigurePagePart = {
  kind: 'figure',
  id: 'processors',
  scenario: 'cpu.trap-and-emulate',
  controls: [],
  set: {},
  metrics: [],
  start: 10,
};
const kinds = ['bars', 'curve', 'graph', 'listing', 'state'] as const;

describe('views in a figure', () => {
  const open = lessonTabs();
  const shown = async (parts: readonly FigurePagePart[], options: OpenOptions = {}): Promise<LessonTab> => {
    const tab = await open({ testScenario: true, ...options });
    await tab.post({ type: 'lesson', page: pageWith(...parts), exercises: {} });
    await tab.settled();
    return tab;
  };
  const all = kinds.map((view) => ({ ...traps, id: view, view }));

  it('are the first that the scenario has, unless the lesson names one', async () => {
    const tab = await shown([traps, { ...traps, id: 'second', view: 'graph' }]);
    assert.equal(await tab.page.locator('#part-traps .bars, .bars').count(), 1);
    assert.equal(await tab.page.locator('.graph').count(), 1);
    assert.deepEqual(await tab.page.locator('.figure-title').allTextContents(), [
      'Where an access spends its time',
      'Who has the CPU',
    ]);
  });

  it('draw a bar per row, with its parts as long as their values', async () => {
    const tab = await shown([{ ...traps, view: 'bars' }]);
    const widths = await tab.page.locator('.bar-row:nth-child(2) .bar-plot svg').evaluate((svg) =>
      [...svg.querySelectorAll('g')].flatMap((group) => {
        const rect = group.querySelector('rect');
        return rect === null ? [] : [Number(rect.getAttribute('width'))];
      }),
    );
    // 2, 8.5, 12, 6, 4, 3, 3 µs on one axis from 0.
    const perMicrosecond = widths[2]! / 12;
    for (const [index, value] of [2, 8.5, 12, 6, 4, 3, 3].entries())
      assert.ok(Math.abs(widths[index]! - value * perMicrosecond) <= 1, `${value} µs: ${widths[index]} px`);
    assert.match((await tab.page.locator('.bar-value').first().textContent())!, /38\.5 µs.*41\.2 µs/);
  });

  it('break no word of a node, however narrow the page, and stay inside it', async () => {
    for (const width of [280, 360, 640, 900]) {
      const shop: FigurePagePart = {
        kind: 'figure',
        id: 'shop',
        scenario: 'cluster.service-graph',
        view: 'graph',
        controls: [],
        set: { graph: 'shop', requests: 50 },
        metrics: [],
      };
      const tab = await shown([shop], { width });
      const rows = await tab.page.locator('.graph-node strong').evaluateAll((names) =>
        names.map((name) => {
          const range = document.createRange();
          range.selectNodeContents(name);
          return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
        }),
      );
      assert.equal(rows.length, 7);
      assert.deepEqual(new Set(rows), new Set([1]), `${width} px`);
      assert.ok(
        await tab.page.locator('.graph').evaluate((graph) => graph.scrollWidth <= graph.clientWidth),
        `${width} px`,
      );
    }
  });

  it('say everything that they show to those who do not see it', async () => {
    const tab = await shown([{ ...traps, view: 'bars' }]);
    const picture = tab.page.getByRole('img', { name: 'Where an access spends its time' });
    const described = await picture.getAttribute('aria-describedby');
    const text = await tab.page.locator(`[id="${described}"]`).textContent();
    assert.match(text!, /virtio: 16\.5 µs \(guest 2 µs, world switch 2\.5 µs.*published: 14 µs/);
  });

  it('have a table with the same values', async () => {
    const tab = await shown([{ ...traps, view: 'bars' }]);
    await tab.page.getByRole('button', { name: 'Table' }).press('Enter');
    const cells = await tab.page.locator('.view-table tbody tr').nth(1).locator('td').allTextContents();
    assert.deepEqual(cells, [
      'virtio',
      '2',
      '2.5',
      '5',
      '6',
      '1',
      '0',
      '0',
      '16.5',
      '14 µs, published',
      'Russell 2008, table 3',
    ]);
  });

  it('are read by arrow keys, point by point', async () => {
    const tab = await shown([{ ...traps, view: 'curve' }]);
    const slider = tab.page.getByRole('slider', { name: /step through its points/ });
    await slider.press('End');
    assert.equal(
      await slider.getAttribute('aria-valuetext'),
      'At 100: emulated 2,000 µs; set up once, then direct 500 µs; batched 520 µs.',
    );
    await slider.press('Home');
    await slider.press('ArrowRight');
    assert.match((await slider.getAttribute('aria-valuetext'))!, /^At 2: .*your choice 40 µs\.$/);
    assert.equal(
      await tab.page.locator('.timeline-readout').textContent(),
      await slider.getAttribute('aria-valuetext'),
    );
  });

  it('are read by pointing', async () => {
    const tab = await shown([{ ...traps, view: 'curve' }]);
    const box = (await tab.page.locator('.curve').boundingBox())!;
    await tab.page.mouse.move(box.x + box.width - 18, box.y + 50);
    assert.match((await tab.page.locator('.timeline-readout').textContent())!, /^At 100: /);
  });

  it('step through the events of a run', async () => {
    const tab = await shown([{ ...traps, view: 'listing' }]);
    const said = tab.page.locator('.stepper-said');
    const current = tab.page.locator('.listing tr[aria-current]');
    assert.equal(await said.textContent(), '0 msthe guest executes line 0');
    assert.match((await current.textContent())!, /80000000li a0, 1/);
    await tab.page.getByRole('button', { name: 'Next event' }).click();
    await tab.settled();
    assert.equal(await said.textContent(), '500 nsline 1 traps: illegal instruction');
    assert.match((await current.textContent())!, /csrr t0, mstatus.*traps: illegal instruction/);
    await tab.page.getByRole('slider', { name: 'Event' }).press('End');
    await tab.settled();
    assert.equal(await tab.page.locator('.stepper-count').textContent(), '18 / 18');
    assert.equal(
      await tab.page.getByRole('button', { name: 'Next event' }).getAttribute('aria-disabled'),
      'true',
    );
  });

  it('give a note room beside the longest code, and stand it below on a narrow page', async () => {
    for (const width of [800, 480]) {
      const tab = await shown([{ ...traps, view: 'listing' }], { width });
      await tab.page
        .locator('.listing code')
        .last()
        .evaluate((code) => (code.textContent = '# a comment that goes on '.repeat(10)));
      await tab.settled();
      const note = tab.page.getByText('s1 is the device');
      const line = tab.page.getByRole('row').filter({ has: note });
      const { height } = (await note.boundingBox())!;
      const code = (await line.locator('code').boundingBox())!;
      const { x, y } = (await note.boundingBox())!;
      assert.ok(height < 2 * code.height, `at ${width} px the note is ${height} px high`);
      if (width === 800) assert.ok(x > code.x + code.width && y < code.y + code.height, 'beside');
      else assert.ok(y >= code.y + code.height, 'below');
    }
  });

  it('break no name of a register, however narrow the page, and show registers in full width where there is room', async () => {
    const processors = { ...twoProcessors, view: 'state' as const };
    for (const width of [300, 420, 640, 900]) {
      const tab = await shown([processors], { width });
      const rows = await tab.page.locator('.state td:first-child').evaluateAll((cells) =>
        cells.map((cell) => {
          const range = document.createRange();
          range.selectNodeContents(cell);
          return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
        }),
      );
      assert.deepEqual(new Set(rows), new Set([1]), `${width} px`);
      const widths = await tab.page
        .locator('.state')
        .evaluate((state) =>
          [...state.querySelectorAll('table')].map((table) => table.offsetWidth - state.clientWidth),
        );
      assert.ok(
        widths.every((over) => (width >= 640 ? over === 0 : over >= 0)),
        `${width} px: ${String(widths)}`,
      );
    }
  });

  it('give back the height of a narrow page when it grows', async () => {
    const tab = await shown([{ ...twoProcessors, view: 'state' }], { width: 320 });
    const spare = (): Promise<number> =>
      tab.page.locator('.state').evaluate((state) => state.parentElement!.clientHeight - state.clientHeight);
    await tab.page.setViewportSize({ width: 900, height: 800 });
    await tab.settled();
    await tab.settled();
    assert.ok((await spare()) < 10, `${await spare()} px are empty`);
  });

  it('keep the current line of a listing in view when the page gets wider or narrower', async () => {
    const tab = await shown([{ ...twoProcessors, view: 'listing' }], { width: 200 });
    const inView = (): Promise<boolean> =>
      tab.page.locator('.listing').evaluate((box) => {
        const outer = box.getBoundingClientRect();
        const row = box.querySelector('tr[aria-current]')!.getBoundingClientRect();
        return row.top >= outer.top && row.bottom <= outer.bottom;
      });
    for (const width of [200, 900, 340]) {
      await tab.page.setViewportSize({ width, height: 800 });
      await tab.settled();
      await tab.settled();
      assert.ok(await inView(), `${width} px`);
    }
  });

  it('stand first where the author lets them start, and wherever the reader steps from there', async () => {
    const tab = await shown([{ ...traps, view: 'listing', start: 50 }]);
    // Half of 18 events: the 10th of them, since 0 % is the first and 100 % the last.
    assert.equal(await tab.page.locator('.stepper-count').textContent(), '10 / 18');
    await tab.page.getByRole('button', { name: 'Next event' }).click();
    assert.equal(await tab.page.locator('.stepper-count').textContent(), '11 / 18');
    await tab.page.getByRole('button', { name: 'First event' }).click();
    assert.equal(await tab.page.locator('.stepper-count').textContent(), '1 / 18');
  });

  it('stay at their event when a control changes, or at the last one of a shorter run', async () => {
    const tab = await shown([{ ...traps, view: 'state' }]);
    await tab.page.getByRole('slider', { name: 'Event' }).press('End');
    await tab.settled();
    await tab.page.getByRole('button', { name: 'Rounds: one fewer' }).click();
    await tab.settled();
    assert.equal(await tab.page.locator('.stepper-count').textContent(), '9 / 9');
    await tab.page.getByRole('button', { name: 'Rounds: one fewer' }).click();
    await tab.settled();
    assert.equal(await tab.page.locator('.figure-stepper').count(), 0);
  });

  it('mark what an event changed', async () => {
    const tab = await shown([{ ...traps, view: 'graph' }]);
    await tab.page.getByRole('button', { name: 'Next event' }).click();
    await tab.settled();
    const changed = await tab.page.locator('.graph-node.changed').allTextContents();
    assert.deepEqual(changed, ['Guest kernel (changed)stopped', 'KVM (changed)1 exitshandles an exit']);
  });

  it('draw every edge between the nodes that it joins', async () => {
    const tab = await shown([{ ...traps, view: 'graph', set: { device: 'direct' } }]);
    const model = trapScenario.views.graph!;
    const outcome = trapScenario.execute({ params: { device: 'direct' } });
    assert.ok(outcome.ok);
    const { edges } = model.model(outcome.run, 0);
    assert.equal(await tab.page.locator('.graph-line').count(), edges.length);
    assert.deepEqual(
      await tab.page.locator('.graph-label').allTextContents(),
      edges.map((edge) => edge.label).filter((label) => label !== ''),
    );
  });

  it('of two runs stand on one scale, with controls of their own, which a reload keeps', async () => {
    const part: FigurePagePart = {
      ...figurePart,
      view: 'bars',
      controls: ['vms', 'sliceMs'],
      set: { vms: 2, sliceMs: 10 },
      compare: { vms: 5 },
    };
    const tab = await shown([part]);
    assert.deepEqual(await tab.page.locator('.side-name span').allTextContents(), ['VMs: 2', 'VMs: 5']);
    assert.deepEqual(await tab.page.locator('.metric-value').allTextContents(), [
      '10 ms',
      '20 ms',
      '40 ms',
      '50 ms',
    ]);
    const ticks = await tab.page.locator('.bar-axis .bar-plot').allTextContents();
    assert.equal(ticks[0], ticks[1]);
    const second = tab.page.getByRole('region', { name: 'Run B' });
    await second.getByRole('button', { name: 'VMs: one more' }).click();
    await tab.settled();
    assert.deepEqual(await tab.page.locator('.metric-value').allTextContents(), [
      '10 ms',
      '20 ms',
      '50 ms',
      '60 ms',
    ]);
    assert.deepEqual(((await tab.state()) as { figures: unknown }).figures, {
      'one-request/second': { vms: 6 },
    });
    await tab.page.getByRole('button', { name: 'Step through B' }).click();
    assert.deepEqual((await tab.sent('stepThroughFigure'))?.['params' as never], { vms: 6, sliceMs: 10 });
  });

  it('say so when both runs have the same settings', async () => {
    const tab = await shown([{ ...traps, compare: {} }]);
    assert.deepEqual(await tab.page.locator('.side-name span').allTextContents(), [
      'the same settings',
      'the same settings',
    ]);
  });

  for (const theme of themeNames) {
    it(`have no violation that axe finds, in ${theme}, tables open, side by side`, async () => {
      const tab = await shown([...all, { ...traps, id: 'two', compare: { device: 'direct' } }], { theme });
      assert.deepEqual(await axeViolations(tab), []);
      for (const button of await tab.page.getByRole('button', { name: 'Table' }).all()) await button.click();
      for (const button of await tab.page.getByRole('button', { name: 'Next event' }).all())
        await button.click();
      await tab.settled();
      assert.deepEqual(await axeViolations(tab), []);
    });
  }

  it('never scroll sideways: 320 px wide, and side by side in 700', async () => {
    for (const width of [320, 700]) {
      const tab = await shown([...all, ...all.map((part) => ({ ...part, id: `${part.id}2`, compare: {} }))], {
        width,
      });
      for (const button of await tab.page.getByRole('button', { name: 'Table' }).all()) await button.click();
      assert.equal(await tab.scrollsSideways(), false);
    }
  });

  it('follow the theme when it changes', async () => {
    const tab = await shown([{ ...traps, view: 'bars' }]);
    const fill = (): Promise<string | null> =>
      tab.page
        .locator('.bar-plot rect')
        .first()
        .evaluate((rect) => rect.getAttribute('fill'));
    const before = await fill();
    await tab.page.evaluate(() => {
      document.documentElement.style.setProperty('--vscode-charts-blue', '#00ff00');
      document.body.className = 'vscode-light';
    });
    await tab.page.waitForFunction(
      (old) => document.querySelector('.bar-plot rect')!.getAttribute('fill') !== old,
      before,
    );
    assert.equal(await fill(), 'rgba(0, 255, 0, 1)');
  });
});

describe('views elsewhere', () => {
  const openLesson = lessonTabs();
  const openTrace = traceTabs();

  it('show a prediction beside what it guessed at', async () => {
    const tab = await openLesson();
    for (const [view, drawn] of [
      ['bars', '.guide.guess'],
      ['curve', '.curve-bound'],
    ] as const) {
      await tab.post({
        type: 'lesson',
        page: pageWith({ ...predictionPart, view }),
        exercises: { [predictionPart.id]: predictionCommitted },
      });
      await tab.page.locator(drawn).first().waitFor({ state: 'attached' });
      assert.match((await tab.page.locator('.figure-result').textContent())!, /Your prediction/);
    }
  });

  it('show a failure of a scenario without a timeline, beside what was expected', async () => {
    const outcome = trapScenario.execute({});
    assert.ok(outcome.ok);
    const state = (event: number) => trapScenario.views.state!.model(outcome.run, event);
    const failed = taskFailed();
    assert.equal(failed.kind, 'task');
    const tab = await openLesson();
    await tab.post({
      type: 'lesson',
      page: pageWith(taskPart),
      exercises: {
        [taskPart.id]: {
          ...failed,
          pictures: { rotates: { actual: state(3), expected: state(4), decidingNs: 0 } },
        },
      },
    });
    assert.deepEqual(await tab.page.locator('.side-name').allTextContents(), ['Expected', 'Your run']);
    assert.equal(await tab.page.locator('td.changed').textContent(), '1 (differs)');
  });

  it('follow the events in the trace panel, and fold the pictures of whole runs', async () => {
    const tab = await openTrace({ testScenario: true });
    await tab.post({
      type: 'replay',
      replay: { title: 'Traps', language: 'en', scenario: trapScenario.id, params: {}, seed: 1, runs: [] },
    });
    const current = tab.page.locator('.listing tr[aria-current]');
    assert.match((await current.textContent())!, /li a0, 1/);
    await tab.page.keyboard.press('ArrowRight');
    assert.match((await current.textContent())!, /csrr.*traps/);
    assert.equal(await tab.page.locator('.graph-node.changed').count(), 2);
    assert.equal(await tab.page.locator('.bars').count(), 0);
    await tab.page.getByText('Exits by cause.').click();
    await tab.page.locator('.bars').waitFor();
    await tab.page.getByText('Time over accesses.').click();
    // The curve keeps its own arrows.
    await tab.page.getByRole('slider', { name: /step through its points/ }).press('ArrowRight');
    assert.match((await current.textContent())!, /csrr/);
    assert.deepEqual(await axeViolations(tab), []);
  });
});
