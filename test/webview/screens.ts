// Writes screenshots of the example pages to .cache/screens: four themes, wide and narrow. Run: npx tsx test/webview/screens.ts
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { answeredStates, examplePage, untouchedStates } from './examplePage.ts';
import { busyHost, figureRun, oneRequest } from './exampleReplays.ts';
import { WebviewHarness, themeNames } from './webviewHarness.ts';

const folder = join(import.meta.dirname, '../../.cache/screens');
await mkdir(folder, { recursive: true });
const harness = await WebviewHarness.start();
try {
  for (const theme of themeNames) {
    for (const width of [900, 380]) {
      for (const [name, exercises] of [
        ['fresh', untouchedStates],
        ['answered', answeredStates()],
      ] as const) {
        const tab = await harness.open('lesson', { theme, width, ratio: width === 900 ? 1 : 2 });
        await tab.post({ type: 'lesson', page: examplePage, exercises });
        await tab.settled();
        await tab.page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        console.error(`${name} ${theme} ${width}`, (await tab.complaints()).join(' | '));
        await tab.close();
      }
    }
    for (const width of [1000, 700, 380]) {
      for (const [name, replay] of Object.entries({
        failed: oneRequest().replay,
        host: busyHost().replay,
        figure: figureRun,
      })) {
        const tab = await harness.open('trace', { theme, width, height: 900 });
        await tab.post({ type: 'replay', replay });
        for (let steps = 0; steps < 2; steps++) await tab.page.keyboard.press('ArrowRight');
        await tab.page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        console.error(`${name} ${theme} ${width}`, (await tab.complaints()).join(' | '));
        await tab.close();
      }
    }
  }
} finally {
  await harness.close();
}
