import assert from 'node:assert/strict';
import { hostStateAt } from '../../src/engine/scheduling/hostState.ts';
import type { SchedulingEvents } from '../../src/engine/scheduling/schedulingEvents.ts';
import type { Run } from '../../src/engine/kernel/scenario.ts';
import type { Trace } from '../../src/engine/kernel/trace.ts';
import type { StateModel } from '../../src/engine/kernel/view.ts';
import { axeViolations } from './axe.ts';
import { busyHost, failingCase, figureRun, oneRequest, runOf } from './exampleReplays.ts';
import { themeNames, traceTabs, type OpenOptions, type TraceTab } from './webviewHarness.ts';
import type { Replay } from '../../src/protocol/tracePanel.ts';

/** Of a host with these VMs on one CPU, as the engine says it. */
const stateOf = (run: Run, event: number, vms: number): StateModel =>
  hostStateAt(run.trace as unknown as Trace<SchedulingEvents>, event, {
    cpus: 1,
    vcpus: Array.from({ length: vms }, (_, index) => index + 1),
  });

const cellsOf = ({ groups }: StateModel): readonly (readonly (readonly string[])[])[] =>
  groups.map(({ rows, whenEmpty }) => (rows.length === 0 ? [[whenEmpty]] : rows));

/** Cells of the state tables of one run: group, row, column. */
const shownState = async (
  tab: TraceTab,
  label: string,
): Promise<readonly (readonly (readonly string[])[])[]> =>
  tab.page
    .getByRole('region', { name: label })
    .locator('table')
    .evaluateAll((tables) =>
      (tables as HTMLTableElement[]).map((table) =>
        [...table.tBodies[0]!.rows].map((row) =>
          [...row.cells].map((cell) => cell.textContent.replace(' (changed)', '')),
        ),
      ),
    );

describe('the trace panel', () => {
  const open = traceTabs();
  const shown = async (replay: Replay, options?: OpenOptions): Promise<TraceTab> => {
    const tab = await open(options);
    await tab.post({ type: 'replay', replay });
    return tab;
  };
  const sentence = async (tab: TraceTab): Promise<string> =>
    (await tab.page.getByRole('slider', { name: 'Event' }).getAttribute('aria-valuetext'))!;
  const event = async (tab: TraceTab): Promise<number> =>
    Number(await tab.page.getByRole('slider', { name: 'Event' }).inputValue()) + 1;
  const status = (tab: TraceTab) => tab.page.getByRole('status');
  const said = async (tab: TraceTab, text: string): Promise<void> => {
    await tab.page.waitForFunction(
      (wanted) => document.querySelector('[role=status]')!.textContent === wanted,
      text,
    );
  };

  it('opens at the event that decided, with the case, what was expected and seen, and why', async () => {
    const tab = await shown(oneRequest().replay);
    assert.equal(
      await sentence(tab),
      'Event 8 of 33, at 10 ms: the scheduler gives CPU 0 to VM 1 for 10 ms. This decided.',
    );
    assert.equal(
      (await tab.page.locator('header').innerText()).replaceAll(/\s*\n\s*/g, '\n'),
      [
        'Write the scheduler: every VM has its turn, in the same order',
        '3 VMs, 10 ms slices',
        'Expected',
        'the scheduler gives CPU 0 to VM 2 for 10 ms.',
        'Your run',
        'the scheduler gives CPU 0 to VM 1 for 10 ms.',
        'Why',
        'In strict rotation the vCPU that has waited longest runs next.',
      ].join('\n'),
    );
    assert.equal(await status(tab).textContent(), '');
  });

  it('steps by keys from anywhere, and says each step once', async () => {
    const tab = await shown(oneRequest().replay);
    const press = async (key: string): Promise<number> => {
      await tab.page.keyboard.press(key);
      return event(tab);
    };
    assert.equal(await press('ArrowRight'), 9);
    await said(tab, 'Event 9 of 33, at 10 ms: VM 1 runs on CPU 0.');
    assert.equal(await press('ArrowLeft'), 8);
    await said(tab, 'Event 8 of 33, at 10 ms: the scheduler gives CPU 0 to VM 1 for 10 ms. This decided.');
    assert.equal(await press('n'), 12);
    assert.equal(await press('p'), 8);
    assert.equal(await press('p'), 4);
    assert.equal(await press('p'), 4, 'before the first decision there is none');
    assert.equal(await press('End'), 33);
    assert.equal(await press('ArrowRight'), 33);
    assert.equal(await press('Home'), 1);
    assert.equal(await press('ArrowLeft'), 1);
    assert.equal(await press('d'), 8);
    await tab.page.getByRole('button', { name: 'Next event' }).focus();
    assert.equal(await press('ArrowRight'), 9);
    await tab.page.getByRole('group', { name: /^Events/ }).focus();
    assert.equal(await press('ArrowRight'), 10);
    assert.equal(await press('Control+ArrowRight'), 10, 'a chord is somebody else’s');
  });

  it('steps by buttons, which know where the run begins and ends', async () => {
    const tab = await shown(oneRequest().replay);
    const press = async (name: string): Promise<number> => {
      await tab.page.getByRole('button', { name, exact: true }).click();
      return event(tab);
    };
    const unusable = async (): Promise<readonly string[]> =>
      tab.page
        .locator('.stepper-bar button[aria-disabled=true]')
        .evaluateAll((all) => all.map((one) => one.ariaLabel ?? one.textContent.trim()));
    assert.deepEqual(await unusable(), ['What decided']);
    assert.equal(await press('Next event'), 9);
    assert.equal(await press('Next decision'), 12);
    assert.equal(await press('Previous decision'), 8);
    assert.equal(await press('Previous event'), 7);
    assert.equal(await press('What decided'), 8);
    assert.equal(await press('Last event'), 33);
    assert.deepEqual(await unusable(), ['Next event', 'Next decision', 'Last event']);
    assert.equal(await press('First event'), 1);
    assert.deepEqual(await unusable(), ['First event', 'Previous decision', 'Previous event']);
    assert.equal(await tab.focused(), 'button: First event');
  });

  it('leaves it to the slider to say what the slider does', async () => {
    const tab = await shown(oneRequest().replay);
    const slider = tab.page.getByRole('slider', { name: 'Event' });
    await slider.focus();
    await tab.page.keyboard.press('ArrowRight');
    assert.equal(await event(tab), 9);
    await tab.page.keyboard.press('Home');
    assert.equal(await event(tab), 1);
    const box = (await slider.boundingBox())!;
    await tab.page.mouse.click(box.x + box.width - 9, box.y + box.height / 2);
    assert.equal(await event(tab), 33);
    await tab.page.waitForTimeout(300);
    assert.equal(await status(tab).textContent(), '');
    await tab.page.keyboard.press('p');
    await said(tab, await sentence(tab));
  });

  it('shows the state that the engine computes, of both runs, at every event', async () => {
    const { replay, actual, expected } = oneRequest();
    const tab = await shown(replay);
    await tab.page.keyboard.press('Home');
    for (let row = 0; row < actual.trace.length; row++) {
      assert.equal(await event(tab), row + 1);
      assert.deepEqual(await shownState(tab, 'Your run'), cellsOf(stateOf(actual, row, 3)), `event ${row}`);
      const reference = tab.page.getByRole('region', { name: 'Expected' });
      const latest = await reference.locator('.state-of').textContent();
      const same = row < replay.failure.decidingEvent;
      const other = same ? row : rowSaid(expected, latest!);
      if (same) assert.equal(latest, 'The same up to here.');
      else assert.ok(expected.trace.timeNs(other) <= actual.trace.timeNs(row));
      assert.deepEqual(await shownState(tab, 'Expected'), cellsOf(stateOf(expected, other, 3)));
      await tab.page.keyboard.press('ArrowRight');
    }
  });

  it('marks what the event changed, in words too, and who has left', async () => {
    const tab = await shown(oneRequest().replay);
    await tab.page.keyboard.press('ArrowRight');
    const yours = tab.page.getByRole('region', { name: 'Your run' });
    assert.deepEqual(await yours.locator('td.changed').allTextContents(), ['runs VM 1 (changed)']);
    assert.deepEqual(await yours.locator('.gone').allTextContents(), [' VM 1 left']);
    await tab.page.keyboard.press('ArrowLeft');
    assert.deepEqual(await yours.locator('td.changed').allTextContents(), []);
    assert.match(
      await tab.page.getByRole('heading', { name: /After this event/ }).innerText(),
      /which changed nothing here/,
    );
  });

  it('lists every event as the trace has it, the current one in view', async () => {
    const { replay, actual } = busyHost();
    const tab = await shown(replay);
    const rows = await tab.page
      .locator('.events tbody tr')
      .evaluateAll((all) => (all as HTMLTableRowElement[]).map((row) => row.cells[2]!.textContent));
    const deciding = replay.failure.decidingEvent;
    assert.deepEqual(
      rows,
      Array.from({ length: actual.trace.length }, (_, row) => {
        const decides = actual.trace.schema[actual.trace.kind(row)]!.decides === true;
        return `${decides ? 'decision: ' : ''}${actual.trace.say(row)}${row === deciding ? 'this decided' : ''}`;
      }),
    );
    await tab.page.keyboard.press('End');
    const current = tab.page.locator('.events tr[aria-current=step]');
    assert.equal(await current.locator('td').first().textContent(), String(actual.trace.length));
    const [row, box] = [(await current.boundingBox())!, (await tab.page.locator('.events').boundingBox())!];
    assert.ok(row.y >= box.y && row.y + row.height <= box.y + box.height);
    await tab.page.getByRole('button', { name: `Go to event ${actual.trace.length - 1}` }).click();
    assert.equal(await event(tab), actual.trace.length - 1);
  });

  it('tells the chain of causes, and goes along it', async () => {
    const { replay, actual } = oneRequest();
    const tab = await shown(replay);
    for (const row of [actual.trace.length - 1, 22, 7, 3, 0]) {
      await tab.page.getByRole('button', { name: `Go to event ${row + 1}`, exact: true }).click();
      const causes = actual.trace.causesOf(row).slice(1);
      assert.deepEqual(
        (await tab.page.locator('.causes button').allTextContents()).map((text) =>
          text.replace('decision: ', ''),
        ),
        causes.map((cause) => actual.trace.say(cause)),
      );
      assert.equal(await tab.page.locator('.events tr.cause').count(), causes.length);
    }
    assert.match(await tab.page.locator('.causes').innerText(), /No earlier event of the run caused this/);
    await tab.page.keyboard.press('d');
    await tab.page.locator('.causes button').first().click();
    assert.equal(await event(tab), 7);
  });

  it('goes to the instant that was clicked in either picture, to the last event of it', async () => {
    const { replay, actual } = oneRequest();
    const tab = await shown(replay);
    const at = actual.trace.timeNs.bind(actual.trace);
    for (const which of [0, 1]) {
      await tab.page.keyboard.press('Home');
      const picture = tab.page.locator('.timeline-plot').nth(which);
      const box = (await picture.boundingBox())!;
      await picture.click({ position: { x: box.width / 2, y: box.height / 2 } });
      const chosen = (await event(tab)) - 1;
      const middle = at(chosen) / 80e6;
      assert.ok(middle > 0.3 && middle < 0.6, `${at(chosen)} ns is not near the middle`);
      assert.notEqual(at(chosen + 1), at(chosen));
    }
  });

  it('keeps what is stepped to in the pictures when they are zoomed', async () => {
    const tab = await shown(busyHost().replay);
    for (let i = 0; i < 6; i++) await tab.page.keyboard.press('+');
    const zoomOut = tab.page.getByRole('button', { name: 'Zoom out' });
    assert.deepEqual(await zoomOut.evaluateAll((all) => all.map((one) => one.ariaDisabled)), [
      'false',
      'false',
    ]);
    await tab.page.keyboard.press('End');
    // The cursor is the only thing in the focus colour, on both pictures.
    const cursors = await tab.page.locator('.timeline-plot canvas').evaluateAll(async (canvases) => {
      await new Promise((resolve) => requestAnimationFrame(() => resolve(undefined)));
      return (canvases as HTMLCanvasElement[]).map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4)
          if (data[i] === 0 && data[i + 1] === 0x78 && data[i + 2] === 0xd4) count++;
        return count;
      });
    });
    assert.ok(cursors.length === 2 && cursors.every((count) => count > 100), String(cursors));
    await tab.page.keyboard.press('0');
    assert.deepEqual(await zoomOut.evaluateAll((all) => all.map((one) => one.ariaDisabled)), [
      'true',
      'true',
    ]);
  });

  it('moves nothing while it steps', async () => {
    for (const width of [1000, 380]) {
      const { replay, actual } = oneRequest();
      const tab = await shown(replay, { width });
      await tab.page.keyboard.press('Home');
      const places = async (): Promise<unknown> =>
        tab.page
          .locator('.stepper-bar, .stepper-controls > *, .timeline-plot, .replay-states, .state-compared > *')
          .evaluateAll((all) =>
            all.map((one) => Math.round(one.getBoundingClientRect().top + window.scrollY)),
          );
      const side = async (): Promise<unknown> =>
        tab.page
          .locator('.causes, .events')
          .evaluateAll((all) =>
            all.map((one) => Math.round(one.getBoundingClientRect().top + window.scrollY)),
          );
      const [before, beside] = [await places(), await side()];
      for (let row = 1; row < actual.trace.length; row++) {
        await tab.page.keyboard.press('ArrowRight');
        if (width === 1000)
          assert.deepEqual([await places(), await side()], [before, beside], `event ${row}`);
      }
      if (width === 1000) continue;
      // In one column the state has found its height by now, and keeps it.
      const [after, below] = [await places(), await side()];
      for (let row = 1; row < actual.trace.length; row++) {
        await tab.page.keyboard.press('ArrowLeft');
        assert.deepEqual([await places(), await side()], [after, below], `event ${row}`);
      }
    }
  });

  it('keeps the stepper in view', async () => {
    const tab = await shown(oneRequest().replay, { width: 380, height: 600 });
    await tab.page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    assert.ok(await tab.page.getByRole('button', { name: 'Next event' }).isVisible());
    assert.equal((await tab.page.locator('.stepper-bar').boundingBox())!.y, 0);
  });

  it('runs a figure’s case itself when nothing was recorded', async () => {
    const tab = await shown(figureRun);
    const run = runOf(figureRun.scenario, { params: figureRun.params, seed: figureRun.seed });
    assert.equal(await event(tab), 1);
    assert.deepEqual(await tab.page.locator('.timeline-caption').allTextContents(), ['The run']);
    assert.equal(await tab.page.getByRole('button', { name: 'What decided' }).count(), 0);
    assert.equal(await tab.page.locator('.events tbody tr').count(), run.trace.length);
    await tab.page.keyboard.press('End');
    assert.equal(
      await sentence(tab),
      `Event ${run.trace.length} of ${run.trace.length}, at 480 ms: ${run.trace.say(run.trace.length - 1)}.`,
    );
  });

  it('says why a run cannot be shown, and shows the next one', async () => {
    const tab = await shown({ ...figureRun, scenario: 'cpu.unknown' });
    assert.match(await tab.page.locator('main').innerText(), /This run cannot be shown\s+.*"cpu.unknown"/);
    await tab.post({ type: 'replay', replay: { ...figureRun, params: { vms: 1000 } } });
    assert.match(await tab.page.locator('main').innerText(), /This run cannot be shown\s+.*1000/);
    await tab.post({
      type: 'replay',
      replay: { ...figureRun, params: { switchCostUs: 1e3, sliceMs: 1, switchCharge: 'slice' } },
    });
    assert.match(await tab.page.locator('main').innerText(), /Nothing happened in this run.*Choose a longer/);
    await tab.post({ type: 'replay', replay: oneRequest().replay });
    assert.equal(await event(tab), 8);
  });

  it('is where it was after it was hidden, and starts anew with another run', async () => {
    const { replay } = oneRequest();
    const tab = await shown(replay);
    await tab.page.keyboard.press('End');
    await tab.page.waitForFunction(
      () => (window.fakeVsCode.state as { event?: number } | undefined)?.event === 32,
    );
    const again = await shown(replay, { state: await tab.state() });
    assert.equal(await event(again), 33);
    const other = await shown(busyHost().replay, { state: await tab.state() });
    assert.equal(await event(other), busyHost().replay.failure.decidingEvent + 1);
    const damaged = await shown(replay, { state: { format: 1, event: 'x' } });
    assert.equal(await event(damaged), 8);
  });

  it('steps through a run of ten thousand events, with a table of at most 200 rows', async () => {
    const { replay, actual } = failingCase('scheduling.host', {
      vms: 8,
      ioVms: 4,
      sliceMs: 1,
      durationMs: 2500,
    });
    const { length } = actual.trace;
    assert.ok(length > 10_000, String(length));
    const tab = await shown(replay);
    const rows = tab.page.locator('.events tbody tr');
    const current = tab.page.locator('.events tr[aria-current=step] td');
    for (const [key, expected] of [
      ['End', length],
      ['ArrowLeft', length - 1],
      ['Home', 1],
    ] as const) {
      await tab.page.keyboard.press(key);
      assert.equal(await current.first().textContent(), String(expected));
      assert.equal(await current.nth(2).textContent(), actual.trace.say(expected - 1));
      assert.ok((await rows.count()) <= 200);
    }
    await tab.page.getByRole('button', { name: 'Later events' }).click();
    assert.equal(await rows.first().locator('td').first().textContent(), '101');
    assert.equal(await event(tab), 1);
    await tab.page.getByRole('button', { name: 'Earlier events' }).click();
    assert.equal(await rows.first().locator('td').first().textContent(), '1');
  });

  for (const theme of themeNames) {
    it(`has no violation that axe finds, in ${theme}`, async () => {
      const tab = await shown(oneRequest().replay, { theme });
      assert.deepEqual(await axeViolations(tab), []);
      await tab.page.keyboard.press('ArrowRight');
      for (const button of await tab.page.getByRole('button', { name: 'Table' }).all()) await button.click();
      assert.deepEqual(await axeViolations(tab), []);
      await tab.post({ type: 'replay', replay: { ...figureRun, scenario: 'cpu.unknown' } });
      assert.deepEqual(await axeViolations(tab), []);
    });
  }

  it('never scrolls sideways: 300 px wide, and at 200 % zoom', async () => {
    for (const [width, ratio] of [
      [300, 1],
      [450, 2],
      [700, 1],
    ] as const) {
      const tab = await shown(busyHost().replay, { width, ratio });
      assert.equal(await tab.scrollsSideways(), false, `at ${width} px`);
    }
  });
});

/** The row of a run that a sentence like `At 10 ms: VM 1 runs on CPU 0.` is about, the last such one. */
function rowSaid({ trace }: Run, sentence: string): number {
  for (let row = trace.length - 1; row >= 0; row--) {
    if (sentence === `At ${trace.timeNs(row) / 1e6} ms: ${trace.say(row)}.`) return row;
  }
  throw new Error(`No event of the run is ${sentence}`);
}
