import assert from 'node:assert/strict';
import { exerciseMark } from '../../../src/course/exerciseMark.ts';
import { lintPack } from '../../../src/course/lint.ts';
import { readableLocales, translationOf, translationPath } from '../../../src/course/locales.ts';
import type { Exercise, LessonPart, Pack } from '../../../src/course/model.ts';
import { loadPack } from '../../../src/course/packLoader.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { stateOfText } from '../../../src/course/translatedYaml.ts';
import { scenarios as allScenarios } from '../../../src/engine/scenarios.ts';
import { diskFiles } from '../../../src/cli/diskFiles.ts';
import type { TaskReport } from '../../../src/grading/report.ts';
import { gradedTask, translatedReport } from '../../../src/grading/translatedReport.ts';
import { goldenWith, lessonMd, packYaml, taskYaml } from './goldenPack.ts';
import { scenarios } from './rotationScenario.ts';

const lessonPath = 'round-robin/lesson.de.md';
const taskPath = 'round-robin/tasks/round-robin/task.de.yaml';
const hinted = lessonMd.replace('explain: Waits against', 'hints: [Think of both.]\nexplain: Waits against');

const germanLesson = `---
title: Round Robin und I/O-Latenz
summary: Berechne die längste Wartezeit unter Round Robin.
translates: "${stateOfText(hinted)}"
---
Vier virtuelle Maschinen teilen sich eine CPU. Siehe [oben](#warten).

## Warten

\`\`\`figure
title: Wer wann läuft
caption: Vier VMs wechseln sich ab.
\`\`\`

\`\`\`question
id: rr-worst-wait
ask: "{vms} VMs, {sliceMs} ms: Wann **läuft** VM 1 spätestens?"
misconceptions:
  - say: "Das zählt die eigene Zeitscheibe mit."
  - say: "Das ist eine Zeitscheibe, aber {vms} VMs wechseln sich ab."
hints: [Wer läuft vor VM 1?]
explain: "({vms} − 1) · {sliceMs} = {answer} ms."
\`\`\`

\`\`\`question
id: gains-and-losses
ask: Was bringt eine kürzere Zeitscheibe?
options:
  - { text: "Kürzere Wartezeiten.", say: "Sie schrumpfen im selben Verhältnis." }
  - { text: "Mehr Wechsel.", right: true, say: "Jeder kostet Zeit." }
  - { text: "Sie ist immer besser.", say: "Jeder Wechsel kostet Zeit." }
hints: [Denk an beides.]
explain: Warten gegen Wechseln.
\`\`\`

\`\`\`prediction
id: predict-response
ask: Wie lange dauert die Antwort mit {vms} VMs?
explain: Alle kommen an die Reihe.
\`\`\`

\`\`\`critique
id: shorter-is-better
claim: Ich nehme 0,1 ms, denn kürzer ist besser.
ask: Was stimmt daran nicht?
options:
  - { text: "Die Wechsel fressen die CPU.", say: "Ja." }
  - { text: "Die Wartezeit wächst.", say: "Nein, sie schrumpft." }
explain: Ein Wechsel hat seinen Preis.
\`\`\`

\`\`\`task
id: round-robin
\`\`\`
`;

const germanTask = `translates: "${stateOfText(taskYaml)}"
title: Schreib den Scheduler
brief: Lass die VMs sich abwechseln.
checks:
  - { id: rotates, title: Alle wechseln sich ab }
  - { id: short-waits, title: Kurze Wartezeiten }
  - { title: Jeder Lauf endet }
wrong:
  - { say: "VM 0 behält die CPU." }
  - { say: "Das ist ein Stapel." }
  - { say: "Der Zufall lässt jemanden verhungern." }
hints: ['Merk dir, wer zuletzt lief.']
`;

const germanPack = `translates: "${stateOfText(packYaml)}"
title: Ein Kurs
modules:
  - { id: io, title: I/O und Scheduling }
`;

type Changes = Readonly<Record<string, string | undefined>>;
const packWith = (changes: Changes) =>
  goldenWith({
    'round-robin/lesson.md': hinted,
    [lessonPath]: germanLesson,
    [taskPath]: germanTask,
    'pack.de.yaml': germanPack,
    ...changes,
  });

async function load(locale: string | undefined, changes: Changes = {}): Promise<Pack> {
  return (await loadPack(packWith(changes), scenarios, { locale })).value;
}

async function lint(changes: Changes): Promise<readonly string[]> {
  const { problems } = await lintPack(packWith(changes), scenarios);
  return problems.map((problem) => formatProblem(problem));
}

function edited(from: string, to: string): Changes {
  assert.ok(germanLesson.includes(from), `no "${from}"`);
  return { [lessonPath]: germanLesson.replace(from, () => to) };
}

const exercisesOf = (pack: Pack): readonly Exercise[] =>
  pack.lessons[0]!.parts.filter((part): part is Exercise => part.kind !== 'prose' && part.kind !== 'figure');

/** Everything but texts and places. */
const essence = (part: LessonPart): unknown =>
  JSON.parse(
    JSON.stringify(part, (key, value: unknown) =>
      /^(?:at|original|title|caption|ask|claim|text|say|explain|hints|brief)$/.test(key) &&
      // The text of an expression or a file is no prose.
      !(key === 'text' && typeof value === 'string' && /metrics|\*|scheduler|\/\//.test(value))
        ? undefined
        : value,
    ),
  );

describe('locales', () => {
  it('are read from names of files', () => {
    assert.deepEqual(translationOf('a/lesson.de.md'), { original: 'a/lesson.md', locale: 'de' });
    assert.deepEqual(translationOf('a/tasks/b/task.pt-br.yaml'), {
      original: 'a/tasks/b/task.yaml',
      locale: 'pt-br',
    });
    assert.deepEqual(translationOf('pack.zh-hans.yaml'), { original: 'pack.yaml', locale: 'zh-hans' });
    for (const path of ['a/lesson.md', 'a/lesson.DE.md', 'a/notes.de.md', 'a/lesson.de.yaml.ts'])
      assert.equal(translationOf(path), undefined);
  });

  it('name the file of a translation', () => {
    assert.equal(translationPath('a.b/lesson.md', 'de'), 'a.b/lesson.de.md');
  });

  it('fall back from the region to the language', () => {
    assert.deepEqual(readableLocales('de-AT'), ['de-at', 'de']);
    assert.deepEqual(readableLocales('zh_Hant_TW'), ['zh-hant-tw', 'zh-hant', 'zh']);
    assert.deepEqual(readableLocales(''), []);
  });
});

describe('a translation', () => {
  it('of a whole pack has nothing to complain about', async () => assert.deepEqual(await lint({}), []));

  it('is what its readers get, and those of a region of it', async () => {
    for (const locale of ['de', 'de-AT']) {
      const pack = await load(locale);
      const [lesson, other] = pack.lessons;
      assert.equal(pack.title, 'Ein Kurs');
      assert.equal(pack.modules[0]!.title, 'I/O und Scheduling');
      assert.equal(lesson!.language, 'de');
      assert.equal(lesson!.title, 'Round Robin und I/O-Latenz');
      assert.equal(other!.title, 'Other', 'a lesson without a translation is there as it is');
      assert.equal(other!.language, 'en');
    }
  });

  it('is not what others get', async () => {
    for (const locale of [undefined, 'en', 'fr'])
      assert.equal((await load(locale)).lessons[0]!.title, 'Round robin and I/O latency');
  });

  it('has every text', async () => {
    const { parts } = (await load('de')).lessons[0]!;
    const english = JSON.stringify(parts, (key, value: unknown) => (key === 'original' ? undefined : value));
    assert.doesNotMatch(english, /\b(?:the|takes?|switches)\b/i);
    assert.match(english, /Das zählt die eigene Zeitscheibe mit/);
    assert.match(english, /Merk dir, wer zuletzt lief/);
  });

  it('asks the same, counts the same as right, and is recorded the same', async () => {
    const [english, german] = [await load(undefined), await load('de')];
    assert.deepEqual(exercisesOf(german).map(essence), exercisesOf(english).map(essence));
    assert.deepEqual(exercisesOf(german).map(exerciseMark), exercisesOf(english).map(exerciseMark));
    assert.deepEqual(
      exercisesOf(german).map(({ original }) => original),
      exercisesOf(english),
    );
    assert.equal(german.lessons[0]!.contentHash, english.lessons[0]!.contentHash);
    const without = await load(undefined, { [lessonPath]: undefined, [taskPath]: undefined });
    assert.equal(english.lessons[0]!.contentHash, without.lessons[0]!.contentHash);
  });

  const cases: readonly (readonly [what: string, changes: Changes, ...said: readonly string[]])[] = [
    [
      'another answer',
      edited('id: rr-worst-wait\n', 'id: rr-worst-wait\nanswer: metrics.worstResponseMs\n'),
      `${lessonPath}:17:9: error: "answer" is metrics.worstResponseMs here, and metrics.worstWaitMs in the original. A translation changes texts alone: write the same, or leave it out.`,
    ],
    [
      'another variant',
      edited('id: predict-response\n', 'id: predict-response\nset: { sliceMs: 20 }\n'),
      `${lessonPath}:38:6: error: "set" is {"sliceMs":20} here, and {"sliceMs":10} in the original. A translation changes texts alone: write the same, or leave it out.`,
    ],
    [
      'another right option',
      edited('{ text: "Kürzere Wartezeiten.",', '{ text: "Kürzere Wartezeiten.", right: false,'),
      `${lessonPath}:29:44: error: "options.right" is false here, and true in the original. A translation changes texts alone: write the same, or leave it out.`,
    ],
    [
      'a key that the original does not have',
      edited('id: rr-worst-wait\n', 'id: rr-worst-wait\npoints: 3\n'),
      `${lessonPath}:17:1: error: The original has no "points" here, and a translation changes texts alone. Leave it out.`,
    ],
    [
      'an option less',
      edited('  - { text: "Sie ist immer besser.", say: "Jeder Wechsel kostet Zeit." }\n', ''),
      `${lessonPath}:28:1: error: "options" has 2 entries, and the original 3. Translate each, in the same order.`,
    ],
    [
      'a hint more',
      edited('[Wer läuft vor VM 1?]', '[Wer läuft vor VM 1?, Und dann?]'),
      `${lessonPath}:21:1: error: "hints" has 2 entries, and the original 1. Translate each, in the same order.`,
    ],
    [
      'another kind of block',
      edited('```prediction', '```question'),
      `${lessonPath}:37:5: error: predict-response is a prediction in the original, and a question here. Begin the block with \`\`\`prediction.`,
      `${lessonPath}:54:1: error: The prediction predict-response is not translated: it stands in round-robin/lesson.md, line 55. Add the block with its id and its texts.`,
    ],
    [
      'another id',
      edited('id: rr-worst-wait', 'id: rr-worst-wat'),
      `${lessonPath}:16:5: error: The original has no question rr-worst-wat. Did you mean "rr-worst-wait"?`,
      `${lessonPath}:54:1: error: The question rr-worst-wait is not translated: it stands in round-robin/lesson.md, line 23. Add the block with its id and its texts.`,
    ],
    [
      'an unknown value in a text',
      edited('{vms} VMs, {sliceMs} ms: Wann', '{vms} VMs, {slceMs} ms: Wann'),
      `${lessonPath}:17:18: error: There is no value {slceMs}. Did you mean {sliceMs}?`,
    ],
    [
      'a text less',
      edited('explain: Alle kommen an die Reihe.\n', ''),
      `${lessonPath}:37:1: warning: "explain" is not translated. Add "explain: …".`,
    ],
    [
      'an original that has changed since',
      { 'round-robin/lesson.md': `${hinted}\nMore.\n` },
      `${lessonPath}:4:13: warning: The original has changed since it was translated, so this may be out of date. Compare the two, bring this up to date, and write "translates: ${stateOfText(`${hinted}\nMore.\n`)}".`,
    ],
    [
      'an original of which nothing says what it was',
      edited(`translates: "${stateOfText(hinted)}"\n`, ''),
      `${lessonPath}:2:1: warning: Nothing says which state of the original this translates. Write "translates: ${stateOfText(hinted)}" if it is the present one.`,
    ],
    [
      'a task without a translation',
      { [taskPath]: undefined },
      `${lessonPath}:1:1: warning: The task round-robin is not translated: there is no file ${taskPath}. Add it with the texts of the task.`,
    ],
    [
      'a check with another name',
      { [taskPath]: germanTask.replace('id: short-waits', 'id: long-waits') },
      `${taskPath}:6:11: error: "checks.id" is long-waits here, and short-waits in the original. A translation changes texts alone: write the same, or leave it out.`,
    ],
    [
      'a link that leads to no heading of it',
      edited('(#warten)', '(#waiting)'),
      `${lessonPath}:6:1: error: There is no heading #waiting. There is: warten.`,
    ],
  ];
  for (const [what, changes, ...said] of cases)
    it(`with ${what} says so`, async () => assert.deepEqual(await lint(changes), said));

  it('gives words to a report that was made of the original', async () => {
    const part = exercisesOf(await load('de')).at(-1)!;
    assert.ok(part.kind === 'task');
    const graded = gradedTask(part);
    assert.equal(graded.wrong[0]!.say, 'VM 0 keeps the CPU.');
    const check = { verdict: 'failed', points: 0, maxPoints: 4, casesRun: 1 } as const;
    const failure = { expected: 'VM 1', actual: 'VM 0', because: 'It waited.', atNs: 0, actualText: [] };
    const report = {
      checks: [
        { ...check, id: 'rotates', title: 'English', failure: { ...failure, say: graded.wrong[0]!.say } },
        { ...check, id: 'gone', title: 'Gone', failure: { ...failure, say: 'Unknown words.' } },
      ],
    } as unknown as TaskReport;
    const shown = translatedReport(part, report);
    assert.deepEqual(
      shown.checks.map(({ title, failure: why }) => [title, why?.say]),
      [
        ['Alle wechseln sich ab', 'VM 0 behält die CPU.'],
        ['Gone', 'Unknown words.'],
      ],
    );
    assert.deepEqual(translatedReport(part, shown), shown);
  });

  it('with a mistake in a block has that block in the language of the original', async () => {
    const changes = edited('```prediction', '```question');
    const [english, german] = [await load(undefined), await load('de', changes)];
    const byId = (pack: Pack) =>
      exercisesOf(pack)
        .map(({ id }) => id)
        .toSorted();
    assert.deepEqual(byId(german), byId(english), 'no exercise is lost');
    const prediction = exercisesOf(german).find(({ id }) => id === 'predict-response');
    assert.ok(prediction?.kind === 'prediction');
    assert.equal(prediction.ask, 'How long does the response take with {vms} VMs?');
    assert.deepEqual(inAnotherLanguage(german), [['prediction', 'en']]);
  });

  it('says of a task without a translation which language it is in', async () => {
    assert.deepEqual(inAnotherLanguage(await load('de', { [taskPath]: undefined })), [['task', 'en']]);
    assert.deepEqual(inAnotherLanguage(await load('de')), []);
  });
});

/** Parts that are not in the language of their lesson, each with its own. */
const inAnotherLanguage = (pack: Pack): readonly unknown[] =>
  pack.lessons
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.language === undefined ? [] : [[part.kind, part.language]]));

describe('the language of a pack', () => {
  const inGerman = packYaml.replace('\n', '\nlanguage: de\n');
  const alone: Changes = { [lessonPath]: undefined, [taskPath]: undefined, 'pack.de.yaml': undefined };

  it('is that of its lessons, and English where it says none', async () => {
    assert.deepEqual(
      (await load(undefined, alone)).lessons.map(({ language }) => language),
      ['en', 'en'],
    );
    const pack = await load('fr', { ...alone, 'pack.yaml': inGerman });
    assert.deepEqual([pack.language, ...pack.lessons.map(({ language }) => language)], ['de', 'de', 'de']);
  });

  it('may be that of the reader, who then gets the originals, not a translation into less than it', async () => {
    const files = {
      ...alone,
      'pack.yaml': packYaml.replace('\n', '\nlanguage: pt-BR\n'),
      'round-robin/lesson.pt.md': germanLesson,
      'round-robin/lesson.en.md': germanLesson,
    };
    const languageFor = async (locale: string) => (await load(locale, files)).lessons[0]!.language;
    assert.equal(await languageFor('pt-BR'), 'pt-BR');
    assert.equal(await languageFor('pt'), 'pt');
    assert.equal(await languageFor('pt-PT'), 'pt');
    assert.equal(await languageFor('en'), 'en');
  });

  it('is no language to translate into', async () => {
    const said = await lint({ 'pack.yaml': inGerman });
    for (const path of [lessonPath, taskPath, 'pack.de.yaml']) {
      const name = path.split('/').at(-1)!.replace('.de.', '.');
      assert.ok(
        said.includes(
          `${path}:1:1: error: This translates into "de", and that is the language of ${name} itself: pack.yaml says "language: de". ` +
            'Give the file the tag of the language that it is in, or correct "language" in pack.yaml.',
        ),
        said.join('\n'),
      );
    }
    assert.equal(said.length, 3, said.join('\n'));
    const english = await lint({ ...alone, 'round-robin/lesson.en.md': germanLesson });
    assert.deepEqual(english, [
      'round-robin/lesson.en.md:1:1: error: This translates into "en", and that is the language of lesson.md itself: pack.yaml says no other. ' +
        'Give the file the tag of the language that it is in, or add "language: …" to pack.yaml.',
    ]);
  });

  for (const [tag, ...said] of [
    ['de'],
    ['pt-BR'],
    ['zh-Hant-TW'],
    [
      'de_AT',
      'error: language must be a language tag such as en, de or pt-BR, but it is "de_AT". Did you mean "de-AT"?',
    ],
    ['German', 'error: language must be a language tag such as en, de or pt-BR, but it is "German".'],
    ['cz', 'warning: No language is known by the tag "cz". Did you mean "cs"?'],
    ['ger', 'warning: "ger" is written "de". Did you mean "de"?'],
    ['xq', 'warning: No language is known by the tag "xq".'],
  ] as const)
    it(`${tag} is ${said.length === 0 ? 'a tag' : 'told'}`, async () => {
      const found = await lint({ ...alone, 'pack.yaml': packYaml.replace('\n', `\nlanguage: ${tag}\n`) });
      assert.deepEqual(
        found,
        said.map((each) => `pack.yaml:2:11: ${each}`),
      );
    });
});

describe('the first lesson of the course in German', () => {
  it('is whole, up to date, and asks the same', async () => {
    const files = diskFiles('lessons');
    const [english, german] = await Promise.all([
      loadPack(files, allScenarios),
      loadPack(files, allScenarios, { locale: 'de' }),
    ]);
    assert.deepEqual(german.problems, []);
    assert.equal(german.value.lessons[0]!.language, 'de');
    const [written, translated] = [english, german].map(({ value }) => exercisesOf(value));
    assert.deepEqual(translated!.map(exerciseMark), written!.map(exerciseMark));
    for (const [index, exercise] of translated!.entries()) {
      if (exercise.kind !== 'task') continue;
      const original = written![index]!;
      assert.ok(original.kind === 'task');
      assert.deepEqual(
        exercise.task.checks.filter((check, at) => check.title === original.task.checks[at]!.title),
        [],
        'titles that checks have by default are translated too',
      );
    }
  });
});
