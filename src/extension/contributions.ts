/**
 * Everything that the manifest contributes and the code registers, once. A unit test proves that `package.json`
 * says exactly this.
 */

export interface CommandContribution {
  readonly title: string;
  /** Shown in toolbars and tree rows. */
  readonly icon?: string;
  /** When the command is offered in the palette; `false` hides it there. */
  readonly palette?: string;
}

/** The editor shows a lesson's own file. Whether a pack is around it, the command says. */
const lessonFileEditor = String.raw`resourceFilename =~ /^lesson(\.[a-z][a-z0-9-]*)?\.md$/`;

/** A file that describes a task, or a lesson that opens some. */
const taskOrLessonFile = String.raw`resourceFilename =~ /^(lesson(\.[a-z][a-z0-9-]*)?\.md|task(\.[a-z][a-z0-9-]*)?\.yaml)$/`;
/** A file that stands for a whole lesson or pack. */
const packOrLessonFile = String.raw`resourceFilename =~ /^(lesson(\.[a-z][a-z0-9-]*)?\.md|pack\.yaml)$/`;

export const commands = {
  'trapframe.openFirstLesson': { title: 'Open First Lesson' },
  'trapframe.openLesson': { title: 'Open Lesson…' },
  'trapframe.chooseWorkFolder': { title: 'Choose Work Folder…' },
  'trapframe.openTask': { title: 'Open Task…' },
  'trapframe.checkTask': { title: 'Check', icon: '$(run-all)', palette: 'trapframe.activeTask' },
  'trapframe.showHint': { title: 'Show Hint', icon: '$(lightbulb)', palette: 'trapframe.activeTask' },
  'trapframe.resetTask': { title: 'Reset Task…', icon: '$(discard)', palette: 'trapframe.activeTask' },
  'trapframe.compareWithReference': {
    title: 'Compare with Reference',
    icon: '$(diff)',
    palette: 'trapframe.activeTask',
  },
  'trapframe.stepThrough': {
    title: 'Step Through Failing Case',
    icon: '$(debug-step-over)',
    palette: 'trapframe.activeTask',
  },
  'trapframe.openClusterTerminal': { title: 'Open Cluster Terminal' },
  'trapframe.saveFailingCase': { title: 'Save Failing Case…', palette: 'trapframe.activeTask' },
  'trapframe.showLesson': { title: 'Show Lesson', icon: '$(book)', palette: 'trapframe.activeTask' },
  'trapframe.review': { title: 'Review What Is Due' },
  'trapframe.exportSubmission': { title: 'Export Submission…' },
  'trapframe.exportProgress': { title: 'Export Progress…' },
  'trapframe.resetProgress': { title: 'Reset Progress…' },
  'trapframe.openWalkthrough': { title: 'Get Started' },
  'trapframe.newPack': { title: 'New Pack…' },
  'trapframe.newLesson': { title: 'New Lesson…' },
  'trapframe.newTask': { title: 'New Task…' },
  'trapframe.previewLesson': {
    title: 'Preview Lesson',
    icon: '$(open-preview)',
    palette: lessonFileEditor,
  },
  'trapframe.verify': { title: 'Verify', icon: '$(verified)', palette: packOrLessonFile },
  'trapframe.suggestMisconceptions': { title: 'Suggest Misconceptions…', palette: taskOrLessonFile },
  'trapframe.openClassReport': { title: 'Open Class Report…' },
  /** The class report's links do it. */
  'trapframe.openStudentReport': { title: 'Open Student Report', palette: 'false' },
  'trapframe.showLog': { title: 'Show Log' },
  'trapframe.reportIssue': { title: 'Report Issue…' },
} as const satisfies Readonly<Record<string, CommandContribution>>;

export type CommandId = keyof typeof commands;

export const courseViewId = 'trapframe.course';
/** Questions that are due to be answered again. */
export const reviewViewId = 'trapframe.reviews';
/** Only there while no work folder is: it says so, and offers to choose one. */
export const workFolderViewId = 'trapframe.workFolder';
export const lessonPanelType = 'trapframe.lesson';
/** The preview of a lesson that is being written. */
export const lessonPreviewType = 'trapframe.preview';
export const tracePanelType = 'trapframe.trace';
export const walkthroughId = 'trapframe.start';
/** The scheme of read-only documents with a task's reference solution. */
export const referenceScheme = 'trapframe-reference';
/** The scheme of read-only pages about scenarios and blocks, for authors. */
export const formatScheme = 'trapframe-format';

/** Keys that `when` clauses read, with what they mean. */
export const contextKeys = {
  'trapframe.activeTask': 'The active editor shows the file of a task.',
  'trapframe.hasWorkFolder': 'A work folder was found or chosen.',
} as const;
export type ContextKey = keyof typeof contextKeys;

export const settings = {
  'trapframe.gradeOnSave': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    order: 1,
    markdownDescription:
      'Check a task whenever its file is saved. Without it, tasks are checked by *Trapframe: Check* and in the Testing view.',
  },
} as const;
export type SettingId = keyof typeof settings;

const activeTaskEditor = 'trapframe.activeTask';

export const walkthrough = {
  id: walkthroughId,
  title: 'Get started with Trapframe',
  description: 'Understand virtualization by building it.',
  steps: [
    {
      id: 'course',
      title: 'See the course',
      description:
        'Lessons stand in the Trapframe view of the activity bar, with what you have done in each.\n[Show the Course](command:trapframe.course.focus)',
      completionEvents: ['onView:trapframe.course'],
      media: {
        svg: 'media/walkthrough/course.svg',
        altText: 'The course tree: modules, lessons, and exercises with their state.',
      },
    },
    {
      id: 'lesson',
      title: 'Read a lesson and try its figures',
      description:
        'Every figure is a live simulation. Change a number and see what it does; then answer, and get an explanation of your very answer.\n[Open First Lesson](command:trapframe.openFirstLesson)',
      completionEvents: ['onCommand:trapframe.openFirstLesson', 'onCommand:trapframe.openLesson'],
      media: {
        svg: 'media/walkthrough/lesson.svg',
        altText: 'A lesson with a timeline of four virtual machines that share one CPU.',
      },
    },
    {
      id: 'folder',
      title: 'Choose a folder for your work',
      description:
        'Code tasks are ordinary files in a folder of yours. Trapframe never overwrites what you wrote.\n[Choose Work Folder…](command:trapframe.chooseWorkFolder)',
      completionEvents: ['onContext:trapframe.hasWorkFolder'],
      media: {
        svg: 'media/walkthrough/folder.svg',
        altText: 'A work folder with trapframe.json, answers.json, and one folder for each task.',
      },
    },
    {
      id: 'task',
      title: 'Write the scheduler',
      description:
        'Open a task, complete the code, and save. Completion and hovers explain every value that you are given.\n[Open Task…](command:trapframe.openTask)',
      completionEvents: ['onCommand:trapframe.openTask'],
      media: {
        svg: 'media/walkthrough/task.svg',
        altText: 'A task file with Check, Hint, Reset, and Compare with Reference above the code.',
      },
    },
    {
      id: 'verdict',
      title: 'See why it is wrong, or that it is right',
      description:
        'A failing check shows the smallest case that fails, the decision that led to it at its line of your code, and both schedules side by side in the Testing view.\n[Show the Testing View](command:workbench.view.testing.focus)',
      completionEvents: ['onCommand:trapframe.checkTask', 'onView:workbench.view.testing'],
      media: {
        svg: 'media/walkthrough/verdict.svg',
        altText: 'A failing check with the expected and the actual schedule, the first difference marked.',
      },
    },
  ],
} as const;

/** Completion and checks in files of the course, by the built-in JSON support and by Red Hat's YAML extension. */
const schemaOf = (name: string, fileMatch: string): { fileMatch: string; url: string } => ({
  fileMatch,
  url: `./media/schemas/${name}.schema.json`,
});

const key = (command: CommandId): string => `<keybinding:${command}>`;
const accessibilityHelpContent = [
  'The course tree lists modules, lessons, and exercises. Each row says how much of it is done.',
  '- The Review view lists the questions that are due to be answered again.',
  '- Enter opens a lesson, or moves to an exercise in its lesson.',
  `- Choose a folder for task files: ${key('trapframe.chooseWorkFolder')}.`,
  `- In a task file, check your work: ${key('trapframe.checkTask')}; show a hint: ${key('trapframe.showHint')}; move to the next problem with F8.`,
  '- The Testing view has every check of a task, with the expected and the actual schedule of a failure as text.',
].join('\n');

const inTaskEditor = (
  command: CommandId,
  group: string,
): { command: CommandId; when: string; group: string } => ({
  command,
  when: activeTaskEditor,
  group,
});

/** The `contributes` member of the manifest. */
export function manifestContributes(): Record<string, unknown> {
  const entries = Object.entries(commands) as [CommandId, CommandContribution][];
  return {
    commands: entries.map(([command, { title, icon }]) => ({
      command,
      title,
      category: 'Trapframe',
      ...(icon === undefined ? {} : { icon }),
    })),
    viewsContainers: {
      activitybar: [{ id: 'trapframe', title: 'Trapframe', icon: 'media/activityBar.svg' }],
    },
    views: {
      trapframe: [
        {
          id: courseViewId,
          name: 'Course',
          contextualTitle: 'Trapframe Course',
          icon: 'media/activityBar.svg',
          accessibilityHelpContent,
        },
        {
          id: reviewViewId,
          name: 'Review',
          contextualTitle: 'Trapframe Review',
          icon: 'media/activityBar.svg',
        },
        {
          id: workFolderViewId,
          name: 'Your Work',
          icon: 'media/activityBar.svg',
          when: '!trapframe.hasWorkFolder' satisfies `!${ContextKey}`,
        },
      ],
    },
    viewsWelcome: [
      {
        view: reviewViewId,
        contents:
          'Nothing is due. Questions return here with other numbers, a day after you answered them, then after 3, 7, 16 and 35 days. A wrong answer or a hint starts again with one day.',
      },
      {
        view: workFolderViewId,
        contents:
          'Code tasks are files in a folder of yours. You have not chosen one yet; lessons and questions work without.\n[Choose Work Folder…](command:trapframe.chooseWorkFolder)',
      },
      {
        view: courseViewId,
        contents:
          'The course is being read.\n[Open First Lesson](command:trapframe.openFirstLesson)\n[Get Started](command:trapframe.openWalkthrough)',
      },
    ],
    menus: {
      commandPalette: entries
        .filter(([, { palette }]) => palette !== undefined)
        .map(([command, { palette }]) => ({ command, when: palette })),
      'view/title': [
        { command: 'trapframe.chooseWorkFolder', when: `view == ${courseViewId}`, group: '1_folder' },
        { command: 'trapframe.openWalkthrough', when: `view == ${courseViewId}`, group: '2_help' },
        { command: 'trapframe.exportSubmission', when: `view == ${courseViewId}`, group: '3_progress' },
        { command: 'trapframe.exportProgress', when: `view == ${courseViewId}`, group: '3_progress' },
        { command: 'trapframe.resetProgress', when: `view == ${courseViewId}`, group: '3_progress' },
        { command: 'trapframe.reportIssue', when: `view == ${courseViewId}`, group: '4_issue' },
      ],
      'editor/title': [
        inTaskEditor('trapframe.checkTask', 'navigation@1'),
        inTaskEditor('trapframe.showLesson', 'navigation@2'),
        inTaskEditor('trapframe.showHint', '1_trapframe@1'),
        inTaskEditor('trapframe.compareWithReference', '1_trapframe@2'),
        inTaskEditor('trapframe.resetTask', '1_trapframe@3'),
        inTaskEditor('trapframe.saveFailingCase', '2_case@1'),
        { command: 'trapframe.previewLesson', when: lessonFileEditor, group: 'navigation@1' },
        { command: 'trapframe.verify', when: lessonFileEditor, group: 'navigation@2' },
      ],
      'editor/title/context': [{ command: 'trapframe.verify', when: packOrLessonFile, group: '4_trapframe' }],
      'editor/context': [
        { command: 'trapframe.verify', when: packOrLessonFile, group: '4_trapframe' },
        { command: 'trapframe.suggestMisconceptions', when: taskOrLessonFile, group: '4_trapframe' },
      ],
      'explorer/context': [{ command: 'trapframe.verify', when: packOrLessonFile, group: '4_trapframe' }],
      'testing/message/content': [
        { command: 'trapframe.showHint', when: 'testMessage == trapframe.failure' },
        { command: 'trapframe.stepThrough', when: 'testMessage == trapframe.failure' },
      ],
    },
    keybindings: [
      { command: 'trapframe.checkTask', key: 'ctrl+alt+enter', mac: 'cmd+alt+enter', when: activeTaskEditor },
      {
        command: 'trapframe.showHint',
        key: 'ctrl+alt+h',
        mac: 'cmd+alt+shift+h',
        when: `${activeTaskEditor} && editorTextFocus`,
      },
    ],
    configuration: { title: 'Trapframe', properties: settings },
    jsonValidation: [
      schemaOf('trapframe', 'trapframe.json'),
      schemaOf('answers', 'answers.json'),
      schemaOf('case', '*.case.json'),
    ],
    yamlValidation: [schemaOf('pack', 'pack.yaml'), schemaOf('task', 'tasks/*/task.yaml')],
    // Blocks of lessons in VS Code's own Markdown preview.
    'markdown.markdownItPlugins': true,
    'markdown.previewStyles': ['./media/markdownPreview.css'],
    walkthroughs: [walkthrough],
  };
}

export const activationEvents = [
  `onWebviewPanel:${lessonPanelType}`,
  `onWebviewPanel:${lessonPreviewType}`,
  'workspaceContains:**/trapframe.json',
  // A lesson pack; its author's files are checked as soon as one is open.
  'workspaceContains:**/pack.yaml',
] as const;
