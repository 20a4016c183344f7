import type { ViewModel } from './view.ts';

/** What keeps a model from being drawn, in words; undefined for a sound one. A problem is a bug of its scenario. */
export function problemOfModel(model: ViewModel): string | undefined {
  switch (model.kind) {
    case 'timeline':
      if (model.lanes.length === 0) return 'its timeline has no lane';
      if (!(model.fromNs <= model.toNs)) return `its timeline ends at ${model.toNs} before it starts`;
      return undefined;
    case 'bars': {
      const { parts, rows } = model;
      for (const row of rows) {
        if (row.values.length !== parts.length)
          return `the bar ${row.label} has ${row.values.length} values for ${parts.length} parts`;
        const odd = [...row.values, row.reference?.value ?? 0].find(
          (value) => !(value >= 0 && value < Infinity),
        );
        if (odd !== undefined) return `the bar ${row.label} has the value ${odd}`;
      }
      return undefined;
    }
    case 'curve': {
      const points = model.series.flatMap(({ label, points: all }) => all.map((point) => ({ label, point })));
      const odd = points.find(({ point: { x, y } }) => !Number.isFinite(x) || !Number.isFinite(y));
      if (odd !== undefined) return `the curve ${odd.label} has the point (${odd.point.x}, ${odd.point.y})`;
      const unsorted = model.series.find(
        ({ shape, points: all }) => shape !== 'dots' && all.some(({ x }, i) => i > 0 && x < all[i - 1]!.x),
      );
      return unsorted === undefined
        ? undefined
        : `the points of the curve ${unsorted.label} are not in order`;
    }
    case 'graph': {
      const ids = new Set(model.nodes.map((node) => node.id));
      if (ids.size < model.nodes.length) return 'its graph has two nodes of one id';
      const outside = model.nodes.find(({ layer }) => model.layers[layer] === undefined);
      if (outside !== undefined)
        return `the node ${outside.id} is in layer ${outside.layer}, which does not exist`;
      const loose = model.edges.find(({ from, to }) => !ids.has(from) || !ids.has(to));
      return loose === undefined ? undefined : `the edge from ${loose.from} to ${loose.to} leads nowhere`;
    }
    case 'listing':
      return model.current !== undefined && model.lines[model.current] === undefined
        ? `the current line ${model.current} does not exist`
        : undefined;
    case 'state': {
      const uneven = model.groups.find(({ columns, rows }) =>
        rows.some((row) => row.length !== columns.length),
      );
      return uneven === undefined
        ? undefined
        : `a row of the table ${uneven.title} has not a cell per column`;
    }
  }
}
