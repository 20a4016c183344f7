import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { OrderInput } from '../../protocol/lessonPanel.ts';
import { InlineHtml } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { t } from '../page/messages.ts';

/** The order in which items stand before they were moved. */
export const shownFirst = ({ items }: OrderInput): readonly number[] => items.map(({ item }) => item);

interface OrderFieldProps {
  readonly items: OrderInput['items'];
  /** First to last. */
  readonly order: readonly number[];
  readonly locked: boolean;
  readonly askId: string;
  readonly onOrder: (order: readonly number[]) => void;
}

/** Items with a button each to move them up and down. The focus stays with the item, and each move is said. */
export function OrderField({ items, order, locked, askId, onOrder }: OrderFieldProps): JSX.Element {
  const id = useId();
  const list = useRef<HTMLOListElement>(null);
  const [moved, setMoved] = useState<{ readonly item: number; readonly by: 1 | -1 }>();
  const htmlOf = new Map(items.map(({ item, html }) => [item, html]));

  useLayoutEffect(() => {
    if (moved === undefined) return;
    const row = list.current!.querySelector(`[data-item='${moved.item}']`);
    row?.querySelector<HTMLButtonElement>(moved.by < 0 ? '.up' : '.down')?.focus();
  }, [moved]);

  const move = (place: number, by: 1 | -1): void => {
    const target = place + by;
    if (locked || target < 0 || target >= order.length) return;
    const next = [...order];
    [next[place], next[target]] = [next[target]!, next[place]!];
    onOrder(next);
    setMoved({ item: order[place]!, by });
  };
  const place = moved === undefined ? -1 : order.indexOf(moved.item);
  return (
    <fieldset class="order" aria-labelledby={`${askId} ${id}-legend`}>
      <legend id={`${id}-legend`}>{t('Put into order, the first on top.')}</legend>
      <ol ref={list}>
        {order.map((item, at) => (
          <li key={item} class="order-item" data-item={item}>
            <span class="order-place" aria-hidden="true">
              {at + 1}
            </span>
            <span id={`${id}-${item}`} class="order-text">
              <InlineHtml html={htmlOf.get(item) ?? ''} />
            </span>
            <span class="order-buttons">
              <button
                type="button"
                class="tool up"
                title={t('Move up')}
                aria-label={t('Move up')}
                aria-describedby={`${id}-${item}`}
                aria-disabled={locked || at === 0}
                onClick={() => move(at, -1)}
              >
                <Icon name="up" />
              </button>
              <button
                type="button"
                class="tool down"
                title={t('Move down')}
                aria-label={t('Move down')}
                aria-describedby={`${id}-${item}`}
                aria-disabled={locked || at === order.length - 1}
                onClick={() => move(at, 1)}
              >
                <Icon name="down" />
              </button>
            </span>
          </li>
        ))}
      </ol>
      <p class="visually-hidden" role="status">
        {place >= 0 && !locked && t('Now {0} of {1}.', place + 1, order.length)}
      </p>
    </fieldset>
  );
}
