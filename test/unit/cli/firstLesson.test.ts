import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder, trapframe } from './terminal.ts';

const page = fileURLToPath(new URL('../../../docs/write-your-first-lesson.md', import.meta.url));

/** A fenced block: `file` where its info string names one. */
interface Block {
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
  readonly line: number;
}

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^(`{3,})(\S+)(?: (\S+))?\n([^]*?\n)\1$/gm)].map((match) => ({
    language: match[2]!,
    file: match[3],
    text: match[4]!,
    line: markdown.slice(0, match.index).split('\n').length,
  }));
}

/** What the page shows as output, with `…` for what it leaves out. */
function shown(text: string): RegExp {
  const pieces = text
    .trimEnd()
    .split('…')
    .map((piece) => piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${pieces.join('[^]*?')}$`);
}

describe('docs/write-your-first-lesson.md', () => {
  const folder = temporaryFolder();

  it('is true, step by step', async () => {
    const clone = join(folder(), 'clone');
    await mkdir(clone);
    const done = { commands: 0, files: 0, outputs: 0 };
    let said: string | undefined;
    for (const { language, file, text, line } of blocksOf(await readFile(page, 'utf8'))) {
      const at = `line ${line} of the page`;
      if (file !== undefined) {
        await mkdir(dirname(join(folder(), file)), { recursive: true });
        await writeFile(join(folder(), file), text);
        done.files++;
      } else if (language === 'sh') {
        for (const command of text.trimEnd().split('\n')) {
          const [words, comment] = command.split(' # ');
          const [program, ...rest] = words!.split(' ');
          done.commands++;
          if (program === 'rm') {
            assert.equal(rest[0], '-r', at);
            await rm(join(clone, rest[1]!), { recursive: true });
            said = undefined;
            continue;
          }
          assert.deepEqual([program, rest[0]], ['npx', 'trapframe'], at);
          const { code, out, err } = await trapframe(clone, ...rest.slice(1));
          const promised = Number(/^exit code (\d)$/.exec(comment ?? 'exit code 0')?.[1]);
          assert.equal(code, promised, `${at}: ${command}\n${out}\n${err}`);
          said = [out, err]
            .filter((each) => each !== '')
            .join('\n')
            .trimEnd();
        }
      } else {
        assert.equal(language, 'text', at);
        assert.ok(said !== undefined, `${at}: no command is before this output`);
        assert.match(said, shown(text), `${at}:\n${text}\nis shown, and this was said:\n${said}`);
        done.outputs++;
      }
    }
    assert.deepEqual(done, { commands: 14, files: 9, outputs: 12 });
  });
});
