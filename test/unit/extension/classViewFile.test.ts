import assert from 'node:assert/strict';
import { isClassView, withCommandLinks } from '../../../src/extension/classViewFile.ts';

describe('a class view', () => {
  it('is known by its policy, which nothing may stand before', () => {
    const page = [
      '<!DOCTYPE html>',
      '<html lang="en">',
      '<head>',
      '<meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
      '<title>P: the class</title>',
    ].join('\n');
    assert.equal(isClassView(page), true);
    assert.equal(isClassView(page.replace('<head>\n', '<head>\n<img src="https://x/y">\n')), false);
    assert.equal(isClassView(page.replace(`'none'`, '*')), false);
    assert.equal(isClassView(page.replace('<meta charset="utf-8">', '<meta http-equiv="refresh">')), false);
    assert.equal(isClassView('<html></html>'), false);
  });

  it('leads to reports of learners by a command in a webview, and to nothing else', () => {
    const links = (...hrefs: readonly string[]): string => hrefs.map((href) => `<a href="${href}">`).join('');
    const folder = 'file:///c%20l/grades';
    const kept = links('#learners', 'students/../x.md', 'students/..md', 'students/a.html', 'other/ann.md');
    assert.equal(withCommandLinks(kept, 'c', folder), kept);
    const [, command, given] = /^<a href="command:(c)\?([^"]*)">$/.exec(
      withCommandLinks(links('students/@ann-x.org.md'), 'c', folder),
    )!;
    assert.deepEqual([command, JSON.parse(decodeURIComponent(given!))], ['c', [folder, '@ann-x.org.md']]);
  });
});
