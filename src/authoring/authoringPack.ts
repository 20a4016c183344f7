import { exerciseId } from '../course/blocks.ts';
import { lintPack } from '../course/lint.ts';
import { translationOf } from '../course/locales.ts';
import type { Loaded, Pack, PackFiles, Problem } from '../course/model.ts';
import { loadPack, type LessonCache } from '../course/packLoader.ts';
import type { ScenarioTable } from '../course/variants.ts';
import { complete, type Completion } from './completion.ts';
import { definition, type Defined } from './definition.ts';
import { hover, type HoverText } from './hover.ts';
import { referencePage } from './referenceText.ts';
import { rename, renamableAt, type Renamable, type RenameOutcome } from './rename.ts';
import { diagnoses, type Diagnosis } from './diagnosis.ts';
import { documentAt } from './documentAt.ts';
import { completeDocument, hoverDocument } from './documentHelp.ts';
import { fixesOf, type FixAction } from './fixes.ts';
import { newLesson } from './scaffold/newLesson.ts';
import {
  newTask,
  scenariosWithPolicies,
  scenarioShown,
  usedAlready,
  type NewTask,
} from './scaffold/newTask.ts';
import { openPack, type OpenedPack } from './scaffold/openPack.ts';
import type { Planned } from './scaffold/plan.ts';
import { contains, type TextRange } from './textRange.ts';

/** Everything that an editor asks about a pack whose files are being written. Texts are as they are in the editor, unsaved. */
export class AuthoringPack {
  readonly files: PackFiles;
  readonly #scenarios: ScenarioTable;
  readonly #known: LessonCache = new Map();
  #linted: Promise<Loaded<Pack>> | undefined;

  constructor(files: PackFiles, scenarios: ScenarioTable) {
    this.files = files;
    this.#scenarios = scenarios;
  }

  /** To be called when any file has changed. */
  forget(): void {
    this.#linted = undefined;
  }

  /** The pack and all that `trapframe lint` says of it. */
  lint(): Promise<Loaded<Pack>> {
    this.#linted ??= lintPack(this.files, this.#scenarios, this.#known);
    return this.#linted;
  }

  /** The pack in the language of one of its files, as readers of that language get it. */
  async packAround(path: string): Promise<Pack> {
    const locale = translationOf(path)?.locale;
    const { value } = await (locale === undefined
      ? this.lint()
      : loadPack(this.files, this.#scenarios, { known: this.#known, locale }));
    return value;
  }

  /** What to underline, in every file in which there is something. */
  async diagnose(): Promise<ReadonlyMap<string, readonly Diagnosis[]>> {
    const { problems } = await this.lint();
    const paths = [...new Set(problems.map(({ at }) => at.file))];
    const found = paths.map(
      async (path) => [path, diagnoses(path, (await this.textOf(path)) ?? '', problems)] as const,
    );
    return new Map(await Promise.all(found));
  }

  /** Quick fixes of what is underlined anywhere in a range of a file. */
  async fixes(
    path: string,
    range: TextRange,
  ): Promise<readonly { readonly diagnosis: Diagnosis; readonly action: FixAction }[]> {
    const { problems } = await this.lint();
    const text = await this.textOf(path);
    if (text === undefined) return [];
    const touched = diagnoses(path, text, problems).filter(
      (diagnosis) => contains(diagnosis, range.start) || contains(range, diagnosis.start),
    );
    const context = await this.#context();
    const found = touched.map(async (diagnosis) =>
      (await fixesOf(path, text, diagnosis, context)).map((action) => ({ diagnosis, action })),
    );
    return (await Promise.all(found)).flat();
  }

  async complete(path: string, offset: number): Promise<readonly Completion[]> {
    const [{ value: pack }, text, paths] = await Promise.all([
      this.lint(),
      this.textOf(path),
      this.files.list(),
    ]);
    if (text === undefined) return [];
    const document = documentAt(path, pack, this.#scenarios);
    return document === undefined
      ? complete(path, text, offset, { pack, paths, scenarios: this.#scenarios })
      : completeDocument(document, text, offset);
  }

  async hover(path: string, offset: number): Promise<HoverText | undefined> {
    const [{ value: pack }, text] = await Promise.all([this.lint(), this.textOf(path)]);
    if (text === undefined) return undefined;
    const document = documentAt(path, pack, this.#scenarios);
    return document === undefined
      ? hover(path, text, offset, { pack, scenarios: this.#scenarios })
      : hoverDocument(document, text, offset);
  }

  async definition(path: string, offset: number): Promise<Defined | undefined> {
    const context = await this.#context();
    const text = await this.textOf(path);
    return text === undefined ? undefined : definition(path, text, offset, context);
  }

  /** The id at a place, which {@link rename} can change. */
  async renamable(path: string, offset: number): Promise<Renamable | undefined> {
    const text = await this.textOf(path);
    return text === undefined ? undefined : renamableAt(path, text, offset);
  }

  async rename(path: string, offset: number, name: string): Promise<RenameOutcome> {
    const text = (await this.textOf(path)) ?? '';
    const renamable = renamableAt(path, text, offset);
    if (renamable === undefined)
      return {
        ok: false,
        error: 'Only ids of exercises, tasks, lessons, modules and checks have another name everywhere.',
      };
    return rename(path, text, renamable, name, await this.#context());
  }

  /** A page of the reference, and the line (from 0) on which a name is explained. */
  reference(page: string, name?: string): { readonly text: string; readonly line: number } {
    const text = referencePage(page, this.#scenarios);
    const line = text
      .split('\n')
      .findIndex((each) => each.startsWith(`\`${name}\`:`) || each.startsWith(`\`metrics.${name}\`:`));
    return { text, line: Math.max(line, 0) };
  }

  textOf(path: string): Promise<string | undefined> {
    return this.files.read(path).catch(() => undefined);
  }

  /** The ids that no new exercise can get, each with why. */
  async usedIds(): Promise<ReadonlyMap<string, string>> {
    const { value: pack } = await this.lint();
    const ids = pack.lessons.flatMap(({ parts }) => parts.flatMap((part) => exerciseId(part) ?? []));
    return new Map(ids.map((id) => [id, usedAlready(pack, id)!]));
  }

  /** Scenarios that a task of a lesson can be over: those that the lesson shows come first. */
  async scenariosForTask(lesson: string): Promise<readonly string[]> {
    const { value: pack } = await this.lint();
    const found = pack.lessons.find(({ id }) => id === lesson);
    const shown = found === undefined ? undefined : scenarioShown(found, this.#scenarios)?.id;
    const all = scenariosWithPolicies(this.#scenarios).map(({ id }) => id);
    return all.toSorted((a, b) => Number(b === shown) - Number(a === shown));
  }

  /** For a part more: refused while `pack.yaml` has a mistake. */
  open(): Promise<OpenedPack> {
    return openPack(this.files, this.#scenarios);
  }

  async newLesson(id: string, scenario: string): Promise<Planned> {
    const opened = await this.open();
    return opened.ok ? newLesson(opened.value, id, this.#scenarios[scenario]!) : refused(opened.problem);
  }

  /** @param lesson id of the lesson that opens it */
  async newTask(
    lesson: string,
    id: string,
    scenario: string,
    { course, notPassed }: Pick<NewTask, 'course' | 'notPassed'>,
  ): Promise<Planned> {
    const opened = await this.open();
    if (!opened.ok) return refused(opened.problem);
    const open = opened.value;
    return newTask({
      open,
      lesson: open.pack.lessons.find((each) => each.id === lesson)!,
      id,
      wanted: this.#scenarios[scenario],
      scenarios: this.#scenarios,
      course,
      notPassed,
    });
  }

  async #context() {
    const [{ value: pack }, paths] = await Promise.all([this.lint(), this.files.list()]);
    return { pack, paths, scenarios: this.#scenarios, textOf: (file: string) => this.textOf(file) };
  }
}

const refused = ({ at, message }: Problem): Planned => ({
  ok: false,
  error: `${at.file} has a mistake on line ${at.line}: ${message} Mend it first.`,
});
