import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newPack } from '../../src/authoring/scaffold/newPack.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import type { Theme, Workbench } from './workbench.ts';

/** A picture of VS Code with Trapframe, for the README and for looking at things. */
export interface Scene {
  readonly shows: string;
  /** One picture in each; dark by default. */
  readonly themes?: readonly Theme[];
  readonly size?: { readonly width: number; readonly height: number };
  /** Files of the opened folder, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Brings the window into the state to be shown. */
  readonly arrange: (workbench: Workbench) => Promise<void>;
}

/** A work folder of a learner whose variants are always the same. */
const workFolder = {
  'trapframe.json': JSON.stringify({ format: 1, pack: 'trapframe', learner: 'ada', seed: 7 }),
};

/** A pack of one lesson, as its author's folder. */
function packOf(lesson: string): Readonly<Record<string, string>> {
  const folder = join(import.meta.dirname, '..', '..', 'lessons', lesson);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const text = ['id: mine', 'title: Mine', 'modules:', '  - { id: io, title: I/O }', `lessons: [${lesson}]`];
  return {
    'pack.yaml': `${text.join('\n')}\n`,
    ...Object.fromEntries(
      paths.map((path) => [join(lesson, path.slice(folder.length + 1)), readFileSync(path, 'utf8')]),
    ),
  };
}

/** Opens the task, replaces the starter where a text is given, and waits for the verdict. */
async function checkedTask(workbench: Workbench): Promise<void> {
  // A new window opens it by itself, which would close a list of tasks.
  await workbench.command('Trapframe: Open First Lesson');
  await workbench.webview('h1', 90_000);
  await workbench.command('Trapframe: Open Task…');
  // In the title of the task in every language.
  await workbench.choose('robin');
  await workbench.page.locator('.tab', { hasText: 'scheduler.ts' }).waitFor({ timeout: 120_000 });
  await workbench.command('Trapframe: Check');
  await workbench.page
    .locator('.statusbar-item', { hasText: / points| Punkten/ })
    .waitFor({ timeout: 120_000 });
}

/** A lesson, by a part of its title, in a tall window, `width` pixels wide, that shows nothing else. */
export function lessonAlone(title: string, width: number): Scene {
  return {
    shows: `The lesson ${title}.`,
    files: workFolder,
    size: { width, height: 2300 },
    async arrange(workbench) {
      await workbench.command('Trapframe: Open First Lesson');
      await workbench.webview('h1', 90_000);
      await workbench.command('Trapframe: Open Lesson…');
      await workbench.choose(title);
      await workbench.page.locator('.tab.active', { hasText: title }).waitFor();
      await workbench.command('View: Close Primary Side Bar');
    },
  };
}

/** A pack whose author has just begun. */
const packFolder: Readonly<Record<string, string>> = Object.fromEntries(
  newPack('my-course', scenarios['scheduling.round-robin']!).made,
);

/** By the name that the picture's file gets. */
export const scenes: Readonly<Record<string, Scene>> = {
  walkthrough: {
    shows: 'The walkthrough at the first start.',
    async arrange(workbench) {
      await workbench.command('Trapframe: Get Started');
      await workbench.page.locator('.gettingStartedContainer').waitFor();
    },
  },
  lesson: {
    shows: 'The first lesson beside the course tree.',
    themes: [
      'Default Dark Modern',
      'Default Light Modern',
      'Default High Contrast',
      'Default High Contrast Light',
    ],
    async arrange(workbench) {
      await workbench.openView('Trapframe');
      await workbench.command('Trapframe: Open First Lesson');
      await workbench.webview('h1', 90_000);
    },
  },
  figure: {
    shows: 'The live figure of the first lesson.',
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: workFolder,
    size: { width: 1280, height: 860 },
    async arrange(workbench) {
      await workbench.openView('Trapframe');
      await workbench.command('Trapframe: Open First Lesson');
      const lesson = await workbench.webview('h1', 90_000);
      await lesson.locator('canvas').first().waitFor();
      await lesson
        .locator('figure')
        .first()
        .evaluate((figure) => figure.scrollIntoView({ block: 'start' }));
    },
  },
  'failed-check': {
    shows: 'A wrong scheduler: the failed check in the lesson beside the line that decided.',
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: workFolder,
    size: { width: 1440, height: 900 },
    async arrange(workbench) {
      await checkedTask(workbench);
      const lesson = await workbench.webview('.failure', 90_000);
      await lesson
        .locator('.failure')
        .first()
        .evaluate((failure) => failure.scrollIntoView({ block: 'start' }));
    },
  },
  'cluster-terminal': {
    shows: 'kubectl over the cluster that a figure shows, in a terminal below the lesson.',
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: workFolder,
    size: { width: 1280, height: 1100 },
    async arrange(workbench) {
      await workbench.command('Trapframe: Open First Lesson');
      await workbench.webview('h1', 90_000);
      await workbench.commandAndChoose('Trapframe: Open Lesson…', 'Open which lesson?', 'Staying up');
      await workbench.command('View: Toggle Primary Side Bar Visibility');
      const lesson = await workbench.webview('.figure canvas', 60_000);
      const button = lesson.getByRole('button', { name: 'Open terminal here' }).first();
      await button.click();
      await workbench.page.locator('.terminal-wrapper.active').waitFor();
      await workbench.page.waitForTimeout(1500);
      for (const line of ['get nodes', 'get pods -o wide', 'time 430s'])
        await workbench.page.keyboard.type(`${line}\r`, { delay: 20 });
      await workbench.page.keyboard.type('get nodes\r');
      await button.evaluate((shown) => shown.scrollIntoView({ block: 'start' }));
      await workbench.page.waitForTimeout(500);
    },
  },
  'step-through': {
    shows: 'The trace panel: a wrong run above the right one, at the decision that went wrong.',
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: workFolder,
    size: { width: 1440, height: 1000 },
    async arrange(workbench) {
      await checkedTask(workbench);
      await workbench.command('Trapframe: Step Through Failing Case');
      await workbench.webview('main.replay', 90_000);
      await workbench.command('View: Toggle Primary Side Bar Visibility');
    },
  },
  preview: {
    shows: 'A lesson that is being written, beside its preview with answer keys.',
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: packOf('round-robin'),
    size: { width: 1600, height: 1000 },
    async arrange(workbench) {
      await workbench.openFile('round-robin/lesson.md');
      await workbench.command('Trapframe: Preview Lesson');
      const preview = await workbench.webview('.sheet', 60_000);
      await workbench.page.locator('.tab', { hasText: 'lesson.md' }).click();
      await workbench.page.keyboard.press('Control+G');
      await workbench.page.keyboard.type('40');
      await workbench.page.keyboard.press('Enter');
      await preview.locator('canvas').first().waitFor();
      await workbench.page.waitForTimeout(1000);
    },
  },
  'markdown-preview': {
    shows: "A lesson in VS Code's own Markdown preview, with one block that cannot be read.",
    themes: ['Default Dark Modern', 'Default Light Modern', 'Default High Contrast'],
    files: {
      ...packFolder,
      'first-lesson/lesson.md': `${packFolder['first-lesson/lesson.md']!}\n\`\`\`figure\nscenario: scheduling.rund-robin\n\`\`\`\n`,
    },
    size: { width: 1400, height: 1500 },
    async arrange(workbench) {
      await workbench.openFile('first-lesson/lesson.md');
      await workbench.command('Markdown: Open Preview');
      const preview = await workbench.webview('.trapframe-card', 60_000);
      await preview
        .locator('details')
        .first()
        .evaluate((details) => details.setAttribute('open', ''));
      await workbench.page.waitForTimeout(1000);
    },
  },
  verify: {
    shows: 'Verify in the Testing view: a figure that holds, and a question whose closed form does not.',
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: {
      ...packFolder,
      'first-lesson/lesson.md': packFolder['first-lesson/lesson.md']!.replace(
        'answer: metrics.worstWaitMs',
        'answer: metrics.worstWaitMs\nclosedForm: vms * sliceMs',
      ),
    },
    size: { width: 1400, height: 900 },
    async arrange(workbench) {
      await workbench.openFile('first-lesson/lesson.md');
      await workbench.command('Trapframe: Verify');
      const rows = workbench.page.locator('.test-explorer .monaco-list-row[aria-label*="Failed"]');
      await rows.first().waitFor({ timeout: 120_000 });
      await workbench.page.waitForTimeout(2000);
    },
  },
  'suggest-misconceptions': {
    shows: 'Mistakes that a task has no words for, found by running mutants of its reference.',
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: packOf('round-robin'),
    size: { width: 1400, height: 900 },
    async arrange(workbench) {
      await workbench.openFile('round-robin/tasks/time-slice/task.yaml');
      await workbench.command('Trapframe: Suggest Misconceptions…');
      const title = workbench.page.locator('.quick-input-widget', { hasText: 'no words of their own' });
      await title.waitFor({ timeout: 240_000 });
      await workbench.page.waitForTimeout(1000);
    },
  },
  'author-completion': {
    shows: "An author's lesson: parameters with their ranges while a block is typed.",
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: packFolder,
    size: { width: 1280, height: 860 },
    async arrange(workbench) {
      await workbench.openFile('first-lesson/lesson.md');
      await workbench.page.locator('.squiggly-warning').first().waitFor();
      const { keyboard } = workbench.page;
      await keyboard.press('Control+End');
      await keyboard.type('\n```fig', { delay: 60 });
      const suggestions = workbench.page.locator('.suggest-widget.visible .monaco-list-row');
      await suggestions.filter({ hasText: 'A live simulation' }).first().waitFor();
      await keyboard.press('Tab');
      await keyboard.press('End');
      await keyboard.press('Escape');
      await keyboard.type('\nset: { ');
      await suggestions.filter({ hasText: 'sliceMs' }).first().waitFor();
      await keyboard.press('Control+Space');
      await workbench.page.locator('.suggest-details').waitFor();
    },
  },
  'author-fix': {
    shows: "What is wrong with an author's lesson, and its quick fix.",
    themes: ['Default Dark Modern', 'Default Light Modern'],
    files: {
      ...packFolder,
      'first-lesson/lesson.md': packFolder['first-lesson/lesson.md']!.replace(
        'controls: [vms',
        'controls: [vsm',
      ).replace('caption:', 'captoin:'),
    },
    size: { width: 1280, height: 860 },
    async arrange(workbench) {
      await workbench.openFile('first-lesson/lesson.md');
      await workbench.page.locator('.squiggly-error').first().waitFor();
      await workbench.page.keyboard.press('Control+Shift+M');
      await workbench.page.locator('.markers-panel .monaco-list-row').first().waitFor();
      await workbench.page.locator('.tab.active').click();
      await workbench.page.keyboard.press('Control+G');
      await workbench.page.keyboard.type('17:3\n');
      await workbench.page.keyboard.press('Control+.');
      await workbench.page.locator('.action-widget .monaco-list-row').first().waitFor();
    },
  },
};
