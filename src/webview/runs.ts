/**
 * Everything in webviews that runs scenarios, in one bundle, so that the engine is shipped to them once. In a worker it
 * answers the figures of a lesson; in a document it is the trace panel's page.
 */
import { scenarios } from '../engine/scenarios.ts';
import { serveFigures } from './figure/serveFigures.ts';
import { showTracePage } from './replay/tracePage.tsx';

if ('document' in globalThis) showTracePage(scenarios);
else serveFigures(scenarios);
