import type { Theme, Workbench } from './workbench.ts';

/** A picture of VS Code with Trapframe, for the README and for looking at things. */
export interface Scene {
  readonly shows: string;
  /** One picture in each; dark by default. */
  readonly themes?: readonly Theme[];
  readonly size?: { readonly width: number; readonly height: number };
  /** Files of the opened folder, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Brings the window into the state to be shown. */
  readonly arrange: (workbench: Workbench) => Promise<void>;
}

/** By the name that the picture's file gets. */
export const scenes: Readonly<Record<string, Scene>> = {
  walkthrough: {
    shows: 'The walkthrough at the first start.',
    async arrange(workbench) {
      await workbench.command('Trapframe: Get Started');
      await workbench.page.locator('.gettingStartedContainer').waitFor();
    },
  },
  lesson: {
    shows: 'The first lesson beside the course tree.',
    themes: [
      'Default Dark Modern',
      'Default Light Modern',
      'Default High Contrast',
      'Default High Contrast Light',
    ],
    async arrange(workbench) {
      await workbench.openView('Trapframe');
      await workbench.command('Trapframe: Open First Lesson');
      await workbench.webview('h1');
    },
  },
};
