import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { ToExtension, ToWebview } from '../../protocol/lessonPanel.ts';
import type { FigureRunner } from '../figure/figureRunner.ts';
import { Icon } from './icons.tsx';
import { LessonProvider, type LessonContext } from './lessonContext.ts';
import { LessonPage } from './lessonPage.tsx';
import { followLink } from './links.ts';
import { AuthoringBar } from '../preview/authoringBar.tsx';
import { followPlace } from '../preview/followPlace.ts';
import { receive, type LessonView } from './lessonView.ts';
import { readingPlace, restoreReadingPlace, revealPart } from './readingPlace.ts';
import { emptyState, restoredState, type SavedState } from './savedState.ts';
import { t } from './messages.ts';

interface LessonPanelProps {
  readonly send: (message: ToExtension) => void;
  readonly runner: FigureRunner;
  readonly stored: () => unknown;
  readonly store: (state: SavedState) => void;
  readonly listen: (listener: (message: ToWebview) => void) => void;
}

/** The panel's root: takes messages, shows the lesson, remembers where the reader was. */
export function LessonPanel({ send, runner, stored, store, listen }: LessonPanelProps): JSX.Element {
  const [view, dispatch] = useReducer<LessonView, ToWebview>(receive, { kind: 'waiting' });
  const lessonId = view.kind === 'lesson' ? view.page.id : undefined;
  const state = useRef<SavedState>(emptyState(''));
  const shownLesson = useRef<string>(undefined);
  const reveal = useRef<string>(undefined);
  const endRestoring = useRef<() => void>(undefined);

  const lesson = useMemo<LessonContext>(
    () => ({
      send,
      runner,
      saved: () => state.current,
      save: (change) => {
        state.current = change(state.current);
        store(state.current);
      },
    }),
    [],
  );
  // The parts read what was saved while they are rendered for the first time.
  if (lessonId !== undefined && state.current.lessonId !== lessonId)
    state.current = restoredState(stored(), lessonId);

  useEffect(() => {
    listen((message) => {
      if (message.type === 'reveal' || message.type === 'follow') endRestoring.current?.();
      if (message.type === 'reveal') {
        reveal.current = message.partId;
        if (revealPart(message.partId)) reveal.current = undefined;
      } else if (message.type === 'follow') followPlace(message.part, message.share);
      else dispatch(message);
    });
    send({ type: 'ready' });
  }, []);

  useLayoutEffect(() => {
    if (view.kind !== 'lesson' || shownLesson.current === view.page.id) return;
    const first = shownLesson.current === undefined;
    shownLesson.current = view.page.id;
    endRestoring.current?.();
    document.title = view.page.title;
    store(state.current);
    if (reveal.current !== undefined && revealPart(reveal.current)) reveal.current = undefined;
    else if (state.current.reading !== undefined)
      endRestoring.current = restoreReadingPlace(state.current.reading);
    else if (!first) window.scrollTo(0, 0);
  }, [view]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remember = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (shownLesson.current === undefined) return;
        const reading = readingPlace();
        if (reading !== undefined) lesson.save((before) => ({ ...before, reading }));
      }, 100);
    };
    window.addEventListener('scroll', remember, { passive: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('scroll', remember);
    };
  }, []);

  switch (view.kind) {
    case 'waiting':
      return (
        <main class="waiting">
          <p class="appears" role="status">
            {t('Opening the lesson…')}
          </p>
        </main>
      );
    case 'broken':
      return (
        <main class="broken">
          <h1>
            <Icon name="ungradable" /> {view.title}
          </h1>
          <p>{view.message}</p>
        </main>
      );
    case 'lesson':
      return (
        <LessonProvider value={lesson}>
          {view.authoring !== undefined && <AuthoringBar authoring={view.authoring} />}
          <main onClick={(event) => followLink(event, view.page.id, send)}>
            <LessonPage
              key={view.page.id}
              page={view.page}
              exercises={view.exercises}
              sheets={view.sheets}
              isPreview={view.authoring !== undefined}
            />
          </main>
        </LessonProvider>
      );
  }
}
