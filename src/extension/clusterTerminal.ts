import { EventEmitter, ThemeIcon, window, type Pseudoterminal } from 'vscode';
import type { RunAtEvent, ClusterSession } from './clusterSession.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { HumanError } from './humanError.ts';
import { LineEditor } from './lineEditor.ts';
import { t } from '../course/messages.ts';

/** Opens a terminal in which kubectl looks at a simulated cluster. */
export class ClusterTerminals {
  readonly #library: CourseLibrary;

  constructor(library: CourseLibrary) {
    this.#library = library;
  }

  /** @param failing runs to look at; when none of them has a cluster, the learner picks an experiment */
  async open(failing: readonly RunAtEvent[]): Promise<void> {
    const { host } = await this.#library.get();
    const known = new Set(host.clusterScenarios().map(({ id }) => id));
    const asked = failing.find(({ scenario }) => known.has(scenario)) ?? (await this.#pick());
    if (asked === undefined) return;
    await this.openOver(asked);
  }

  async openOver(run: RunAtEvent): Promise<void> {
    const { host } = await this.#library.get();
    const session = host.clusterSession(run);
    if (session === undefined)
      throw new HumanError(t('{0} has no cluster that could be looked at.', run.scenario));
    window
      .createTerminal({
        name: 'kubectl',
        iconPath: new ThemeIcon('server-environment'),
        pty: clusterPseudoterminal(session),
        isTransient: true,
      })
      .show();
  }

  async #pick(): Promise<RunAtEvent | undefined> {
    const { host } = await this.#library.get();
    const choices = host.clusterScenarios().map(({ id, title }) => ({ label: title, description: id, id }));
    const chosen = await window.showQuickPick(choices, { title: t('The cluster of which experiment?') });
    return chosen === undefined ? undefined : { scenario: chosen.id, params: {}, seed: 1 };
  }
}

/** A terminal over a session: it asks line by line, and errors are red. */
export function clusterPseudoterminal(session: ClusterSession): Pseudoterminal {
  const written = new EventEmitter<string>();
  const closed = new EventEmitter<void>();
  const editor = new LineEditor('$ kubectl ');
  const lines = (text: string): string => text.replaceAll('\n', '\r\n');
  return {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open: () => written.fire(`${lines(session.greeting)}\r\n\r\n${editor.prompt}`),
    close: () => {
      written.dispose();
      closed.dispose();
    },
    handleInput(typed) {
      const { echo, entered, ended } = editor.type(typed);
      written.fire(echo);
      for (const line of entered) {
        const { text, error, closes } = session.answer(line);
        if (closes) {
          closed.fire();
          return;
        }
        if (text !== '') written.fire(error ? `\u001b[31m${lines(text)}\u001b[0m\r\n` : `${lines(text)}\r\n`);
        written.fire(editor.prompt);
      }
      if (ended) closed.fire();
    },
  };
}
