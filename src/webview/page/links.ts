import type { ToExtension } from '../../protocol/lessonPanel.ts';

/**
 * Follows a link of the lesson's text: `trapframe:<lesson>#<heading>` opens a lesson, `#…` goes to a heading of this one.
 * Links to the web are left to VS Code, which asks before it opens them.
 */
export function followLink(event: MouseEvent, lessonId: string, send: (message: ToExtension) => void): void {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  const address = link?.getAttribute('href') ?? '';
  const lesson = /^trapframe:([^#]*)(?:#(.*))?$/.exec(address);
  if (lesson === null && !address.startsWith('#')) return;
  event.preventDefault();
  // VS Code listens further out and would take the address for one of the web.
  event.stopPropagation();
  if (lesson !== null && lesson[1] !== lessonId) {
    send({ type: 'openLesson', id: lesson[1]! });
    return;
  }
  const heading = lesson === null ? address.slice(1) : `section-${lesson[2] ?? ''}`;
  const target = document.getElementById(decodeURIComponent(heading));
  if (target === null) return;
  target.tabIndex = -1;
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}
