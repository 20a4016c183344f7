import { useLayoutEffect } from 'preact/hooks';

/** Everywhere that a stepper can go. A move that leads nowhere leaves it where it is. */
export interface Moves {
  readonly to: (event: number) => void;
  readonly first: () => void;
  readonly previous: () => void;
  readonly next: () => void;
  readonly last: () => void;
  readonly previousDecision: () => void;
  readonly nextDecision: () => void;
  readonly deciding: () => void;
  readonly zoomIn: () => void;
  readonly zoomOut: () => void;
  readonly zoomFit: () => void;
}

const keys: Readonly<Record<string, Exclude<keyof Moves, 'to'>>> = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  Home: 'first',
  End: 'last',
  n: 'nextDecision',
  p: 'previousDecision',
  d: 'deciding',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  '0': 'zoomFit',
};

/** Single keys step from anywhere: the page has nothing to type into. Sliders and curves keep their own arrows, Home and End. */
export function useStepKeys(moves: Moves): void {
  useLayoutEffect(() => {
    const onKeyDown = (pressed: KeyboardEvent): void => {
      if (pressed.defaultPrevented || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
      if (pressed.shiftKey && pressed.key !== '+') return;
      const sliding = pressed.target instanceof HTMLInputElement && pressed.key.length > 1;
      const move = keys[pressed.key];
      if (move === undefined || sliding) return;
      pressed.preventDefault();
      moves[move]();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}
