import { sayNumber, sayQuantity } from './quantityText.ts';
import {
  timelineText,
  type Axis,
  type BarsModel,
  type CurveModel,
  type GraphModel,
  type ListingModel,
  type StateGroup,
  type TimelineModel,
  type ViewModel,
} from './view.ts';

/** Every model but that of a timeline, which may have a million rows. */
export type TabularModel = Exclude<ViewModel, TimelineModel>;

/**
 * The tables behind a picture: everything that it shows, in words. What screen readers read, the command line prints and
 * a diff compares.
 */
export function tablesOf(model: TabularModel): readonly StateGroup[] {
  switch (model.kind) {
    case 'bars':
      return barsTables(model);
    case 'curve':
      return curveTables(model);
    case 'graph':
      return graphTables(model);
    case 'listing':
      return [listingTable(model)];
    case 'state':
      return model.groups;
  }
}

/** A view as lines of text, to print or to compare. */
export function viewText(model: ViewModel): readonly string[] {
  if (model.kind === 'timeline') return timelineText(model);
  return tablesOf(model).flatMap((table) => [
    `${table.title}:`,
    ...(table.rows.length === 0 ? [`  ${table.whenEmpty}`] : []),
    ...table.rows.map((row) => `  ${row.filter((cell) => cell !== '').join(' | ')}`),
  ]);
}

/** The sum of a row of bars. */
export const barTotal = (row: BarsModel['rows'][number]): number =>
  row.values.reduce((sum, value) => sum + value, 0);

const headed = ({ label, unit }: Axis): string => (unit === '' ? label : `${label} (${unit})`);

function barsTables({ title, axis, parts, rows }: BarsModel): readonly StateGroup[] {
  const stacked = parts.length > 1;
  const referred = rows.some((row) => row.reference !== undefined);
  return [
    {
      title,
      columns: [
        '',
        ...(stacked ? parts.map((part) => part.label) : []),
        headed(axis),
        ...(referred ? ['Reference', 'Source'] : []),
      ],
      rows: rows.map((row) => [
        row.label,
        ...(stacked ? row.values.map((value) => sayNumber(value)) : []),
        sayNumber(barTotal(row)),
        ...(referred
          ? [
              row.reference === undefined
                ? ''
                : `${sayQuantity(row.reference.value, axis.unit)}, ${row.reference.label}`,
              row.reference?.source ?? '',
            ]
          : []),
      ]),
      whenEmpty: 'Nothing to show.',
    },
  ];
}

function curveTables({ title, x, y, series, bounds, marked }: CurveModel): readonly StateGroup[] {
  const points = series.flatMap((one) => one.points);
  const labelled = points.some((point) => point.label !== undefined);
  const several = series.length > 1;
  const rows = series.flatMap((one) =>
    one.points.map((point) => [
      ...(several ? [one.source === undefined ? one.label : `${one.label} (${one.source})`] : []),
      ...(labelled ? [point.label ?? ''] : []),
      sayNumber(point.x),
      sayNumber(point.y),
    ]),
  );
  const said = [
    ...(marked === undefined
      ? []
      : [[marked.label, `${sayQuantity(marked.x, x.unit)}, ${sayQuantity(marked.y, y.unit)}`]]),
    ...bounds.map(({ axis, at, label, forbidden }) => [
      label,
      `${axis === 'x' ? x.label : y.label} ${forbidden === undefined ? 'at' : forbidden === 'above' ? 'at most' : 'at least'} ${sayQuantity(at, (axis === 'x' ? x : y).unit)}`,
    ]),
  ];
  return [
    {
      title,
      columns: [...(several ? ['Series'] : []), ...(labelled ? ['Point'] : []), headed(x), headed(y)],
      rows,
      whenEmpty: 'Nothing to show.',
    },
    ...(said.length === 0
      ? []
      : [{ title: 'Marked', columns: ['What', 'Where'], rows: said, whenEmpty: 'Nothing.' }]),
  ];
}

function graphTables({ title, layers, nodes, edges }: GraphModel): readonly StateGroup[] {
  const labels = new Map(nodes.map((node) => [node.id, node.label]));
  const layered = layers.some((layer) => layer !== '');
  return [
    {
      title,
      columns: ['Name', ...(layered ? ['Where'] : []), 'State'],
      rows: nodes.map((node) => [
        node.label,
        ...(layered ? [layers[node.layer] ?? ''] : []),
        node.details.join('; '),
      ]),
      whenEmpty: 'Nothing exists.',
    },
    {
      title: 'Connections',
      columns: ['From', 'To', 'What'],
      rows: edges.map((edge) => [
        labels.get(edge.from) ?? edge.from,
        labels.get(edge.to) ?? edge.to,
        edge.label,
      ]),
      whenEmpty: 'None.',
    },
  ];
}

function listingTable({ title, lines, current, happening }: ListingModel): StateGroup {
  const notes = lines.map((line, index) =>
    [index === current ? (happening ?? 'current line') : '', line.note ?? '']
      .filter((said) => said !== '')
      .join('; '),
  );
  return {
    title,
    columns: ['', 'Line', 'Code', 'Note'],
    rows: lines.map((line, index) => [index === current ? '→' : '', line.label, line.text, notes[index]!]),
    whenEmpty: 'No code.',
  };
}
