import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from '../page/icons.tsx';
import { pageLanguage, t } from '../page/messages.ts';

export interface CardProps {
  readonly id: string;
  /** Rank of the card's heading among the page's headings, 2 to 6. */
  readonly level: number;
}

interface ExerciseCardProps extends CardProps {
  readonly icon: IconName;
  readonly title: ComponentChildren;
  readonly points: number;
  /** Points so far; undefined until something was answered. */
  readonly reached: number | undefined;
  readonly children: ComponentChildren;
}

/** The frame of an exercise: what it is, what it is worth, and a heading that can be jumped to. */
export function ExerciseCard({
  id,
  level,
  icon,
  title,
  points,
  reached,
  children,
}: ExerciseCardProps): JSX.Element {
  return (
    <section
      class="exercise"
      id={partElementId(id)}
      lang={pageLanguage()}
      aria-labelledby={`${partElementId(id)}-title`}
    >
      <header class="exercise-head">
        <Icon name={icon} />
        <Heading level={level} id={`${partElementId(id)}-title`}>
          {title}
        </Heading>
        <span class="exercise-points">
          {reached !== undefined
            ? t('{0} of {1} points', reached, points)
            : points === 1
              ? t('1 point')
              : t('{0} points', points)}
        </span>
      </header>
      {children}
    </section>
  );
}

export const partElementId = (id: string): string => `part-${id}`;

interface HeadingProps {
  readonly level: number;
  readonly id?: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A heading of a computed rank. It takes focus from a script, not from the Tab key. */
export function Heading({ level, children, ...rest }: HeadingProps): JSX.Element {
  const Tag = `h${Math.min(6, Math.max(2, level))}` as 'h2';
  return (
    <Tag tabIndex={-1} {...rest}>
      {children}
    </Tag>
  );
}
