import {
  Location,
  Position,
  Range,
  TestMessage,
  TestRunProfileKind,
  TestRunRequest,
  type Uri,
  commands,
  tests,
  window,
  workspace,
  type TestItem,
  type TestRun,
} from 'vscode';
import { t } from '../course/messages.ts';
import type { Lesson, Problem } from '../course/model.ts';
import type { ExerciseVerification, VerifiedPart } from '../grading/verify/verification.ts';
import type { AuthorPack, AuthorPacks } from './authorPacks.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { kindName } from './courseRows.ts';
import { DisposableStore } from './disposableStore.ts';
import type { GradingService } from './gradingService.ts';
import { HumanError } from './humanError.ts';

/** Typing is over for this long before the rows are made anew. */
const quietMs = 500;

/** What a row of the Testing view stands for. */
type Row =
  | { readonly kind: 'pack'; readonly pack: AuthorPack }
  | { readonly kind: 'lesson'; readonly pack: AuthorPack; readonly lesson: Lesson }
  | {
      readonly kind: 'part';
      readonly pack: AuthorPack;
      readonly lesson: Lesson;
      readonly part: VerifiedPart;
    };

/** The publish gate in the Testing view: pack, lesson, exercise or figure. A run proves what `trapframe verify` proves. */
export class PackTests {
  readonly #library: CourseLibrary;
  readonly #packs: AuthorPacks;
  readonly #grading: GradingService;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();
  readonly #controller = this.#disposables.add(
    tests.createTestController('trapframe-packs', t('Trapframe: lesson packs')),
  );
  readonly #rows = new WeakMap<TestItem, Row>();
  readonly #timers = new Map<AuthorPack, ReturnType<typeof setTimeout>>();

  constructor(
    library: CourseLibrary,
    packs: AuthorPacks,
    grading: GradingService,
    onError: (error: unknown) => void,
  ) {
    this.#library = library;
    this.#packs = packs;
    this.#grading = grading;
    this.#onError = onError;
    const find = (): Promise<void> => this.#guard(() => this.#find());
    this.#controller.resolveHandler = find;
    this.#controller.refreshHandler = find;
    this.#controller.createRunProfile(
      t('Verify'),
      TestRunProfileKind.Run,
      (request) => this.#guard(() => this.#run(request)),
      true,
    );
    this.#disposables.add(packs.onDidChange((pack) => this.#soon(pack)));
  }

  /**
   * Proves the lesson that a file belongs to, or the pack of a `pack.yaml`.
   * @returns what is wrong with it, in words: nothing when it is proven; undefined when the proof was stopped
   */
  async verify(
    uri: Uri | undefined = window.activeTextEditor?.document.uri,
  ): Promise<readonly string[] | undefined> {
    const file = uri === undefined ? undefined : await this.#packs.of({ uri });
    if (file === undefined) {
      throw new HumanError(
        t(
          'This file belongs to no lesson pack. Open the lesson.md of a pack in this window, or its pack.yaml.',
        ),
      );
    }
    const pack = (await this.#packs.at(file.files.root))!;
    pack.files.reload();
    const item = await this.#fill(pack);
    const row = [...children(item)].find((each) => contains(this.#rows.get(each), file.path)) ?? item;
    await commands.executeCommand('vscode.revealTestInExplorer', row);
    return this.#run(new TestRunRequest([row]));
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#disposables.dispose();
  }

  async #find(): Promise<void> {
    const roots = await this.#packs.find();
    const there = new Set(roots.map(String));
    for (const item of children(this.#controller))
      if (!there.has(item.id)) this.#controller.items.delete(item.id);
    for (const root of roots) {
      const pack = await this.#packs.at(root);
      if (pack !== undefined) await this.#fill(pack);
    }
  }

  #soon(pack: AuthorPack): void {
    if (this.#controller.items.get(pack.files.root.toString()) === undefined) return;
    clearTimeout(this.#timers.get(pack));
    this.#timers.set(
      pack,
      setTimeout(() => void this.#guard(() => this.#fill(pack)), quietMs),
    );
  }

  /** Makes the rows of a pack as it is now. Rows that stay keep their result. */
  async #fill(pack: AuthorPack): Promise<TestItem> {
    const { value } = await pack.authoring.lint();
    const id = pack.files.root.toString();
    const item =
      this.#controller.items.get(id) ??
      this.#controller.createTestItem(id, value.title, pack.files.uriOf('pack.yaml'));
    item.label = value.title;
    item.description = placeOf(pack.files.root);
    this.#rows.set(item, { kind: 'pack', pack });
    const lessons = value.lessons.map((lesson, index) => this.#lessonItem(item, pack, lesson, index));
    item.children.replace(lessons);
    this.#controller.items.add(item);
    return item;
  }

  #lessonItem(parent: TestItem, pack: AuthorPack, lesson: Lesson, index: number): TestItem {
    const uri = pack.files.uriOf(lesson.path);
    const item =
      known(parent, lesson.id, uri) ?? this.#controller.createTestItem(lesson.id, lesson.title, uri);
    item.label = lesson.title;
    item.sortText = sortText(index);
    this.#rows.set(item, { kind: 'lesson', pack, lesson });
    const parts = lesson.parts.flatMap((part) => (part.kind === 'prose' ? [] : [part]));
    item.children.replace(
      parts.map((part, place) => {
        const own = pack.files.uriOf(part.at.file);
        const child = known(item, part.id, own) ?? this.#controller.createTestItem(part.id, part.id, own);
        child.description = kindName(part.kind);
        child.range = rangeOf(part.at);
        child.sortText = sortText(place);
        this.#rows.set(child, { kind: 'part', pack, lesson, part });
        return child;
      }),
    );
    return item;
  }

  async #run(request: TestRunRequest): Promise<readonly string[] | undefined> {
    const asked = request.include ?? [...children(this.#controller)];
    const run = this.#controller.createTestRun(request);
    const prover = await this.#grading.newProver();
    const cancelled = run.token.onCancellationRequested(() => prover.dispose());
    const wrong: string[] = [];
    try {
      const host = await this.#library.host();
      const items = this.#below(asked, request.exclude ?? []);
      for (const item of items) if (this.#rows.get(item)?.kind === 'part') run.enqueued(item);
      for (const item of items) {
        if (run.token.isCancellationRequested) break;
        const row = this.#rows.get(item)!;
        if (row.kind !== 'part') {
          wrong.push(...(await this.#judgeFiles(run, item, row)));
          continue;
        }
        run.started(item);
        const proof = await host.verifyPart(row.lesson, row.part, prover);
        // What was broken off says nothing.
        if (run.token.isCancellationRequested) run.skipped(item);
        else wrong.push(...report(run, item, proof.findings, row.pack, triedText(proof)));
      }
    } finally {
      cancelled.dispose();
      prover.dispose();
      run.end();
    }
    return run.token.isCancellationRequested ? undefined : wrong;
  }

  /** Rows with all that is under them, each before what is under it. */
  #below(asked: readonly TestItem[], excluded: readonly TestItem[]): readonly TestItem[] {
    return asked.flatMap((item) =>
      excluded.includes(item) ? [] : [item, ...this.#below([...children(item)], excluded)],
    );
  }

  /** What lint says stands at the lesson whose file it is in, and all else at the pack. */
  async #judgeFiles(
    run: TestRun,
    item: TestItem,
    row: Exclude<Row, { kind: 'part' }>,
  ): Promise<readonly string[]> {
    const { value, problems } = await row.pack.authoring.lint();
    const own = problems.filter(({ at }) =>
      row.kind === 'lesson'
        ? contains(row, at.file)
        : !value.lessons.some((lesson) => contains({ ...row, kind: 'lesson', lesson }, at.file)),
    );
    if (own.length === 0) return [];
    return report(run, item, own, row.pack, '');
  }

  async #guard(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** Writes the findings: errors fail the row, warnings are only written down. @returns the errors, in words */
function report(
  run: TestRun,
  item: TestItem,
  findings: readonly Problem[],
  { files }: AuthorPack,
  tried: string,
): readonly string[] {
  const locationOf = ({ at }: Problem): Location => new Location(files.uriOf(at.file), rangeOf(at));
  const errors = findings.filter(({ severity }) => severity === 'error');
  run.appendOutput(`${errors.length === 0 ? '✓' : '✗'} ${item.label}${tried}\r\n`, undefined, item);
  for (const finding of findings) {
    const severity = finding.severity === 'error' ? t('error') : t('warning');
    const line = `    ${severity}: ${sentences(finding)}\r\n`;
    run.appendOutput(line, locationOf(finding), item);
  }
  if (errors.length === 0) {
    // A row whose children have results of their own needs none while nothing is wrong.
    if (item.children.size === 0) run.passed(item);
    return [];
  }
  run.failed(
    item,
    errors.map((finding) => {
      const message = new TestMessage(sentences(finding));
      message.location = locationOf(finding);
      return message;
    }),
  );
  return errors.map(sentences);
}

const sentences = ({ message, suggestion }: Problem): string =>
  suggestion === undefined ? message : `${message} ${suggestion}`;

const triedText = ({ kind, runs }: ExerciseVerification): string =>
  runs === 0 ? `, ${kindName(kind)}` : t(', {0}, tried {1} times', kindName(kind), runs);

/** A file of a lesson: its own texts, its tasks. */
const contains = (row: Row | undefined, path: string): boolean =>
  row?.kind === 'lesson' && path.startsWith(row.lesson.path.slice(0, row.lesson.path.lastIndexOf('/') + 1));

/** Where a pack lies: its path in the workspace, or the name of the workspace's folder that it is. */
function placeOf(root: Uri): string {
  const folder = workspace.getWorkspaceFolder(root);
  return folder?.uri.path === root.path ? folder.name : workspace.asRelativePath(root);
}

/** A row that is there already and still stands for the same file. */
function known(parent: TestItem, id: string, uri: Uri): TestItem | undefined {
  const item = parent.children.get(id);
  return item?.uri?.toString() === uri.toString() ? item : undefined;
}

function* children(
  owner:
    { readonly items: Iterable<[string, TestItem]> } | { readonly children: Iterable<[string, TestItem]> },
): Iterable<TestItem> {
  for (const [, item] of 'items' in owner ? owner.items : owner.children) yield item;
}

const sortText = (index: number): string => String(index).padStart(3, '0');

function rangeOf({ line, column }: Problem['at']): Range {
  const start = new Position(line - 1, column - 1);
  return new Range(start, start);
}
