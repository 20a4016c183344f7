// Takes pictures of a real VS Code with Trapframe. Usage: --help.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { HumanError, exitWith } from '../../build/humanError.mjs';
import { lessonAlone, scenes, type Scene } from './scenes.ts';
import { openWorkbench, themes, type Theme, type Workbench } from './workbench.ts';

const usage = `Usage: node --import tsx test/host/screenshot.ts [<scene>…] [--theme <theme>] [--language <locale>] [--out <folder>]
       node --import tsx test/host/screenshot.ts --lesson <part of its title> [--width <pixels>] [--theme <theme>] [--language <locale>] [--out <folder>]

With --lesson, the lesson alone in a tall window, picture by picture from its top to its end (--out: /tmp/trapframe-lesson by default;
--width: 900 by default, of which the activity bar takes 48; about 420 is a lesson in a narrow column).

Scenes (all by default; they are in test/host/scenes.ts):
${Object.entries(scenes)
  .map(([name, { shows }]) => `  ${name.padEnd(14)} ${shows}`)
  .join('\n')}
Themes (by default the scene's own): ${themes.join(', ')}
Folder: media/pictures by default. Build first: npm run build`;

const fileEndings: Readonly<Record<Theme, string>> = {
  'Default Dark Modern': 'dark',
  'Default Light Modern': 'light',
  'Default High Contrast': 'high-contrast',
  'Default High Contrast Light': 'high-contrast-light',
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    theme: { type: 'string' },
    out: { type: 'string' },
    language: { type: 'string' },
    lesson: { type: 'string' },
    width: { type: 'string' },
    help: { type: 'boolean' },
  },
});
try {
  if (values.help) console.log(usage);
  else if (values.lesson) await takeLesson(values.lesson);
  else await takePictures();
} catch (error) {
  exitWith(error);
}

async function takePictures(): Promise<void> {
  const out = values.out ?? join(import.meta.dirname, '..', '..', 'media', 'pictures');
  await mkdir(out, { recursive: true });
  for (const name of positionals.length > 0 ? positionals : Object.keys(scenes)) {
    const scene = Object.hasOwn(scenes, name) ? scenes[name] : undefined;
    if (!scene) throw badArgument(`There is no scene ${name}.`, Object.keys(scenes));
    for (const theme of values.theme
      ? [themeNamed(values.theme)]
      : (scene.themes ?? ['Default Dark Modern'])) {
      const file = join(out, `${name}.${fileEndings[theme]}.png`);
      const consoleErrors = await takePicture(scene, theme, file);
      console.log(file);
      for (const error of consoleErrors) console.error(`  console error: ${error}`);
    }
  }
}

async function takeLesson(title: string): Promise<void> {
  const out = values.out ?? '/tmp/trapframe-lesson';
  await mkdir(out, { recursive: true });
  const theme = values.theme ? themeNamed(values.theme) : 'Default Dark Modern';
  const name = `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}${values.width ? `.${values.width}` : ''}`;
  const width = widthIn(values.width ?? '900');
  const scene = lessonAlone(title, width);
  const errors = await inWorkbench(scene, theme, async (workbench) => {
    await scene.arrange(workbench);
    const lesson = await workbench.webview('h1');
    for (let part = 1; ; part++) {
      // Figures draw when they come into view.
      await workbench.page.waitForTimeout(2500);
      const file = join(out, `${name}.${part}.${fileEndings[theme]}.png`);
      await workbench.screenshot(file);
      console.log(file);
      const moved = await lesson.evaluate(() => {
        const before = scrollY;
        scrollBy(0, innerHeight - 60);
        return scrollY > before;
      });
      if (!moved) break;
    }
  });
  for (const error of errors) console.error(`  console error: ${error}`);
}

async function takePicture(scene: Scene, theme: Theme, file: string): Promise<readonly string[]> {
  return inWorkbench(scene, theme, async (workbench) => {
    try {
      await scene.arrange(workbench);
      await workbench.screenshot(file);
    } catch (error) {
      await workbench.screenshot(file.replace(/\.png$/, '.failed.png'));
      throw error;
    }
  });
}

/** @returns errors in the console */
async function inWorkbench(
  scene: Scene,
  theme: Theme,
  use: (workbench: Workbench) => Promise<void>,
): Promise<readonly string[]> {
  const home = await mkdtemp('/tmp/tf-');
  const folder = join(home, 'trapframe-work');
  await mkdir(folder);
  for (const [path, text] of Object.entries(scene.files ?? {})) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  try {
    const workbench = await openWorkbench({
      folder,
      theme,
      ...(scene.size && { size: scene.size }),
      ...(values.language && { language: values.language }),
    });
    try {
      await use(workbench);
      return workbench.consoleErrors;
    } finally {
      await workbench.close();
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function themeNamed(name: string): Theme {
  const theme = themes.find((candidate) => candidate === name);
  if (!theme) throw badArgument(`There is no theme ${name}.`, themes);
  return theme;
}

function widthIn(text: string): number {
  const width = Number(text);
  if (Number.isInteger(width) && width >= 300 && width <= 4000) return width;
  throw new HumanError({
    seen: `--width is ${text}.`,
    expected: 'Pixels: an integer from 300 to 4000.',
    next: 'Next: --help shows how to call this.',
  });
}

function badArgument(seen: string, known: readonly string[]): HumanError {
  return new HumanError({
    seen,
    expected: `One of: ${known.join(', ')}.`,
    next: 'Next: --help shows how to call this.',
  });
}
