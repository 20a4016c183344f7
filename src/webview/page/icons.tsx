import type { JSX } from 'preact';

/** Line icons on a 16-pixel grid, in the text's colour. Always beside a word or inside a labelled button. */
const paths = {
  right: 'M2.5 8.5l3.5 3.5 7.5-8',
  wrong: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  notReached: 'M3 8h10',
  ungradable: 'M8 2.5l6 11H2zM8 6.5v3.5M8 11.6v.4',
  question:
    'M5.5 6a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.7-.9 1.4M8 12v.4M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z',
  prediction:
    'M1.5 8s2.5-4.5 6.5-4.5S14.5 8 14.5 8s-2.5 4.5-6.5 4.5S1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  critique: 'M2.5 3h11v8H8l-3.5 3v-3h-2zM5 6h6M5 8.5h4',
  task: 'M5 4L1.5 8 5 12M11 4l3.5 4-3.5 4M9.5 2.5l-3 11',
  hint: 'M6 12.5h4M6.5 14.5h3M8 1.5a4.5 4.5 0 0 0-2.5 8.2c.5.4.5.8.5 1.3h4c0-.5 0-.9.5-1.3A4.5 4.5 0 0 0 8 1.5z',
  go: 'M3 8h9M8.5 4.5L12 8l-3.5 3.5',
  zoomIn: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.7 3.7M5 7h4M7 5v4',
  zoomOut: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.7 3.7M5 7h4',
  fit: 'M1.5 3v10M14.5 3v10M4 8h8M6 6L4 8l2 2M10 6l2 2-2 2',
  table: 'M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 3v10',
  reset: 'M3 3v3.5h3.5M3.2 6.5A5.5 5.5 0 1 1 2.5 9',
  minus: 'M3.5 8h9',
  plus: 'M3.5 8h9M8 3.5v9',
  pin: 'M6 2.5h4l.6 5L12.5 9.5h-9L5.4 7.5zM8 9.5V14',
  up: 'M8 13V3.5M4 7.5l4-4 4 4',
  down: 'M8 3v9.5M4 8.5l4 4 4-4',
  first: 'M3.5 3.5v9M12 3.5L7 8l5 4.5z',
  previous: 'M10.5 3.5L5.5 8l5 4.5z',
  next: 'M5.5 3.5l5 4.5-5 4.5z',
  last: 'M12.5 3.5v9M4 3.5L9 8l-5 4.5z',
  decision: 'M8 3l5 5-5 5-5-5z',
  previousDecision: 'M10.5 3.5L15 8l-4.5 4.5L6 8zM4 5L1 8l3 3',
  nextDecision: 'M5.5 3.5L10 8l-4.5 4.5L1 8zM12 5l3 3-3 3',
  terminal: 'M1.5 3h13v10h-13zM4 6l2.3 2L4 10M8 10.2h3.5',
  stepThrough: 'M2.5 3.5v9M6 3.5l7 4.5-7 4.5z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
