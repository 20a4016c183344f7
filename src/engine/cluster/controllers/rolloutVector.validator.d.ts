import type { Validator } from '../../kernel/structuredDocument.ts';

export declare const validate: Validator;
