import type { JSX } from 'preact';
import { useId, useMemo, useRef } from 'preact/hooks';
import { sayMeasured, sayNumber, sayQuantity } from '../../engine/kernel/quantityText.ts';
import { barTotal } from '../../engine/kernel/viewTables.ts';
import type { BarsModel, BarsRow } from '../../engine/kernel/view.ts';
import { Swatch } from '../timeline/legend.tsx';
import { borderAlpha, type Palette } from '../timeline/palette.ts';
import { plotScale, type PlotScale } from './plotScale.ts';
import { sayAxis, sayBars } from './summaries.ts';
import { isTextured, textureOf, TonePatterns } from './tonePatterns.tsx';
import { usePalette } from './usePalette.ts';
import { useWidth } from './useWidth.ts';
import { ViewFrame } from './viewFrame.tsx';

/** Bars with what a page draws across them all: a prediction, and what came of it. */
export interface DrawnBars extends BarsModel {
  readonly guides?: readonly Guide[];
}

export interface Guide {
  readonly value: number;
  readonly label: string;
  readonly role: 'guess' | 'actual';
}

const rowHeight = 36;
/** A mark stands above the bar. */
const barTop = 11;
const barHeight = 18;
/** Narrower than this, labels stand above their bars. */
const narrowPx = 480;
/** What one character takes, about, in CSS pixels. */
const characterPx = 7.5;

/** A long unit stands at the head alone. */
const sayBeside = (value: number, unit: string): string =>
  `${sayMeasured(value, unit)} ${unit.length > 4 ? '' : unit}`.trimEnd();

/** Rows of stacked segments over one axis; values from elsewhere are marked beside their sums. */
export function Bars({
  model,
  caption,
}: {
  readonly model: DrawnBars;
  readonly caption: string | undefined;
}): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const plotWidth = useWidth(plot);
  const palette = usePalette(host);
  const paints = useId();
  const scale = useMemo(
    () => plotScale(model.axis, extent(model), Math.max(2, Math.floor(plotWidth / 75)), true),
    [model, plotWidth],
  );
  const { rows, axis, parts } = model;
  const narrow = width < narrowPx;
  return (
    <ViewFrame model={model} caption={caption} measured={sayAxis(axis)} summary={sayBars(model)}>
      {(summaryId) => (
        <>
          <div
            ref={host}
            class={narrow ? 'bars narrow' : 'bars'}
            role="img"
            aria-label={caption ?? model.title}
            aria-describedby={summaryId}
          >
            {palette !== undefined && <TonePatterns id={paints} palette={palette} />}
            {rows.map((row) => (
              <div key={row.label} class="bar-row">
                <div class="bar-label">{row.label}</div>
                <div class="bar-plot">
                  {palette !== undefined && (
                    <Bar
                      model={model}
                      row={row}
                      scale={scale}
                      width={plotWidth}
                      palette={palette}
                      paints={paints}
                    />
                  )}
                </div>
                <div class="bar-value">
                  {sayBeside(barTotal(row), axis.unit)}
                  {row.reference !== undefined && (
                    <span class="bar-reference">
                      {markOf(model, row)} {sayBeside(row.reference.value, axis.unit)}
                    </span>
                  )}
                </div>
              </div>
            ))}
            <div class="bar-row bar-axis">
              <div class="bar-label" />
              <div ref={plot} class="bar-plot">
                {scale.ticks.map(({ value, label }) => (
                  <span key={value} class="bar-tick" style={{ left: `${100 * scale.place(value)}%` }}>
                    {label}
                  </span>
                ))}
              </div>
              <div class="bar-value" />
            </div>
          </div>
          <ul class="legend">
            {parts.length > 1 &&
              parts.map((part, index) =>
                rows.some((row) => row.values[index]! > 0) ? (
                  <li key={part.label}>
                    <Swatch style={part} />
                    {part.label}
                  </li>
                ) : null,
              )}
            {referencesOf(model).map(({ label, source }, index) => (
              <li key={label}>
                <span class="reference-mark" aria-hidden="true">
                  {marks[index % marks.length]}
                </span>
                {label} ({source})
              </li>
            ))}
            {model.guides?.map((guide) => (
              <li key={guide.label}>
                <span class={`guide-mark ${guide.role}`} aria-hidden="true" />
                {guide.label}: {sayQuantity(guide.value, axis.unit)}
              </li>
            ))}
          </ul>
        </>
      )}
    </ViewFrame>
  );
}

/** Every value that has to be seen. */
export const extent = (model: DrawnBars): readonly number[] => [
  ...model.rows.flatMap((row) => [
    barTotal(row),
    ...(model.axis.scale === 'log' ? row.values.filter((value) => value > 0) : []),
    ...(row.reference === undefined ? [] : [row.reference.value]),
  ]),
  ...(model.guides ?? []).map((guide) => guide.value),
];

function Bar({
  model,
  row,
  scale,
  width,
  palette,
  paints,
}: {
  readonly model: DrawnBars;
  readonly row: BarsRow;
  readonly scale: PlotScale;
  readonly width: number;
  readonly palette: Palette;
  readonly paints: string;
}): JSX.Element {
  let below = 0;
  const at = (value: number): number => Math.round(scale.place(value) * width * 2) / 2;
  return (
    <svg width={width} height={rowHeight} aria-hidden="true">
      {scale.ticks.map(({ value }) => (
        <line
          key={value}
          class={value === scale.from ? 'axis-line' : 'grid-line'}
          x1={at(value)}
          x2={at(value)}
          y1={0}
          y2={rowHeight}
        />
      ))}
      {model.parts.map((part, index) => {
        const value = row.values[index]!;
        const from = below === 0 ? 0 : at(below);
        below += value;
        // What is there is seen, however small.
        const to = value === 0 ? from : Math.max(from + 1, at(below));
        if (to <= from) return null;
        const room = to - from > part.letter.length * characterPx + 6;
        return (
          <g key={part.label}>
            <title>{`${part.label}: ${sayQuantity(value, model.axis.unit)}`}</title>
            <rect x={from} y={barTop} width={to - from} height={barHeight} fill={palette.fills[part.tone]} />
            {isTextured(part.tone) && (
              <rect
                x={from}
                y={barTop}
                width={to - from}
                height={barHeight}
                fill={textureOf(paints, part.tone)}
              />
            )}
            <rect
              class="bar-edge"
              x={from + 0.5}
              y={barTop + 0.5}
              width={Math.max(0, to - from - 1)}
              height={barHeight - 1}
              stroke={palette.border ?? palette.surface}
              stroke-opacity={palette.border === undefined ? 0 : borderAlpha(part.tone)}
            />
            {below > value && (
              <line class="bar-seam" x1={from} x2={from} y1={barTop} y2={barTop + barHeight} />
            )}
            {room && part.letter !== '' && (
              <>
                {isTextured(part.tone) && (
                  <rect
                    x={(from + to) / 2 - (part.letter.length * characterPx) / 2 - 2}
                    y={barTop + 2}
                    width={part.letter.length * characterPx + 4}
                    height={barHeight - 4}
                    fill={palette.fills[part.tone]}
                  />
                )}
                <text
                  class="bar-letter"
                  x={(from + to) / 2}
                  y={barTop + barHeight / 2}
                  fill={palette.inks[part.tone]}
                >
                  {part.letter}
                </text>
              </>
            )}
          </g>
        );
      })}
      {model.guides?.map((guide) => (
        <line
          key={guide.label}
          class={`guide ${guide.role}`}
          x1={at(guide.value)}
          x2={at(guide.value)}
          y1={0}
          y2={rowHeight}
        />
      ))}
      {row.reference !== undefined && (
        <g class="reference">
          <title>{`${row.reference.label}: ${sayNumber(row.reference.value)} (${row.reference.source})`}</title>
          <line
            x1={at(row.reference.value)}
            x2={at(row.reference.value)}
            y1={6}
            y2={barTop + barHeight + 3}
          />
          <text x={at(row.reference.value)} y={6}>
            {markOf(model, row)}
          </text>
        </g>
      )}
    </svg>
  );
}

const marks = ['◆', '▼', '●', '■'];

/** The different references of a picture, in the order of their first bars. */
function referencesOf({ rows }: BarsModel): readonly { readonly label: string; readonly source: string }[] {
  const known = new Map<string, { label: string; source: string }>();
  for (const { reference } of rows) {
    if (reference !== undefined) known.set(`${reference.label}\n${reference.source}`, reference);
  }
  return [...known.values()];
}

function markOf(model: BarsModel, { reference }: BarsRow): string {
  const index = referencesOf(model).findIndex(
    (one) => one.label === reference?.label && one.source === reference.source,
  );
  return marks[index % marks.length]!;
}
