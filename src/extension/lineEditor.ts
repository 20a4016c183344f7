/** A line that is typed into a terminal: what comes from the keyboard goes in, what the terminal shows comes out. */
export class LineEditor {
  readonly #prompt: string;
  readonly #history: string[] = [];
  #line = '';
  /** Counted back from the newest; 0 is the line that is being typed. */
  #back = 0;

  constructor(prompt: string) {
    this.#prompt = prompt;
  }

  get prompt(): string {
    return this.#prompt;
  }

  /**
   * @param typed as `Pseudoterminal.handleInput` gives it: a key, or pasted text
   * @returns what to show, and the lines that were entered
   */
  type(typed: string): {
    readonly echo: string;
    readonly entered: readonly string[];
    readonly ended: boolean;
  } {
    let echo = '';
    let ended = false;
    const entered: string[] = [];
    // oxlint-disable-next-line no-control-regex -- keys are control characters
    for (const [key] of typed.matchAll(/\u001b\[[0-9;]*[A-Za-z~]|\r\n|[^]/gu)) {
      if (key === '\r' || key === '\n' || key === '\r\n') {
        echo += '\r\n';
        if (this.#line.trim() !== '' && this.#history.at(-1) !== this.#line) this.#history.push(this.#line);
        entered.push(this.#line);
        this.#line = '';
        this.#back = 0;
      } else if (key === '\u007f' || key === '\b') {
        if (this.#line === '') continue;
        this.#line = [...this.#line].slice(0, -1).join('');
        echo += '\b \b';
      } else if (key === '\u0003') {
        echo += `^C\r\n${this.#prompt}`;
        this.#line = '';
        this.#back = 0;
      } else if (key === '\u0004') ended ||= this.#line === '';
      else if (key === '\u001b[A' || key === '\u001b[B') {
        const back = Math.min(this.#history.length, Math.max(0, this.#back + (key === '\u001b[A' ? 1 : -1)));
        if (back === this.#back) continue;
        this.#back = back;
        this.#line = back === 0 ? '' : this.#history.at(-back)!;
        echo += `\r\u001b[K${this.#prompt}${this.#line}`;
      } else if (key >= ' ' && !key.startsWith('\u001b')) {
        this.#line += key;
        echo += key;
      }
    }
    return { echo, entered, ended };
  }
}
