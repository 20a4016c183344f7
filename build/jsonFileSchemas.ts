import * as z from 'zod';

/**
 * The JSON files of a work folder, for completion and squiggles in an editor. What reads them has words of its own for
 * every mistake; tests hold that both accept the same.
 */

const format = z.literal(1).describe('Version of this format.');

export const workSettingsSchema = z
  .looseObject({
    format,
    pack: z.string().min(1).describe("Id of the pack that the folder's tasks belong to."),
    learner: z.string().min(1).describe('The name or id that your instructor gave you, or any word.'),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .describe("Your exercises' numbers are drawn from it."),
  })
  .describe('Makes this folder a work folder of Trapframe.');

const form = <F extends string>(of: F) => z.literal(of).describe('What kind of answer it is.');
const response = z.discriminatedUnion('form', [
  z.strictObject({ form: form('number'), text: z.string().describe('As it was typed.') }),
  z.strictObject({
    form: form('choice'),
    chosen: z.array(z.int().min(0)).describe('Chosen options; the first is 0.'),
  }),
  z.strictObject({
    form: form('prediction'),
    text: z.string().describe('As it was typed.'),
    confidence: z.literal([50, 70, 90]).describe('How sure the learner was, in percent.'),
  }),
]);

export const answersSchema = z
  .looseObject({
    format,
    answers: z
      .record(
        z.string(),
        z.strictObject({
          response: response.describe('What was answered.'),
          right: z.boolean().describe('Whether it is right.'),
          points: z.int().min(0).describe('Points earned.'),
          attempts: z.int().min(1).describe('How often it was tried.'),
        }),
      )
      .describe('By exercise: the answer that stands.'),
    hints: z
      .record(z.string(), z.int().min(0))
      .optional()
      .describe('By exercise: how many hints were taken.'),
  })
  .describe('Your answers. Trapframe writes this file; the course keeps its own record.');

export const caseFileSchema = z
  .strictObject({
    format,
    scenario: z.string().min(1).describe('Id of a scenario.'),
    params: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .optional()
      .describe("Parameters that differ from the scenario's defaults."),
    seed: z.int().optional().describe('Root of the random streams. Default 1.'),
  })
  .describe('One run of a scenario: trapframe simulate --case <this file>');
