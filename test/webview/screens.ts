// Writes screenshots of the example page to .cache/screens: four themes, wide and narrow. Run: npx tsx test/webview/screens.ts
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { answeredStates, examplePage, untouchedStates } from './examplePage.ts';
import { LessonHarness, themeNames } from './lessonHarness.ts';

const folder = join(import.meta.dirname, '../../.cache/screens');
await mkdir(folder, { recursive: true });
const harness = await LessonHarness.start();
try {
  for (const theme of themeNames) {
    for (const width of [900, 380]) {
      for (const [name, exercises] of [
        ['fresh', untouchedStates],
        ['answered', answeredStates()],
      ] as const) {
        const tab = await harness.open({ theme, width, ratio: width === 900 ? 1 : 2 });
        await tab.post({ type: 'lesson', page: examplePage, exercises });
        await tab.settled();
        await tab.page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        console.error(`${name} ${theme} ${width}`, (await tab.complaints()).join(' | '));
        await tab.close();
      }
    }
  }
} finally {
  await harness.close();
}
