import * as z from 'zod';
import { viewKinds } from '../engine/kernel/views.ts';
import { languagePattern } from './languageTag.ts';

/**
 * What an instructor may write, as one schema per file and block. Input shapes only, nothing is transformed, so that
 * `z.toJSONSchema` can generate the schemas that editors complete from.
 */

// Zod would otherwise compile schemas with `new Function`, which a webview's content security policy forbids.
z.config({ jitless: true });

export const idPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const id = z
  .string()
  .regex(idPattern, 'must be lower-case words joined by hyphens')
  .describe('Lower-case words joined by hyphens: rr-worst-wait.');
const title = z.string().min(1).describe('As learners see it.');
const markdown = z.string().min(1);
const parameterValue = z.union([z.number(), z.string(), z.boolean()]);
const expression = z
  .union([z.string().min(1), z.number()])
  .describe('CEL over the parameters by name and metrics.<name>: (vms - 1) * sliceMs.');
const scenario = z.string().min(1).describe('Id of a scenario: scheduling.round-robin.');
const set = z
  .record(z.string(), parameterValue)
  .describe("Parameters that differ from the scenario's defaults: the homework's own values.");
export const variationSchema = z
  .strictObject({
    int: z.tuple([z.int(), z.int()]).optional().describe('A whole number in [from, to].'),
    choose: z.array(parameterValue).min(1).optional().describe('One of these values.'),
  })
  .describe('Write { int: [2, 8] } or { choose: [1, 5, 10] }.');
const view = z
  .enum(viewKinds)
  .describe('Which view of the scenario. Default: the first in this order that the scenario has.');
const vary = z.record(z.string(), variationSchema).describe("Parameters drawn from the learner's seed.");
const points = z.int().min(0).max(1000).describe('A whole number. Default 1.');
const tolerance = z
  .number()
  .min(0)
  .describe(
    "Accepted distance from the key, in the answer's unit. 0: equal, or rounded to at least 3 digits.",
  );
const hints = z.array(markdown).describe('In steps: each is shown on request, one after the other.');
const unit = z.string().max(20).describe('Shown beside the field, and accepted when typed: ms.');

export const frontMatterSchema = z.strictObject({
  id: id.describe('Unique in the pack. Progress is kept under it.'),
  title: title.describe("The page's first heading."),
  module: id.describe('Id of a module in pack.yaml.'),
  summary: z.string().min(1).optional().describe('What a learner can do afterwards, one sentence.'),
  minutes: z.int().min(1).max(600).optional().describe('Reading and exercises.'),
  format: z.literal(1).describe('Version of the lesson format.'),
});

export const figureSchema = z.strictObject({
  id: id.optional().describe('Unique in the lesson. Default: figure-1, figure-2, …'),
  scenario,
  title: title.optional().describe('Above the figure.'),
  caption: markdown.optional().describe('What the figure shows, for people who cannot see it too.'),
  view: view.optional(),
  controls: z.array(z.string()).optional().describe('Parameters that get a control, in order.'),
  set: set.optional(),
  compare: z
    .record(z.string(), parameterValue)
    .optional()
    .describe('A second run beside the first, with controls of its own: the parameters that differ in it.'),
  metrics: z.array(z.string()).optional().describe('Metrics shown beside the figure.'),
  start: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe(
      'Of views that are stepped through: how much of the run has happened at first, in percent of its events. Default 0.',
    ),
});

const option = z.strictObject({
  text: markdown.describe('The statement, Markdown.'),
  right: z.boolean().optional().describe('Default false.'),
  say: markdown.describe('Why choosing it is right, or what is wrong with it.'),
});
const options = z.array(option).min(2).max(12).describe('In the order in which learners see them.');
const misconception = z.strictObject({
  value: expression.describe('The wrong number, CEL over the parameters and metrics.<name>.'),
  say: markdown.describe('Feedback for exactly this number. {name} stands for a value of the variant.'),
});

const exerciseTitle = z
  .string()
  .min(1)
  .max(60)
  .optional()
  .describe('A short name, in the course tree and above the exercise. Default: words of the id.');
const questionCommon = {
  id,
  title: exerciseTitle,
  ask: markdown.describe('{name} stands for a value of the variant.'),
  explain: markdown.optional().describe('Shown with a right answer. {answer} stands for the key.'),
  hints: hints.optional(),
  points: points.optional(),
};
const orderItem = z.strictObject({
  text: markdown.describe('One line of Markdown.'),
  set: set.optional().describe('Parameters that differ in the run of this item.'),
  value: expression.optional().describe('What the item is ranked by. Default: "answer".'),
});
const orderFields = {
  items: z
    .array(orderItem)
    .min(2)
    .max(8)
    .describe('What is put into an order. Without a scenario, the order here is the right one.'),
  first: z
    .enum(['lowest', 'highest'])
    .optional()
    .describe('Which end of the values comes first. Default: lowest.'),
};
const orderMisconceptions = z
  .array(
    z.strictObject({
      order: z
        .array(z.int().min(1))
        .describe('A wrong order: numbers of the items as they stand in "items".'),
      say: markdown.describe('Feedback for exactly this order.'),
    }),
  )
  .describe('Wrong orders with their feedback.');
export const questionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number').describe('The answer is a number, which the engine computes.'),
    ...questionCommon,
    scenario,
    set: set.optional(),
    vary: vary.optional(),
    answer: expression.describe('The key, CEL over the metrics of the run: metrics.worstWaitMs.'),
    closedForm: expression
      .optional()
      .describe(
        'The same by hand, CEL over the parameters: (vms - 1) * sliceMs. verify proves that both agree.',
      ),
    unit: unit.optional(),
    tolerance: tolerance.optional(),
    misconceptions: z.array(misconception).optional().describe('Wrong numbers with their feedback.'),
  }),
  z.strictObject({
    kind: z.literal('order').describe('The items are to be put into an order.'),
    ...questionCommon,
    ...orderFields,
    scenario: scenario.optional(),
    set: set.optional(),
    vary: vary.optional(),
    answer: expression.optional().describe('What every item is ranked by, CEL over its run.'),
    unit: unit.optional(),
    misconceptions: orderMisconceptions.optional(),
  }),
  z.strictObject({ kind: z.literal('one').describe('One option is right.'), ...questionCommon, options }),
  z.strictObject({
    kind: z.literal('several').describe('Exactly the right options are to be chosen.'),
    ...questionCommon,
    options,
  }),
]);

export const predictionSchema = z.strictObject({
  kind: z.enum(['number', 'order']).optional().describe('What is predicted. Default: number.'),
  id,
  title: exerciseTitle,
  ask: markdown.describe('What to predict. {name} stands for a value of the variant.'),
  scenario,
  set: set.optional(),
  vary: vary.optional(),
  answer: expression
    .optional()
    .describe('What the run will show, over its metrics; for an order, what every item is ranked by.'),
  items: orderFields.items.optional(),
  first: orderFields.first,
  unit: unit.optional(),
  tolerance: tolerance.optional(),
  axis: z
    .tuple([z.number().min(0), z.number()])
    .optional()
    .describe(
      'From and to of an empty time axis on which the time may be marked as well, in its unit. Choose ends that say nothing about the answer.',
    ),
  view: view.optional(),
  explain: markdown.optional().describe('Shown after every prediction.'),
  points: points.optional().describe('For a right prediction. Default 1.'),
});

export const critiqueSchema = z.strictObject({
  id,
  title: exerciseTitle,
  claim: markdown.describe("The classmate's words."),
  ask: markdown
    .optional()
    .describe('Default: "What is wrong with this answer?", in the language of the editor.'),
  options,
  explain: markdown.optional().describe('Shown with a right answer.'),
  points: points.optional(),
});

export const taskBlockSchema = z.strictObject({ id: id.describe('Name of a folder in tasks/.') });

const fileName = z
  .string()
  .regex(
    /^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/,
    'must be a path inside this folder, with forward slashes',
  )
  .describe('A path inside the folder of the task, with forward slashes.');

const checkName = z.string().min(1).describe('A check of the scenario, finishes, or metric.');
const checkArguments = z
  .record(z.string(), parameterValue)
  .describe('Arguments of the check. A number may be CEL over the parameters: "(vms - 1) * sliceMs".');

export const taskSchema = z.strictObject({
  id: id.describe("The folder's name."),
  title,
  brief: markdown.optional().describe('What to do, Markdown.'),
  policy: z.string().min(1).optional().describe('The policy that the file must export.'),
  policies: z.array(z.string().min(1)).min(1).optional().describe('The same for several.'),
  document: z.string().min(1).optional().describe('The document that the file is, in place of policies.'),
  file: fileName.describe("Name of the learner's file: scheduler.ts, config.json."),
  starter: fileName.optional().describe('Default: starter/<file>.'),
  solution: fileName.optional().describe('Default: solution/<file>.'),
  deterministic: z.boolean().optional().describe('Only one behaviour is right.'),
  checks: z
    .array(
      z.strictObject({
        id: id.describe('Unique in the task.'),
        title: title.optional().describe("Default: the title of the scenario's check."),
        use: checkName,
        with: checkArguments.optional(),
        scenario: scenario.optional().describe('Default: scenario, set and vary of the check before.'),
        set: set.optional().describe('Parameters of every case.'),
        vary: vary.optional().describe('Parameters drawn for each case.'),
        cases: z
          .int()
          .min(1)
          .max(1000)
          .optional()
          .describe('How many are drawn. Default 20 when anything varies, else 1.'),
        ties: z
          .enum(['any'])
          .optional()
          .describe('any: cases must also hold in other orders of simultaneous events.'),
        points: points.optional(),
        after: z.array(id).optional().describe('Earlier checks that must pass first.'),
        say: markdown.optional().describe('Shown when it fails, before the evidence.'),
        feedback: z
          .array(
            z.strictObject({
              use: checkName,
              with: checkArguments.optional(),
              say: markdown.describe('Shown when the failing run breaks this check as well.'),
            }),
          )
          .optional()
          .describe('Words for failures of a kind, in order, where many behaviours are right.'),
      }),
    )
    .min(1)
    .describe('In the order in which learners see them.'),
  wrong: z
    .array(
      z.strictObject({
        file: fileName.describe('wrong/<name>.ts, which makes the mistake.'),
        say: markdown.describe('Feedback for exactly this mistake.'),
        fails: z.array(id).optional().describe('Checks that it must fail.'),
      }),
    )
    .optional()
    .describe('Submissions that must fail, at least three, each with the feedback for its mistake.'),
  hints: hints.optional(),
});

export const packSchema = z.strictObject({
  id: id.describe('Name of the pack.'),
  title,
  language: z
    .string()
    .regex(languagePattern, 'must be a language tag such as en, de or pt-BR')
    .optional()
    .describe('Which language the originals are in, as a tag (BCP 47): de, pt-BR. Default: en.'),
  modules: z
    .array(z.strictObject({ id: id.describe('What lessons name as their module.'), title }))
    .min(1)
    .describe('Parts of the course, in order.'),
  lessons: z.array(z.string().min(1)).describe('Folder names in the order of the course.'),
});

export type QuestionInput = z.infer<typeof questionSchema>;
export type PredictionInput = z.infer<typeof predictionSchema>;
export type CritiqueInput = z.infer<typeof critiqueSchema>;
export type TaskInput = z.infer<typeof taskSchema>;
export type CheckInput = TaskInput['checks'][number];
export type VaryInput = z.infer<typeof vary>;
