import assert from 'node:assert/strict';
import fc from 'fast-check';
import { csvRow, isFormula, parseCsv, shownCell } from '../../../../src/grading/class/csv.ts';
import { parseClassList } from '../../../../src/grading/class/classList.ts';

describe('CSV', () => {
  it('reads back what it writes, whatever is in a cell', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', '\r\n', ' ', '=', 'é') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const full = rows.map((row) => ['id', ...row]);
        const head = ['a', 'b', 'c'];
        const text = csvRow(head) + full.map((row) => csvRow(row)).join('');
        assert.deepEqual(parseCsv(text), [head, ...full]);
      }),
    );
  });

  it('detects the delimiter, and leaves out a byte order mark and empty rows', () => {
    assert.deepEqual(parseCsv('\uFEFFid;name\r\n\r\n1;"Doe; Jane"\r\n'), [
      ['id', 'name'],
      ['1', 'Doe; Jane'],
    ]);
    assert.deepEqual(parseCsv('id\tname\n1\tJane, D.'), [
      ['id', 'name'],
      ['1', 'Jane, D.'],
    ]);
  });

  it('never writes a cell of somebody else that a spreadsheet computes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' ', 'a', '1', '\u0000') }),
        (text) =>
          assert.equal(
            /^[^a1]*[=+\-@]/.test(shownCell(text).replace(/^'.*/s, '')),
            false,
            JSON.stringify(text),
          ),
      ),
    );
    assert.equal(shownCell('=1+1'), "'=1+1");
    assert.equal(isFormula('plain'), false);
  });
});

describe('a class list', () => {
  const read = (text: string) => {
    const result = parseClassList(text);
    assert.ok(result.ok);
    return result.value;
  };

  it('is a table with a column id', () => {
    assert.deepEqual(read('ID,Name,E-mail,Group,GitHub\n7,Jane Doe,j@x.org,A,janed\n'), {
      learners: [
        { id: '7', name: 'Jane Doe', email: 'j@x.org', section: 'A', aliases: ['janed', 'j@x.org'] },
      ],
      problems: [],
    });
  });

  it('is the export of a Canvas gradebook, whose points and posting rows are no students', () => {
    const text =
      'Student,ID,SIS User ID,SIS Login ID,Section,Lab 1 (4711)\n' +
      ',,,,,Manual Posting\n' +
      '    Points Possible,,,,,10.00\n' +
      '"Doe, Jane",12,s-7,jane,Monday,\n';
    const { learners, problems } = read(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      learners.map(({ id, canvas }) => ({ id, canvas })),
      [
        {
          id: 'jane',
          canvas: { student: 'Doe, Jane', id: '12', sisUserId: 's-7', sisLoginId: 'jane', section: 'Monday' },
        },
      ],
    );
  });

  it('is a roster of Gradescope or of GitHub Classroom', () => {
    assert.deepEqual(
      read('First Name,Last Name,SID,Email,Sections\nJane,Doe,7,j@x.org,A\n').learners.map(
        ({ id, name, email, section }) => ({ id, name, email, section }),
      ),
      [{ id: '7', name: 'Jane Doe', email: 'j@x.org', section: 'A' }],
    );
    assert.deepEqual(
      read('"identifier","github_username","github_id","name"\n"7","janed","99",""\n').learners[0],
      { id: '7', aliases: ['janed'] },
    );
  });

  it('names a row without an id and an id that is there twice, and keeps the rest', () => {
    const { learners, problems } = read('id,name\na,A\n,B\na,C\nd,D\n');
    assert.deepEqual(
      learners.map(({ id, name }) => [id, name]),
      [
        ['a', 'A'],
        ['d', 'D'],
      ],
    );
    assert.deepEqual(problems, [
      "row 3: has no id, and was left out. Write the learner's id in it.",
      'row 4: a is in the list twice, and the first row counts. Delete one of them.',
    ]);
  });

  it('says what is missing', () => {
    assert.match((parseClassList('who\njane\n') as { problem: string }).problem, /has no column "id"/);
    assert.match((parseClassList('') as { problem: string }).problem, /is empty/);
  });
});
